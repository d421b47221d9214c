"""The "before" exhibit: the recipe of a 2019 student notebook, as it was and mended.

``python benchmarks/seed.py --data FILE`` writes ``benchmarks/results/seed.md``. Words
in lower case without punctuation, embedding 100, one GRU or LSTM of 100 units, dropout
0.1, softmax, 829 headlines, 5 epochs, the favourite word every time. As it was, every
prefix ``line[:i]`` is paired with ``line[i + 1]``, so that it learns to skip a word;
zeros are put behind the text without a mask, so that the last thing read is nearly
always padding; and there is no end. Mended: the next word, padding that is masked, an
end token.

Not ranked among the others: it knows no word outside its few headlines, and the share
of test words that it could never write stands beside its figures.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import keras  # noqa: E402
import numpy as np  # noqa: E402
import quality  # noqa: E402

from textgen import dataset  # noqa: E402
from textgen.paths import whole_file  # noqa: E402

HEADLINES, EPOCHS, WIDTH, WORDS = 829, 5, 100, 7
END = "<end>"


def words_of(text: str) -> list[str]:
    """Lower case, no punctuation."""
    return re.sub(r"[^\w\s]", "", text.lower()).split()


def pairs(lines: list[list[int]], mended: bool) -> tuple[np.ndarray, np.ndarray]:
    """Prefixes, zeros behind them, and what is to be predicted."""
    prefixes, targets = [], []
    for line in lines:
        ahead = 0 if mended else 1
        for i in range(1, len(line) - ahead):
            prefixes.append(line[:i])
            targets.append(line[i + ahead])
    longest = max(map(len, lines))
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
    tested = [word for text in test for word in words_of(text)]
    return {
        "seconds": time.perf_counter() - start,
        "losses": fitted.history["loss"],
        "words": len(index),
        "unknown": np.mean([word not in index for word in tested]),
        "writes": write(network, index, "trump", table.shape[1], mended),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    chosen = parser.parse_args()
    frame = dataset.load(chosen.data)
    splits = {name: list(rows["headline"]) for name, rows in frame.groupby("split")}
    random = np.random.default_rng(7)
    train = list(random.choice(splits["train"], HEADLINES, replace=False))
    if not any("trump" in words_of(text) for text in train):
        raise SystemExit("no headline of the sample names Trump: choose another seed")
    known = {" ".join(words_of(text)) for text in frame["headline"]}
    lines = [
        "# Before: a student's notebook of 2019",
        "",
        "| network | target | loss, epoch 1 → 5 | seconds | test words unknown "
        "| writes |",
        "|---|---|---|---|---|---|",
    ]
    for mended in (False, True):
        for cell in ("GRU", "LSTM"):
            done = run(cell, mended, train, splits["test"])
            if done["writes"].lower() in known:
                done["writes"] = "(a headline of the dataset)"
            lines.append(
                f"| {cell} 100 | {'mended' if mended else 'skips a word'} | "
                f"{done['losses'][0]:.2f} → {done['losses'][-1]:.2f} | "
                f"{done['seconds']:.0f} | {done['unknown']:.0%} | {done['writes']} |"
            )
            print(lines[-1])
    lines += [
        "",
        f"{HEADLINES} headlines drawn from train, {done['words']:,} words, {EPOCHS} "
        f"epochs, argmax from “Trump”; {quality.machine()}. Nothing was tuned.",
    ]
    with whole_file(ROOT / "benchmarks" / "results" / "seed.md") as partial:
        partial.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
