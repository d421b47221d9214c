"""What each model writes, measured: ``python -m benchmarks.writing --data FILE``.

Likelihood is not everything. Every model writes 1,000 headlines at several
temperatures, in the categories of the first 1,000 test headlines (the newest: the
dataset's file begins with them), which are the row of people. Cold writing looks good
and says the same again and again, so models are compared where they are as varied as
people: at the temperature whose share of different word pairs (distinct-2) is nearest
to that of real headlines. There, ``benchmarks/results/writing.csv`` says how often a
classifier recognises the category, how much is copied, how alike the headlines are, and
how many end properly; ``benchmarks/samples/MODEL.txt`` holds fifty, nothing picked out.

This command does it for the models that ship; the peers' commands do it for theirs.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

from benchmarks import RESULTS, quality
from textgen import Generator
from textgen.corpus import news
from textgen.corpus.language import SPACED
from textgen.model.bundle import available
from textgen.storage import ROOT, whole_file
from textgen.study import classifier, sweep

TABLE = RESULTS / "writing.csv"
SAMPLES = ROOT / "benchmarks" / "samples"
TEMPERATURES = (0.8, 0.85, 0.9, 0.95, 1.0, 1.05)
HEADLINES, COUNT, SEED = 1000, 50, 7
MEASURES = ("recognised", "copied", "distinct_2", "self_bleu", "bleu", "ended")
COLUMNS = ("model", "temperature", *MEASURES)
PEOPLE = "written by people"
LEFT_OUT = "[a headline of the dataset, left out]"


def study(
    name: str,
    generator: Generator,
    frame: pd.DataFrame,
    recognise: Callable[[list[str]], Sequence[str]] | None = None,
) -> dict:
    """Measure what a model writes, and keep its figures and fifty headlines.

    Args:
        name: of the model, as ``quality.csv`` has it.
        generator: the model.
        frame: from :func:`textgen.corpus.news.load`.
        recognise: as :func:`textgen.study.sweep.sweep` takes it.

    Returns:
        The model's row of the table.
    """
    found = sweep.sweep(
        generator,
        frame,
        TEMPERATURES,
        HEADLINES,
        lambda line: print(f"{name}: {line}", file=sys.stderr),
        recognise,
    )
    real = found["real"]
    best = min(
        found["records"], key=lambda r: abs(r["distinct_2"] - real["distinct_2"])
    )
    row = {"model": name} | {key: f"{best[key]:.4g}" for key in COLUMNS[1:]}
    people = {"model": PEOPLE} | {
        key: f"{real[key]:.4g}" if key in real else "" for key in COLUMNS[1:]
    }
    kept = [r for r in quality.read(TABLE) if r["model"] not in (name, PEOPLE)]
    order = {r["model"]: i for i, r in enumerate(quality.rows())}
    ordered = sorted([*kept, row], key=lambda r: order.get(r["model"], len(order)))
    quality.write(TABLE, COLUMNS, [people, *ordered])
    known = {text.lower() for text in frame["headline"]}
    write_samples(name, generator, known, best["temperature"])
    return row


def write_samples(
    name: str, generator: Generator, known: set[str], temperature: float
) -> None:
    """Fifty headlines of one seed; those that stand in the dataset are left out.

    Args:
        name: of the model.
        generator: the model.
        known: every headline of the dataset, in lower case.
        temperature: to write at.
    """
    lines, copies = [], 0
    for headline in generator.generate(temperature=temperature, count=COUNT, seed=SEED):
        text = SPACED.normalise(headline.text)
        copied = headline.copied or text.lower() in known
        copies += copied
        lines.append(LEFT_OUT if copied else text)
    head = (
        f"{name}: {COUNT} headlines, unselected (T = {temperature:g}, seed {SEED}); "
        f"{copies} copied\n\n"
    )
    SAMPLES.mkdir(parents=True, exist_ok=True)
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    with whole_file(SAMPLES / f"{slug}.txt") as partial:
        partial.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    parser.add_argument("--model", choices=available(), help="one alone (default: all)")
    chosen = parser.parse_args()
    frame = news.load(chosen.data)
    recognise = classifier.fit(frame[frame["split"] == "train"])
    for name in [chosen.model] if chosen.model else available():
        print(study(name, Generator.load(name), frame, recognise))


if __name__ == "__main__":
    main()
