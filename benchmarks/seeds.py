"""Train the three small cells, three seeds each: ``python -m benchmarks.seeds``.

``python -m benchmarks.seeds --data FILE`` trains the models that
:mod:`textgen.study.comparison` compares, each with the seeds 7, 8 and 9, and when all
nine are finished puts them into ``benchmarks/results/quality.csv`` and the runs with
seed 7 into ``assets/models/``: those ship. It may be cut off at any moment: given
again, it goes on where it was.

``--jobs 2`` trains two at once, each on its share of the cores: in all that is faster
than one after the other on all of them. ``--pilots`` tries each cell at the learning
rates :data:`RATES` instead, one epoch each, and adds rows to
``benchmarks/results/pilots.csv``: that is how the rates below were chosen. The large
model takes part in pilots alone, and only where it is named: ``--pilots --only
headlines-gru --rates 0.003 0.008``. Its whole runs are in ``runs.csv``.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks import quality
from textgen.model.bundle import CONFIG, Bundle
from textgen.storage import MODELS, ROOT, own_runs

RECIPE = "--embedding 128 --dropout 0.1 --vocabulary 4096 --precision bfloat16"
EPOCHS = 5
#: Widths that give all three as many weights, and each cell's own learning rate.
CELLS = {
    "headlines-gru-small": (f"--units 448 {RECIPE}", 0.008),
    "headlines-lstm": (f"--cell lstm --units 384 {RECIPE}", 0.016),
    "headlines-rnn": (f"--cell rnn --units 792 {RECIPE}", 0.002),
}
LARGE = {
    "headlines-gru": "--units 768 --dropout 0.3 --recurrent-dropout 0.25 "
    "--batch-size 256 --warmup-steps 500 --weight-decay 0.03 --category-dropout 0.1 "
    "--sampled-words 2048 --precision bfloat16"
}
OPTIONS = {name: options for name, (options, _) in CELLS.items()} | LARGE
SEEDS = (7, 8, 9)
RATES = (0.001, 0.002, 0.004, 0.008, 0.016)


def command(name: str, seed: int, rate: float, epochs: int, output: Path) -> list[str]:
    """One run, into a folder of its own."""
    options = f"{OPTIONS[name]} --epochs {epochs} --learning-rate {rate:g}"
    words = f"-m textgen train --name {name} {options} --seed {seed}".split()
    folder = output / f"{name}-seed-{seed}-rate-{rate:g}-epochs-{epochs}"
    words += ["--output", str(folder), "--bundle", str(folder / "bundle" / name)]
    if (folder / "last.safetensors").exists():
        words.append("--resume")
    return words


def bundle_of(words: list[str]) -> Path:
    """Where a command puts the finished model."""
    return Path(words[words.index("--bundle") + 1])


def train(words: list[str], data: Path, jobs: int) -> None:
    """Run a command on its share of the cores, unless its model is finished."""
    if (bundle_of(words) / CONFIG).is_file():
        return
    shares = dict.fromkeys(("OMP_NUM_THREADS", "TF_NUM_INTRAOP_THREADS"), threads(jobs))
    print(shlex.join(words), flush=True)
    subprocess.run(
        [sys.executable, *words, "--data", str(data)],
        cwd=ROOT,
        check=True,
        env=os.environ | {name: str(share) for name, share in shares.items()},
    )


def threads(jobs: int) -> int:
    """How many each of so many runs at once may have."""
    return max(1, (os.cpu_count() or 1) // jobs)


def record_pilot(bundle: Bundle, jobs: int) -> None:
    """Put a pilot into the table of pilots."""
    training, figures = bundle.facts["training"], bundle.facts["figures"]
    quality.record_pilot(
        {
            "model": bundle.name,
            "train_share": 1.0,
            "minutes": round(training["seconds"] / 60, 1),
            "threads": threads(jobs),
            "learning_rate": bundle.facts["recipe"]["learning_rate"],
            "dropout": bundle.config.dropout,
            "width": bundle.config.units,
            "layers": bundle.config.layers,
            "steps": int(bundle.history()[-1]["step"]),
            "validation_bits_per_character": round(
                figures["validation_bits_per_character"], 4
            ),
        }
    )


def record(bundle: Bundle, jobs: int) -> None:
    """Put a finished run into the table, and what ships into its place."""
    ships = bundle.facts["recipe"]["seed"] == SEEDS[0]
    if ships:
        place = MODELS / bundle.name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(bundle.folder, place)
        bundle = Bundle(place)
    note = quality.OURS if ships else quality.AGAIN
    together = f"; {jobs} runs at once, a share of the cores each" if jobs > 1 else ""
    quality.record_bundles([bundle], f"{note}; category given; int8 engine{together}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    parser.add_argument(
        "--output", type=Path, default=own_runs() / "seeds", help="folder"
    )
    parser.add_argument("--jobs", type=int, default=1, help="runs at once")
    parser.add_argument("--pilots", action="store_true", help="try learning rates")
    parser.add_argument("--rates", type=float, nargs="+", default=RATES, help="to try")
    parser.add_argument("--only", choices=OPTIONS, nargs="+", help="of the models")
    chosen = parser.parse_args()
    names, output = chosen.only or list(CELLS), chosen.output.resolve()
    if not chosen.pilots and not LARGE.keys().isdisjoint(names):
        parser.error(f"{', '.join(LARGE)}: its card says how to train it")
    if chosen.pilots:
        runs = [(name, SEEDS[0], rate, 1) for name in names for rate in chosen.rates]
    else:
        runs = [
            (name, seed, CELLS[name][1], EPOCHS) for seed in SEEDS for name in names
        ]
    commands = [command(*run, output) for run in runs]
    with ThreadPoolExecutor(chosen.jobs) as pool:
        list(pool.map(lambda w: train(w, chosen.data.resolve(), chosen.jobs), commands))
    # After all of them, since the cost of writing is measured as well.
    for words in commands:
        finish = record_pilot if chosen.pilots else record
        finish(Bundle(bundle_of(words)), chosen.jobs)


if __name__ == "__main__":
    main()
