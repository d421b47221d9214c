"""What comes out of a model: tokens, words, headlines, scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from textgen.corpus.language import SPACED, Language
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
        data: what it adds to the text, in UTF-8; texts are made of these alone.
    """

    id: int
    text: str
    log_probability: float
    rank: int
    given: bool
    data: bytes

    @property
    def probability(self) -> float:
        """The model's probability for this token, from 0 to 1."""
        return float(np.exp(self.log_probability))


@dataclass(frozen=True)
class Word:
    """One unit of a text: a word, or a character where no spaces are set.

    Attributes:
        text: itself.
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
        language: what its units are.
    """

    number: int
    text: str
    prompt: str
    tokens: tuple[Token, ...]
    ended: bool
    novelty: Novelty | None = None
    language: Language = SPACED

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
        """The units with their chances; joined they are the text."""
        return group_words(self.tokens, self.text, self.language)

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
            self.language.many: self.language.count(self.text),
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


def group_words(
    tokens: Sequence[Token], text: str, language: Language = SPACED
) -> list[Word]:
    """Share the tokens of a text out among its units.

    Args:
        tokens: of the text, in order; the end token is left out.
        text: what they spell.
        language: what the units are.

    Returns:
        The units of the text, in order. A token counts for every one that it has a part
        in, one that ends inside a character for the unit that it goes on with; the
        space before a word belongs to the word.
    """
    tokens = [token for token in tokens if token.id != END]
    if not tokens:
        return []
    parts = added(token.data for token in tokens)
    # The first token may bring a space along that is not part of the text.
    if len("".join(parts)) > len(text):
        first = next(i for i, part in enumerate(parts) if part)
        parts[first] = parts[first][1:]
    units = language.units(text)
    # Which unit each character of the text belongs to.
    owners = [
        number
        for number, unit in enumerate(units)
        for _ in (language.join if number else "") + unit
    ]
    members: list[list[Token]] = [[] for _ in units]
    at = 0
    for token, part in zip(tokens, parts, strict=True):
        # What is not finished yet has no character of its own.
        for owner in dict.fromkeys(owners[at : at + max(len(part), 1)] or owners[-1:]):
            members[owner].append(token)
        at += len(part)
    given = sum(
        len(part) for token, part in zip(tokens, parts, strict=True) if token.given
    )
    found = []
    for unit, group in zip(units, members, strict=True):
        found.append(
            Word(
                unit,
                float(np.exp(sum(token.log_probability for token in group))),
                max(token.rank for token in group),
                max(0, min(given, len(unit))),
            )
        )
        given -= len(unit) + len(language.join)
    return found
