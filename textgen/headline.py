"""What comes out of a model: tokens, words, headlines, scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.novelty import Novelty
from textgen.tokenizer import END


@dataclass(frozen=True)
class Token:
    """One token of a text and what the model thought of it (at T = 1, untruncated).

    Attributes:
        id: its number in the vocabulary.
        text: its spelling; a token that opens a word begins with a space.
        log_probability: natural logarithm of its probability.
        rank: 1 for the model's favourite.
        given: it stood in the prompt.
        starts_word: it opens a new word.
    """

    id: int
    text: str
    log_probability: float
    rank: int
    given: bool
    starts_word: bool

    @property
    def probability(self) -> float:
        """The model's probability for this token, from 0 to 1."""
        return float(np.exp(self.log_probability))


@dataclass(frozen=True)
class Word:
    """One word of a text.

    Attributes:
        text: without the space before it.
        probability: the product of its tokens' chances.
        rank: the worst of its tokens' ranks.
        given: how many of its first characters stood in the prompt.
    """

    text: str
    probability: float
    rank: int
    given: int


@dataclass(frozen=True)
class Headline:
    """What comes out.

    Attributes:
        number: 0 for the first of its seed.
        text: the headline, prompt included.
        prompt: the words given, as the model read them.
        tokens: all tokens, the end token included where the headline ended.
        ended: True if the model ended it, False if it was cut at the length limit.
        novelty: copied or new; None without an index.
    """

    number: int
    text: str
    prompt: str
    tokens: tuple[Token, ...]
    ended: bool
    novelty: Novelty | None = None

    @property
    def log_probability(self) -> float:
        """Natural logarithm of the whole text's probability under the model (T = 1):
        prompt and end token included, as :meth:`HeadlineGenerator.score` counts it."""
        return float(sum(token.log_probability for token in self.tokens))

    @property
    def copied(self) -> bool:
        """True if the whole headline stands in the training set."""
        return self.novelty is not None and self.novelty.copied

    @property
    def words(self) -> list[Word]:
        """The words with their chances; the end token is left out."""
        return group_words(self.tokens)

    def to_dict(self) -> dict:
        """Plain values, for JSON."""
        return {
            "text": self.text,
            "log_probability": self.log_probability,
            "tokens": [
                {
                    "id": token.id,
                    "text": token.text,
                    "probability": token.probability,
                    "rank": token.rank,
                    "given": token.given,
                }
                for token in self.tokens
            ],
            "ended": self.ended,
            "copied": self.copied,
            "longest_copied_run": self.novelty.longest_run if self.novelty else None,
            "words": len(self.text.split()),
            "number": self.number,
        }


@dataclass(frozen=True)
class Score:
    """What the model thinks of a given text.

    Attributes:
        text: as the model read it.
        tokens: all tokens, the end token last.
    """

    text: str
    tokens: tuple[Token, ...]

    @property
    def log_probability(self) -> float:
        """Natural logarithm of the probability, end token included."""
        return float(sum(token.log_probability for token in self.tokens))

    @property
    def bits_per_character(self) -> float:
        """Total bits over characters + 1 (the end token counts as one)."""
        return -self.log_probability / float(np.log(2)) / (len(self.text) + 1)

    def to_dict(self) -> dict:
        """Plain values, for JSON."""
        return {
            "text": self.text,
            "log_probability": self.log_probability,
            "bits_per_character": self.bits_per_character,
            "tokens": [
                {
                    "id": token.id,
                    "text": token.text,
                    "log_probability": token.log_probability,
                    "rank": token.rank,
                }
                for token in self.tokens
            ],
        }


def group_words(tokens: Sequence[Token]) -> list[Word]:
    """Join tokens into words; the end token is left out."""
    groups: list[list[Token]] = []
    for token in tokens:
        if token.id == END:
            continue
        if token.starts_word or not groups:
            groups.append([])
        groups[-1].append(token)
    return [
        Word(
            "".join(t.text for t in group).strip(),
            float(np.exp(sum(t.log_probability for t in group))),
            max(t.rank for t in group),
            len("".join(t.text for t in group if t.given).strip()),
        )
        for group in groups
    ]
