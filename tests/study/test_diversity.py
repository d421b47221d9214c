"""How varied texts are."""

import math
from collections import Counter

import numpy as np
import pytest

from textgen.study import diversity


def plain_bleu(text, references):
    """BLEU-4 by its definition, reference by reference."""
    words = text.split()
    logs = []
    for n in range(1, 5):
        grams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
        matched = 0
        for gram, count in Counter(grams).items():
            seen = [
                sum(
                    tuple(r.split()[i : i + n]) == gram
                    for i in range(len(r.split()) - n + 1)
                )
                for r in references
            ]
            matched += min(count, max(seen))
        if n == 1 and not matched:
            return 0.0
        logs.append(math.log((matched or 0.1) / max(1, len(grams))))
    lengths = [len(r.split()) for r in references]
    nearest = min(lengths, key=lambda size: (abs(size - len(words)), size))
    brevity = 1.0 if len(words) > nearest else math.exp(1 - nearest / len(words))
    return brevity * math.exp(sum(logs) / 4)


def babble(seed, count):
    random = np.random.default_rng(seed)
    return [
        " ".join(random.choice(list("abcdef"), random.integers(1, 9)))
        for _ in range(count)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_bleu_is_its_definition(seed):
    texts, references = babble(seed, 8), babble(seed + 100, 12)
    wanted = np.mean([plain_bleu(text, references) for text in texts])
    assert diversity.bleu(texts, references) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_self_bleu_leaves_out_the_text_itself(seed):
    texts = babble(seed, 10)
    wanted = np.mean(
        [plain_bleu(text, texts[:i] + texts[i + 1 :]) for i, text in enumerate(texts)]
    )
    assert diversity.self_bleu(texts) == pytest.approx(wanted, abs=1e-12)


def test_twins_score_one_and_strangers_nothing():
    text = "the owl that ate the moon"
    assert diversity.self_bleu([text, text]) == pytest.approx(1.0)
    assert diversity.self_bleu(["owls sing at night", "seven soups for me"]) == 0


def test_distinct_counts_pairs():
    assert diversity.distinct(["a b a b"], 2) == pytest.approx(2 / 3)
    assert diversity.distinct(["a", ""], 2) == 0


def test_too_few_texts_are_refused():
    with pytest.raises(ValueError, match="at least 2"):
        diversity.self_bleu(["alone"])
    with pytest.raises(ValueError, match="empty"):
        diversity.bleu([], ["a"])
