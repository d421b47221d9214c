"""Which tokens may follow where only some words may be written.

Two rules: *real words*, those of the training set alone, and *fit for a class*, none of
a list of words to avoid. What may follow depends on the text so far, never on the
temperature: on the word that has begun, and on how many tokens there still may be. A
token may follow if every word that it finishes may be written, and if the word that it
leaves unfinished can be brought to such an end with the tokens left. So there is a way
on at every place, by construction: where a word may end, the text may; where it may
not, the next letter of the shortest way to an end may follow.

A word that the prompt began counts: it may end as it stands. A text is read letter by
letter, as copied-or-new reads it (:mod:`textgen.corpus.novelty`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from textgen.corpus.lexicon import Lexicon
from textgen.corpus.tokenizer import (
    END,
    LONGEST_CHARACTER,
    SPECIAL_NAMES,
    UNKNOWN,
    Tokenizer,
)
from textgen.corpus.trie import APOSTROPHE, NEVER, ROOT, fold
from textgen.writing.pieces import Pieces, is_letter, read
from textgen.writing.rules import IN, OUT, Allowed

#: In a word that no list knows the beginning of: it may go on and end as it likes …
FREE = -1
#: … or must not be gone on with.
LOST = -2
PLACES_KEPT = 16_384
ROWS_KEPT = 256  # each the size of the vocabulary


class Place(NamedTuple):
    """Where a text stands.

    Attributes:
        node: the word that has begun: a node of the trie, :data:`ROOT` between words,
            :data:`FREE` or :data:`LOST`.
        apostrophe: one follows that word; with a letter after it, it is part of it.
        begun: the bytes of a character that is not finished.
        given: the prompt ended in this word, and no letter came since.
    """

    node: int = ROOT
    apostrophe: bool = False
    begun: bytes = b""
    given: bool = False


class _Key(NamedTuple):
    """What many places inside words have in common.

    Attributes:
        apostrophe: as of :class:`Place`.
        ended: the word may end here.
        free: most letters lead to a word that may end as it likes.
    """

    apostrophe: bool
    ended: bool
    free: bool


class WordRule:
    """Says which tokens may follow; see the module.

    Args:
        tokenizer: the model's.
        lexicon: the words that may be written.
    """

    def __init__(self, tokenizer: Tokenizer, lexicon: Lexicon) -> None:
        self._tokenizer = tokenizer
        self._trie = lexicon.trie
        self._ends = lexicon.ends.tobytes()
        self._open = lexicon.open.tobytes()
        self._some_open = bool(lexicon.open.any())
        self._underscore = lexicon.underscore
        self._size = tokenizer.vocabulary_size
        self._data = [tokenizer.data(i) for i in range(self._size)]
        self._data[UNKNOWN] = "\ufffd".encode()  # something that was typed
        self._barred = frozenset(tokenizer.forbidden.tolist())
        spelt = _spelt(self._data, self._barred)
        costs = {c: spelt(c) for c in {*self._trie.letters}}
        least = self._trie.least_to_end(lexicon.ends, costs)
        if self._some_open:
            # Off the trie a word may end at once, so one letter is enough.
            off = [c for c in _LATIN if spelt(c) == 1]
            for node in np.flatnonzero((least > 1) & lexicon.open).tolist():
                if any(self._trie.child(node, c) < 0 for c in off):
                    least[node] = 1
        self._least = least.tobytes()
        # With more room than the longest way takes, no more may follow.
        longest = int(max(least[least < NEVER], default=0))
        self._most = min(longest + LONGEST_CHARACTER, NEVER - 1)
        #: What one letter takes that leads off the trie.
        self._letter = 1 if any(spelt(c) == 1 for c in _LATIN) else NEVER
        # Kept, since the same words are written again and again.
        self._after = lru_cache(PLACES_KEPT)(self._after_anew)
        self._follow = lru_cache(PLACES_KEPT)(self._follow_anew)
        self._allowed = lru_cache(PLACES_KEPT)(self._allowed_anew)
        self._takes_of = lru_cache(ROWS_KEPT)(self._takes_of_anew)
        self._shared = lru_cache(ROWS_KEPT)(self._shared_anew)
        self._given = lru_cache(1024)(self._given_anew)
        self._within = lru_cache(1024)(self._within_anew)

    def allowed(self, ids: Sequence[int], given: int, room: int) -> Allowed:
        """What may follow a text.

        Args:
            ids: of the text so far, in order, the prompt's included.
            given: how many of them are the prompt's.
            room: how many tokens there may be, the next one included.

        Returns:
            Tokens that never may follow are out too. At least one token is in, if this
            was asked at every place since the prompt.
        """
        return self._allowed(self.place(ids, given), min(room - 1, self._most))

    def place(self, ids: Sequence[int], given: int) -> Place:
        """Where a text stands; see :meth:`allowed`."""
        start = len(ids)
        while start > given and b" " not in self._data[ids[start - 1]]:
            start -= 1
        if start > given:
            # What stands before a space does not matter.
            start -= 1
            place = Place()
        else:
            place = self._given(tuple(ids[:given]))
        for token in ids[start:]:
            place = self._after(place, token)
        return place

    def _given_anew(self, prompt: tuple[int, ...]) -> Place:
        place = Place()
        for token in prompt:
            place = self._after(place, token)
        return place._replace(given=place.node != ROOT)

    def _after_anew(self, place: Place, token: int) -> Place:
        return self._read_on(place, self._data[token])[0]

    def _read_on(self, place: Place, data: bytes) -> tuple[Place, bool]:
        """Where a text stands after more of it, and whether all words that ended in it
        may be written."""
        node, apostrophe, begun, given = place
        may = True
        text, begun = read(begun + data)
        for character in text:
            for letter in fold(character):
                if is_letter(letter, self._underscore):
                    if apostrophe:
                        node = self._child(node, APOSTROPHE)
                    node = self._child(node, letter)
                    apostrophe = given = False
                elif letter == APOSTROPHE and node != ROOT and not apostrophe:
                    apostrophe = True
                else:
                    may = may and self._ended(node, given)
                    node, apostrophe, given = ROOT, False, False
        return Place(node, apostrophe, begun, given), may

    def _child(self, node: int, letter: str) -> int:
        if node < ROOT:
            return node
        child = self._trie.child(node, letter)
        return child if child >= 0 else FREE if self._open[node] else LOST

    def _ended(self, node: int, given: bool) -> bool:
        """True if a text may go on with another word, or end, here."""
        return given or node in (ROOT, FREE) or (node > ROOT and self._ends[node] == 1)

    def _free(self, node: int) -> bool:
        """True if most letters lead to a word that may end as it likes."""
        return node == FREE or (node >= ROOT and self._open[node] == 1)

    def rest(self, place: Place) -> int:
        """How many tokens it takes from here to where the text may end, at most.

        Returns:
            :data:`NEVER` where no token chain is known to lead there.
        """
        node, apostrophe, begun, given = place
        ended = self._ended(node, given)
        if not begun:
            if ended:
                return 0
            if apostrophe:
                node = self._child(node, APOSTROPHE)
            if node >= ROOT:
                return self._least[node]
            return self._letter if node == FREE else NEVER
        missing = _length(begun) - len(begun)
        letters, others = self._within(begun)
        if (ended and others) or (self._free(node) and letters):
            return missing
        ways = (
            len(raw) - len(begun) + self._least[child]
            for child, raw in self._spread(node, apostrophe)
            if raw.startswith(begun)
        )
        return min([NEVER, *ways])

    def _within_anew(self, begun: bytes) -> tuple[bool, bool]:
        """Whether letters, and whether other characters, begin with these bytes."""
        missing = _length(begun) - len(begun)
        first = begun[0] & 0x3F >> _length(begun) - 1
        for byte in begun[1:]:
            first = first << 6 | byte & 0x3F
        # Below that, fewer bytes would do.
        first = max(first << 6 * missing, (0x80, 0x800, 0x10000)[_length(begun) - 2])
        # Of the many characters of four bytes some are enough to look at.
        step = 1 if missing < 3 else 61
        possible = range(first, min((first | 64**missing - 1) + 1, 0x110000), step)
        characters = [chr(i) for i in possible if not 0xD800 <= i < 0xE000]
        letters = any(map(str.isalnum, characters))
        others = any(c.isprintable() and not c.isalnum() for c in characters)
        return letters, others

    def _spread(self, node: int, apostrophe: bool) -> list[tuple[int, bytes]]:
        """The children of a node whose letter may be written in several bytes."""
        if apostrophe and node >= ROOT:
            node = self._trie.child(node, APOSTROPHE)
        if node < ROOT:
            return []
        start = self._trie.first[node]
        letters = self._trie.letters[start : self._trie.first[node + 1]]
        if letters.isascii() and APOSTROPHE not in letters:
            return []
        found = []
        for child, letter in enumerate(letters, start):
            if letter > "\x7f" or letter == APOSTROPHE:
                forms = {letter, letter.upper(), letter.title()}
                forms |= {"’"} if letter == APOSTROPHE else set()
                for form in forms:
                    if len(raw := form.encode()) > 1 and fold(form) == letter:
                        found.append((child, raw))
        return found

    def _allowed_anew(self, place: Place, room: int) -> Allowed:
        key, tokens, takes = self._follow(place)
        own = np.where(takes > room, OUT, IN)
        return Allowed(self._shared(key, room), tokens, own)

    def _shared_anew(self, key: Place | _Key, room: int) -> np.ndarray:
        row = np.where(self._takes_of(key) > room, OUT, IN)
        row.setflags(write=False)
        return row

    def _follow_anew(self, place: Place) -> tuple[Place | _Key, np.ndarray, np.ndarray]:
        """What may follow: how many more tokens it takes after each one.

        Returns:
            What tells that of all tokens (:meth:`_takes_of`), and the ids of those
            that have another, with it.
        """
        node, apostrophe, begun, given = place
        if begun or node == ROOT:
            return place, _NONE, _NO_RESTS
        key = _Key(apostrophe, self._ended(node, given), self._free(node))
        base = self._takes_of(key)
        found: dict[int, int] = {}
        inside = self._trie.child(node, APOSTROPHE) if apostrophe else node
        if inside >= ROOT:
            for child, raw in self._spread(node, apostrophe):
                for length in range(1, len(raw)):
                    for token in self._pieces.fragments.get(raw[:length], ()):
                        takes = len(raw) - length + self._least[child]
                        found[token] = min(
                            takes, found.get(token, int(base[token])), NEVER
                        )
            self._descend(inside, found)
        if not apostrophe:
            # The apostrophe alone: the word may end before it, or go on after it.
            takes = self.rest(Place(node, True, b"", given))
            found |= dict.fromkeys(self._pieces.apostrophes, takes)
        for token in self._pieces.others:
            found[token] = self._takes(place, self._data[token])
        tokens = np.fromiter(found, dtype=np.int64, count=len(found))
        return key, tokens, np.fromiter(found.values(), np.uint8, count=len(found))

    def _descend(self, node: int, found: dict[int, int]) -> None:
        """Go along the tokens and the words at once, as far as both go."""
        letters, first, least = self._trie.letters, self._trie.first, self._least
        waiting = [(self._pieces.heads, node)]
        while waiting:
            head, node = waiting.pop()
            for token in head.tokens:
                found[token] = least[node]
            for token, data in head.others:
                found[token] = self._takes(Place(node), data)
            if not (following := head.following):
                continue
            start = first[node]
            known = letters[start : first[node + 1]]
            for child, letter in enumerate(known, start):
                if letter in following:
                    waiting.append((following[letter], child))
            if self._some_open and not self._open[node]:
                for letter, longer in following.items():
                    if letter not in known:
                        found |= dict.fromkeys(longer.all(), NEVER)

    def _takes(self, place: Place, data: bytes) -> int:
        """:meth:`rest` after more of a text; :data:`NEVER` if it must not follow."""
        after, may = self._read_on(place, data)
        return self.rest(after) if may else NEVER

    def _takes_of_anew(self, key: Place | _Key) -> np.ndarray:
        """How many more tokens it takes after each one, as :meth:`rest` counts.

        Args:
            key: a place, or what is the same of many.

        Returns:
            ``(vocabulary,)`` uint8, not to be written to.
        """
        if isinstance(key, Place):
            takes = self._one_by_one(key)
        else:
            takes = np.full(self._size, NEVER, dtype=np.uint8)
            self._at_once(key, takes)
            takes[list(self._barred - {END})] = NEVER
            takes[END] = 0 if key.ended else NEVER
        takes.setflags(write=False)
        return takes

    def _one_by_one(self, place: Place) -> np.ndarray:
        takes = np.full(self._size, NEVER, dtype=np.uint8)
        barred = {*self._tokenizer.forbidden_inside(place.begun).tolist()}
        for token in range(len(SPECIAL_NAMES), self._size):
            if token not in barred:
                takes[token] = self._takes(place, self._data[token])
        takes[END] = self.rest(place) and NEVER
        return takes

    def _at_once(self, key: _Key, takes: np.ndarray) -> None:
        pieces = self._pieces
        if key.ended:
            ending = pieces.breaks.copy()
            if key.apostrophe:
                ending += pieces.joins + pieces.apostrophes
            takes[ending] = self._takes_of(Place())[ending]
        if key.free:
            for token in pieces.starts + ([] if key.apostrophe else pieces.joins):
                place = Place(FREE, key.apostrophe)
                takes[token] = self._takes(place, self._data[token])
        for begun, tokens in pieces.fragments.items():
            letters, others = self._within(begun)
            if (key.ended and others) or (key.free and letters):
                takes[tokens] = _length(begun) - len(begun)

    @cached_property
    def _pieces(self) -> Pieces:
        possible = (i for i in range(len(SPECIAL_NAMES), self._size))
        data = {i: self._data[i] for i in possible if i not in self._barred}
        return Pieces.of(data, self._underscore)


_NONE = np.empty(0, dtype=np.int64)
_NO_RESTS = np.empty(0, dtype=np.uint8)
_LATIN = "abcdefghijklmnopqrstuvwxyz"


def _length(begun: bytes) -> int:
    """How many bytes a character has that begins with these."""
    return 2 + (begun[0] >= 0xE0) + (begun[0] >= 0xF0)


def _spelt(data: Sequence[bytes], barred: frozenset[int]) -> Callable[[str], int]:
    """A function that says how many tokens a letter takes; see ``least_to_end``."""
    single = {
        fold(text)
        for token, part in enumerate(data)
        if token not in barred and len(text := part.decode("utf-8", "replace")) == 1
    }
    every_byte = {bytes([byte]) for byte in range(256)} <= {*data}

    def spelt(letter: str) -> int:
        if letter in single:
            return 1
        return len(letter.encode()) if every_byte else NEVER

    return spelt
