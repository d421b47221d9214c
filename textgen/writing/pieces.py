"""Tokens by what they do to the word in which they stand."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from textgen.corpus.trie import APOSTROPHE, fold


class Head(NamedTuple):
    """Tokens by the letters that they begin with, as words are compared.

    Attributes:
        following: by the next letter.
        tokens: those that are these letters and no more.
        others: those that go on with what is no letter, each with that part.
    """

    following: dict[str, Head]
    tokens: list[int]
    others: list[tuple[int, bytes]]

    def all(self) -> Iterator[int]:
        """All tokens that begin so."""
        yield from self.tokens
        yield from (token for token, _ in self.others)
        for longer in self.following.values():
            yield from longer.all()


class Pieces(NamedTuple):
    """Tokens by what they do inside a word.

    Attributes:
        breaks: they end it.
        starts: they go on with letters.
        joins: an apostrophe and letters: part of it, unless it ends in one.
        fragments: they are parts of one character, by these.
        apostrophes: one alone.
        others: they do what only the word itself tells.
        heads: ``starts`` and ``joins``, by their letters.
    """

    breaks: list[int]
    starts: list[int]
    joins: list[int]
    fragments: dict[bytes, list[int]]
    apostrophes: list[int]
    others: list[int]
    heads: Head

    @classmethod
    def of(cls, data: Mapping[int, bytes], underscore: bool) -> Pieces:
        """Sort tokens.

        Args:
            data: of each token.
            underscore: it is a letter.
        """
        pieces = cls([], [], [], {}, [], [], Head({}, [], []))
        for token, part in data.items():
            pieces._sort(token, part, underscore)
        return pieces

    def _sort(self, token: int, data: bytes, underscore: bool) -> None:
        text, rest = read(data)
        if not text:
            self.fragments.setdefault(rest, []).append(token)
            return
        head, at, apostrophe = "", 0, False
        for number, character in enumerate(text, 1):
            folded = fold(character)
            letters = [is_letter(c, underscore) for c in folded]
            if all(letters):
                head += (APOSTROPHE if apostrophe else "") + folded
                at, apostrophe = number, False
            elif any(letters):
                self.others.append(token)
                return
            elif folded == APOSTROPHE and not apostrophe:
                apostrophe = True
            else:
                break
        tail = text[at:].encode() + rest
        if head:
            (self.joins if head[0] == APOSTROPHE else self.starts).append(token)
            place = self.heads
            for letter in head:
                place = place.following.setdefault(letter, Head({}, [], []))
            if tail:
                place.others.append((token, tail))
            else:
                place.tokens.append(token)
        elif not apostrophe or len(text) > 1:
            self.breaks.append(token)
        elif rest:
            self.others.append(token)
        else:
            self.apostrophes.append(token)


def read(data: bytes) -> tuple[str, bytes]:
    """Characters, and the bytes of one that is not finished at the end."""
    try:
        return data.decode(), b""
    except UnicodeDecodeError:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        return decoder.decode(data), decoder.getstate()[0]


def is_letter(character: str, underscore: bool) -> bool:
    r"""As the ``\w`` of ``SPACED.compared`` has it."""
    return character.isalnum() or (character == "_" and underscore)
