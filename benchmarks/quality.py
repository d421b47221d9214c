"""The table of finished runs, ours and the peers': ``python -m benchmarks.quality``.

Keeps ``benchmarks/results/quality.csv``: one row per finished run. Each peer's command
records its own row; this one records the models that ship, from what their folders say,
with the cost of writing 32 headlines of 20 tokens measured here. A model trained with
``python -m textgen train`` elsewhere is recorded with ``--bundle FOLDER --note TEXT``.
``runs.csv`` beside it logs how every run of ours learnt, those no longer shipped too;
``pilots.csv`` the short runs by which settings were chosen.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks import RESULTS
from textgen import Generator
from textgen.corpus.tokenizer import END
from textgen.model.bundle import Bundle, available
from textgen.storage import whole_file
from textgen.writing import sampling
from textgen.writing.options import Options
from textgen.writing.rules import Context

TABLE = RESULTS / "quality.csv"
COLUMNS = (
    "model",
    "tokens",
    "parameters",
    "training_seconds",
    "machine",
    "test_bits_per_character",
    "generation_ms",
    "file_mb",
    "seed",
    "note",
)
LOG = TABLE.with_name("runs.csv")
LOG_COLUMNS = (
    "model",
    "parameters",
    "training_seconds",
    "test_bits_per_character",
    "validation_by_epoch",
    "command",
    "note",
)
PILOTS = TABLE.with_name("pilots.csv")
PILOT_COLUMNS = (
    "model",
    "train_share",
    "minutes",
    "threads",
    "learning_rate",
    "dropout",
    "width",
    "layers",
    "steps",
    "validation_bits_per_character",
)
OURS = "ships with textgen"  # the note of a model of ours begins with it
AGAIN = "another seed of what ships"  # so begins the note of such a run
HEADLINES, TOKENS = 32, 20


def machine() -> str:
    """The machine at work, in a few words."""
    return f"{platform.machine()}, {os.cpu_count()} cores"


def rows() -> list[dict]:
    """What the table holds."""
    return read(TABLE)


def record(new: dict) -> None:
    """Put a finished run into the table, in place of its last figures.

    Args:
        new: a value for each of :data:`COLUMNS`; model and seed say which run.
    """
    new = {name: str(new[name]) for name in COLUMNS}
    key = (new["model"], new["seed"])
    kept = [row for row in rows() if (row["model"], row["seed"]) != key]
    ordered = sorted([*kept, new], key=lambda r: float(r["test_bits_per_character"]))
    write(TABLE, COLUMNS, ordered)


def read(path: Path) -> list[dict]:
    """The rows of a table; none if it is not there."""
    if not path.is_file():
        return []
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], lines: list[dict]) -> None:
    """Write a table, all at once or not at all."""
    with (
        whole_file(path) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)


def writing(generator: Generator, tokens: int = TOKENS) -> Callable[[], None]:
    """32 headlines of so many tokens, sampling included, as the app writes them."""
    options = Options(temperature=0.7, seed=7)
    # The end is forbidden, so that every headline has as many tokens.
    forbidden = [[*generator.tokenizer.forbidden, END]] * HEADLINES

    def run() -> None:
        logits, state, _ = generator.read("")
        logits = np.repeat(logits, HEADLINES, axis=0)
        state = state.take(np.zeros(HEADLINES, dtype=int))
        used: list[list[int]] = [[] for _ in range(HEADLINES)]
        for step in range(tokens):
            picked = sampling.pick(
                logits, options, Context(used), forbidden, range(HEADLINES), step
            )
            generator.judged_tokens(picked, given=False)
            logits, state = generator.engine.step(picked.tokens, state)

    return run


def turns(jobs: dict[str, Callable[[], None]], rounds: int) -> dict[str, list[float]]:
    """Seconds of each round of each job, the jobs taking turns.

    So a busy moment of the machine hits all of them. Each goes once unmeasured in its
    turn: threads of the job before it go on spinning for a moment, which would cost
    this one half of the processor, and that job has used the caches.
    """
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()  # compile
    for _ in range(rounds):
        for name, job in jobs.items():
            time.sleep(0.1)
            job()
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return times


def in_turns(jobs: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median seconds of each, see :func:`turns`."""
    return {n: statistics.median(values) for n, values in turns(jobs, rounds).items()}


def record_bundles(bundles: list[Bundle], note: str) -> None:
    """Put finished models of ours into the table, and how they learnt into the log.

    Args:
        bundles: with their figures.
        note: what their rows say beside the figures.
    """
    jobs = {str(b.folder): writing(Generator.from_bundle(b)) for b in bundles}
    seconds = in_turns(jobs, 15)
    for bundle in bundles:
        facts = bundle.facts
        training, size = facts["training"], facts["files"].values()
        record(
            {
                "model": bundle.name,
                "tokens": f"{facts['tokenizer']['vocabulary_size']} "
                f"{facts['tokenizer']['level']}s",
                "parameters": training["parameters"],
                "training_seconds": training["seconds"],
                "machine": training["machine"],
                "test_bits_per_character": round(
                    facts["figures"]["test_bits_per_character"], 6
                ),
                "generation_ms": round(1000 * seconds[str(bundle.folder)], 1),
                "file_mb": round(sum(entry["bytes"] for entry in size) / 1e6, 1),
                "seed": facts["recipe"]["seed"],
                "note": f"{note}; {_reading(bundle):,.0f} tokens/s in training",
            }
        )
        log(bundle)


def _reading(bundle: Bundle) -> float:
    """Tokens per second in training, measuring left out."""
    epochs = bundle.history()[1:]
    tokens = sum(row["seconds"] * row["tokens_per_second"] for row in epochs)
    return tokens / sum(row["seconds"] for row in epochs)


def log(bundle: Bundle) -> None:
    """Add a run to ``runs.csv``: its command, and validation after each epoch."""
    training, figures = bundle.facts["training"], bundle.facts["figures"]
    curve = (row["validation_bits_per_character"] for row in bundle.history()[1:])
    new = {
        "model": bundle.name,
        "parameters": str(training["parameters"]),
        "training_seconds": str(training["seconds"]),
        "test_bits_per_character": f"{figures['test_bits_per_character']:.4f}",
        "validation_by_epoch": " ".join(f"{value:.4f}" for value in curve),
        "command": training["command"],
        "note": training["note"],
    }
    old = read(LOG)
    if new not in old:
        write(LOG, LOG_COLUMNS, [*old, new])


def record_pilot(new: dict) -> None:
    """Add what a short run to choose settings gave, once.

    Args:
        new: a value for each of :data:`PILOT_COLUMNS`.
    """
    new = {name: str(new[name]) for name in PILOT_COLUMNS}
    old = read(PILOTS)
    if new not in old:
        write(PILOTS, PILOT_COLUMNS, [*old, new])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, help="a model's folder (default: ours)")
    parser.add_argument("--note", default="", help="what was not tuned, for example")
    chosen = parser.parse_args()
    if chosen.bundle and not chosen.note:
        parser.error("--bundle needs a --note that says what this run is")
    folders = [chosen.bundle] if chosen.bundle else available()
    note = chosen.note or f"{OURS}; category given; int8 engine"
    record_bundles([Bundle(folder) for folder in folders], note)
    print(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
