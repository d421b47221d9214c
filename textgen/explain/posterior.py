"""Which category a headline belongs to, as the language model reads it.

The model knows P(headline | category); with how frequent the categories are, Bayes'
rule turns it round: P(category | headline) ∝ P(headline | category) · P(category).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from textgen.corpus.tokenizer import END, START
from textgen.model.engine import feed
from textgen.writing.generator import Generator


def log_likelihoods(generator: Generator, texts: Sequence[str]) -> np.ndarray:
    """How probable each text is under each category, in one batch.

    Args:
        generator: the model.
        texts: headlines.

    Returns:
        Natural logarithms ``(texts, categories)`` float64, the end token included.
    """
    names = len(generator.categories)
    encode = generator.tokenizer.encode
    ids = [[START, *encode(generator.tidy(text)), END] for text in texts]
    # The end token is judged like every other, and never read.
    fed = feed(
        generator.engine,
        [line[:-1] for line in ids for _ in range(names)],
        [*range(1, names + 1)] * len(ids),
    )
    total = np.zeros(len(ids) * names)
    for place, (rows, logits, _) in enumerate(fed, 1):
        following = np.array([ids[i][place] for i in rows // names], dtype=np.int64)
        total[rows] += logits[np.arange(len(rows)), following]
    return total.reshape(len(ids), names)


def prior(categories: Sequence[str], counts: Mapping[str, int]) -> np.ndarray:
    """How frequent each category is among the headlines that a model was trained on.

    Args:
        categories: the model's, in its order.
        counts: texts of each, from :class:`textgen.corpus.corpus.CorpusFacts`.

    Returns:
        ``(categories,)``, summing to 1; all the same where a category is not counted.
    """
    found = np.array([counts.get(name, 0) for name in categories], dtype=np.float64)
    if not found.all():
        found = np.ones(len(categories))
    return found / found.sum()


def posterior(
    generator: Generator, texts: Sequence[str], weights: np.ndarray
) -> np.ndarray:
    """P(category | headline) of each text.

    Args:
        generator: the model.
        texts: headlines.
        weights: from :func:`prior`.

    Returns:
        ``(texts, categories)``, each row summing to 1.

    Raises:
        ValueError: the model knows no categories.
    """
    if not generator.categories:
        raise ValueError("the model knows no categories to choose between")
    scores = log_likelihoods(generator, texts) + np.log(weights)
    scores -= scores.max(axis=1, keepdims=True)
    chances = np.exp(scores)
    return chances / chances.sum(axis=1, keepdims=True)
