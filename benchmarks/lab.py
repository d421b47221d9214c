"""What the temperature lab costs the server: ``python -m benchmarks.lab``.

Writes ``benchmarks/results/lab.md``: best, median and worst over thirty seeds, in
milliseconds, on the shipped model. The jobs take turns, seed by seed.
"""

from __future__ import annotations

import os
import platform
import statistics
import time

from benchmarks import RESULTS
from textgen import Generator
from textgen.explain import compare, contest, lens, path
from textgen.writing.options import Options

SEEDS = range(30)


def main() -> None:
    generator = Generator.load()
    jobs = {
        "path, T from 0.05 to 2": lambda o: path.path(generator, o, 0.05, 2),
        "path, T from 0.05 to 3": lambda o: path.path(generator, o, 0.05, 3),
        "the same with top-p 0.9": lambda o: path.path(
            generator, o.but(top_p=0.9), 0.05, 3
        ),
        "nine paths at once, T from 0.05 to 2": lambda o: path.paths(
            generator, o, 0.05, 2, range(9)
        ),
        "nine paths at once with top-p 0.9": lambda o: path.paths(
            generator, o.but(top_p=0.9), 0.05, 2, range(9)
        ),
        "lens": lambda o: lens.look(generator, o),
        "why this word, a whole headline": lambda o: contest.contests(
            generator, o, 0.05, 3
        ),
        "same luck, 4 headlines at 5 temperatures": lambda o: compare.compare(
            generator, o.but(count=4), (0, 0.3, 0.7, 1, 1.5)
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job(Options(seed=1000))  # warm up
    for seed in SEEDS:
        for name, job in jobs.items():
            start = time.perf_counter()
            job(Options(seed=seed))
            times[name].append(1000 * (time.perf_counter() - start))
    lines = ["| what | best | median | worst |", "|---|---|---|---|"]
    for name, values in times.items():
        row = (min(values), statistics.median(values), max(values))
        lines.append(f"| {name} | " + " | ".join(f"{v:.1f} ms" for v in row) + " |")
    lines.append("")
    lines.append(
        f"{len(SEEDS)} seeds; {platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}."
    )
    text = "\n".join(lines) + "\n"
    (RESULTS / "lab.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
