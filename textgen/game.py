"""Guess the temperature: rounds that a seed fixes, and a score on a log scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from textgen.options import Options

ROUNDS = 10
HEADLINES = 3  # shown per round
LOW, HIGH = 0.15, 2.2  # what the temperature may be
FULL = 100  # points for a perfect guess
PER_DOUBLING = 50  # points lost for each doubling or halving


@dataclass(frozen=True)
class Round:
    """One question: headlines, and the temperature to guess.

    Attributes:
        number: 0 for the first.
        options: what wrote the headlines, temperature included.
    """

    number: int
    options: Options

    @property
    def temperature(self) -> float:
        """The answer."""
        return self.options.temperature


def rounds(seed: int, categories: tuple[str, ...] = ()) -> list[Round]:
    """The questions of a game; the same seed asks everybody the same.

    Temperatures are spread evenly over the log scale, one in each tenth of it, in
    random order, so that no game is all cold or all hot.

    Args:
        seed: of the game.
        categories: to draw from; none for any.
    """
    random = np.random.default_rng([seed, ROUNDS])
    places = (random.permutation(ROUNDS) + random.random(ROUNDS)) / ROUNDS
    temperatures = LOW * (HIGH / LOW) ** places
    names = random.choice(categories, ROUNDS) if categories else [None] * ROUNDS
    seeds = random.integers(0, 2**32, ROUNDS)
    return [
        Round(
            number,
            Options(
                temperature=round(float(t), 2),
                category=None if name is None else str(name),
                count=HEADLINES,
                seed=int(luck),
            ),
        )
        for number, (t, name, luck) in enumerate(
            zip(temperatures, names, seeds, strict=True)
        )
    ]


def points(guess: float, answer: float) -> int:
    """100 for the answer itself, 50 less for each doubling or halving, at least 0.

    Args:
        guess: a temperature above 0.
        answer: the temperature that it was.
    """
    return max(0, round(FULL - PER_DOUBLING * abs(math.log2(guess / answer))))
