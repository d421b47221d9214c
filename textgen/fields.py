"""What each field of a record is, said once, where the field stands.

A record is a frozen dataclass whose fields are made by the functions below, one for
each kind: :func:`whole`, :func:`number`, :func:`choice`, :func:`text`, :func:`switch`.
The record checks its values by them (:func:`check`); the command line, the pages and
the docs read what they say (:func:`described`).

>>> @dataclass(frozen=True)
... class Tea:
...     minutes: int = whole(3, "How long it draws.", 1, 10)
...     def __post_init__(self):
...         check(self)
>>> Tea(minutes=11)
Traceback (most recent call last):
textgen.errors.SettingError: minutes=11: must be a whole number from 1 to 10
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from textgen.errors import SettingError

_ABOUT = "about"
_KINDS = {
    "whole": "a whole number",
    "number": "a number",
    "text": "text",
    "switch": "true or false",
}


@dataclass(frozen=True)
class About:
    """What one field is.

    Attributes:
        kind: ``"whole"``, ``"number"``, ``"choice"``, ``"text"`` or ``"switch"``.
        gloss: what it does, in plain sentences.
        default: its value where nobody says otherwise; ``dataclasses.MISSING`` where
            somebody must. What is None by default may be None.
        low: the least of a number.
        high: the most of a number; inf for no end.
        above: ``low`` itself is out.
        below: ``high`` itself is out.
        choices: what a choice may be.
    """

    kind: str
    gloss: str
    default: Any
    low: float = -math.inf
    high: float = math.inf
    above: bool = False
    below: bool = False
    choices: tuple[str, ...] = ()

    @property
    def span(self) -> str:
        """The range of a number in words: ``from 0 to 100``, ``above 0``."""
        least = f"{'above' if self.above else 'from'} {self.low:,.10g}"
        if self.high < math.inf:
            return f"{least} to {'below ' if self.below else ''}{self.high:,.10g}"
        return least if self.above else f"of {self.low:,.10g} or more"

    @property
    def allowed(self) -> str:
        """What a value must be, in words: ``a whole number from 1 to 60``."""
        if self.kind == "choice":
            return f"one of {', '.join(self.choices)}"
        numeric = self.kind in ("whole", "number")
        return f"{_KINDS[self.kind]} {self.span}" if numeric else _KINDS[self.kind]

    def checked(self, name: str, value: Any) -> Any:
        """A value in its own type.

        Args:
            name: of the field, for the message.
            value: what somebody gave; a whole number may be a float without a fraction.

        Raises:
            SettingError: it is out of range, or no choice.
            TypeError: it is of another kind.
        """
        if value is self.default is None:
            return None
        if self.kind == "choice":
            if value not in self.choices:
                raise SettingError(f"must be {self.allowed}", **{name: value})
            return value
        if self.kind in ("whole", "number"):
            return self._number(name, value)
        wanted = str if self.kind == "text" else bool
        if not isinstance(value, wanted):
            raise TypeError(f"{name}={value!r}: must be {self.allowed}")
        return value

    def _number(self, name: str, value: Any) -> float:
        whole = self.kind == "whole"
        try:
            if isinstance(value, str) or (whole and not _is_whole(value)):
                raise TypeError
            number = int(value) if whole else float(value)
        except OverflowError:
            number = math.inf
        except TypeError:
            kind = _KINDS[self.kind]
            raise TypeError(f"{name}={value!r}: must be {kind}") from None
        # NaN is in no range.
        inside = self.low <= number <= self.high and abs(number) != math.inf
        at_end = (self.above and number == self.low) or (
            self.below and number == self.high
        )
        if not inside or at_end:
            raise SettingError(f"must be {self.allowed}", **{name: value})
        return number


def _is_whole(value: Any) -> bool:
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, int) and not isinstance(value, bool)


def whole(
    default: int | None | Any, gloss: str, low: float = 0, high: float = math.inf
) -> Any:
    """A field that is a whole number; both ends of the range are in it. It may be None
    where that is the default."""
    return _field("whole", gloss, default, low=low, high=high)


def number(
    default: float | Any,
    gloss: str,
    low: float = 0.0,
    high: float = math.inf,
    *,
    above: bool = False,
    below: bool = False,
) -> Any:
    """A field that is a number; ``above`` and ``below`` leave the ends out."""
    ends = {"above": above, "below": below}
    return _field("number", gloss, default, low=low, high=high, **ends)


def choice(default: str | Any, gloss: str, choices: Sequence[str]) -> Any:
    """A field that is one of a few words."""
    return _field("choice", gloss, default, choices=tuple(choices))


def text(default: str | None | Any, gloss: str) -> Any:
    """A field that is any text; it may be None where that is the default."""
    return _field("text", gloss, default)


def switch(default: bool | Any, gloss: str) -> Any:
    """A field that is true or false."""
    return _field("switch", gloss, default)


def _field(kind: str, gloss: str, default: Any, **more: Any) -> Any:
    about = About(kind, gloss, default, **more)
    # A field without a default has MISSING for one, here as in dataclasses.
    return dataclasses.field(default=default, metadata={_ABOUT: about})


def described(record: Any) -> dict[str, About]:
    """What the fields of a record are, by name and in their order.

    Args:
        record: the dataclass, or one of its instances. Fields that were not made by
            the functions of this module are left out.
    """
    return {
        field.name: field.metadata[_ABOUT]
        for field in dataclasses.fields(record)
        if _ABOUT in field.metadata
    }


def check(record: Any) -> None:
    """Check every described field of a new record, and give each its own type.

    Args:
        record: a frozen dataclass, in its ``__post_init__``.

    Raises:
        SettingError: a value is not allowed; names the field, the value and what is.
        TypeError: a value is of another kind; names the field and the value.
    """
    for name, about in described(record).items():
        value = about.checked(name, getattr(record, name))
        object.__setattr__(record, name, value)
