"""One step of writing as a contest: opinion divided by temperature, plus luck.

Every candidate is a bar, ``opinion / T + luck``, and the longest wins (see
:mod:`textgen.writing.sampling`). With β = 1/T a bar's length is a straight line in β,
so the winner as a function of temperature is the upper envelope of lines, and changes
at a handful of exact temperatures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from textgen.corpus.tokenizer import END, START
from textgen.model.engine import feed
from textgen.writing import rules, sampling
from textgen.writing.generator import Generator
from textgen.writing.luck import luck
from textgen.writing.options import Options

FAVOURITES = 8  # bars that are shown even if they win at no temperature


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
    """
    tokens = list(generator.stream(options, number))
    so_far = [token for token in tokens if token.given]
    written = generator.whole(tokens[len(so_far) :])
    ids = [START, *(token.id for token in (*so_far, *written))][:-1]
    category = generator.category_id(options.category)
    answers = islice(feed(generator.engine, [ids], [category]), len(so_far), None)
    found = []
    for step, (token, (_, logits, _)) in enumerate(zip(written, answers, strict=True)):
        drawn = luck(options.seed, [number], step, logits.shape[1])[0]
        scores = opinions(generator, logits, [t.id for t in so_far], options)
        spans = choices(scores, drawn, options, 1 / high, 1 / low)
        order = np.argsort(-scores, kind="stable")
        shown = {*order[:FAVOURITES].tolist(), token.id, *(i for _, _, i in spans)}
        if options.cuts():
            whole = options.but(top_k=0, top_p=1.0, min_p=0.0)
            uncut = choices(scores, drawn, whole, 1 / high, 1 / low)
            shown |= {i for _, _, i in uncut}
        shown = [i for i in order.tolist() if i in shown and scores[i] > -np.inf]
        limits = Limits(scores, options, 1 / high, 1 / low)
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
    used: Sequence[int],
    options: Options,
) -> np.ndarray:
    """The opinions that sampling divides by T, as differences from the favourite's.

    Args:
        generator: for the tokens that may not follow.
        logits: of one headline ``(1, vocabulary)``.
        used: its token ids so far, the prompt's included.
        options: for the repetition penalty.

    Returns:
        ``(vocabulary,)`` float64, the largest 0, forbidden tokens -inf; exactly the
        float32 differences that sampling uses.
    """
    shaped = rules.forbid(logits, [generator.tokenizer.forbidden_after(used)])
    shaped = rules.penalise_repetition(shaped, [used], options.repetition_penalty)
    return rules.apply_temperature(shaped, 1.0)[0].astype(np.float64)


def choices(
    opinions: np.ndarray, luck: np.ndarray, options: Options, low: float, high: float
) -> list[tuple[float, float, int]]:
    """The tokens that win one step, with their stretches of β.

    Args:
        opinions: from :func:`opinions`.
        luck: of the step ``(vocabulary,)``.
        options: the truncation.
        low: where the interval of β begins.
        high: where it ends.

    Returns:
        ``(from, to, token id)`` from low to high β, without gaps; neighbours differ.
    """
    limits = Limits(opinions, options, low, high)
    # The favourite's bar is its luck at every β. Another's is highest at the lowest β,
    # so what is below the favourite there never wins.
    favourite = int(opinions.argmax())
    hopeful = opinions * low + luck >= luck[favourite]
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
    """Up to which β each token is kept by top-k, top-p and min-p.

    Colder (larger β) means fewer: top-k does not depend on β at all; min-p keeps a
    token while ``-opinion · β <= -log(min_p)``; top-p keeps it while the tokens
    ranked before it hold less than p, which they do up to one β, found by bisection
    for those tokens that are asked for.

    Args:
        opinions: logits less the largest ``(n,)``, over the whole vocabulary; -inf
            for forbidden tokens.
        options: the truncation.
        low: where the interval of β begins.
        high: where it ends.

    Attributes:
        reach: the largest β at which each token is kept ``(n,)``; inf for always,
            -inf for never. Where top-p decides inside the interval it is an upper
            bound until :meth:`settle` is asked.
    """

    def __init__(
        self, opinions: np.ndarray, options: Options, low: float, high: float
    ) -> None:
        self._low, self._high, self._p = low, high, options.top_p
        self._open = np.zeros(len(opinions), dtype=bool)
        self.reach = np.where(opinions > -np.inf, np.inf, -np.inf)
        if options.top_k:
            kept = rules.keep_top_k(opinions[None], options.top_k)[0]
            self.reach[kept == -np.inf] = -np.inf
        if options.top_p < 1.0:
            allowed = self.reach > -np.inf
            order = np.argsort(np.where(allowed, -opinions, np.inf), kind="stable")
            self._ranked = opinions[order[: int(allowed.sum())]]
            self._place = np.empty(len(order), dtype=np.int64)
            self._place[order] = np.arange(len(order))
            widest, narrowest = self._nucleus(low), self._nucleus(high)
            self.reach[self._place >= widest] = -np.inf
            self._open = (self._place >= narrowest) & (self._place < widest)
        if options.min_p > 0.0:
            below = np.where(opinions < 0, opinions, -1e-300)
            limit = np.where(opinions == 0, np.inf, np.log(options.min_p) / below)
            self.reach = np.minimum(self.reach, limit)

    def settle(self, token: int) -> float:
        """The exact reach of one token."""
        if self._open[token]:
            inside, outside = self._low, self._high
            while inside < (middle := 0.5 * (inside + outside)) < outside:
                if self._before(token, middle) < self._p:
                    inside = middle
                else:
                    outside = middle
            self._open[token] = False
            self.reach[token] = min(self.reach[token], inside)
        return float(self.reach[token])

    def keeps(self, token: int, beta: float) -> bool:
        """True if a token is kept at a β of the interval."""
        inside = not self._open[token] or self._before(token, beta) < self._p
        return bool(inside and beta <= self.reach[token])

    def _before(self, token: int, beta: float) -> float:
        """How much the tokens that are ranked before this one hold."""
        e = np.exp(self._ranked * beta)
        return float(e[: self._place[token]].sum() / e.sum())

    def _nucleus(self, beta: float) -> int:
        """How many tokens are in the nucleus."""
        e = np.exp(self._ranked * beta)
        chances = e / e.sum()
        return int((np.cumsum(chances) - chances < self._p).sum())


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
