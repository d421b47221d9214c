"""The same headlines at several temperatures, with the same luck: only T differs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.text import Text

MOST_COLUMNS = 6  # temperatures that can be compared side by side


@dataclass(frozen=True)
class Strand:
    """One headline number at several temperatures, with the same luck.

    Attributes:
        headlines: one per temperature.
        departs: per headline the first word in which it differs from the one before
            it; None for the first headline, and for one that does not differ.
    """

    headlines: tuple[Text, ...]
    departs: tuple[int | None, ...]


def read_temperatures(text: str) -> tuple[float, ...]:
    """Read temperatures that a person typed, with commas between them.

    Args:
        text: one to :data:`MOST_COLUMNS` numbers from 0 to 3.

    Raises:
        ValueError: says which part is wrong, and what is allowed.
    """
    parts = [part.strip() for part in text.replace(";", ",").split(",")]
    parts = [part for part in parts if part]
    if not 1 <= len(parts) <= MOST_COLUMNS:
        raise ValueError(
            f"{len(parts)} temperatures: write one to {MOST_COLUMNS}, with commas "
            "between them, for example 0, 0.7, 1.5"
        )
    found = []
    for part in parts:
        try:
            value = float(part)
        except ValueError:
            raise ValueError(f"{part!r} is not a number, for example 0.7") from None
        if not 0 <= value <= 3:
            raise ValueError(f"{part} is not a temperature from 0 to 3")
        found.append(Options(temperature=value).temperature)
    return tuple(found)


def compare(
    generator: Generator, options: Options, temperatures: Sequence[float]
) -> list[Strand]:
    """Write the same headlines at several temperatures; only T differs.

    Args:
        generator: the model.
        options: everything but the temperature, which is ignored.
        temperatures: from left to right.

    Returns:
        ``options.count`` strands.
    """
    columns = [generator.generate(options, temperature=t) for t in temperatures]
    return [
        Strand(row, (None, *map(departure, row, row[1:])))
        for row in zip(*columns, strict=True)
    ]


def departure(left: Text, right: Text) -> int | None:
    """The first word in which one headline differs from another, or None.

    Where one only goes on longer, that is its first word beyond, or its own length
    if it is the shorter one.
    """
    if left.text == right.text:
        return None
    ours, theirs = ([word.text for word in item.words] for item in (right, left))
    pairs = zip(ours, theirs, strict=False)
    same = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    return min(len(ours), len(theirs)) if same is None else same
