"""Logits to the next token: opinion divided by temperature, plus luck.

A token's *opinion* is its logit less that of the favourite: 0 for the favourite, ln ½
for a token half as likely. (The favourite is that among the tokens allowed, after the
repetition penalty.) Only differences of logits count, so ``next = argmax over kept
tokens of opinion / T + luck`` with standard Gumbel numbers as luck is exact sampling
from softmax(logits / T) (the Gumbel-max trick: Gumbel, 1954; Maddison et al.,
arXiv:1411.0030). The order of the steps is that of the well-known
libraries: forbid -> repetition penalty -> temperature -> top-k -> top-p -> min-p ->
luck. Every function leaves its input as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from textgen.writing.options import SMALLEST_TEMPERATURE, Options

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


def _mix(value: int) -> int:
    """SplitMix64's finaliser (Steele et al., 2014): 64 bits in, 64 well-mixed out."""
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & _MASK
    return value ^ (value >> 31)


@lru_cache(maxsize=8192)
def _key(seed: int, headline: int, step: int) -> int:
    key = _mix((seed + _GOLDEN) & _MASK)
    key = _mix((key ^ (headline + 1) * _GOLDEN) & _MASK)
    return _mix((key ^ (step + 1) * _GOLDEN) & _MASK) & 0xFFFFFFFF


def _scramble(x: np.ndarray) -> np.ndarray:
    """A 32-bit integer hash, in place (Wellons, "Hash prospector", lowbias32)."""
    shifted = x >> np.uint32(16)
    x ^= shifted
    x *= np.uint32(0x7FEB352D)
    np.right_shift(x, np.uint32(15), out=shifted)
    x ^= shifted
    x *= np.uint32(0x846CA68B)
    np.right_shift(x, np.uint32(16), out=shifted)
    x ^= shifted
    return x


@lru_cache(maxsize=4)
def _token_hashes(vocabulary_size: int) -> np.ndarray:
    return _scramble(
        np.arange(vocabulary_size, dtype=np.uint32) * np.uint32(0x9E3779B9)
        + np.uint32(1)
    )


def tickets(
    seed: int, headlines: Sequence[int], step: int, vocabulary_size: int
) -> np.ndarray:
    """One random 32-bit number per headline and token.

    It depends only on (seed, headline, step, token): never on the batch, on the
    temperature or on the machine. Small tickets are lucky.

    Args:
        seed: which luck.
        headlines: numbers of the headlines.
        step: how many tokens were generated before.
        vocabulary_size: ids in all.

    Returns:
        uint32 ``(headlines, vocabulary)``.
    """
    keys = np.array([_key(seed, h, step) for h in headlines], dtype=np.uint32)
    return _scramble(_token_hashes(vocabulary_size)[None, :] ^ keys[:, None])


def gumbel(ticket: np.ndarray) -> np.ndarray:
    """Turn tickets into standard Gumbel numbers, float64, between -3.1 and 22.9.

    -log(-log(1 - w)) with w uniform in (0, 1).
    """
    w = (ticket.astype(np.float64) + 0.5) / 2.0**32
    return -np.log(-np.log1p(-w))


def luck(
    seed: int, headlines: Sequence[int], step: int, vocabulary_size: int
) -> np.ndarray:
    """Standard Gumbel numbers ``(headlines, vocabulary)``; see :func:`tickets`."""
    return gumbel(tickets(seed, headlines, step, vocabulary_size))


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities along the last axis; the maximum is subtracted first."""
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def log_softmax(logits: np.ndarray) -> np.ndarray:
    """Log-probabilities along the last axis, float64."""
    x = logits.astype(np.float64)
    x = x - x.max(axis=-1, keepdims=True)
    return x - np.log(np.exp(x).sum(axis=-1, keepdims=True))


def entropy(probabilities: np.ndarray) -> np.ndarray:
    """Shannon entropy in bits along the last axis; 0 log 0 counts as 0."""
    p = np.asarray(probabilities, dtype=np.float64)
    return -(p * np.log2(np.where(p > 0, p, 1.0))).sum(axis=-1)


def forbid(logits: np.ndarray, forbidden: Sequence[Sequence[int]]) -> np.ndarray:
    """Take tokens out of the choice (before sampling, so the rest share their part).

    Args:
        logits: ``(batch, vocabulary)``.
        forbidden: token ids, per headline; often one and the same object for all.
    """
    logits = logits.copy()
    if all(ids is forbidden[0] for ids in forbidden):
        logits[:, forbidden[0]] = -np.inf
        return logits
    for row, ids in enumerate(forbidden):
        logits[row, ids] = -np.inf
    return logits


def penalise_repetition(
    logits: np.ndarray, used: Sequence[Sequence[int]], penalty: float
) -> np.ndarray:
    """Lower the logits of tokens for every time that they were used.

    Keskar et al. (arXiv:1909.05858) divide a used token's logit by the penalty, and the
    well-known libraries do so once per token, on whatever the network puts out
    (negative logits are multiplied). What that does depends on where the logits have
    their zero, which softmax leaves open: at log-probabilities, whose zero is
    certainty, a sure repeat would lose next to nothing. Here the zero is the median
    token, so that any constant may be added to the logits. What the division then
    takes from the favourite is what each use of a token costs it, whichever token it
    is: the share ``1 - 1 / penalty`` of the favourite's lead over the median. So
    after ``penalty / (penalty - 1)`` uses no token stands above the median, however
    sure the network is of it, and no loop of a few tokens goes on.

    Args:
        logits: ``(batch, vocabulary)``; -inf for tokens that are out, which are not
            among those that the median is taken of. In every row some are not out.
        used: token ids used so far, the prompt's included, per headline.
        penalty: 1 changes nothing; above it used tokens count less, below it more.

    Returns:
        ``(batch, vocabulary)``; a row depends on nothing but itself.
    """
    if penalty == 1.0:
        return logits
    logits = logits.copy()
    share = logits.dtype.type(1.0 - 1.0 / penalty)
    for row, ids in zip(logits, used, strict=True):
        tokens, times = np.unique(np.asarray(ids, dtype=np.int64), return_counts=True)
        allowed = row[row > -np.inf]
        # One of the middle two where their number is even: selected, never rounded.
        middle = (len(allowed) - 1) // 2
        lead = allowed.max() - np.partition(allowed, middle)[middle]
        row[tokens] -= times.astype(logits.dtype) * (share * lead)
    return logits


def apply_temperature(logits: np.ndarray, temperature: float) -> np.ndarray:
    """Divide by T, the maximum moved to 0 first so that no T can overflow.

    At T = 0, and at a T too small to tell from it, only the favourite (the first one,
    where several are equal) is left.
    """
    if temperature < SMALLEST_TEMPERATURE:
        greedy = np.full_like(logits, -np.inf)
        best = logits.argmax(axis=-1)
        np.put_along_axis(greedy, best[..., None], 0.0, axis=-1)
        return greedy
    shifted = logits - logits.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore"):  # beyond the largest number: no chance at all
        shifted /= np.asarray(temperature, dtype=logits.dtype)
    return shifted


def keep_top_k(logits: np.ndarray, k: int) -> np.ndarray:
    """Keep the k highest logits (Fan et al., arXiv:1805.04833); 0 keeps all.

    Tokens equal to the k-th stay too, so the outcome does not depend on their order.
    """
    if k == 0 or k >= logits.shape[-1]:
        return logits
    least = np.partition(logits, -k, axis=-1)[..., -k, None]
    return np.where(logits < least, -np.inf, logits)


def keep_top_p(logits: np.ndarray, p: float) -> np.ndarray:
    """Keep the fewest tokens whose probability reaches p (nucleus sampling).

    Holtzman et al., arXiv:1904.09751. A token stays if the tokens ranked before it
    hold less than p; the favourite always stays.
    """
    if p >= 1.0:
        return logits
    kept = np.full_like(logits, -np.inf)
    for row, chances in enumerate(softmax(logits)):
        # Tokens below (1 - p) / V hold less than 1 - p together: none is in the
        # nucleus, so only the others need sorting.
        few = np.flatnonzero(chances >= (1.0 - p) / len(chances))
        few = few[np.argsort(-chances[few], kind="stable")]
        before = np.cumsum(chances[few], dtype=np.float64) - chances[few]
        stay = few[before < p]
        kept[row, stay] = logits[row, stay]
    return kept


def keep_min_p(logits: np.ndarray, min_p: float) -> np.ndarray:
    """Keep tokens at least min_p times as probable as the favourite.

    Of logits divided by T already: the hotter, the more are kept.

    Nguyen et al., arXiv:2407.01082; 0 keeps all.
    """
    if min_p == 0.0:
        return logits
    least = logits.max(axis=-1, keepdims=True) + np.log(min_p)
    return np.where(logits < least, -np.inf, logits)


def shape(
    logits: np.ndarray,
    options: Options,
    used: Sequence[Sequence[int]],
    forbidden: Sequence[Sequence[int]],
) -> np.ndarray:
    """All steps before luck, in their documented order.

    Args:
        logits: the model's own ``(batch, vocabulary)``; not changed.
        options: temperature, truncation, penalty.
        used: token ids so far, per headline.
        forbidden: ids that must not be chosen, per headline.

    Returns:
        Opinions divided by T, -inf where a token is out ``(batch, vocabulary)``.
    """
    x = forbid(logits, forbidden)
    x = penalise_repetition(x, used, options.repetition_penalty)
    x = apply_temperature(x, options.temperature)
    x = keep_top_k(x, options.top_k)
    x = keep_top_p(x, options.top_p)
    return keep_min_p(x, options.min_p)


def choose(
    shaped: np.ndarray, seed: int, headlines: Sequence[int], step: int
) -> np.ndarray:
    """Add luck and take the longest bar.

    Args:
        shaped: from :func:`shape` ``(batch, vocabulary)``; its maxima are 0.
        seed: which luck.
        headlines: the number of each headline of the batch.
        step: how many tokens were generated before.

    Returns:
        Token ids ``(batch,)`` int64.
    """
    size = shaped.shape[-1]
    ticket = tickets(seed, headlines, step, size)
    # Only tokens that could win need their luck worked out. The favourite's bar is
    # 0 + g. A token whose opinion is -c or less can only beat it with luck above
    # g + c, that is, with a ticket w below e^-(g + c), since luck is at most -log(w).
    # Any c is right; this one leaves a hundred or so of 8,000 tokens, hot or cold.
    rows = np.arange(len(shaped))
    favourite = shaped.argmax(axis=-1)
    near = np.clip(-0.2 * shaped[:, ::16].mean(axis=-1), 0.5, 4.5)
    least = gumbel(ticket[rows, favourite]) + near
    limit = np.minimum(np.exp(-least) * (2.0**32 * 1.001) + 1.0, 2.0**32 - 1.0)
    hopeful = ticket <= limit.astype(np.uint32)[:, None]
    hopeful |= shaped > -near.astype(shaped.dtype)[:, None]
    hopeful[rows, favourite] = True
    row, token = np.divmod(np.flatnonzero(hopeful), size)
    bars = shaped[row, token].astype(np.float64) + gumbel(ticket[row, token])
    # Every row has its favourite among them, so each has a first; of equal bars the
    # lower id wins, as with argmax.
    first = np.searchsorted(row, rows)
    longest = np.maximum.reduceat(bars, first)
    winners = np.flatnonzero(bars == longest[row])
    return token[winners[np.searchsorted(row[winners], rows)]]


@dataclass(frozen=True)
class Pick:
    """Chosen tokens, and what the model itself thought of them (T = 1, untruncated).

    Attributes:
        tokens: ids ``(batch,)``.
        log_probability: natural logarithms ``(batch,)`` float32.
        rank: 1 for the favourite ``(batch,)``.
    """

    tokens: np.ndarray
    log_probability: np.ndarray
    rank: np.ndarray


def judge(logits: np.ndarray, tokens: np.ndarray) -> Pick:
    """Look up the log-probability and the rank of one token per row.

    Args:
        logits: log-probabilities ``(batch, vocabulary)``.
        tokens: ids ``(batch,)``.
    """
    chosen = logits[np.arange(len(logits)), tokens]
    rank = 1 + np.count_nonzero(logits > chosen[:, None], axis=-1)
    return Pick(tokens, chosen, rank)


def pick(
    logits: np.ndarray,
    options: Options,
    used: Sequence[Sequence[int]],
    forbidden: Sequence[Sequence[int]],
    headlines: Sequence[int],
    step: int,
) -> Pick:
    """Choose the next token of each headline: :func:`shape`, :func:`choose`,
    :func:`judge`.

    Args:
        logits: log-probabilities ``(batch, vocabulary)``; not changed.
        options: the settings.
        used: token ids so far, per headline.
        forbidden: ids that must not be chosen, per headline.
        headlines: the number of each headline of the batch.
        step: how many tokens were generated before.
    """
    shaped = shape(logits, options, used, forbidden)
    return judge(logits, choose(shaped, options.seed, headlines, step))
