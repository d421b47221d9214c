"""The errors that a user of this package is meant to see."""

from __future__ import annotations

from collections.abc import Callable

LONGEST_VALUE = 60  # characters of a value that a message quotes


class TextgenError(Exception):
    """Something a person can put right; the message says what, where and how."""


class SettingError(TextgenError, ValueError):
    """One or more settings have values that are not allowed.

    Args:
        allowed: what is, as the end of the sentence ``name=value: …``.
        **settings: names and values.
    """

    def __init__(self, allowed: str, **settings: object) -> None:
        self.allowed, self.settings = allowed, settings
        # A value that would fill the line is left out.
        named = (
            f"{name}={value!r}" if len(repr(value)) <= LONGEST_VALUE else name
            for name, value in settings.items()
        )
        super().__init__(f"{', '.join(named)}: {allowed}")


class DatasetError(TextgenError):
    """The dataset file is missing, broken or something else altogether."""


class TokenizerError(TextgenError):
    """A tokenizer file or its training text cannot be used."""


class BundleError(TextgenError):
    """A model folder is incomplete, damaged or of an unknown format."""


class FactsError(TextgenError):
    """A file of facts is missing, damaged or something else altogether."""


class TrainingError(TextgenError):
    """A training run cannot start or resume."""


class ResumeError(TrainingError):
    """A run cannot be resumed with other settings than it began with.

    Args:
        folder: the run's.
        differing: what each of them was and is now, by name.
    """

    def __init__(self, folder: object, differing: dict[str, tuple]) -> None:
        self.folder, self.differing = folder, differing
        super().__init__(self.told())

    def told(self, named: Callable[[str], str] = str) -> str:
        """What differs, each setting under the name that is given to it."""
        pairs = (
            f"{named(name)} was {_short(was)}, is {_short(now)}"
            for name, (was, now) in self.differing.items()
        )
        return (
            f"{self.folder}: cannot resume with other settings: {'; '.join(pairs)}. "
            "Use the same as before, or another --output."
        )


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"
