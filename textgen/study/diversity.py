"""How varied texts are, and how much they share with each other or with references."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from textgen.corpus.language import SPACED, Language

LONGEST = 4  # n-grams up to this length count for BLEU
_SMOOTHING = 0.1  # stands in for no match at all (Chen & Cherry, 2014, method 1)


def ngrams(text: str, n: int, language: Language = SPACED) -> Counter:
    """Count the runs of n units (words) of a text, as written."""
    words = language.filled(text)
    return Counter(zip(*(words[i:] for i in range(n)), strict=False))


def distinct(texts: Sequence[str], n: int = 2, language: Language = SPACED) -> float:
    """Different n-grams over all n-grams (Li et al., arXiv:1510.03055), from 0 to 1.

    It falls with the number of texts: compare equal numbers only. 0 for texts that
    are all shorter than n words.
    """
    counts: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        counts.update(ngrams(text, n, language))
    return len(counts) / counts.total() if counts else 0.0


def self_bleu(texts: Sequence[str], language: Language = SPACED) -> float:
    """Mean BLEU-4 of each text against all the others (Zhu et al., arXiv:1802.01886).

    1 when every text is there twice, towards 0 when none shares its words with
    another. It rises with the number of texts.

    Raises:
        ValueError: there are fewer than two texts.
    """
    if len(texts) < 2:
        raise ValueError(f"texts: {len(texts)}; self-BLEU needs at least 2")
    return _mean_bleu(texts, texts, language, own=True)


def bleu(
    texts: Sequence[str], references: Sequence[str], language: Language = SPACED
) -> float:
    """Mean BLEU-4 of each text against all references (Papineni et al., 2002).

    Raises:
        ValueError: there are no texts, or no references.
    """
    if not len(texts) or not len(references):
        raise ValueError("texts, references: neither may be empty")
    return _mean_bleu(texts, references, language, own=False)


def _mean_bleu(
    texts: Sequence[str], references: Sequence[str], language: Language, own: bool
) -> float:
    """BLEU against every reference; ``own``: but the one at the text's own place."""
    lengths = Counter(map(language.count, references))
    logs = [0.0] * len(texts)
    lost = [False] * len(texts)
    for n in range(1, LONGEST + 1):
        most = _most(references, n, language)
        for i, text in enumerate(texts):
            counts = ngrams(text, n, language)
            matched = 0
            for gram, count in counts.items():
                best, place, second = most.get(gram, (0, -1, 0))
                matched += min(count, second if own and place == i else best)
            lost[i] |= n == 1 and matched == 0
            precision = (matched or _SMOOTHING) / max(1, counts.total())
            logs[i] += math.log(precision) / LONGEST
    total = 0.0
    for text, log, nothing in zip(texts, logs, lost, strict=True):
        length = language.count(text)
        if own:
            lengths[length] -= 1
        present = (size for size, count in lengths.items() if count)
        nearest = min(present, key=lambda size: (abs(size - length), size))
        if own:
            lengths[length] += 1
        brevity = min(0.0, 1.0 - nearest / length) if length else 0.0
        total += 0.0 if nothing else math.exp(log + brevity)
    return total / len(texts)


def _most(
    references: Sequence[str], n: int, language: Language
) -> dict[tuple, tuple[int, int, int]]:
    """Per n-gram the largest count in one reference, where that is, and the second."""
    most: dict[tuple, tuple[int, int, int]] = {}
    for place, text in enumerate(references):
        for gram, count in ngrams(text, n, language).items():
            best, where, second = most.get(gram, (0, -1, 0))
            if count > best:
                most[gram] = (count, place, best)
            elif count > second:
                most[gram] = (best, where, count)
    return most
