"""Train the three small cells again with other seeds: ``python benchmarks/seeds.py``.

``python benchmarks/seeds.py --data FILE`` goes through the models that
:mod:`textgen.siblings` compares and the seeds 7, 8 and 9, trains what
``benchmarks/results/quality.csv`` does not hold yet by the command of the shipped
model's card, and records each run when it is finished. It may be cut off at any moment:
given again, it goes on where it was. What ships is the run with seed 7.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from pathlib import Path

import quality
from quality import ROOT

from textgen import siblings
from textgen.bundle import Bundle
from textgen.paths import RUNS

SEEDS = (7, 8, 9)


def command(name: str, seed: int, data: Path, folder: Path) -> list[str]:
    """The card's command with another seed and its own folders."""
    words = shlex.split(Bundle(name).facts["training"]["command"])[1:]
    run = folder / f"{name}-{seed}"
    words += ["--seed", str(seed), "--data", str(data)]
    words += ["--output", str(run), "--bundle", str(bundle_of(name, seed, folder))]
    if (run / "last.safetensors").exists():
        words.append("--resume")
    return [sys.executable, *words]


def bundle_of(name: str, seed: int, folder: Path) -> Path:
    """Where the finished model of a seed lies."""
    return folder / "bundles" / str(seed) / name


def missing() -> list[tuple[str, int]]:
    """Models and seeds that the table has no row for, seed by seed."""
    there = {(row["model"], row["seed"]) for row in quality.rows()}
    return [
        (name, seed)
        for seed in SEEDS
        for name in siblings.MODELS
        if (name, str(seed)) not in there
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    parser.add_argument("--output", type=Path, default=RUNS / "seeds", help="folder")
    chosen = parser.parse_args()
    for name, seed in missing():
        words = command(name, seed, chosen.data.resolve(), chosen.output.resolve())
        print(shlex.join(words[1:]), flush=True)
        subprocess.run(words, cwd=ROOT, check=True)
        finished = Bundle(bundle_of(name, seed, chosen.output))
        note = f"{quality.AGAIN}; category given; int8 engine"
        quality.record_bundles([finished], note)


if __name__ == "__main__":
    main()
