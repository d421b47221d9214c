"""What temperature does, exactly: all that one headline of a seed can become.

With the luck held fixed, the winner of a step changes at a handful of exact
temperatures (see :mod:`textgen.explain.contest`). Following each part of the interval
on its own gives the whole set of texts of a headline for T in an interval, and the
temperatures at which the text changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.corpus.tokenizer import END
from textgen.errors import SettingError
from textgen.explain import contest, envelope
from textgen.fields import described
from textgen.writing import sampling
from textgen.writing.generator import Generator
from textgen.writing.length import most_steps
from textgen.writing.luck import luck
from textgen.writing.options import Options
from textgen.writing.rules import SMALLEST_TEMPERATURE, Context
from textgen.writing.text import Text, Token

AT_ONCE = 8  # branches whose numbers fit into a processor's nearest memory
HOTTEST = described(Options)["temperature"].high


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
    headline: Text

    def to_dict(self) -> dict:
        """Plain values, for JSON."""
        return {"from": self.low, "to": self.high, "text": self.headline.text}


@dataclass
class _Branch:
    """A stretch of β whose headlines agree so far."""

    headline: int  # which of those asked for
    low: float  # β, so the hottest end
    high: float
    tokens: list[Token]
    units: int = 0


def path(
    generator: Generator,
    options: Options | None = None,
    low: float = 0.05,
    high: float = 2.0,
    number: int = 0,
) -> list[Part]:
    """Every text that one headline of a seed becomes for T from ``low`` to ``high``.

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
        ValueError: the interval is empty or out of range, or a rule is on that allows
            no exact path.
    """
    return paths(generator, options, low, high, [number])[0]


def paths(
    generator: Generator,
    options: Options | None = None,
    low: float = 0.05,
    high: float = 2.0,
    numbers: Sequence[int] = (0,),
) -> list[list[Part]]:
    """The paths of many headlines of one seed, in one computation; see :func:`path`.

    Args:
        generator: the model.
        options: everything but the temperature, which is ignored.
        low: the coldest temperature, above 0.
        high: the hottest.
        numbers: which headlines of the seed.

    Returns:
        The path of each: the same as alone.

    Raises:
        ValueError: as for :func:`path`.
    """
    for name, value in (("low", low), ("high", high)):
        if not SMALLEST_TEMPERATURE <= value <= HOTTEST:
            raise SettingError(
                f"must be a number from {SMALLEST_TEMPERATURE:.3g}, the least that can "
                f"be told from 0, to {HOTTEST:g}",
                **{name: value},
            )
    if not low < high:
        raise SettingError("the first must be below the second", low=low, high=high)
    options = options or Options()
    contest.refuse_inexact(options)
    if not len(numbers):
        return []
    category = generator.category_id(options.category)
    logits, state, given = generator.read(options.prompt, category)
    branches = [_Branch(i, 1 / high, 1 / low, given) for i in range(len(numbers))]
    logits = np.repeat(logits, len(branches), axis=0)
    state = state.take(np.zeros(len(branches), dtype=np.int64))
    finished: list[list[tuple[_Branch, bool]]] = [[] for _ in numbers]
    for step in range(most_steps(options, generator.language)):
        spans = _spans(generator, options, numbers, step, branches, logits)
        following: list[_Branch] = []
        parents: list[int] = []
        rows = [row for row, turns in enumerate(spans) for _ in turns]
        chosen = np.array([token for turns in spans for *_, token in turns])
        judged = sampling.judge(logits, chosen, np.array(rows))
        tokens = iter(generator.judged_tokens(judged, given=False))
        for row, (branch, turns) in enumerate(zip(branches, spans, strict=True)):
            used = [token.id for token in branch.tokens]
            for start, end, _ in turns:
                token = next(tokens)
                fate = generator.fate(token, used, branch.units, step, options)
                kept = [*branch.tokens, token] if fate.kept else branch.tokens
                grown = _Branch(
                    branch.headline, start, end, kept, branch.units + fate.new
                )
                if fate.finished:
                    finished[branch.headline].append((grown, token.id == END))
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
    return [
        _parts(generator, options, ended, low, high, number)
        for ended, number in zip(finished, numbers, strict=True)
    ]


def _spans(
    generator: Generator,
    options: Options,
    numbers: Sequence[int],
    step: int,
    branches: Sequence[_Branch],
    logits: np.ndarray,
) -> list[list[tuple[float, float, int]]]:
    """Who wins the next token of each branch, and in which stretches of β."""
    alive = sorted({branch.headline for branch in branches})
    drawn = luck(options.seed, [numbers[i] for i in alive], step, logits.shape[1])
    which = {headline: row for row, headline in enumerate(alive)}
    given = len(branches[0].tokens) - step
    found = []
    for first in range(0, len(branches), AT_ONCE):
        block = branches[first : first + AT_ONCE]
        context = Context([[token.id for token in one.tokens] for one in block], given)
        chances = logits[first : first + AT_ONCE]
        opinions = contest.opinions(generator, chances, context, options)
        mine = [which[one.headline] for one in block]
        if not options.cuts():
            low, high = (
                np.array(ends)
                for ends in zip(*((one.low, one.high) for one in block), strict=True)
            )
            found += envelope.turns(opinions, drawn[mine], low, high)
            continue
        for one, row, own, ids in zip(block, opinions, mine, context.ids, strict=True):
            row, alone = row.astype(np.float64), Context([ids], given)
            found.append(
                contest.choices(row, drawn[own], options, one.low, one.high, alone)
            )
    return found


def _parts(
    generator: Generator,
    options: Options,
    finished: list[tuple[_Branch, bool]],
    low: float,
    high: float,
    number: int,
) -> list[Part]:
    """Finished branches as parts from cold to hot, equal neighbours joined."""
    finished = sorted(finished, key=lambda item: -item[0].high)
    texts = [generator.text_of(branch.tokens) for branch, _ in finished]
    prompt = generator.read_prompt(options.prompt).text
    index = generator.novelty
    novelties = index.check(texts) if index is not None else [None] * len(texts)
    parts: list[Part] = []
    for (branch, ended), text, novelty in zip(finished, texts, novelties, strict=True):
        if parts and parts[-1].headline.text == text:
            joined = parts.pop()
            parts.append(Part(joined.low, 1 / branch.low, joined.headline))
            continue
        tokens = generator.whole(branch.tokens)
        headline = Text(
            number, text, prompt, tokens, ended, novelty, generator.language
        )
        parts.append(Part(parts[-1].high if parts else low, 1 / branch.low, headline))
    parts[-1] = Part(parts[-1].low, high, parts[-1].headline)
    return parts
