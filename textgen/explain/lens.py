"""The lens: everything the model thinks of the next token, before any luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from textgen.corpus.language import SPACED, Language
from textgen.corpus.tokenizer import END
from textgen.writing import rules
from textgen.writing.chances import softmax
from textgen.writing.generator import Generator
from textgen.writing.options import WORD_RULES, Options
from textgen.writing.rules import Context

SHOWN = 20  # candidates by name; the others are one bar


@dataclass(frozen=True)
class Lens:
    """The model's opinions on what comes after a prompt.

    Attributes:
        prompt: as the model reads it.
        opinions: of every token that may be chosen as logits less the favourite's,
            highest first ``(allowed tokens,)`` float32.
        texts: spellings of the first :data:`SHOWN`; empty for the end of the headline.
        whole: whether each is a text of its own, so that it can go on with the prompt:
            not the end, part of a character or a space alone.
        tokens: the ids that the opinions are of ``(allowed tokens,)``.
        may: which of these the words that may be written allow, at every temperature
            ``(allowed tokens,)`` bool; all where any word may.
        before: the ids of the prompt.
        language: of the texts.
    """

    prompt: str
    opinions: np.ndarray
    texts: tuple[str, ...]
    whole: tuple[bool, ...]
    tokens: np.ndarray
    may: np.ndarray
    before: tuple[int, ...]
    language: Language = SPACED


def look(generator: Generator, options: Options) -> Lens:
    """Read the prompt, and keep the opinions on the next token.

    Args:
        generator: the model.
        options: prompt, category, repetition penalty and what says which words may be
            written; the rest is for :func:`probabilities`.
    """
    category = generator.category_id(options.category)
    logits, _, given = generator.read(options.prompt, category)
    before = tuple(token.id for token in given)
    context = Context([before], len(before))

    def penalised(options: Options) -> np.ndarray:
        left = rules.forbid(logits, generator.forbidden(context, options))
        return rules.penalise_repetition(left, context.ids, options.repetition_penalty)

    # All that the model thinks: also of words that must not be written. What a penalty
    # takes depends on which tokens are left.
    written = penalised(options)
    scores = np.where(
        written > -np.inf,
        written,
        penalised(options.but(**dict.fromkeys(WORD_RULES, False))),
    )
    (scores,) = rules.apply_temperature(scores, 1.0)
    order = np.argsort(-scores, kind="stable")
    order = order[scores[order] > -np.inf]
    top = order[:SHOWN]
    tokenizer = generator.tokenizer
    return Lens(
        generator.read_prompt(options.prompt).text,
        scores[order].astype(np.float32),
        tuple("" if i == END else tokenizer.spelling(i) for i in top.tolist()),
        tuple(map(tokenizer.whole, top.tolist())),
        order,
        written[0, order] > -np.inf,
        before,
        generator.language,
    )


def probabilities(lens: Lens, options: Options) -> np.ndarray:
    """The chances that sampling gives the tokens, in the order of the lens.

    Args:
        lens: the opinions; not changed.
        options: temperature and truncation.

    Returns:
        ``(allowed tokens,)`` float64; 0 for what must not be written, and for what the
        truncation cuts off.
    """
    # Rules see the row as the sampler does: a column for every token.
    row = np.full((1, 1 + int(lens.tokens.max())), -np.inf)
    row[0, lens.tokens[lens.may]] = lens.opinions[lens.may]
    x = rules.apply_temperature(row, options.temperature)
    x = rules.truncate(x, options, Context([lens.before]))
    return softmax(x)[0, lens.tokens]
