"""Which words may be written: those of a training set, or any but some to avoid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.trie import APOSTROPHE, Trie


@dataclass(frozen=True)
class Lexicon:
    """Words that may be written.

    Attributes:
        trie: words, by their beginnings.
        ends: at which of its nodes a word may end ``(nodes,)`` bool.
        open: at which of them a letter that leads out of the trie makes a word that may
            be written as it likes ``(nodes,)`` bool.
        underscore: it is a letter, as for ``SPACED.compared``.
    """

    trie: Trie
    ends: np.ndarray
    open: np.ndarray
    underscore: bool

    @classmethod
    def of(cls, known: Trie | None, avoid: WordsToAvoid | None = None) -> Lexicon:
        """The words of the training set, without those to avoid.

        Args:
            known: the words of the training set; any words when None.
            avoid: the words to avoid; none when None.
        """
        if known is not None:
            return cls._real(known, avoid)
        return cls._any_but(avoid or WordsToAvoid.of(()))

    @classmethod
    def _real(cls, trie: Trie, avoid: WordsToAvoid | None) -> Lexicon:
        ends = trie.ends.copy()
        if avoid is not None:
            for beginning in avoid.beginnings:
                if (node := trie.find(beginning)) >= 0:
                    for level in trie.below(node):
                        ends[level] = False
            for words, may in ((avoid.words, False), (avoid.let_through, True)):
                for word in words:
                    if (node := trie.find(word)) >= 0:
                        ends[node] = may and trie.ends[node]
        return cls(trie, ends, np.zeros(len(trie), dtype=bool), underscore=True)

    @classmethod
    def _any_but(cls, avoid: WordsToAvoid) -> Lexicon:
        trie = Trie.of(avoid.words | avoid.beginnings | avoid.let_through)
        ends, goes_on = np.ones((2, len(trie)), dtype=bool)
        for beginning in avoid.beginnings:
            for level in trie.below(trie.find(beginning)):
                ends[level] = goes_on[level] = False
        for words, may in ((avoid.words, False), (avoid.let_through, True)):
            for word in words:
                ends[trie.find(word)] = may
        # An apostrophe with nothing after it is no part of a word.
        ends[[i for i, letter in enumerate(trie.letters) if letter == APOSTROPHE]] = (
            False
        )
        return cls(trie, ends, goes_on, underscore=False)
