"""The words of the training set as a trie, so that the beginnings of words are known.

What a word is, and when two are the same, is what copied-or-new says (``compared`` of
:class:`~textgen.corpus.language.Language`): lower-case, without punctuation, an
apostrophe only between letters. The file holds words alone, in no order of a text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from textgen.corpus.language import SPACED, Language
from textgen.corpus.novelty import fingerprint
from textgen.errors import BundleError
from textgen.storage import whole_file

APOSTROPHE = "'"
ROOT = 0


@lru_cache(maxsize=8192)
def fold(character: str) -> str:
    """A character as words are compared; mostly one, rarely more.

    Of one character at a time this is what ``SPACED.compared`` does to a text,
    but for a Greek sigma in capitals at the end of a word.
    """
    return character.lower().replace("’", APOSTROPHE)


class Trie:
    """Words by their beginnings: a node is one beginning, :data:`ROOT` the empty one.

    Nodes are numbered level by level and in alphabetical order, so that the children of
    a node stand side by side, ``first[node]`` to before ``first[node + 1]``.

    Args:
        letters: the last letter of every node's beginning; the root's is a space.
        children: how many children each node has ``(nodes,)``.
        ends: whether each node's beginning is a whole word ``(nodes,)`` bool.
        facts: of what it was built: ``fingerprint``, ``words``.
    """

    def __init__(
        self, letters: str, children: np.ndarray, ends: np.ndarray, facts: dict
    ) -> None:
        self.letters = letters
        self.ends = ends
        self.facts = facts
        first = np.ones(len(children) + 1, dtype=np.int64)
        first[1:] += np.cumsum(children, dtype=np.int64)
        self.first = first.data

    def __len__(self) -> int:
        return len(self.letters)

    @classmethod
    def of(cls, words: Iterable[str], facts: dict | None = None) -> Trie:
        """Build the trie of some words.

        Args:
            words: as ``SPACED.compared`` gives them.
            facts: to keep with it.
        """
        words = set(words) - {""}
        level, letters, children, ends = [""], [" "], [], [False]
        for length in range(1, 1 + max(map(len, words), default=0)):
            longer = sorted({word[:length] for word in words if len(word) >= length})
            place = {beginning: i for i, beginning in enumerate(level)}
            counts = np.zeros(len(level), dtype=np.int64)
            for beginning in longer:
                counts[place[beginning[:-1]]] += 1
            children.append(counts)
            letters += (beginning[-1] for beginning in longer)
            ends += (beginning in words for beginning in longer)
            level = longer
        children.append(np.zeros(len(level), dtype=np.int64))
        facts = {"format": 1, "words": len(words)} | (facts or {})
        return cls(
            "".join(letters), np.concatenate(children), np.array(ends, bool), facts
        )

    @classmethod
    def build(cls, headlines: Iterable[str], language: Language = SPACED) -> Trie:
        """Build the trie of all words of the train split.

        Args:
            headlines: train headlines.
            language: theirs.
        """
        headlines = list(headlines)
        words = {word for text in headlines for word in language.compared(text)}
        return cls.of(words, {"fingerprint": fingerprint(headlines)})

    def save(self, path: str | Path) -> None:
        """Write the trie, all at once or not at all."""
        alphabet = "".join(sorted({*self.letters}))
        number = {letter: i for i, letter in enumerate(alphabet)}
        letters = np.array([number[letter] for letter in self.letters])
        children = np.diff(np.asarray(self.first))
        arrays = {
            "letters": letters.astype(_narrowest(len(alphabet))),
            "children": children.astype(_narrowest(int(children.max()) + 1)),
            "ends": np.packbits(self.ends),
        }
        facts = json.dumps(self.facts | {"alphabet": alphabet})
        with whole_file(path) as partial:
            save_file(arrays, partial, {"facts": facts})

    @classmethod
    def load(cls, path: str | Path) -> Trie:
        """Read a trie.

        Raises:
            BundleError: the file is missing or damaged.
        """
        try:
            with safe_open(path, framework="numpy") as stored:
                facts = json.loads(stored.metadata()["facts"])
                alphabet = np.array([ord(letter) for letter in facts.pop("alphabet")])
                places = alphabet.astype("<u4")[stored.get_tensor("letters")]
                letters = places.tobytes().decode("utf-32-le")
                ends = np.unpackbits(stored.get_tensor("ends"), count=len(letters))
                children = stored.get_tensor("children")
                if len(children) != len(letters) or int(children.sum()) + 1 != len(
                    letters
                ):
                    raise ValueError("its nodes do not add up")
                return cls(letters, children, ends.astype(bool), facts)
        except (
            SafetensorError,
            OSError,
            KeyError,
            TypeError,
            ValueError,
            IndexError,
        ) as error:
            raise BundleError(
                f"{path}: the list of words cannot be read ({error}). Build it again "
                "with `python -m textgen dataset summary`."
            ) from error

    def child(self, node: int, letter: str) -> int:
        """The node of a beginning with one more letter, or -1."""
        return self.letters.find(letter, self.first[node], self.first[node + 1])

    def find(self, beginning: str) -> int:
        """The node of a beginning, or -1."""
        node = ROOT
        for letter in beginning:
            node = self.child(node, letter)
            if node < 0:
                return -1
        return node

    def below(self, node: int) -> Iterable[slice]:
        """A node and all that it is a beginning of, level by level."""
        start, stop = node, node + 1
        while start < stop:
            yield slice(start, stop)
            start, stop = self.first[start], self.first[stop]

    def least_to_end(self, ends: np.ndarray, costs: dict[str, int]) -> np.ndarray:
        """How much it takes at least to go on from each node to the end of a word.

        Args:
            ends: the nodes that count as ends ``(nodes,)`` bool.
            costs: of every letter; one that is not in it cannot be written.

        Returns:
            ``(nodes,)`` uint8: 0 at an end, :data:`NEVER` where there is none.
        """
        first = np.asarray(self.first)
        numbers = np.frombuffer(self.letters.encode("utf-32-le"), dtype="<u4")
        price = np.full(int(numbers.max()) + 1, NEVER, dtype=np.int64)
        for letter, cost in costs.items():
            if ord(letter) < len(price):
                price[ord(letter)] = cost
        least = np.where(ends, 0, NEVER).astype(np.int64)
        through = price[numbers]  # the letter into a node, and on from it
        for level in reversed(list(self.below(ROOT))):
            begins, stops = first[level], first[level.start + 1 : level.stop + 1]
            parents = np.flatnonzero(stops > begins)
            if len(parents):
                best = np.minimum.reduceat(
                    through[: stops[parents[-1]]], begins[parents]
                )
                nodes = parents + level.start
                least[nodes] = np.minimum(least[nodes], best)
            through[level] += least[level]
        return np.minimum(least, NEVER).astype(np.uint8)


NEVER = 255


def _narrowest(values: int) -> type:
    return np.uint8 if values <= 2**8 else np.uint16 if values <= 2**16 else np.uint32
