"""The lens: everything the model thinks of the next token, before any luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textgen.corpus.tokenizer import END
from textgen.explain import contest
from textgen.writing import rules
from textgen.writing.chances import softmax
from textgen.writing.generator import Generator
from textgen.writing.options import Options

SHOWN = 20  # candidates by name; the others are one bar


@dataclass(frozen=True)
class Lens:
    """The model's opinions on what comes after a prompt.

    Attributes:
        prompt: as the model reads it.
        opinions: of every token that may be chosen (:func:`contest.opinions`),
            highest first, so 0 and below ``(allowed tokens,)`` float32.
        texts: spellings of the first :data:`SHOWN`; empty for the end of the headline.
        whole: whether each is a text of its own, so that it can go on with the prompt:
            not the end, part of a character or a space alone.
    """

    prompt: str
    opinions: np.ndarray
    texts: tuple[str, ...]
    whole: tuple[bool, ...]


def look(generator: Generator, options: Options) -> Lens:
    """Read the prompt, and keep the opinions on the next token.

    Args:
        generator: the model.
        options: prompt, category and repetition penalty; the rest is for
            :func:`probabilities`.
    """
    category = generator.category_id(options.category)
    logits, _, given = generator.read(options.prompt, category)
    used = [token.id for token in given]
    scores = contest.opinions(generator, logits, used, options)
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > -np.inf]
    top = order[:SHOWN]
    tokenizer = generator.tokenizer
    return Lens(
        generator.read_prompt(options.prompt).text,
        scores[order].astype(np.float32),
        tuple("" if i == END else tokenizer.spelling(i) for i in top.tolist()),
        tuple(map(tokenizer.whole, top.tolist())),
    )


def probabilities(lens: Lens, options: Options) -> np.ndarray:
    """The chances that sampling gives the tokens, in the order of the lens.

    Args:
        lens: the opinions; not changed.
        options: temperature and truncation.

    Returns:
        ``(allowed tokens,)`` float64; 0 for what the truncation cuts off.
    """
    x = rules.apply_temperature(
        lens.opinions[None].astype(np.float64), options.temperature
    )
    x = rules.keep_top_k(x, options.top_k)
    x = rules.keep_top_p(x, options.top_p)
    return softmax(rules.keep_min_p(x, options.min_p))[0]
