"""How long a text may become, and what a token does to it."""

from __future__ import annotations

from dataclasses import dataclass

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


def most_steps(options: Options) -> int:
    """How many tokens a headline may have after its prompt, whatever happens."""
    return options.max_words * TOKENS_PER_WORD + TO_END_A_CHARACTER
