"""What ships of the tables measured here: ``python -m benchmarks.comparison``.

Writes ``data/comparison.json``, the one file that the pages and the README compare
models by, from ``cells.json``, ``quality.csv``, ``pilots.csv`` and ``runs.csv``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from benchmarks import RESULTS, quality
from textgen.storage import read_facts
from textgen.study.comparison import MODELS, Comparison, save


def collected(folder: Path = RESULTS) -> Comparison:
    """What the tables say.

    Args:
        folder: with the tables; what is not there was not measured.
    """
    speeds = folder / "cells.json"
    cells = read_facts(speeds) if speeds.is_file() else {"machine": "", "models": {}}
    runs: dict[str, list[float]] = {}
    for row in quality.read(folder / quality.TABLE.name):
        figure = float(row["test_bits_per_character"])
        runs.setdefault(row["model"], []).append(figure)
    pilots: dict[str, dict[float, float]] = {}
    for row in quality.read(folder / quality.PILOTS.name):
        if row["model"] in MODELS:
            bits = float(row["validation_bits_per_character"])
            pilots.setdefault(row["model"], {})[float(row["learning_rate"])] = bits
    judged = Counter(
        row["model"]
        for row in quality.read(folder / quality.LOG.name)
        if row["test_bits_per_character"]
    )
    return Comparison(
        cells["machine"],
        cells["models"],
        {name: sorted(figures) for name, figures in runs.items()},
        pilots,
        dict(judged),
    )


def main() -> None:
    save(collected())


if __name__ == "__main__":
    main()
