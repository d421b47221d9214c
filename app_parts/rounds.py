"""Guess the temperature: rounds that a seed fixes, and a score on a log scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.writing.options import Options

ROUNDS = 10
HEADLINES = 3  # shown per round
#: What may be guessed. What is asked is one of these, so that 100 points can be had.
GUESSES = (
    *(0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
    *(1.0, 1.1, 1.2, 1.3, 1.4, 1.5, 1.7, 2.0, 2.5),
)
LOW, HIGH = 0.15, 2.0  # what is asked: the ends of the scale are not
FULL = 100  # points for a perfect guess
NO_GUESS = "-"  # where an address skips a question
USUAL = Options()
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


def rounds(
    seed: int, categories: tuple[str, ...] = (), usual: Options = USUAL
) -> list[Round]:
    """The questions of a game; the same seed asks everybody the same.

    Temperatures are spread evenly over the log scale, one of :data:`GUESSES` in each
    tenth of it, in random order, so that no game is all cold or all hot.

    Args:
        seed: of the game.
        categories: to draw from; none for any.
        usual: what is the same at every question.
    """
    random = np.random.default_rng([seed, ROUNDS])
    temperatures = [random.choice(_tenth(i)) for i in random.permutation(ROUNDS)]
    names = random.choice(categories, ROUNDS) if categories else [None] * ROUNDS
    seeds = random.integers(0, 2**32, ROUNDS)
    return [
        Round(
            number,
            usual.but(
                temperature=float(t),
                category=None if name is None else str(name),
                count=HEADLINES,
                seed=int(luck),
            ),
        )
        for number, (t, name, luck) in enumerate(
            zip(temperatures, names, seeds, strict=True)
        )
    ]


def _tenth(number: int) -> list[float]:
    """What may be asked in one tenth of the log scale, 0 for the coldest."""
    places = {
        t: int(ROUNDS * math.log(t / LOW) / math.log(HIGH / LOW))
        for t in GUESSES
        if LOW <= t <= HIGH
    }
    return [t for t, place in places.items() if min(place, ROUNDS - 1) == number]


def read_answers(text: str) -> tuple[float | None, ...]:
    """Guesses as an address holds them: numbers with commas between them.

    Args:
        text: whatever somebody wrote there.

    Returns:
        The guess at each question, from the first, at most :data:`ROUNDS`; None where
        the text has none that the slider could have given. The last is a guess.
    """
    found: list[float | None] = []
    for part in text.split(",")[:ROUNDS]:
        try:
            value = float(part)
        except ValueError:
            value = math.nan
        found.append(next((t for t in GUESSES if t == value), None))
    while found and found[-1] is None:
        found.pop()
    return tuple(found)


def write_answers(answers: Sequence[float | None]) -> str:
    """The opposite of :func:`read_answers`."""
    return ",".join(NO_GUESS if guess is None else f"{guess:g}" for guess in answers)


def all_read(text: str) -> bool:
    """True if :func:`read_answers` left out nothing that somebody meant as a guess."""
    parts = [part.strip() for part in text.split(",")]
    skipped = sum(part in ("", NO_GUESS) for part in parts)
    guesses = sum(guess is not None for guess in read_answers(text))
    return guesses + skipped == len(parts)


def points(guess: float, answer: float) -> int:
    """100 for the answer itself, 50 less for each doubling or halving, at least 0.

    Args:
        guess: a temperature above 0.
        answer: the temperature that it was.
    """
    return max(0, round(FULL - PER_DOUBLING * abs(math.log2(guess / answer))))
