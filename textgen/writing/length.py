"""How long a text may become, and what a token does to it."""

from __future__ import annotations

from dataclasses import dataclass

from textgen.corpus.language import Language
from textgen.corpus.tokenizer import LONGEST_CHARACTER
from textgen.writing.options import Options

#: Tokens to write per word allowed, at most: a stop for words without an end.
TOKENS_PER_WORD = 6
#: Tokens beyond that, at most, so that no character is cut in the middle.
TO_END_A_CHARACTER = LONGEST_CHARACTER - 1


@dataclass(frozen=True)
class Fate:
    """What a chosen token does to its headline.

    Attributes:
        new: by how many units (words) the text grows with it.
        kept: it becomes part of the headline; False beyond the length limit.
        finished: the headline ends with it, or before it.
    """

    new: int
    kept: bool
    finished: bool


def most_units(options: Options, language: Language) -> int:
    """How many units (words) a headline may have after its prompt: what is usual in its
    language, unless the options say."""
    usual = language.lengths[1]
    return usual if options.max_words is None else options.max_words


def most_steps(options: Options, language: Language) -> int:
    """How many tokens a headline may have after its prompt, whatever happens."""
    return most_units(options, language) * TOKENS_PER_WORD + TO_END_A_CHARACTER
