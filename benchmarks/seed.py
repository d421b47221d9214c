"""The "before" exhibit: the recipe of a 2019 student notebook, as it was and mended.

``python -m benchmarks.seed --data FILE`` writes ``benchmarks/results/seed.md``. Words
in lower case without punctuation, embedding 100, one GRU or LSTM of 100 units, dropout
0.1, softmax, 829 headlines, 5 epochs, the favourite word every time. As it was, every
prefix ``line[:i]`` is paired with ``line[i + 1]``, so that it learns to skip a word;
zeros are put behind the text without a mask, so that the last thing read is nearly
always padding; and there is no end. Mended: the next word, padding that is masked, an
end token.

Not ranked among the others: it knows no word outside its few headlines, so that a test
headline with any other word has no chance, and its bits are infinite. In the table are
the bits per character of the words that it does know, in lower case and without
punctuation, each after the known ones before it, as Keras' tokenizer would feed them:
easier text than the others are measured on.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np

from benchmarks import RESULTS, quality
from textgen.corpus import news
from textgen.storage import whole_file

HEADLINES, EPOCHS, WIDTH, WORDS = 829, 5, 100, 7
END = "<end>"


def words_of(text: str) -> list[str]:
    """Lower case, no punctuation."""
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def pairs(
    lines: list[list[int]], mended: bool, longest: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Prefixes, zeros behind them up to the longest, and what is to be predicted."""
    prefixes, targets = [], []
    for line in lines:
        ahead = 0 if mended else 1
        for i in range(1, len(line) - ahead):
            prefixes.append(line[:i])
            targets.append(line[i + ahead])
    longest = longest or max(map(len, lines))
    table = np.zeros((len(prefixes), longest), dtype="int32")
    for row, prefix in enumerate(prefixes):
        table[row, : len(prefix)] = prefix
    return table, np.array(targets, dtype="int32")


def write(
    network, index: dict[str, int], first: str, longest: int, mended: bool
) -> str:
    """Seven more words, the favourite each time."""
    names = {i: word for word, i in index.items()}
    line = [index[first]]
    for _ in range(WORDS):
        table = np.zeros((1, longest), dtype="int32")
        table[0, : len(line)] = line[:longest]
        best = int(network.predict_on_batch(table)[0].argmax())
        if names.get(best) == END:
            break
        line.append(best)
    return " ".join(names.get(i, "·") for i in line).title()


def bits_of_known_words(
    network, index: dict[str, int], test: list[str], longest: int
) -> float:
    """Bits per character of the words it knows, with the space before each.

    The first word of a headline is not counted: there is nothing to read before it.
    """
    names = {i: word for word, i in index.items()}
    lines = [[index[w] for w in words_of(text) if w in index] for text in test]
    table, targets = pairs([line[:longest] for line in lines], True, longest)
    bits = 0.0
    for start in range(0, len(table), 2048):
        part = slice(start, start + 2048)
        chances = network.predict_on_batch(table[part])
        chosen = np.take_along_axis(chances, targets[part, None], axis=1)
        bits -= float(np.log2(chosen.astype("float64")).sum())
    return bits / sum(len(names[int(target)]) + 1 for target in targets)


def milliseconds_to_write(network, longest: int) -> float:
    """What 20 words of 32 headlines cost, everything read anew for each word."""
    table = np.ones((quality.HEADLINES, longest), dtype="int32")

    def job() -> None:
        for _ in range(quality.TOKENS):
            network.predict_on_batch(table)

    return 1000 * quality.in_turns({"writing": job}, 5)["writing"]


def run(cell: str, mended: bool, train: list[str], test: list[str]) -> dict:
    """Train once and say what came of it."""
    keras.utils.set_random_seed(7)
    lines = [words_of(text) + ([END] if mended else []) for text in train]
    vocabulary = sorted({word for line in lines for word in line})
    index = {word: i + 1 for i, word in enumerate(vocabulary)}
    table, targets = pairs([[index[w] for w in line] for line in lines], mended)
    layer = {"GRU": keras.layers.GRU, "LSTM": keras.layers.LSTM}[cell]
    network = keras.Sequential(
        [
            keras.layers.Embedding(len(index) + 1, WIDTH, mask_zero=mended),
            layer(WIDTH),
            keras.layers.Dropout(0.1),
            keras.layers.Dense(len(index) + 1, activation="softmax"),
        ]
    )
    network.compile("adam", "sparse_categorical_crossentropy")
    start = time.perf_counter()
    fitted = network.fit(table, targets, epochs=EPOCHS, verbose=0)
    seconds = time.perf_counter() - start
    tested = [word for text in test for word in words_of(text)]
    longest = table.shape[1]
    return {
        "seconds": seconds,
        "words_per_second": EPOCHS * len(targets) / seconds,
        "parameters": network.count_params(),
        "losses": fitted.history["loss"],
        "bits": bits_of_known_words(network, index, test, longest),
        "milliseconds": milliseconds_to_write(network, longest),
        "words": len(index),
        "unknown": np.mean([word not in index for word in tested]),
        "writes": write(network, index, "trump", longest, mended),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    chosen = parser.parse_args()
    frame = news.load(chosen.data)
    splits = {name: list(rows["headline"]) for name, rows in frame.groupby("split")}
    random = np.random.default_rng(7)
    train = list(random.choice(splits["train"], HEADLINES, replace=False))
    if not any("trump" in words_of(text) for text in train):
        raise SystemExit("no headline of the sample names Trump: choose another seed")
    known = {" ".join(words_of(text)) for text in frame["headline"]}
    lines = [
        "# Before: a student's notebook of 2019",
        "",
        "| network | target | weights | MB | loss, epoch 1 → 5 | seconds | words/s "
        "| test words unknown | bits per character of those known "
        "| ms per 32 × 20 words | writes |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for mended in (False, True):
        for cell in ("GRU", "LSTM"):
            done = run(cell, mended, train, splits["test"])
            if done["writes"].lower() in known:
                done["writes"] = "(a headline of the dataset)"
            lines.append(
                f"| {cell} 100 | {'mended' if mended else 'skips a word'} | "
                f"{done['parameters']:,} | {4e-6 * done['parameters']:.1f} | "
                f"{done['losses'][0]:.2f} → {done['losses'][-1]:.2f} | "
                f"{done['seconds']:.0f} | {done['words_per_second']:.0f} | "
                f"{done['unknown']:.0%} | {done['bits']:.2f} | "
                f"{done['milliseconds']:.0f} | {done['writes']} |"
            )
            print(lines[-1])
    lines += [
        "",
        f"{HEADLINES} headlines drawn from train, {done['words']:,} words, {EPOCHS} "
        f"epochs, argmax from “Trump”; {quality.machine()}. Nothing was tuned.",
        "",
        "A headline with an unknown word has no chance at all, so that over whole "
        "headlines the bits are infinite. Those of the known words are in lower case "
        "without punctuation, which is easier text than the other models are measured "
        "on: the figure is no rank among theirs. MB are the weights in float32.",
    ]
    with whole_file(RESULTS / "seed.md") as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
