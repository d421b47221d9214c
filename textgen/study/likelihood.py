"""How well a model predicts headlines it has never seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.writing.generator import Generator

BATCH = 64


@dataclass(frozen=True)
class Measure:
    """A model's figures over some headlines.

    Attributes:
        bits_per_character: total bits over characters + 1 each (DATA: the end token
            counts as one character), comparable between tokenizers.
        perplexity: exp of the mean loss per token, end token included.
        headlines: how many.
        tokens: how many, end tokens included.
    """

    bits_per_character: float
    perplexity: float
    headlines: int
    tokens: int


def measure(
    generator: Generator,
    texts: Sequence[str],
    categories: Sequence[str] | None = None,
) -> Measure:
    """Measure a model over headlines; all are used, none is cut.

    Args:
        generator: the model, on whichever engine is to be measured.
        texts: normalised headlines.
        categories: one name each, or None for "any" throughout.
    """
    if not len(texts):
        raise ValueError("texts: there is nothing to measure on")
    order = np.argsort([len(text) for text in texts], kind="stable")
    nats = tokens = characters = 0.0
    for start in range(0, len(order), BATCH):
        rows = order[start : start + BATCH]
        names = [categories[i] for i in rows] if categories is not None else None
        for score in generator.score([texts[i] for i in rows], names):
            nats -= score.log_probability
            tokens += len(score.tokens)
            characters += len(score.text) + 1
    return Measure(
        nats / math.log(2) / characters,
        math.exp(min(nats / tokens, 700.0)),
        len(texts),
        int(tokens),
    )


def evaluate(
    generator: Generator,
    validation: tuple[Sequence[str], Sequence[str] | None],
    test: tuple[Sequence[str], Sequence[str] | None],
) -> dict[str, float]:
    """The figures of the model card.

    Args:
        generator: the model.
        validation: texts and their categories, from
            :meth:`textgen.corpus.corpus.Corpus.part`.
        test: the same of the test split.

    Returns:
        Bits per character on test with and without the category, and on validation
        with it; the perplexity per token on test; how many texts and tokens. A model
        that knows no categories is given none.
    """

    def on(texts: Sequence[str], categories: Sequence[str] | None) -> Measure:
        return measure(generator, texts, categories if generator.categories else None)

    told, chosen = on(*test), on(*validation)
    blind = measure(generator, test[0]) if generator.categories else told
    return {
        "test_bits_per_character": told.bits_per_character,
        "test_bits_per_character_without_category": blind.bits_per_character,
        "validation_bits_per_character": chosen.bits_per_character,
        "perplexity": told.perplexity,
        "test_headlines": told.headlines,
        "test_tokens": told.tokens,
    }
