"""What is done to logits before luck: one pure function for each rule.

Every function leaves its input as it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from textgen.writing.chances import softmax
from textgen.writing.options import SMALLEST_TEMPERATURE


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
