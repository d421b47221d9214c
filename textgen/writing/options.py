"""What a person can ask of the generator: one immutable, validated record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from textgen.corpus.language import JAPANESE, SPACED
from textgen.fields import check, number, switch, text, whole
from textgen.writing.rules import SMALLEST_TEMPERATURE, acting

LONGEST_PROMPT = 400  # characters
#: The luck that the app and the training film open with: what it writes is fit for a
#: classroom.
OPENING_SEED = 62
#: The options that say which words may be written, with what they are called.
WORD_RULES = {"real_words": "real words only", "class_safe": "fit for a class"}


@dataclass(frozen=True)
class Options:
    """Settings of one generation; the same settings give the same texts.

    Raises:
        ValueError: a value is out of range; names the field, the value and the range.
        TypeError: a number is not a number.
    """

    temperature: float = number(
        0.7,
        "How much luck counts. 0: always the favourite. 1: as learnt. Above: wilder.",
        0.0,
        100.0,
    )
    max_words: int | None = whole(
        None,
        "At most so many words after your own (characters, in Japanese or Chinese), by "
        f"default {SPACED.lengths[1]} ({JAPANESE.lengths[1]}). The model may end "
        "sooner.",
        1,
        60,
    )
    category: str | None = text(None, "One of the model's; by default any.")
    prompt: str = text("", "Your first words. The model goes on from there.")
    count: int = whole(1, "How many to write.", 1, 100)
    seed: int = whole(
        7,
        "Which luck. The same settings and seed give the same texts, on every machine.",
        0,
        2**32 - 1,
    )
    top_k: int = whole(
        0, "Choose among the k likeliest tokens only. 0: among all.", 0, 1_000_000
    )
    top_p: float = number(
        1.0,
        "Choose among the fewest tokens that hold this much of the chance, after "
        "temperature.",
        0.0,
        1.0,
        above=True,
    )
    min_p: float = number(
        0.0,
        "Leave out tokens less likely than this share of the favourite's chance, after "
        "temperature: the hotter, the more stay in.",
        0.0,
        1.0,
    )
    typical_p: float = number(
        1.0,
        "Choose among the tokens that surprise about as much as is to be expected, the "
        "fewest that hold this much of the chance, after temperature. The favourite "
        "may be left out.",
        0.0,
        1.0,
        above=True,
    )
    repetition_penalty: float = number(
        1.0,
        "Above 1, a token counts less for every time that it was used: no loop goes "
        "on for ever. 1: no penalty.",
        0.1,
        10.0,
    )

    real_words: bool = switch(
        False, "Write only words that stand in the training set. A word of yours stays."
    )
    class_safe: bool = switch(
        False,
        "Complete no word of a list of words to avoid in class. A word of yours stays.",
    )

    def __post_init__(self) -> None:
        check(self)
        if self.temperature < SMALLEST_TEMPERATURE:
            object.__setattr__(self, "temperature", 0.0)

    def but(self, **changes: Any) -> Options:
        """The same options with some values changed."""
        return replace(self, **changes)

    def cuts(self) -> tuple[str, ...]:
        """The rules that leave tokens out of the choice, in words: ``top-k 20``."""
        return tuple(f"{rule.name} {rule.value(self):g}" for rule in acting(self))

    def word_rules(self) -> tuple[str, ...]:
        """What says which words may be written, as pages call it."""
        return tuple(said for name, said in WORD_RULES.items() if getattr(self, name))

    def uncut(self) -> Options:
        """The same options with nothing left out of the choice."""
        return self.but(**{rule.option: rule.off for rule in acting(self)})

    def changed(self) -> dict:
        """The values that differ from the defaults, in the order of the fields."""
        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) != f.default
        }

    def to_dict(self) -> dict:
        return asdict(self)
