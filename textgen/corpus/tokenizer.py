"""Text to token ids and back: what every tokenizer shares, whatever its level.

Every tokenizer has the same three methods (``train``, ``encode``, ``decode``) and
the same four special ids; ordinary tokens follow. Special tokens have ids only, no
spelling, so no text a person types can ever be mistaken for one.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np

from textgen.corpus.language import SPACED, Language
from textgen.storage import whole_file

PAD, UNKNOWN, START, END = range(4)
SPECIAL_NAMES = ("<pad>", "<unknown>", "<start>", "<end>")
LONGEST_CHARACTER = 4  # bytes in UTF-8


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
            text brings one that is not part of it. Never where the language sets none.
        bytewise: what it has no piece for is read byte by byte, so nothing is unknown.
    """

    level: ClassVar[str]
    vocabulary_size: int
    space_first: bool
    bytewise: ClassVar[bool] = False

    @classmethod
    def train(
        cls, texts: Iterable[str], vocabulary_size: int, language: Language = SPACED
    ) -> Tokenizer:
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

    @classmethod
    def from_json(cls, text: str) -> Tokenizer:
        """Rebuild a tokenizer from :meth:`to_json`."""
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
        return self.forbidden_inside(b"")

    def forbidden_after(self, ids: Sequence[int]) -> np.ndarray:
        """The ids that may not be generated after some others.

        Inside a character only what goes on with it may follow; so the text cannot
        end there either. At every place at least one token may follow.

        Args:
            ids: of the text so far, in order, the prompt's included.

        Returns:
            Ids ``(forbidden,)`` int64; the same array wherever the same ones are.
        """
        return self.forbidden_inside(self.unfinished(ids))

    def unfinished(self, ids: Sequence[int]) -> bytes:
        """The bytes of a character that has begun and not ended; mostly none."""
        return b""

    @cached_property
    def _by_beginning(self) -> dict[bytes, np.ndarray]:
        return {}

    def forbidden_inside(self, begun: bytes) -> np.ndarray:
        """The ids that may not be generated after the first bytes of a character; see
        :meth:`forbidden_after`."""
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
    if data.isascii():  # nearly all, and quick to tell
        return not data.decode("ascii").isprintable()
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
