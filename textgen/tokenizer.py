"""Text to token ids and back: subword (what ships), character and word level.

Every tokenizer has the same three methods (``train``, ``encode``, ``decode``) and
the same four special ids; ordinary tokens follow. Special tokens have ids only, no
spelling, so no text a person types can ever be mistaken for one.
"""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar

from textgen.errors import TokenizerError
from textgen.paths import whole_file

PAD, UNKNOWN, START, END = range(4)
SPECIAL_NAMES = ("<pad>", "<unknown>", "<start>", "<end>")


def normalise(text: str) -> str:
    """Bring text to the form that models are trained on.

    Args:
        text: any text.

    Returns:
        Unicode NFC, runs of whitespace as one space, trimmed.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


class Tokenizer:
    """What all tokenizers share; subclasses fill in the three methods.

    Attributes:
        level: the name under which the tokenizer is saved.
        vocabulary_size: number of ids, the four special ones included.
    """

    level: ClassVar[str]
    vocabulary_size: int

    @classmethod
    def train(cls, texts: Iterable[str], vocabulary_size: int) -> Tokenizer:
        """Learn a vocabulary of at most ``vocabulary_size`` ids from texts."""
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        """Turn text into ids, without start and end."""
        raise NotImplementedError

    def decode(self, ids: Sequence[int]) -> str:
        """Turn ids into text; special ids are left out."""
        raise NotImplementedError

    def spelling(self, token_id: int) -> str:
        """Show one token to a person; a word-initial token begins with a space."""
        raise NotImplementedError

    def starts_word(self, token_id: int) -> bool:
        """Say whether this token opens a new word of the text."""
        raise NotImplementedError

    def to_json(self) -> str:
        """Everything needed to rebuild the tokenizer, as JSON text."""
        raise NotImplementedError

    def save(self, path: str | Path) -> None:
        """Write :meth:`to_json` to a file, all at once or not at all."""
        path = Path(path)
        with whole_file(path) as partial:
            partial.write_text(self.to_json(), encoding="utf-8")

    @cached_property
    def forbidden(self) -> tuple[int, ...]:
        """The ids that must never be generated.

        Padding, unknown, start, and control characters, which no normalised text has
        (byte-level tokens can spell every byte).
        """
        controls = (
            i
            for i in range(len(SPECIAL_NAMES), self.vocabulary_size)
            if any(ord(c) < 32 or ord(c) == 127 for c in self.spelling(i))
        )
        return (PAD, UNKNOWN, START, *controls)


class SubwordTokenizer(Tokenizer):
    """Byte-level BPE (Hugging Face ``tokenizers``): any Unicode text, no unknowns.

    Frequent words are one token, rare ones several; a byte is the last resort
    (Sennrich et al., arXiv:1508.07909; bytes as in GPT-2). A space is put before the
    text so that a word is the same token at the start and in the middle.
    """

    level = "subword"

    def __init__(self, backend) -> None:
        self._backend = backend
        self._offset = len(SPECIAL_NAMES)
        self.vocabulary_size = backend.get_vocab_size() + self._offset
        self._spellings = [
            backend.decode([i], skip_special_tokens=False)
            for i in range(backend.get_vocab_size())
        ]
        self._starts = [
            backend.id_to_token(i).startswith("Ġ")
            for i in range(backend.get_vocab_size())
        ]

    @classmethod
    def train(
        cls, texts: Iterable[str], vocabulary_size: int = 8192
    ) -> SubwordTokenizer:
        """Learn the merges.

        Args:
            texts: training texts, cased, normalised.
            vocabulary_size: ids in all; at least 260 (256 bytes and 4 special ids).

        Raises:
            ValueError: ``vocabulary_size`` is below 260.
        """
        from tokenizers import Tokenizer as Backend
        from tokenizers import decoders, models, pre_tokenizers, trainers

        if vocabulary_size < 260:
            raise ValueError(f"vocabulary_size={vocabulary_size}: must be at least 260")
        backend = Backend(models.BPE())
        backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        backend.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocabulary_size - len(SPECIAL_NAMES),
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        backend.train_from_iterator((" " + text for text in texts), trainer)
        return cls(backend)

    @classmethod
    def from_json(cls, text: str) -> SubwordTokenizer:
        from tokenizers import Tokenizer as Backend

        return cls(Backend.from_str(json.dumps(json.loads(text)["bpe"])))

    def to_json(self) -> str:
        bpe = json.loads(self._backend.to_str())
        return json.dumps({"level": self.level, "bpe": bpe}, ensure_ascii=False)

    def encode(self, text: str) -> list[int]:
        if not text:
            return []
        # A lone surrogate is no Unicode text; "?" keeps the rest usable.
        text = text.encode("utf-8", "replace").decode("utf-8")
        return [i + self._offset for i in self._backend.encode(" " + text).ids]

    def decode(self, ids: Sequence[int]) -> str:
        ids = [int(i) - self._offset for i in ids if i >= self._offset]
        return self._backend.decode(ids, skip_special_tokens=False)[1:] if ids else ""

    def spelling(self, token_id: int) -> str:
        if token_id < self._offset:
            return SPECIAL_NAMES[token_id]
        return self._spellings[token_id - self._offset]

    def starts_word(self, token_id: int) -> bool:
        return token_id >= self._offset and self._starts[token_id - self._offset]


class _ListTokenizer(Tokenizer):
    """A plain list of entries, each one id; what is not in it is unknown."""

    joiner: ClassVar[str]

    def __init__(self, entries: Sequence[str]) -> None:
        self._entries = [*SPECIAL_NAMES, *entries]
        first = len(SPECIAL_NAMES)
        self._ids = {entry: first + i for i, entry in enumerate(entries)}
        self.vocabulary_size = len(self._entries)

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        raise NotImplementedError

    @classmethod
    def train(cls, texts: Iterable[str], vocabulary_size: int = 8192) -> Tokenizer:
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

    def decode(self, ids: Sequence[int]) -> str:
        return self.joiner.join(
            self._entries[int(i)] for i in ids if i >= len(SPECIAL_NAMES)
        )


class CharacterTokenizer(_ListTokenizer):
    """One token per character, as in char-rnn (Karpathy, 2015)."""

    level = "character"
    joiner = ""

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        return text

    def spelling(self, token_id: int) -> str:
        return self._entries[token_id]

    def starts_word(self, token_id: int) -> bool:
        return self._entries[token_id] == " "


class WordTokenizer(_ListTokenizer):
    """One token per word between spaces; rare words become unknown."""

    level = "word"
    joiner = " "

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        return text.split()

    def spelling(self, token_id: int) -> str:
        name = self._entries[token_id]
        return name if token_id < len(SPECIAL_NAMES) else " " + name

    def starts_word(self, token_id: int) -> bool:
        return token_id >= len(SPECIAL_NAMES)


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
