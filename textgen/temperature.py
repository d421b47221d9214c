"""What temperature does, exactly: every headline one seed can write.

With the luck held fixed, a candidate's bar is a straight line in β = 1/T:
``logit · β + luck``. So the winner of a step, as a function of β, is the upper envelope
of lines, and changes at a handful of exact temperatures. Following each part of the
interval on its own gives the whole set of headlines of a seed for T in an interval, and
the temperatures at which the text changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from textgen import sampling
from textgen.generator import TOKENS_PER_WORD, HeadlineGenerator
from textgen.headline import Headline, Token
from textgen.options import Options
from textgen.tokenizer import END


@dataclass(frozen=True)
class Part:
    """A stretch of temperatures that gives one and the same headline.

    Attributes:
        low: the lowest temperature of the stretch.
        high: the highest.
        headline: what is written there.
    """

    low: float
    high: float
    headline: Headline

    def to_dict(self) -> dict:
        """Plain values, for JSON."""
        return {"from": self.low, "to": self.high, "text": self.headline.text}


@dataclass
class _Branch:
    """A stretch of β whose headlines agree so far."""

    low: float  # β, so the hottest end
    high: float
    tokens: list[Token]
    words: int = 0


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


def reaches(
    opinions: np.ndarray, options: Options, low: float, high: float
) -> np.ndarray:
    """Up to which β each token is kept by top-k, top-p and min-p.

    Colder (larger β) means fewer: top-k does not depend on β at all; min-p keeps a
    token while ``-opinion · β <= -log(min_p)``; top-p keeps it while the tokens
    ranked before it hold less than p, which they do up to one β, found by bisection.

    Args:
        opinions: logits less the largest ``(n,)``, over the whole vocabulary; -inf
            for forbidden tokens.
        options: the truncation.
        low: where the interval of β begins.
        high: where it ends.

    Returns:
        ``(n,)``: inf for always, -inf for never.
    """
    reach = np.where(opinions > -np.inf, np.inf, -np.inf)
    if options.top_k:
        kept = sampling.keep_top_k(opinions[None], options.top_k)[0]
        reach[kept == -np.inf] = -np.inf
    if options.top_p < 1.0:
        nucleus = _nucleus_reach(opinions, reach > -np.inf, options.top_p, low, high)
        reach = np.minimum(reach, nucleus)
    if options.min_p > 0.0:
        with np.errstate(divide="ignore"):
            limit = np.log(options.min_p) / np.where(opinions < 0, opinions, -1e-300)
        reach = np.minimum(reach, np.where(opinions == 0, np.inf, limit))
    return reach


def _nucleus_reach(
    opinions: np.ndarray, kept: np.ndarray, p: float, low: float, high: float
) -> np.ndarray:
    order = np.argsort(np.where(kept, -opinions, np.inf), kind="stable")
    ranked = opinions[order]
    count = int(kept.sum())

    def nucleus(beta: float) -> int:
        """How many of the ranked tokens are in the nucleus."""
        e = np.exp(ranked[:count] * beta)
        chances = e / e.sum()
        return int((np.cumsum(chances) - chances < p).sum())

    sizes = np.full(len(opinions), -np.inf)

    def fill(left: float, right: float, most: int, fewest: int) -> None:
        """Ranks fewest … most - 1 leave the nucleus between left and right."""
        if most == fewest:
            return
        middle = 0.5 * (left + right)
        if middle in (left, right):
            sizes[fewest:most] = left
            return
        size = nucleus(middle)
        fill(left, middle, most, size)
        fill(middle, right, size, fewest)

    most, fewest = nucleus(low), nucleus(high)
    sizes[:fewest] = np.inf
    fill(low, high, most, fewest)
    reach = np.empty(len(opinions))
    reach[order] = sizes
    return reach


def path(
    generator: HeadlineGenerator,
    options: Options | None = None,
    low: float = 0.05,
    high: float = 2.0,
    number: int = 0,
) -> list[Part]:
    """Every headline that one seed writes for T from ``low`` to ``high``.

    Args:
        generator: the model.
        options: everything but the temperature, which is ignored.
        low: the coldest temperature, above 0.
        high: the hottest.
        number: which headline of the seed.

    Returns:
        Parts from cold to hot that tile the interval; neighbours differ in their text.
        At any T inside a part, ``generate`` gives that part's headline.

    Raises:
        ValueError: the interval is empty or out of range.
    """
    if not 0 < low < high <= 100:
        raise ValueError(
            f"low={low!r}, high={high!r}: must be 0 < low < high, and high at most 100"
        )
    options = options or Options()
    category = generator.category_id(options.category)
    logits, state, given = generator.read(options.prompt, category)
    branches = [_Branch(1 / high, 1 / low, given)]
    finished: list[tuple[_Branch, bool]] = []
    for step in range(options.max_words * TOKENS_PER_WORD):
        luck = sampling.luck(options.seed, [number], step, logits.shape[1])[0]
        following: list[_Branch] = []
        parents: list[int] = []
        for row, branch in enumerate(branches):
            chances = logits[row : row + 1]
            for start, end, token_id in _choices(
                generator, chances, luck, branch, options
            ):
                judged = sampling.judge(chances, np.array([token_id]))
                (token,) = generator.judged_tokens(judged, given=False)
                fate = generator.fate(token, branch.words, step, bool(given), options)
                tokens = [*branch.tokens, token] if fate.kept else branch.tokens
                grown = _Branch(start, end, tokens, branch.words + fate.opens_word)
                if fate.finished:
                    finished.append((grown, token.id == END))
                else:
                    following.append(grown)
                    parents.append(row)
        if not following:
            break
        branches = following
        logits, state = generator.engine.step(
            np.array([branch.tokens[-1].id for branch in branches]),
            state.take(np.array(parents)),
        )
    return _parts(generator, options, finished, low, high, number)


def _choices(
    generator: HeadlineGenerator,
    logits: np.ndarray,
    luck: np.ndarray,
    branch: _Branch,
    options: Options,
) -> list[tuple[float, float, int]]:
    """The tokens that win one step, with their stretches of β."""
    used = [[token.id for token in branch.tokens]]
    shaped = sampling.forbid(logits, generator.tokenizer.forbidden)
    shaped = sampling.penalise_repetition(shaped, used, options.repetition_penalty)
    # The same float32 differences that sampling divides by T.
    opinions = sampling.apply_temperature(shaped, 1.0)[0].astype(np.float64)
    reach = reaches(opinions, options, branch.low, branch.high)
    # The favourite's bar is its luck at every β. Another's is highest at the lowest β,
    # so what is below the favourite there never wins.
    favourite = int(opinions.argmax())
    hopeful = opinions * branch.low + luck >= luck[favourite]
    hopeful &= reach >= branch.low
    hopeful[favourite] = True
    few = np.flatnonzero(hopeful)
    found = winners(opinions[few], luck[few], reach[few], branch.low, branch.high)
    return [(start, end, int(few[index])) for start, end, index in found]


def _parts(
    generator: HeadlineGenerator,
    options: Options,
    finished: list[tuple[_Branch, bool]],
    low: float,
    high: float,
    number: int,
) -> list[Part]:
    """Finished branches as parts from cold to hot, equal neighbours joined."""
    finished = sorted(finished, key=lambda item: -item[0].high)
    decode = generator.tokenizer.decode
    texts = [decode([token.id for token in branch.tokens]) for branch, _ in finished]
    prompt = generator.read_prompt(options.prompt).text
    index = generator.novelty
    novelties = index.check(texts) if index is not None else [None] * len(texts)
    parts: list[Part] = []
    for (branch, ended), text, novelty in zip(finished, texts, novelties, strict=True):
        if parts and parts[-1].headline.text == text:
            joined = parts.pop()
            parts.append(Part(joined.low, 1 / branch.low, joined.headline))
            continue
        tokens = tuple(branch.tokens)
        headline = Headline(number, text, prompt, tokens, ended, novelty)
        parts.append(Part(parts[-1].high if parts else low, 1 / branch.low, headline))
    parts[-1] = Part(parts[-1].low, high, parts[-1].headline)
    return parts
