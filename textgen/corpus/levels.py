"""Character and word level, and every level by its name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from textgen.corpus.language import SPACED, Language
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import SPECIAL_NAMES, UNKNOWN, Tokenizer
from textgen.errors import SettingError, TokenizerError


class _ListTokenizer(Tokenizer):
    """A plain list of entries, each one id; what is not in it is unknown."""

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries = [*SPECIAL_NAMES, *entries]
        first = len(SPECIAL_NAMES)
        self._ids = {entry: first + i for i, entry in enumerate(entries)}
        self.vocabulary_size = len(self._entries)

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        raise NotImplementedError

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        vocabulary_size: int = 8192,
        language: Language = SPACED,
    ) -> Tokenizer:
        """Keep the most frequent entries (ties in alphabetical order)."""
        counts = Counter(piece for text in texts for piece in cls._pieces(text))
        ranked = sorted(counts, key=lambda piece: (-counts[piece], piece))
        return cls(ranked[: max(vocabulary_size - len(SPECIAL_NAMES), 0)])

    @classmethod
    def from_json(cls, text: str) -> Tokenizer:
        return cls(json.loads(text)["entries"])

    def to_json(self) -> str:
        entries = self._entries[len(SPECIAL_NAMES) :]
        return json.dumps({"level": self.level, "entries": entries}, ensure_ascii=False)

    def encode(self, text: str) -> list[int]:
        return [self._ids.get(piece, UNKNOWN) for piece in self._pieces(text)]

    def pieces(self, text: str) -> list[tuple[int, bytes]]:
        return [
            (self._ids.get(piece, UNKNOWN), self._written(piece).encode())
            for piece in self._pieces(text)
        ]

    def data(self, token_id: int) -> bytes:
        if token_id < len(SPECIAL_NAMES):
            return b""
        return self._written(self._entries[token_id]).encode()

    def spelling(self, token_id: int) -> str:
        name = self._entries[token_id]
        return name if token_id < len(SPECIAL_NAMES) else self._written(name)

    @classmethod
    def _written(cls, entry: str) -> str:
        """An entry as it stands in a text."""
        return " " + entry if cls.space_first else entry


class CharacterTokenizer(_ListTokenizer):
    """One token per character, as in char-rnn (Karpathy, 2015)."""

    level = "character"
    space_first = False

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        return text


class WordTokenizer(_ListTokenizer):
    """One token per word between spaces; rare words become unknown."""

    level = "word"
    space_first = True

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        return text.split()

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        vocabulary_size: int = 8192,
        language: Language = SPACED,
    ) -> Tokenizer:
        """Keep the most frequent words (ties in alphabetical order).

        Raises:
            ValueError: the language sets no spaces between words.
        """
        if not language.spaced:
            raise SettingError(
                f"{language.name} sets no spaces between words: must be "
                f"{SubwordTokenizer.level} or {CharacterTokenizer.level}",
                level=cls.level,
            )
        return super().train(texts, vocabulary_size, language)


LEVELS: dict[str, type[Tokenizer]] = {
    cls.level: cls for cls in (SubwordTokenizer, CharacterTokenizer, WordTokenizer)
}


def load(path: str | Path) -> Tokenizer:
    """Read a saved tokenizer of any level.

    Args:
        path: a ``tokenizer.json`` written by :meth:`Tokenizer.save`.

    Raises:
        TokenizerError: the file is missing, damaged or of an unknown level.
    """
    path = Path(path)
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise TokenizerError(f"{path}: cannot be read ({error.strerror}).") from error
    except Exception as error:  # the Rust backend raises a bare Exception
        raise TokenizerError(
            f"{path}: is not a tokenizer of this package ({error}). "
            "Copy the file again from the model's folder."
        ) from error


@lru_cache(maxsize=4)
def _parse(text: str) -> Tokenizer:
    level = json.loads(text)["level"]
    if level not in LEVELS:
        raise ValueError(f"level {level!r}; known: {', '.join(LEVELS)}")
    return LEVELS[level].from_json(text)
