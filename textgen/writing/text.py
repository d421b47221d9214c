"""What comes out of a model: tokens, words, headlines, scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.corpus.novelty import Novelty
from textgen.corpus.tokenizer import END, added

#: What the log-probability of something written is of; every view says it so.
CHANCE = "the chance of these pieces in this order, at temperature 1"


@dataclass(frozen=True)
class Token:
    """One token of a text and what the model thought of it (at T = 1, untruncated).

    Attributes:
        id: its number in the vocabulary.
        text: its spelling, for reading; a token that opens a word begins with a space,
            bytes of a character that it does not hold whole are numbers.
        log_probability: natural logarithm of its probability.
        rank: 1 for the model's favourite.
        given: it stood in the prompt.
        starts_word: it opens a new word.
        data: what it adds to the text, in UTF-8; texts are made of these alone.
    """

    id: int
    text: str
    log_probability: float
    rank: int
    given: bool
    starts_word: bool
    data: bytes

    @property
    def probability(self) -> float:
        """The model's probability for this token, from 0 to 1."""
        return float(np.exp(self.log_probability))


@dataclass(frozen=True)
class Word:
    """One word of a text.

    Attributes:
        text: what stands between two spaces.
        probability: the product of its tokens' chances.
        rank: the worst of its tokens' ranks.
        given: how many of its first characters stood in the prompt.
    """

    text: str
    probability: float
    rank: int
    given: int


@dataclass(frozen=True)
class Text:
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
        """Natural logarithm of :data:`CHANCE`, those of the prompt and the end token
        included. Another cut into pieces would have a chance of its own: read again,
        the text may fall into other ones, and :meth:`Generator.score` speaks
        of those."""
        return float(sum(token.log_probability for token in self.tokens))

    @property
    def copied(self) -> bool:
        """True if the whole headline stands in the training set."""
        return self.novelty is not None and self.novelty.copied

    @property
    def words(self) -> list[Word]:
        """The words with their chances; with a space between them they are the text."""
        return group_words(self.tokens, self.text)

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
        tokens: the pieces that the tokenizer cuts it into, the end token last. A
            headline that the model wrote may be made of other pieces.
    """

    text: str
    tokens: tuple[Token, ...]

    @property
    def log_probability(self) -> float:
        """Natural logarithm of the chance of the pieces that the text is read in, in
        this order, at temperature 1, the end token included."""
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


def group_words(tokens: Sequence[Token], text: str) -> list[Word]:
    """Share the tokens of a text out among its words.

    Args:
        tokens: of the text, in order; the end token is left out.
        text: what they spell.

    Returns:
        What stands between the spaces of the text, in order; joined by spaces, the
        words are the text. A token counts for every word that it has a part in, one
        that ends inside a character for the word in which it stands.
    """
    tokens = [token for token in tokens if token.id != END]
    if not tokens:
        return []
    parts = added(token.data for token in tokens)
    # The first token may bring a space along that is not part of the text.
    if len("".join(parts)) > len(text):
        first = next(i for i, part in enumerate(parts) if part)
        parts[first] = parts[first][1:]
    words = text.split(" ")
    members: list[list[Token]] = [[] for _ in words]
    at = 0
    for token, part in zip(tokens, parts, strict=True):
        first, at = at + part.startswith(" "), at + part.count(" ")
        for word in members[first : at + 1]:
            word.append(token)
    given = sum(
        len(part) for token, part in zip(tokens, parts, strict=True) if token.given
    )
    found = []
    for word, group in zip(words, members, strict=True):
        found.append(
            Word(
                word,
                float(np.exp(sum(token.log_probability for token in group))),
                max(token.rank for token in group),
                max(0, min(given, len(word))),
            )
        )
        given -= len(word) + 1
    return found
