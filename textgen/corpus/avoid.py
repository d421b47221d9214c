"""Words to avoid: two lists in plain sight, as sets of words and of their beginnings.

``data/naughty_words.txt`` is a list that others keep, as it is. What a class needs
beyond it, and what it should let through, stands in ``data/words_to_avoid.txt``, or in
a file that takes that one's place.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from textgen.corpus.language import SPACED
from textgen.errors import TextgenError
from textgen.storage import DATA

LIST = DATA / "naughty_words.txt"
OURS = DATA / "words_to_avoid.txt"
ANY_ENDING = "*"
LET_THROUGH = "!"
COMMENT = "#"


@dataclass(frozen=True)
class WordsToAvoid:
    """Which words are never completed.

    Attributes:
        words: whole words, as ``SPACED.compared`` gives them, each with its
            possessive.
        beginnings: of words that are avoided whatever their ending.
        let_through: words that are none of these.
        skipped: entries of several words, which stand for nothing here.
    """

    words: frozenset[str]
    beginnings: frozenset[str]
    let_through: frozenset[str]
    skipped: tuple[str, ...]

    @classmethod
    def of(cls, lines: Iterable[str]) -> WordsToAvoid:
        """Read a list.

        Args:
            lines: one word each. ``*`` at its end stands for any ending, also none;
                ``!`` before it lets it through, whatever else says; what follows ``#``
                is not read. Case and punctuation do not count.
        """
        words: set[str] = set()
        beginnings: set[str] = set()
        let_through: set[str] = set()
        skipped: list[str] = []
        for line in lines:
            entry = line.partition(COMMENT)[0].strip()
            parts = SPACED.compared(entry)
            if len(parts) != 1:
                if entry:
                    skipped.append(entry)
            elif entry.startswith(LET_THROUGH):
                let_through |= _with_possessive(parts[0])
            elif entry.endswith(ANY_ENDING):
                beginnings.add(parts[0])
            else:
                words |= _with_possessive(parts[0])
        return cls(
            frozenset(words - let_through),
            frozenset(beginnings),
            frozenset(let_through),
            tuple(skipped),
        )

    @classmethod
    def load(cls, ours: str | Path | None = None) -> WordsToAvoid:
        """Read the list that ships and a short one.

        Args:
            ours: takes the place of ``data/words_to_avoid.txt``.

        Raises:
            TextgenError: a file cannot be read.
        """
        lines = []
        for path in (LIST, Path(ours or OURS)):
            try:
                lines += path.read_text(encoding="utf-8-sig").splitlines()
            except UnicodeDecodeError as error:
                raise TextgenError(f"{path}: is not a text in UTF-8") from error
            except OSError as error:
                raise TextgenError(
                    f"{path}: cannot be read ({error.strerror})"
                ) from error
        return cls.of(lines)

    def avoids(self, word: str) -> bool:
        """Say whether one comparable word is avoided."""
        if word in self.let_through:
            return False
        return word in self.words or any(
            word[:length] in self.beginnings for length in range(1, len(word) + 1)
        )

    def found_in(self, text: str) -> list[str]:
        """The avoided words of a text, in order; an underscore parts words here."""
        words = SPACED.compared(text.replace("_", " "))
        return [word for word in words if self.avoids(word)]


def _with_possessive(word: str) -> set[str]:
    return {word, f"{word}'s"}
