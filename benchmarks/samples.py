"""Fifty headlines per model, nothing picked out: ``python benchmarks/samples.py``.

Writes ``benchmarks/samples/MODEL.txt`` for every model that ships: T = 0.7, any
category, seed 7, numbers 0 to 49. With ``--data FILE`` each is looked up in the dataset
as well as in the novelty index; a headline that stands there is left out and said so.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from textgen import HeadlineGenerator, dataset  # noqa: E402
from textgen.bundle import available  # noqa: E402
from textgen.paths import whole_file  # noqa: E402

COUNT, TEMPERATURE, SEED = 50, 0.7, 7
LEFT_OUT = "[a headline of the dataset, left out]"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    chosen = parser.parse_args()
    known = {text.lower() for text in dataset.load(chosen.data)["headline"]}
    folder = ROOT / "benchmarks" / "samples"
    folder.mkdir(parents=True, exist_ok=True)
    for name in available():
        lines, copies = [], 0
        for headline in HeadlineGenerator.load(name).generate(
            temperature=TEMPERATURE, count=COUNT, seed=SEED
        ):
            text = dataset.normalise(headline.text)
            copied = headline.copied or text.lower() in known
            copies += copied
            lines.append(LEFT_OUT if copied else text)
        head = (
            f"{name}: {COUNT} headlines, unselected (T = {TEMPERATURE}, seed {SEED}); "
            f"{copies} copied\n\n"
        )
        with whole_file(folder / f"{name}.txt") as partial:
            partial.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
        print(head.strip())


if __name__ == "__main__":
    main()
