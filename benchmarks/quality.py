"""The table of finished runs, ours and the peers': ``python benchmarks/quality.py``.

Keeps ``benchmarks/results/quality.csv``: one row per finished run. Each peer's command
records its own row; this one records the models that ship, from what their folders say,
with the cost of writing 32 headlines of 20 tokens measured here. A model trained with
``python -m textgen train`` elsewhere is recorded with ``--bundle FOLDER --note TEXT``.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from textgen import HeadlineGenerator, sampling  # noqa: E402
from textgen.bundle import Bundle, available  # noqa: E402
from textgen.options import Options  # noqa: E402
from textgen.paths import whole_file  # noqa: E402
from textgen.tokenizer import END  # noqa: E402

TABLE = ROOT / "benchmarks" / "results" / "quality.csv"
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
OURS = "ships with textgen"  # the note of a model of ours begins with it
HEADLINES, TOKENS = 32, 20


def machine() -> str:
    """The machine at work, in a few words."""
    return f"{platform.machine()}, {os.cpu_count()} cores"


def rows() -> list[dict]:
    """What the table holds."""
    if not TABLE.is_file():
        return []
    with TABLE.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def record(new: dict) -> None:
    """Put a finished run into the table, in place of its last figures.

    Args:
        new: a value for each of :data:`COLUMNS`; model and seed say which run.
    """
    new = {name: str(new[name]) for name in COLUMNS}
    key = (new["model"], new["seed"])
    kept = [row for row in rows() if (row["model"], row["seed"]) != key]
    ordered = sorted([*kept, new], key=lambda r: float(r["test_bits_per_character"]))
    with (
        whole_file(TABLE) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def writing(bundle: Bundle) -> Callable[[], None]:
    """32 headlines of exactly 20 tokens, sampling included, as the app writes them."""
    generator = HeadlineGenerator.from_bundle(bundle)
    options = Options(temperature=0.7, seed=7)
    # The end is forbidden, so that every headline has as many tokens.
    forbidden = (*bundle.tokenizer.forbidden, END)

    def run() -> None:
        logits, state, _ = generator.read("")
        logits = np.repeat(logits, HEADLINES, axis=0)
        state = state.take(np.zeros(HEADLINES, dtype=int))
        used: list[list[int]] = [[] for _ in range(HEADLINES)]
        for step in range(TOKENS):
            picked = sampling.pick(
                logits, options, used, forbidden, range(HEADLINES), step
            )
            logits, state = generator.engine.step(picked.tokens, state)

    return run


def in_turns(jobs: dict[str, Callable[[], None]], rounds: int) -> dict[str, float]:
    """Median seconds of each, the jobs taking turns."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job(), job()  # compile, warm up
    for _ in range(rounds):
        for name, job in jobs.items():
            start = time.perf_counter()
            job()
            times[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bundle", type=Path, help="a model's folder (default: ours)")
    parser.add_argument("--note", default="", help="what was not tuned, for example")
    chosen = parser.parse_args()
    if chosen.bundle and not chosen.note:
        parser.error("--bundle needs a --note that says what this run is")
    folders = [chosen.bundle] if chosen.bundle else available()
    bundles = [Bundle(folder) for folder in folders]
    note = chosen.note or f"{OURS}; category given; int8 engine"
    seconds = in_turns({b.name: writing(b) for b in bundles}, 15)
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
                    facts["figures"]["test_bits_per_character"], 4
                ),
                "generation_ms": round(1000 * seconds[bundle.name], 1),
                "file_mb": round(sum(entry["bytes"] for entry in size) / 1e6, 1),
                "seed": facts["recipe"]["seed"],
                "note": note,
            }
        )
    print(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
