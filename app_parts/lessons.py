"""Guided walks: what to do, and how to tell that it was done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """One step of a lesson.

    Attributes:
        title: what to do, in a few words; ``{one}`` and ``{many}`` stand for what the
            model calls its texts.
        text: why, and what to look at, in plain words; the same.
        view: where it is done.
        done: says so from what was noted: a mapping from what happened to the list of
            its values, oldest first.
        set: values that "Show me" gives to settings.
    """

    title: str
    text: str
    view: str
    done: Callable[[Mapping[str, list]], bool]
    set: Mapping[str, object]


def read_done(text: str, steps: int) -> set[int]:
    """Which steps an address says were done: numbers with commas between them.

    Args:
        text: whatever somebody wrote there; what is no step's number is passed over.
        steps: how many there are.

    Returns:
        Their numbers, 1 for the first.
    """
    known = {str(number): number for number in range(1, steps + 1)}
    return {known[part.strip()] for part in text.split(",") if part.strip() in known}


def write_done(numbers: Iterable[int]) -> str:
    """The opposite of :func:`read_done`."""
    return ",".join(map(str, sorted(numbers)))


def _temperature(test: Callable[[float], bool], view: str):
    return lambda seen: any(test(t) for t in seen.get(f"t in {view}", ()))


def _different(name: str, count: int):
    return lambda seen: len(set(seen.get(name, ()))) >= count


LESSONS: dict[str, tuple[Step, ...]] = {
    "temperature": (
        Step(
            "Make it cold: drag the dial to 0.3 or below",
            "The bars say what the model thinks may come next. Cold makes the "
            "favourite bigger and starves the rest: the model plays safe.",
            "Lens",
            _temperature(lambda t: t <= 0.3, "Lens"),
            {"t": 0.25},
        ),
        Step(
            "Make it hot: drag the dial to 1.5 or above",
            "Heat takes from the rich and gives to the poor. Look at the striped bar: "
            "thousands of unlikely words together now hold most of the chance.",
            "Lens",
            _temperature(lambda t: t >= 1.5, "Lens"),
            {"t": 1.6},
        ),
        Step(
            "Put it back to 1",
            "At 1 the chances are exactly those that the model learnt from {many}. "
            "Below 1 it is made bolder in its opinions, above 1 more doubtful.",
            "Lens",
            _temperature(lambda t: abs(t - 1) < 0.02, "Lens"),
            {"t": 1.0},
        ),
        Step(
            "Click a word to write it",
            "The word joins the prompt, and the model thinks again: every word changes "
            "what may follow.",
            "Lens",
            lambda seen: bool(seen.get("appended")),
            {"prompt": "How"},
        ),
        Step(
            "See why a word was picked: drag until another word wins",
            "Each word draws a lot: its luck. Its opinion (how far it stands behind "
            "the favourite) divided by temperature, plus luck; the longest bar wins. "
            "The luck stays as it is while you drag. Only the opinions shrink or grow.",
            "Why this word",
            _different("winner", 2),
            {"t": 1.6},
        ),
        Step(
            "Compare: the same luck at five temperatures",
            "Read from left to right. The mark shows the first word that differs: "
            "nothing else was changed, so temperature alone did that.",
            "Same luck",
            lambda seen: "Same luck" in seen.get("view", ()),
            {},
        ),
        Step(
            "Walk the path: find three different {many}",
            "This is all that the first {one} of a seed can become, from cold to "
            "hot. The tree "
            "branches exactly where temperature changes a word.",
            "Path",
            _different("headline", 3),
            {"t": 1.3},
        ),
        Step(
            "Test yourself: guess a temperature",
            "Cold reads like a slogan you have heard before; hot reads like a slip of "
            "the tongue. Can you tell them apart?",
            "Guess",
            lambda seen: bool(seen.get("guessed")),
            {},
        ),
    ),
}
