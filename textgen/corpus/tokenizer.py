"""Text to token ids and back: subword (what ships), character and word level.

Every tokenizer has the same three methods (``train``, ``encode``, ``decode``) and
the same four special ids; ordinary tokens follow. Special tokens have ids only, no
spelling, so no text a person types can ever be mistaken for one.
"""

from __future__ import annotations

import codecs
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import ClassVar

import numpy as np

from textgen.errors import SettingError, TokenizerError
from textgen.storage import whole_file

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


def piece_name(spelling: str) -> str:
    """What to call a token that stands alone: its spelling, without the space before
    it; a space alone is named."""
    return spelling.strip() or "(space)"


def added(parts: Iterable[bytes]) -> list[str]:
    """What each token adds to a text, as characters.

    Args:
        parts: the :meth:`Tokenizer.data` of each, in order.

    Returns:
        One string each; a character that is spread over several tokens belongs to the
        one that finishes it. Put together they are the text, the space before its
        first token included.
    """
    read = codecs.getincrementaldecoder("utf-8")("replace").decode
    return [read(part) for part in parts]


class Tokenizer:
    """What all tokenizers share; subclasses fill in the rest.

    Attributes:
        level: the name under which the tokenizer is saved.
        vocabulary_size: number of ids, the four special ones included.
        space_first: tokens bring the space before them along, so that the first of a
            text brings one that is not part of it.
    """

    level: ClassVar[str]
    vocabulary_size: int
    space_first: ClassVar[bool]

    @classmethod
    def train(cls, texts: Iterable[str], vocabulary_size: int) -> Tokenizer:
        """Learn a vocabulary of at most ``vocabulary_size`` ids from texts."""
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        """Turn text into ids, without start and end."""
        raise NotImplementedError

    def data(self, token_id: int) -> bytes:
        """What a token adds to a text: UTF-8, the space before a word included.

        A character may be spread over several tokens; special ids add nothing.
        """
        raise NotImplementedError

    def pieces(self, text: str) -> list[tuple[int, bytes]]:
        """The ids of a text, each with the part of the text that it stands for.

        That part is the token's :meth:`data`, but for the unknown token, which stands
        for whatever was typed.
        """
        return [(i, self.data(i)) for i in self.encode(text)]

    def decode(self, ids: Sequence[int]) -> str:
        """Turn ids into text; special ids are left out. See :meth:`join`."""
        return self.join(self.data(int(i)) for i in ids)

    def join(self, parts: Iterable[bytes]) -> str:
        """Put the parts of a text together, from its first token on.

        A character that is not finished at the end is left out, so a text can be
        shown while it grows; bytes that are no character become U+FFFD.
        """
        text = "".join(added(parts))
        return text[1:] if self.space_first and text.startswith(" ") else text

    def spelling(self, token_id: int) -> str:
        """Show one token to a person; a word-initial token begins with a space.

        Bytes of a character that the token does not hold whole are shown as numbers,
        ``⟨F0 9F⟩``. Names of tokens are for reading: texts are made by :meth:`join`.
        """
        raise NotImplementedError

    def whole(self, token_id: int) -> bool:
        """Say whether a token is a text of its own: whole characters, not a special
        sign, and something besides a space."""
        return token_id >= len(SPECIAL_NAMES) and bool(self.spelling(token_id).strip())

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
    def forbidden(self) -> np.ndarray:
        """The ids that may not be generated where a character has just ended.

        Padding, unknown and start; tokens with characters that no normalised text
        has (see :func:`_unreadable`), and tokens that begin in the middle of a
        character or break one off for good.
        """
        return self._forbidden_after(b"")

    def forbidden_after(self, ids: Sequence[int]) -> np.ndarray:
        """The ids that may not be generated after some others.

        Inside a character only what goes on with it may follow; so the text cannot
        end there either. At every place at least one token may follow.

        Args:
            ids: of the text so far, in order, the prompt's included.

        Returns:
            Ids ``(forbidden,)`` int64; the same array wherever the same ones are.
        """
        return self._forbidden_after(self.unfinished(ids))

    def unfinished(self, ids: Sequence[int]) -> bytes:
        """The bytes of a character that has begun and not ended; mostly none."""
        return b""

    @cached_property
    def _by_beginning(self) -> dict[bytes, np.ndarray]:
        return {}

    def _forbidden_after(self, begun: bytes) -> np.ndarray:
        # Kept, since the whole vocabulary is looked through; few beginnings occur.
        if begun not in self._by_beginning:
            self._by_beginning[begun] = self._look_through(begun)
        return self._by_beginning[begun]

    def _look_through(self, begun: bytes) -> np.ndarray:
        bad = [PAD, UNKNOWN, START, *([END] if begun else [])]
        bad += (
            i
            for i in range(len(SPECIAL_NAMES), self.vocabulary_size)
            if _unreadable(begun + self.data(i))
        )
        return np.array(bad, dtype=np.int64)


def _unreadable(data: bytes) -> bool:
    """True of bytes that no normalised text goes on with: broken UTF-8, control
    characters, white space but for the plain space, and the sign of a broken character.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        text = decoder.decode(data)
    except UnicodeDecodeError:
        return True
    begun, _ = decoder.getstate()
    # The one dead end that the decoder reports late: a surrogate is no character.
    if begun[:1] == b"\xed" and begun[1:2] >= b"\xa0":
        return True
    return any(
        c == "\ufffd" or unicodedata.category(c) == "Cc" or (c.isspace() and c != " ")
        for c in text
    )


class SubwordTokenizer(Tokenizer):
    """Byte-level BPE (Hugging Face ``tokenizers``): any Unicode text, no unknowns.

    Frequent words are one token, rare ones several; a byte is the last resort
    (Sennrich et al., arXiv:1508.07909; bytes as in GPT-2). A space is put before the
    text so that a word is the same token at the start and in the middle.
    """

    level = "subword"
    space_first = True

    def __init__(self, backend) -> None:
        self._backend = backend
        self._offset = len(SPECIAL_NAMES)
        self.vocabulary_size = backend.get_vocab_size() + self._offset
        names = map(backend.id_to_token, range(backend.get_vocab_size()))
        self._data = [b""] * self._offset
        self._data += (bytes(map(_BYTES.__getitem__, name)) for name in names)

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
            raise SettingError("must be at least 260", vocabulary_size=vocabulary_size)
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

    def data(self, token_id: int) -> bytes:
        return self._data[token_id]

    def spelling(self, token_id: int) -> str:
        if token_id < self._offset:
            return SPECIAL_NAMES[token_id]
        # Bytes that are no character come as lone surrogates (PEP 383).
        text = self._data[token_id].decode("utf-8", "surrogateescape")
        return _NO_CHARACTER.sub(_as_numbers, text)

    def whole(self, token_id: int) -> bool:
        try:
            return bool(self._data[token_id].decode().strip())
        except UnicodeDecodeError:
            return False

    def starts_word(self, token_id: int) -> bool:
        return self._data[token_id].startswith(b" ")

    def unfinished(self, ids: Sequence[int]) -> bytes:
        tail = b""
        for token_id in reversed(ids):
            tail = self._data[token_id] + tail
            if len(tail) > LONGEST_CHARACTER or (tail and tail[-1] < 0x80):
                break
        for length in range(1, min(LONGEST_CHARACTER, len(tail) + 1)):
            lead = tail[-length]
            if lead >= 0xC0:
                # 110…: two bytes in all, 1110…: three, 11110…: four.
                needed = 2 + (lead >= 0xE0) + (lead >= 0xF0)
                return tail[-length:] if length < needed else b""
            if lead < 0x80:
                break
        return b""


def _bytes_of_letters() -> dict[str, int]:
    """The letters that byte-level BPE writes bytes with, and the bytes they mean.

    Printable Latin-1 stands for itself; the other bytes are numbered from U+0100 on
    (Radford et al., GPT-2, 2019).
    """
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {
        chr(0x100 + place): byte for place, byte in enumerate(others)
    }


_BYTES = _bytes_of_letters()
LONGEST_CHARACTER = 4  # bytes in UTF-8


_NO_CHARACTER = re.compile("[\udc80-\udcff]+")


def _as_numbers(found: re.Match[str]) -> str:
    return "⟨" + " ".join(f"{ord(c) - 0xDC00:02X}" for c in found[0]) + "⟩"


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

    def starts_word(self, token_id: int) -> bool:
        return self._entries[token_id] == " "


class WordTokenizer(_ListTokenizer):
    """One token per word between spaces; rare words become unknown."""

    level = "word"
    space_first = True

    @staticmethod
    def _pieces(text: str) -> Iterable[str]:
        return text.split()

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
