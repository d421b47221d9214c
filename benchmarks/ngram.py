"""A peer: interpolated Kneser-Ney over the shipped model's tokens.

``python -m benchmarks.ngram --data FILE`` fits orders 2 to 5 on train, chooses on
validation, reports on test, and records the row in ``benchmarks/results/quality.csv``.
It is not told the category.

Kneser & Ney, "Improved backing-off for m-gram language modeling", 1995; interpolated as
in Chen & Goodman, "An empirical study of smoothing techniques", 1998, one discount per
order, n1 / (n1 + 2 n2).
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks import quality, writing
from textgen import Generator
from textgen.corpus import news
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.tokenizer import END, PAD, START, Tokenizer
from textgen.model.bundle import Bundle
from textgen.model.config import ModelConfig
from textgen.model.engine import State
from textgen.storage import DATA

LONGEST = 5


@dataclass
class Order:
    """The counts of one order k: contexts of k - 1 tokens, and what follows them."""

    contexts: np.ndarray  # sorted keys of contexts
    grams: np.ndarray  # sorted keys of context and next token
    counts: np.ndarray  # of each gram, adjusted as Kneser-Ney asks
    totals: np.ndarray  # per context, the sum of its grams' counts
    kinds: np.ndarray  # per context, how many different grams
    discount: float


def windows(lines: list[list[int]]) -> np.ndarray:
    """Every token with up to four before it.

    Args:
        lines: token ids per headline, without start and end.

    Returns:
        ``(positions, 5)``: the four tokens before, oldest first, and the token; -1
        where the headline had not begun (the start itself counts as a token).
    """
    rows = []
    for line in lines:
        padded = [-1] * (LONGEST - 2) + [START, *line, END]
        for end in range(LONGEST - 1, len(padded)):
            rows.append(padded[end - LONGEST + 1 : end + 1])
    return np.array(rows, dtype=np.int64)


class KneserNey:
    """The model.

    Args:
        table: from :func:`windows`, of train.
        size: ids in all, special ones included.
        longest: the highest order.
    """

    def __init__(self, table: np.ndarray, size: int, longest: int) -> None:
        self.size, self.longest = size, longest
        self.orders: list[Order] = []
        # Keys of contexts grow token by token, so that they fit into 64 bits.
        self._names: list[np.ndarray] = []
        ids = np.zeros(len(table), dtype=np.int64)
        alive = np.ones(len(table), dtype=bool)
        keys = []
        for k in range(1, longest + 1):
            if k > 1:
                before = table[:, LONGEST - k]
                alive = alive & (before >= 0)
                mixed = ids[alive] * size + before[alive]
                names = np.unique(mixed)
                self._names.append(names)
                ids = np.full(len(table), -1)
                ids[alive] = np.searchsorted(names, mixed)
            keys.append((ids.copy(), alive.copy()))
        for k in range(1, longest + 1):
            self.orders.append(self._count(table, keys, k))

    def _count(self, table, keys, k: int) -> Order:
        ids, alive = keys[k - 1]
        last = table[:, -1]
        grams, raw = np.unique(ids[alive] * self.size + last[alive], return_counts=True)
        counts = raw.astype(np.float64)
        if k < self.longest:
            # How many different tokens stand before the gram. What begins with the
            # start has none before it and keeps its plain count.
            longer, more = keys[k]
            if more.any():
                pairs = np.unique(
                    np.stack(
                        [
                            np.searchsorted(grams, ids[more] * self.size + last[more]),
                            table[more, LONGEST - 1 - k],
                        ],
                        axis=1,
                    ),
                    axis=0,
                )
                kinds = np.bincount(pairs[:, 0], minlength=len(grams))
                counts = np.where(kinds > 0, kinds, counts).astype(np.float64)
        contexts, owner = np.unique(grams // self.size, return_inverse=True)
        n1, n2 = (counts == 1).sum(), (counts == 2).sum()
        return Order(
            contexts,
            grams,
            counts,
            np.bincount(owner, counts),
            np.bincount(owner).astype(np.float64),
            float(n1 / (n1 + 2 * n2)) if n1 else 0.0,
        )

    def probabilities(self, table: np.ndarray) -> np.ndarray:
        """The probability of each last token given those before it ``(positions,)``."""
        last = table[:, -1]
        found = np.full(len(table), 1.0 / (self.size - 2))  # not padding, not start
        ids = np.zeros(len(table), dtype=np.int64)
        known = np.ones(len(table), dtype=bool)
        for k, order in enumerate(self.orders, start=1):
            if k > 1:
                before = table[:, LONGEST - k]
                names = self._names[k - 2]
                mixed = ids * self.size + before
                place = np.minimum(np.searchsorted(names, mixed), len(names) - 1)
                known = known & (before >= 0) & (names[place] == mixed)
                ids = np.where(known, place, 0)
            place = np.searchsorted(order.contexts, ids)
            place = np.minimum(place, len(order.contexts) - 1)
            seen = known & (order.contexts[place] == ids)
            gram = ids * self.size + last
            at = np.minimum(np.searchsorted(order.grams, gram), len(order.grams) - 1)
            count = np.where(order.grams[at] == gram, order.counts[at], 0.0)
            total = order.totals[place]
            mixed = (
                np.maximum(count - order.discount, 0.0)
                + order.discount * order.kinds[place] * found
            ) / total
            found = np.where(seen, mixed, found)
        return found


class Engine:
    """The model as a generator's engine; it remembers the last four tokens."""

    def __init__(self, model: KneserNey, categories: tuple[str, ...]) -> None:
        self.model = model
        self.config = ModelConfig(model.size, categories)
        self._following = np.array(
            [i for i in range(model.size) if i not in (PAD, START)]
        )

    def start(self, categories: np.ndarray) -> State:
        past = np.full((len(categories), LONGEST - 1), -1, dtype=np.int64)
        return State(np.asarray(categories), past)

    def step(self, tokens: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        past = np.concatenate(
            [state.hidden[:, 1:], np.asarray(tokens)[:, None]], axis=1
        )
        logits = np.full((len(past), self.model.size), -np.inf, dtype=np.float32)
        for row, seen in enumerate(past):
            table = np.empty((len(self._following), LONGEST), dtype=np.int64)
            table[:, :-1], table[:, -1] = seen, self._following
            with np.errstate(divide="ignore"):  # no chance at all is minus infinity
                logits[row, self._following] = np.log(self.model.probabilities(table))
        return logits, State(state.category, past)


def bits_per_character(model: KneserNey, table: np.ndarray, characters: int) -> float:
    """Total bits over characters, the end's one each included."""
    return float(-np.log2(model.probabilities(table)).sum() / characters)


def check(model: KneserNey, table: np.ndarray) -> None:
    """Chances over all next tokens sum to 1, in a few contexts."""
    following = np.array([i for i in range(model.size) if i not in (PAD, START)])
    for row in table[:: max(1, len(table) // 20)]:
        rows = np.repeat(row[None], len(following), axis=0)
        rows[:, -1] = following
        total = model.probabilities(rows).sum()
        if not np.isclose(total, 1.0, atol=1e-6):
            raise AssertionError(f"the chances after {row[:-1]} sum to {total}")


def read(frame, split: str, tokenizer: Tokenizer) -> tuple[np.ndarray, int]:
    texts = list(frame[frame["split"] == split]["headline"])
    lines = [tokenizer.encode(text) for text in texts]
    return windows(lines), sum(len(text) + 1 for text in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    chosen = parser.parse_args()
    tokenizer = Bundle().tokenizer
    frame = news.load(chosen.data)
    train, _ = read(frame, "train", tokenizer)
    validation, validation_size = read(frame, "validation", tokenizer)
    test, test_size = read(frame, "test", tokenizer)
    found = []
    for longest in range(2, LONGEST + 1):
        start = time.perf_counter()
        model = KneserNey(train, tokenizer.vocabulary_size, longest)
        seconds = time.perf_counter() - start
        check(model, validation)
        figure = bits_per_character(model, validation, validation_size)
        print(f"order {longest}: {figure:.4f} bits per character on validation")
        found.append((figure, longest, seconds, model))
    _, longest, seconds, model = min(found, key=lambda item: item[0])
    figure = bits_per_character(model, test, test_size)
    grams = sum(len(order.grams) for order in model.orders)
    print(f"order {longest}: {figure:.4f} bits per character on test, {grams:,} grams")
    generator = Generator(
        Engine(model, Bundle().config.categories),
        tokenizer,
        NoveltyIndex.load(DATA / "novelty.safetensors"),
    )
    cost = quality.in_turns({"it": quality.writing(generator)}, 3)["it"]
    quality.record(
        {
            "model": f"Kneser-Ney {longest}-gram",
            "tokens": f"{tokenizer.vocabulary_size} subwords",
            "parameters": grams,
            "training_seconds": round(seconds),
            "machine": quality.machine(),
            "test_bits_per_character": round(figure, 6),
            "generation_ms": round(1000 * cost, 1),
            "file_mb": round(grams * 12 / 1e6, 1),
            "seed": "",
            "note": "category not given; order chosen on validation from 2 to 5, one "
            "discount per order; parameters are stored n-grams, file_mb at 12 bytes "
            "each",
        }
    )
    print(writing.study(f"Kneser-Ney {longest}-gram", generator, frame))


if __name__ == "__main__":
    main()
