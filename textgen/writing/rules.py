"""What is done to logits before luck: pure functions, and the record of each rule.

A truncation rule is one record (:class:`Rule`), and :data:`RULES` is the only list of
them: the sampler, the lens, the path, the pages and the command line read it. Every
function leaves its input as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from textgen.writing.chances import log_softmax, softmax
from textgen.writing.reach import NucleusReach, Reach

if TYPE_CHECKING:
    from textgen.writing.options import Options

#: The smallest normal float32. Colder than that is 0: processors may take smaller
#: numbers for 0, and opinions divided by 0 are no numbers.
SMALLEST_TEMPERATURE = 2.0**-126

OUT, IN = np.float32(-np.inf), np.float32(0)


class Allowed(NamedTuple):
    """Which tokens may follow a text, where most may not: to be added to its logits.

    Attributes:
        shared: what most texts at such a place have in common: :data:`IN` for a token
            that may follow, else :data:`OUT` ``(vocabulary,)`` float32.
        tokens: ids for which that does not hold.
        own: what holds for these ``(tokens,)``.
    """

    shared: np.ndarray
    tokens: np.ndarray
    own: np.ndarray


#: What may not follow, text by text.
Forbidden = Sequence[Sequence[int] | np.ndarray | Allowed]


def forbid(logits: np.ndarray, forbidden: Forbidden) -> np.ndarray:
    """Take tokens out of the choice (before sampling, so the rest share their part).

    Args:
        logits: ``(batch, vocabulary)``.
        forbidden: token ids, per headline; often one and the same object for all. Or,
            where they are many, for every headline which ones are allowed.
    """
    allowed = [one for one in forbidden if isinstance(one, Allowed)]
    if allowed:
        return _only(logits, allowed)
    logits = logits.copy()
    if all(ids is forbidden[0] for ids in forbidden):
        logits[:, forbidden[0]] = OUT
        return logits
    for row, ids in enumerate(forbidden):
        logits[row, ids] = OUT
    return logits


def _only(logits: np.ndarray, allowed: Sequence[Allowed]) -> np.ndarray:
    # Texts inside a word have most in common: one addition for as many as may be.
    shared, tokens, own = zip(*allowed, strict=True)
    names = [*map(id, shared)]
    often = shared[names.index(max(names, key=names.count))]
    left = logits + often
    for row, whole in enumerate(shared):
        if whole is not often:
            np.add(logits[row], whole, out=left[row])
    rows = np.repeat(np.arange(len(tokens)), [*map(len, tokens)])
    columns = np.concatenate(tokens)
    left[rows, columns] = logits[rows, columns] + np.concatenate(own)
    return left


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


def keep_typical(logits: np.ndarray, mass: float) -> np.ndarray:
    """Keep the tokens that surprise about as much as is to be expected here.

    Locally typical sampling (Meister et al., arXiv:2202.00666): a token's surprise is
    -log p, what is to be expected is its mean, the entropy. The fewest tokens whose
    surprise is nearest to that and that hold ``mass`` together stay; the favourite may
    be too expected to be among them. Tokens equally near stay or go together, so the
    outcome does not depend on their order. 1 keeps all.
    """
    if mass >= 1.0:
        return logits
    kept = np.full_like(logits, -np.inf)
    for row, log_chances in enumerate(log_softmax(logits)):
        chances = np.exp(log_chances)
        surprise = np.where(chances > 0, -log_chances, 0.0)
        distance = np.abs(surprise - (chances * surprise).sum())
        distance[chances == 0] = np.inf
        stay = distance <= _radius(distance, chances, mass)
        kept[row, stay] = logits[row, stay]
    return kept


def _radius(distance: np.ndarray, chances: np.ndarray, mass: float) -> float:
    """How far the nearest tokens that hold a mass together reach."""
    # Sorting all of a vocabulary takes longer than a step of the network.
    size = 128
    while size < len(distance):
        near = np.argpartition(distance, size)[:size]
        if chances[near].sum() > mass:
            break
        size *= 8
    else:
        near = np.flatnonzero(chances > 0)
    near = near[np.argsort(distance[near], kind="stable")]
    last = int(np.searchsorted(np.cumsum(chances[near]), mass))
    return float(distance[near[min(last, len(near) - 1)]])


def of_logits(keep: Callable[[np.ndarray, Any], np.ndarray]) -> Keep:
    """A rule that looks at nothing but the logits."""
    return lambda logits, value, _context: keep(logits, value)


def always_or_never(keep: Keep) -> ReachOf:
    """The reach of a rule that does not depend on the temperature."""

    def reach(
        opinions: np.ndarray, value: Any, _low: float, _high: float, context: Context
    ) -> Reach:
        kept = keep(opinions[None], value, context)[0]
        return Reach(np.where(kept > -np.inf, np.inf, -np.inf))

    return reach


@dataclass(frozen=True)
class Context:
    """What a rule may look at beside the logits. The columns are token ids.

    Attributes:
        ids: token ids so far, the prompt's included, of each row.
        given: how many of them are the prompt's, which all rows share.
    """

    ids: Sequence[Sequence[int]]
    given: int = 0


#: Takes logits divided by T ``(batch, vocabulary)``, the option's value and the
#: context; gives the same with -inf for what is out, and leaves its input as it was.
Keep = Callable[[np.ndarray, Any, Context], np.ndarray]
#: Takes opinions at T = 1 ``(vocabulary,)``, the largest 0 and -inf for what is out
#: already, the option's value, the interval's ends in β and the context (of one row).
ReachOf = Callable[[np.ndarray, Any, float, float, Context], Reach]


@dataclass(frozen=True)
class Rule:
    """A truncation rule: it leaves tokens out of the choice.

    Attributes:
        option: its field of :class:`~textgen.writing.options.Options`.
        off: the value of the option at which nothing is left out.
        keep: what it does.
        reach: up to which β = 1/T it keeps each token, if the rules before it leave it
            the same opinions at every β, or it asks for nothing but the favourite's;
            the favourite of those left before it has no end. None where it is not so
            simple: what is kept at one temperature may be left out at a colder and at
            a hotter one, and no path is exact.
    """

    option: str
    off: float
    keep: Keep
    reach: ReachOf | None

    @property
    def name(self) -> str:
        """As people call it: ``top-k``."""
        return self.option.replace("_", "-")

    def value(self, options: Options) -> float:
        """What it is set to."""
        return getattr(options, self.option)

    def acts(self, options: Options) -> bool:
        """True unless it is off."""
        return self.value(options) != self.off


def _reach_of_min_p(
    opinions: np.ndarray, min_p: float, _low: float, _high: float, _context: Context
) -> Reach:
    """``-opinion · β <= -log(min_p)``."""
    below = np.where(opinions < 0, opinions, -1e-300)
    return Reach(np.where(opinions == 0, np.inf, np.log(min_p) / below))


_top_k = of_logits(keep_top_k)
#: The rules in the order in which they are applied, that of the well-known libraries.
RULES = (
    Rule("top_k", 0, _top_k, always_or_never(_top_k)),
    Rule(
        "top_p",
        1.0,
        of_logits(keep_top_p),
        lambda opinions, p, low, high, _context: NucleusReach(opinions, p, low, high),
    ),
    Rule("min_p", 0.0, of_logits(keep_min_p), _reach_of_min_p),
    Rule("typical_p", 1.0, of_logits(keep_typical), None),
)


def acting(options: Options) -> list[Rule]:
    """The rules that are not off, in their order."""
    return [rule for rule in RULES if rule.acts(options)]


def truncate(logits: np.ndarray, options: Options, context: Context) -> np.ndarray:
    """Apply all rules in their order.

    Args:
        logits: divided by T ``(batch, vocabulary)``; not changed.
        options: what the rules are set to.
        context: of the rows.
    """
    for rule in acting(options):
        logits = rule.keep(logits, rule.value(options), context)
    return logits
