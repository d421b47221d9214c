"""One step of writing as a contest: opinion divided by temperature, plus luck.

Every candidate is a bar, ``opinion / T + luck``, and the longest wins (see
:mod:`textgen.writing.sampling`). With β = 1/T a bar's length is a straight line in β,
so the winner as a function of temperature is the upper envelope of lines, and changes
at a handful of exact temperatures.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np

from textgen.corpus.tokenizer import END, START
from textgen.errors import SettingError
from textgen.model.engine import feed
from textgen.writing import rules, sampling
from textgen.writing.generator import Generator
from textgen.writing.luck import luck
from textgen.writing.options import Options
from textgen.writing.reach import Reach
from textgen.writing.rules import Context, Rule, acting

FAVOURITES = 8  # bars that are shown even if they win at no temperature
#: What is true of a rule without a reach.
INEXACT = (
    "what it keeps at one temperature it may cut off at a colder and at a hotter one"
)


@dataclass(frozen=True)
class Candidate:
    """One bar of a contest.

    Attributes:
        text: the token's spelling; empty for the end of the headline.
        opinion: its logit less the favourite's, so 0 or less; see
            :mod:`textgen.writing.sampling`.
        luck: its Gumbel number, the same at every temperature.
        coldest: the truncation keeps it from this temperature up: 0 for always, inf
            for never.
        probability: the model's own (T = 1, nothing cut off).
        rank: 1 for the model's favourite.
    """

    text: str
    opinion: float
    luck: float
    coldest: float
    probability: float
    rank: int


@dataclass(frozen=True)
class Contest:
    """Why one token of a headline was picked.

    Attributes:
        before: the text so far.
        text: the token that won at the headline's own temperature; empty for the end.
        candidates: the model's favourites, whoever wins at some temperature of the
            range, and whoever would if nothing were cut off, by opinion.
        turns: ``(from T, to T, index of the winner)`` from cold to hot; they tile
            the range.
    """

    before: str
    text: str
    candidates: tuple[Candidate, ...]
    turns: tuple[tuple[float, float, int], ...]

    def winner(self, temperature: float) -> Candidate:
        """Who wins at a temperature of the range."""
        index = next((i for _, high, i in self.turns if temperature <= high), None)
        return self.candidates[self.turns[-1][2] if index is None else index]


def contests(
    generator: Generator,
    options: Options,
    low: float,
    high: float,
    number: int = 0,
) -> list[Contest]:
    """Lay open every choice that made a headline.

    Args:
        generator: the model.
        options: the headline's settings; the words before each step are those that
            ``options.temperature`` gives.
        low: the coldest temperature of the range, above 0.
        high: the hottest.
        number: which headline of the seed.

    Returns:
        One contest per generated token, the end token's included.

    Raises:
        ValueError: a rule is on that allows no exact answer.
    """
    refuse_inexact(options)
    tokens = list(generator.stream(options, number))
    so_far = [token for token in tokens if token.given]
    written = tokens[len(so_far) :]
    ids = [START, *(token.id for token in (*so_far, *written))][:-1]
    given = len(so_far)
    category = generator.category_id(options.category)
    answers = islice(feed(generator.engine, [ids], [category]), given, None)
    found = []
    for step, (token, (_, logits, _)) in enumerate(zip(written, answers, strict=True)):
        drawn = luck(options.seed, [number], step, logits.shape[1])[0]
        context = Context([[t.id for t in so_far]], given)
        (scores,) = opinions(generator, logits, context, options).astype(np.float64)
        spans = choices(scores, drawn, options, 1 / high, 1 / low, context)
        order = np.argsort(-scores, kind="stable")
        worth = {*order[:FAVOURITES].tolist(), token.id, *(i for _, _, i in spans)}
        if options.cuts():
            whole = options.uncut()
            uncut = choices(scores, drawn, whole, 1 / high, 1 / low, context)
            worth |= {i for _, _, i in uncut}
        shown = [i for i in order.tolist() if i in worth and scores[i] > -np.inf]
        limits = Limits(scores, options, 1 / high, 1 / low, context)
        judged = sampling.judge(np.repeat(logits, len(shown), axis=0), np.array(shown))
        candidates = tuple(
            Candidate(
                _shown(generator, i),
                float(scores[i]),
                float(drawn[i]),
                _coldest(limits.settle(i)),
                read.probability,
                read.rank,
            )
            for i, read in zip(
                shown, generator.judged_tokens(judged, given=False), strict=True
            )
        )
        turns = tuple(
            (1 / end, 1 / start, shown.index(i)) for start, end, i in reversed(spans)
        )
        before = generator.text_of(so_far)
        found.append(Contest(before, _shown(generator, token.id), candidates, turns))
        so_far.append(token)
    return found


def _shown(generator: Generator, token_id: int) -> str:
    return "" if token_id == END else generator.tokenizer.spelling(token_id)


def _coldest(reach: float) -> float:
    """The temperature that belongs to a β up to which a token is kept."""
    return 1 / reach if reach > 0 else float("inf")


def opinions(
    generator: Generator,
    logits: np.ndarray,
    context: Context,
    options: Options,
) -> np.ndarray:
    """The opinions that sampling divides by T, as differences from the favourite's.

    Args:
        generator: for the tokens that may not follow.
        logits: ``(rows, vocabulary)``.
        context: token ids so far of each row, the prompt's included.
        options: for the repetition penalty, and the words that may be written.

    Returns:
        ``(rows, vocabulary)`` float32, the largest of each 0, forbidden tokens -inf;
        exactly the differences that sampling uses.
    """
    shaped = rules.forbid(logits, generator.forbidden(context, options))
    shaped = rules.penalise_repetition(shaped, context.ids, options.repetition_penalty)
    return rules.apply_temperature(shaped, 1.0)


def choices(
    opinions: np.ndarray,
    luck: np.ndarray,
    options: Options,
    low: float,
    high: float,
    context: Context,
) -> list[tuple[float, float, int]]:
    """The tokens that win one step, with their stretches of β.

    Args:
        opinions: from :func:`opinions`.
        luck: of the step ``(vocabulary,)``.
        options: the truncation.
        low: where the interval of β begins.
        high: where it ends.
        context: what else the rules may look at, of the one row.

    Returns:
        ``(from, to, token id)`` from low to high β, without gaps; neighbours differ.
    """
    limits = Limits(opinions, options, low, high, context)
    # The favourite of those left is left at every β. Against its bar another's is
    # highest at the lowest β, so what is below it there never wins.
    favourite = int(np.where(limits.reach > -np.inf, opinions, -np.inf).argmax())
    bars = opinions * low + luck
    hopeful = bars >= bars[favourite]
    hopeful &= limits.reach >= low
    hopeful[favourite] = True
    few = np.flatnonzero(hopeful)
    while True:
        reach = limits.reach[few]
        spans = list(winners(opinions[few], luck[few], reach, low, high))
        # Where a winner is cut off inside its stretch, find out where, and try again.
        cut = [i for _, end, i in spans if not limits.keeps(few[i], end)]
        if not cut:
            return [(start, end, int(few[i])) for start, end, i in spans]
        limits.settle(few[cut[0]])


class Limits:
    """Up to which β each token is kept by all rules that act.

    Args:
        opinions: logits less the largest ``(vocabulary,)``; -inf for forbidden tokens.
        options: what the rules are set to; each of them has a reach
            (:func:`refuse_inexact`).
        low: where the interval of β begins.
        high: where it ends.
        context: of the one row.

    Attributes:
        reach: the largest β at which each token is kept ``(vocabulary,)``; inf for
            always, -inf for never. Where a rule knows only a bound, it is that until
            :meth:`settle` is asked.
    """

    def __init__(
        self,
        opinions: np.ndarray,
        options: Options,
        low: float,
        high: float,
        context: Context,
    ) -> None:
        self.reach = np.where(opinions > -np.inf, np.inf, -np.inf)
        self._rules: list[Reach] = []
        for rule in acting(options):
            assert rule.reach is not None, rule.name
            left = np.where(self.reach > -np.inf, opinions, -np.inf)
            # As differences from the favourite of those left: no β overflows.
            left -= left.max()
            found = rule.reach(left, rule.value(options), low, high, context)
            self.reach = np.minimum(self.reach, found.most)
            self._rules.append(found)

    def settle(self, token: int) -> float:
        """The exact reach of one token."""
        for rule in self._rules:
            self.reach[token] = min(self.reach[token], rule.settle(token))
        return float(self.reach[token])

    def keeps(self, token: int, beta: float) -> bool:
        """True if a token is kept at a β of the interval."""
        return bool(beta <= self.reach[token]) and all(
            rule.keeps(token, beta) for rule in self._rules
        )


def inexact(options: Options) -> list[Rule]:
    """The rules that act and do not only cut off more the colder it gets."""
    return [rule for rule in acting(options) if rule.reach is None]


def refuse_inexact(options: Options) -> None:
    """Refuse :func:`inexact` rules, whose winners are not known between temperatures.

    Raises:
        SettingError: names them, and says why there is nothing exact to show.
    """
    if found := inexact(options):
        off = " and ".join(f"{rule.off:g}" for rule in found)
        raise SettingError(
            f"{INEXACT}, so it is not known exactly where another wins; {off} switches "
            "it off",
            **{rule.option: rule.value(options) for rule in found},
        )


def winners(
    opinions: np.ndarray, luck: np.ndarray, reach: np.ndarray, low: float, high: float
) -> Iterator[tuple[float, float, int]]:
    """The upper envelope of lines, each of which ends at a β of its own.

    Args:
        opinions: slopes ``(n,)``; the largest is 0.
        luck: heights at β = 0 ``(n,)``.
        reach: the largest β at which each line counts ``(n,)``; inf for always.
        low: where the interval of β begins.
        high: where it ends.

    Yields:
        ``(from, to, index)`` from low to high β, without gaps; neighbours differ.
    """
    at = low
    current = int(np.where(reach >= at, opinions * at + luck, -np.inf).argmax())
    start = at
    while True:
        # Only a steeper line can overtake, since slopes are what β multiplies.
        steeper = opinions > opinions[current]
        rise = np.where(steeper, opinions - opinions[current], 1.0)
        meet = np.where(steeper, (luck[current] - luck) / rise, np.inf)
        meet = np.where((meet > at) & (meet <= reach), meet, np.inf)
        rival = int(meet.argmin())
        turn, ends = float(meet[rival]), float(reach[current])
        if min(turn, ends) >= high:
            yield start, high, current
            return
        if ends < turn:
            at, gone = ends, np.nextafter(ends, np.inf)
            alive = np.where(reach >= gone, opinions * gone + luck, -np.inf)
            following = int(alive.argmax())
        else:
            at, following = turn, rival
        if at > start:
            yield start, at, current
        start, current = at, following
