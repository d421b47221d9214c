"""Copied or new: is this text, or a run of its words, in the training set?

What a word is, the language says: where no spaces are set, a character. The index is a
Bloom filter (Bloom, 1970) over hashes of all runs of 1 to 10 words of the train split,
and of whole texts. It holds no text and none can be read from it. It never misses a run
that is there; a run that is not there is found by mistake only if its hash and those of
all its shorter runs collide, measured when it is built.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from textgen.corpus import language as languages
from textgen.corpus.language import SPACED, Language
from textgen.errors import BundleError
from textgen.storage import whole_file

LONGEST_RUN = 10  # words; longer runs are found as overlapping runs of this length
_PROBES = 6
_BITS_PER_RUN = 9
_ODD = np.uint64(0x9E3779B97F4A7C15)


@lru_cache(maxsize=200_000)
def _word_hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())


def _mix(x: np.ndarray) -> np.ndarray:
    """SplitMix64's finaliser on uint64 (overflow wraps, as it should)."""
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


@dataclass(frozen=True)
class Novelty:
    """How much of a headline stands in the training set.

    Attributes:
        copied: the whole headline does (case and punctuation aside).
        longest_run: words in the longest run that does.
        words: words in all.
        run: the first longest run, as ``(first, last + 1)`` word numbers.
    """

    copied: bool
    longest_run: int
    words: int
    run: tuple[int, int]


def _runs(
    texts: Sequence[Sequence[str]],
) -> Iterable[tuple[int, np.ndarray, np.ndarray]]:
    """Hashes of all runs, length by length: (length, hashes, place of first word)."""
    lengths = np.array([len(words) for words in texts], dtype=np.int64)
    flat = np.array([_word_hash(w) for words in texts for w in words], dtype=np.uint64)
    owner = np.repeat(np.arange(len(texts)), lengths)
    hashes, places = _mix(flat), np.arange(len(flat))
    yield 1, hashes, places
    for length in range(2, LONGEST_RUN + 1):
        end = places + length - 1
        inside = end < len(flat)
        inside[inside] = owner[end[inside]] == owner[places[inside]]
        hashes, places, end = hashes[inside], places[inside], end[inside]
        hashes = _mix(hashes * _ODD + flat[end])
        yield length, hashes, places


def _whole(texts: Sequence[Sequence[str]]) -> np.ndarray:
    """One hash per whole headline; unlike that of any run."""
    digests = [
        hashlib.blake2b(
            " ".join(words).encode(), digest_size=8, person=b"headline"
        ).digest()
        for words in texts
    ]
    return np.array([int.from_bytes(d) for d in digests], dtype=np.uint64)


def fingerprint(headlines: Sequence[str]) -> str:
    """A short name for a set of headlines, whatever their order."""
    digests = sorted(hashlib.sha256(text.encode()).digest() for text in headlines)
    return hashlib.sha256(b"".join(digests)).hexdigest()[:16]


class NoveltyIndex:
    """Answers whether runs of words occur in the training set.

    Args:
        bits: the filter, uint8.
        facts: how it was built; ``headlines`` and ``runs`` counts, the key of the
            ``language``.

    Raises:
        SettingError: the language is unknown.
    """

    def __init__(self, bits: np.ndarray, facts: dict) -> None:
        self.language = languages.find(facts.get("language", SPACED.key))
        self._bits = bits
        self._size = np.uint64(len(bits) * 8)
        self.facts = facts

    def _positions(self, hashes: np.ndarray) -> np.ndarray:
        # Double hashing (Kirsch & Mitzenmacher, 2006): probes from two hashes.
        step = _mix(hashes ^ _ODD) | np.uint64(1)
        probes = np.arange(_PROBES, dtype=np.uint64)[:, None]
        return (hashes + probes * step) % self._size

    def _holds(self, hashes: np.ndarray) -> np.ndarray:
        at = self._positions(hashes)
        bit = self._bits[(at >> np.uint64(3)).astype(np.int64)]
        bit = bit >> (at & np.uint64(7)).astype(np.uint8)
        return np.all(bit & 1, axis=0)

    @classmethod
    def build(
        cls, headlines: Iterable[str], language: Language = SPACED
    ) -> NoveltyIndex:
        """Index the train split.

        Args:
            headlines: train headlines.
            language: theirs.
        """
        headlines = list(headlines)
        texts = [language.compared(text) for text in headlines]
        distinct = [np.unique(hashes) for _, hashes, _ in _runs(texts)]
        distinct.append(np.unique(_whole(texts)))
        total = sum(map(len, distinct))
        size = -(-total * _BITS_PER_RUN // 64) * 8
        index = cls(np.zeros(size, dtype=np.uint8), {"language": language.key})
        flags = np.zeros(size * 8, dtype=bool)
        for hashes in distinct:
            for part in np.array_split(hashes, 1 + len(hashes) // 500_000):
                flags[index._positions(part).ravel().astype(np.int64)] = True
        index._bits[:] = np.packbits(flags, bitorder="little")
        index.facts |= {
            "format": 1,
            "fingerprint": fingerprint(headlines),
            "headlines": len(texts),
            "runs": int(total),
            "false_positive_rate": round(float(flags.mean()) ** _PROBES, 5),
        }
        return index

    def save(self, path: str | Path) -> None:
        """Write the index, all at once or not at all."""
        path = Path(path)
        with whole_file(path) as partial:
            save_file({"bits": self._bits}, partial, {"facts": json.dumps(self.facts)})

    @classmethod
    def load(cls, path: str | Path) -> NoveltyIndex:
        """Read an index.

        Raises:
            BundleError: the file is missing or damaged.
        """
        try:
            with safe_open(path, framework="numpy") as stored:
                facts = json.loads(stored.metadata()["facts"])
                return cls(stored.get_tensor("bits"), facts)
        except (SafetensorError, OSError, KeyError, TypeError, ValueError) as error:
            raise BundleError(
                f"{path}: the novelty index cannot be read ({error}). Build it again "
                "with `python -m textgen dataset summary`."
            ) from error

    def knows(self, word: str) -> bool:
        """Say whether every part of this word occurs in the training set."""
        parts = self.language.compared(word)
        if not parts:
            return True  # punctuation alone
        hashes = _mix(np.array([_word_hash(part) for part in parts], dtype=np.uint64))
        return bool(self._holds(hashes).all())

    def check(self, headlines: Sequence[str]) -> list[Novelty]:
        """Look headlines up.

        Args:
            headlines: any texts.

        Returns:
            One answer each.
        """
        texts = [self.language.compared(text) for text in headlines]
        count = sum(map(len, texts))
        if not count:
            return [Novelty(False, 0, 0, (0, 0)) for _ in texts]
        longest = np.zeros(count, dtype=np.int64)  # by place of the run's first word
        found = np.zeros(count, dtype=bool)
        for length, hashes, places in _runs(texts):
            # A run counts only if both runs that are one word shorter do.
            if length > 1:
                shorter = found
                possible = shorter[places] & shorter[places + 1]
                hashes, places = hashes[possible], places[possible]
            found = np.zeros(count, dtype=bool)
            if len(hashes):
                found[places[self._holds(hashes)]] = True
            longest[found] = length
        whole = self._holds(_whole(texts))
        answers, first = [], 0
        for words, complete in zip(texts, whole, strict=True):
            runs = _chained(longest[first : first + len(words)])
            best = int(runs.max()) if len(words) else 0
            start = int(runs.argmax()) if len(words) else 0
            copied = bool(complete) and best == len(words) > 0
            answers.append(Novelty(copied, best, len(words), (start, start + best)))
            first += len(words)
        return answers


def _chained(runs: np.ndarray) -> np.ndarray:
    """Join overlapping runs of the greatest indexed length into longer ones."""
    runs = runs.copy()
    for i in range(len(runs) - 2, -1, -1):
        if runs[i] == LONGEST_RUN and runs[i + 1] >= LONGEST_RUN:
            runs[i] = runs[i + 1] + 1
    return runs
