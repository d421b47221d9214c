"""Headlines as arrays: encoded once, then cut into batches of similar length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from textgen.corpus.tokenizer import END, PAD, START, Tokenizer
from textgen.model.config import Recipe

# What stands before a text says what it is: a headline follows the start, a
# description follows the end of a headline.
BEFORE_HEADLINE, BEFORE_DESCRIPTION = START, END

PAD_TO = 4  # lengths are rounded up to this, so that fewer shapes are compiled
POOL = 50  # batches that are sorted by length together


@dataclass(frozen=True)
class EncodedTexts:
    """Headlines as token ids, with what a fair measure needs beside them.

    Attributes:
        ids: per headline its tokens without start and end.
        categories: ``(n,)`` int32, 0 for "any".
        characters: ``(n,)`` int32, characters plus one for the end token (DATA.md's
            denominator of bits per character).
        before: ``(n,)`` int32, the token before the first one:
            :data:`BEFORE_HEADLINE` or, for extra training text,
            :data:`BEFORE_DESCRIPTION`.
    """

    ids: list[list[int]]
    categories: np.ndarray
    characters: np.ndarray
    before: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: np.ndarray) -> EncodedTexts:
        """The same record for some of the rows."""
        return EncodedTexts(
            [self.ids[i] for i in rows],
            self.categories[rows],
            self.characters[rows],
            self.before[rows],
        )

    def __add__(self, other: EncodedTexts) -> EncodedTexts:
        return EncodedTexts(
            self.ids + other.ids,
            np.concatenate([self.categories, other.categories]),
            np.concatenate([self.characters, other.characters]),
            np.concatenate([self.before, other.before]),
        )


def encode(
    texts: Sequence[str],
    categories: Sequence[str] | None,
    names: Sequence[str],
    tokenizer: Tokenizer,
    before: int = BEFORE_HEADLINE,
) -> EncodedTexts:
    """Encode headlines.

    Args:
        texts: normalised headlines.
        categories: one name each, or None for "any" throughout.
        names: the model's categories, in its order; others count as "any".
        tokenizer: the model's.
        before: the token before each text; says whether it is a headline or a
            description.
    """
    index = {name: i + 1 for i, name in enumerate(names)}
    ids = [tokenizer.encode(text) for text in texts]
    return EncodedTexts(
        ids,
        np.array(
            [index.get(name, 0) for name in categories]
            if categories is not None
            else [0] * len(ids),
            dtype=np.int32,
        ),
        np.array([len(text) + 1 for text in texts], dtype=np.int32),
        np.full(len(ids), before, dtype=np.int32),
    )


def pad(
    ids: Sequence[Sequence[int]], before: np.ndarray | int = BEFORE_HEADLINE
) -> tuple[np.ndarray, np.ndarray]:
    """Lay headlines into a rectangle and shift the targets by exactly one.

    Args:
        ids: token ids without start and end.
        before: the token before each, ``(batch,)`` or one for all.

    Returns:
        ``inputs`` (start, w1 … wn, padding) and ``targets`` (w1 … wn, end, padding),
        both int32 ``(batch, time)``.
    """
    longest = max(len(row) for row in ids) + 1
    time = -(-longest // PAD_TO) * PAD_TO
    inputs = np.full((len(ids), time), PAD, dtype=np.int32)
    targets = np.full((len(ids), time), PAD, dtype=np.int32)
    inputs[:, 0] = before
    for row, tokens in enumerate(ids):
        inputs[row, 1 : len(tokens) + 1] = tokens
        targets[row, : len(tokens)] = tokens
        targets[row, len(tokens)] = END
    return inputs, targets


def by_length(data: EncodedTexts, batch_size: int) -> Iterator[np.ndarray]:
    """Row numbers in batches of similar length, each row once; for measuring."""
    order = np.argsort([len(row) for row in data.ids], kind="stable")
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def epoch_batches(data: EncodedTexts, recipe: Recipe, epoch: int) -> list[np.ndarray]:
    """The batches of one epoch of training: the same for the same seed and epoch.

    Headlines are shuffled, sorted by length within pools of :data:`POOL` batches (so
    that little is padding), and the batches shuffled again. In the first
    ``recipe.description_epochs`` epochs, ``recipe.description_share`` of the
    descriptions (drawn anew each time) are among them.

    Args:
        data: the train split, with descriptions or without.
        recipe: gives the batch size, the longest headline trained on and the seed.
        epoch: 1 for the first.

    Returns:
        Row numbers, one array per step.
    """
    random = np.random.default_rng((recipe.seed, epoch))
    lengths = np.array([len(row) for row in data.ids])
    read = lengths <= recipe.longest
    described = data.before == BEFORE_DESCRIPTION
    if described.any():
        chance = (epoch <= recipe.description_epochs) * recipe.description_share
        read &= ~described | (random.random(len(data)) < chance)
    order = random.permutation(np.flatnonzero(read))
    pool = POOL * recipe.batch_size
    batches = []
    for start in range(0, len(order), pool):
        rows = order[start : start + pool]
        rows = rows[np.argsort(lengths[rows], kind="stable")]
        batches += [
            rows[i : i + recipe.batch_size]
            for i in range(0, len(rows), recipe.batch_size)
        ]
    return [batches[i] for i in random.permutation(len(batches))]


class CandidateSampler:
    """Draws the words that a sampled softmax compares the right one with.

    Each word is drawn or not, independently of the others, with a chance in
    proportion to its count in train to the power of 0.75 (Mikolov et al.,
    arXiv:1310.4546), but at most 1. Drawing with replacement instead would bias the
    loss: a frequent word would stand there many times when it is wrong, but only once
    when it is right.

    Args:
        data: the train split.
        vocabulary_size: ids in all.
        sampled_words: how many to draw per step, on average.
    """

    def __init__(
        self, data: EncodedTexts, vocabulary_size: int, sampled_words: int
    ) -> None:
        counts = np.bincount(
            np.concatenate([np.asarray(row, dtype=np.int64) for row in data.ids]),
            minlength=vocabulary_size,
        ).astype(np.float64)
        counts[END] = len(data)
        size = min(sampled_words, vocabulary_size)
        self.chances = _inclusion(np.maximum(counts, 1.0) ** 0.75, size)
        self._log_chances = np.log(self.chances).astype(np.float32)
        # Room for nearly every draw, so that all batches have one shape.
        spread = float(np.sqrt((self.chances * (1 - self.chances)).sum()))
        self._room = min(int(size + 5 * spread) + 1, vocabulary_size)

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """Distinct words, each with its own chance."""
        drawn = np.flatnonzero(random.random(len(self.chances)) < self.chances)
        if len(drawn) > self._room:  # one draw in millions
            drawn = random.choice(drawn, self._room, replace=False)
        return drawn.astype(np.int32)

    def inputs(self, targets: np.ndarray, random: np.random.Generator) -> dict:
        """What the network's sampled loss needs beside tokens and category."""
        drawn = self.draw(random)
        candidates = np.full(self._room, PAD, dtype=np.int32)
        candidates[: len(drawn)] = drawn
        # Places left over are expected so often that they count for nothing.
        expected = np.full(self._room, 1e9, dtype=np.float32)
        expected[: len(drawn)] = self._log_chances[drawn]
        return {
            "candidates": candidates,
            "candidate_log_expected": expected,
            "target_log_expected": self._log_chances[targets],
            "target_drawn": np.isin(targets, drawn),
        }


def _inclusion(weights: np.ndarray, size: int) -> np.ndarray:
    """Chances in proportion to weights, none above 1, that sum to ``size``."""
    chances = np.zeros_like(weights)
    sure = np.zeros(len(weights), dtype=bool)
    while True:
        left = size - sure.sum()
        chances = np.where(
            sure, 1.0, weights * left / max(weights[~sure].sum(), 1e-300)
        )
        over = (chances >= 1.0) & ~sure
        if not over.any():
            return chances
        sure |= over
