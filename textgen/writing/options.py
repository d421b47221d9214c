"""What a person can ask of the generator: one immutable, validated record."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields, replace

from textgen.errors import SettingError

#: Allowed range of each number, both ends included.
RANGES: dict[str, tuple[float, float]] = {
    "temperature": (0.0, 100.0),
    "max_words": (1, 60),
    "count": (1, 100),
    "seed": (0, 2**32 - 1),
    "top_k": (0, 1_000_000),
    "top_p": (0.0, 1.0),
    "min_p": (0.0, 1.0),
    "repetition_penalty": (0.1, 10.0),
}
_WHOLE = ("max_words", "count", "seed", "top_k")
_ABOVE_ZERO = ("top_p",)
LONGEST_PROMPT = 400  # characters
#: The smallest normal float32. Colder than that is 0: processors may take smaller
#: numbers for 0, and opinions divided by 0 are no numbers.
SMALLEST_TEMPERATURE = 2.0**-126


@dataclass(frozen=True)
class Options:
    """Settings of one generation; the same settings give the same headlines.

    Raises:
        ValueError: a value is out of range; names the field, the value and the range.
        TypeError: a number is not a number.
    """

    temperature: float = 0.7  # 0: always the favourite; 1: as learnt; above: wilder
    max_words: int = 16  # words to write after the prompt, at most
    category: str | None = None  # None: any
    prompt: str = ""  # the words given
    count: int = 1  # headlines
    seed: int = 7  # which luck
    top_k: int = 0  # keep the k most probable tokens; 0: all
    # The next two look at the probabilities after temperature.
    top_p: float = 1.0  # keep the fewest tokens that hold this much probability
    min_p: float = 0.0  # keep tokens at least this probable, relative to the favourite
    repetition_penalty: float = 1.0  # above 1: each use makes a token count less

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            kind = "a whole number" if name in _WHOLE else "a number"
            whole = not isinstance(value, bool) and (
                isinstance(value, int)
                or (isinstance(value, float) and value.is_integer())
            )
            if isinstance(value, str) or (name in _WHOLE and not whole):
                raise TypeError(f"{name}={value!r}: must be {kind}")
            number = int(value) if name in _WHOLE else float(value)
            above = name in _ABOVE_ZERO and number == low
            if not math.isfinite(number) or not low <= number <= high or above:
                least = f"above {low:g}" if name in _ABOVE_ZERO else f"from {low:g}"
                raise SettingError(
                    f"must be {kind} {least} to {high:,.10g}", **{name: value}
                )
            if name == "temperature" and number < SMALLEST_TEMPERATURE:
                number = 0.0
            object.__setattr__(self, name, number)
        if not isinstance(self.prompt, str):
            raise TypeError(f"prompt={self.prompt!r}: must be text")

    def but(self, **changes) -> Options:
        """The same options with some values changed."""
        return replace(self, **changes)

    def cuts(self) -> tuple[str, ...]:
        """The rules that leave tokens out of the choice, in words: ``top-k 20``."""
        rules = (
            ("top-k", self.top_k, self.top_k > 0),
            ("top-p", self.top_p, self.top_p < 1),
            ("min-p", self.min_p, self.min_p > 0),
        )
        return tuple(f"{name} {value:g}" for name, value, acts in rules if acts)

    def changed(self) -> dict:
        """The values that differ from the defaults, in the order of the fields."""
        return {
            f.name: getattr(self, f.name)
            for f in fields(self)
            if getattr(self, f.name) != f.default
        }

    def to_dict(self) -> dict:
        return asdict(self)
