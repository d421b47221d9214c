"""What real words and words to avoid do: ``python -m benchmarks.words --data FILE``.

Writes ``data/word_rules.json``, which pages show, and ``benchmarks/results/words.md``.
Of 10,000 headlines at each temperature, with and without the two rules, how many hold a
word that stands nowhere in the training set, and how many a word to avoid. Both are
counted without what the rules look at: the words of the training set are read from the
dataset, and words to avoid are looked up one by one. Bits per character are never
measured under the rules.

The cost is that of 32 headlines of 20 tokens, in turns with the same without the
rules; every round has luck of its own, so most words of a round are new to it.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks import RESULTS, quality
from textgen import Generator
from textgen.corpus import news
from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.language import SPACED
from textgen.corpus.tokenizer import END
from textgen.storage import DEFAULT_MODEL, whole_file
from textgen.study.wording import RULES, Wording, load, save
from textgen.writing import sampling
from textgen.writing.options import Options
from textgen.writing.rules import Context

TEMPERATURES = (0.7, 1.0, 1.3)
HEADLINES = 10_000
ROUNDS = 40
MOST_WORDS = 60  # so that no headline of the cost's is near its length limit
AT_ONCE = 100


def known_words(data: Path) -> set[str]:
    """Every word of the train split, from the dataset itself."""
    frame = news.load(data)
    train = frame[frame["split"] == "train"]["headline"]
    return {word for text in train for word in SPACED.compared(text)}


def count(texts: Iterable[str], known: set[str], avoid: WordsToAvoid) -> dict:
    """How many texts hold a word that is not known, and one to avoid."""
    found = {"headlines": 0, "unknown": 0, "avoided": 0, "words": 0}
    for text in texts:
        words = SPACED.compared(text)
        found["headlines"] += 1
        found["words"] += len(words)
        found["unknown"] += not known.issuperset(words)
        found["avoided"] += bool(avoid.found_in(text))
    return found


def written(generator: Generator, count: int, **options) -> Iterable[str]:
    """Headlines of luck 0, 1, 2, …, a hundred of each."""
    for seed in range(-(-count // AT_ONCE)):
        for text in generator.generate(seed=seed, count=AT_ONCE, **options):
            yield text.text


def costs(generator: Generator, rounds: int) -> dict[str, dict[str, float]]:
    """Milliseconds of 32 headlines of 20 tokens, by the rules that hold.

    ``more`` is the median over the rounds of what it takes more than the same round
    without the rules, as a share.
    """
    jobs = {name: _job(generator, **rule) for name, rule in RULES.items()}
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for seed in range(rounds):
        for name, job in jobs.items():
            job(seed)  # as in quality.turns; of a round's words some are known now
            start = time.perf_counter()
            job(1000 + seed)
            times[name].append(1000 * (time.perf_counter() - start))
    return {
        name: {
            "median": statistics.median(values),
            "more": statistics.median(np.divide(values, times["neither"])) - 1,
        }
        for name, values in times.items()
    }


def _job(generator: Generator, **rule: bool) -> Callable[[int], None]:
    def run(seed: int) -> None:
        options = Options(temperature=1.0, seed=seed, max_words=MOST_WORDS, **rule)
        logits, state, _ = generator.read("")
        logits = np.repeat(logits, quality.HEADLINES, axis=0)
        state = state.take(np.zeros(quality.HEADLINES, dtype=int))
        used: list[list[int]] = [[] for _ in range(quality.HEADLINES)]
        for step in range(quality.TOKENS):
            # No end, so that every headline has as many tokens.
            logits[:, END] = -np.inf
            context, numbers = Context(used), range(quality.HEADLINES)
            forbidden = generator.forbidden(context, options)
            picked = sampling.pick(logits, options, context, forbidden, numbers, step)
            generator.judged_tokens(picked, given=False)
            for ids, token in zip(used, picked.tokens.tolist(), strict=True):
                ids.append(token)
            logits, state = generator.engine.step(picked.tokens, state)

    return run


def first_use(rule: dict[str, bool]) -> float:
    """Milliseconds that the first headline of a rule takes longer than the next."""
    generator = Generator.load()
    generator.generate()
    times = []
    for _ in range(2):
        start = time.perf_counter()
        generator.generate(**rule)
        times.append(1000 * (time.perf_counter() - start))
    return times[0] - times[1]


def table(found: Wording) -> str:
    """The figures as Markdown."""
    lines = [
        "| T | rules | with a word that stands nowhere in the training set | "
        "with a word to avoid |",
        "|---|---|---|---|",
    ]
    for row in found.written:
        share = row["unknown"] / row["headlines"]
        lines.append(
            f"| {row['temperature']:g} | {row['rules']} | {share:.1%} | "
            f"{row['avoided']:,} of {row['headlines']:,} |"
        )
    lines += [
        "",
        "| rules | 32 × 20 tokens, median | more than neither | once, at first use |",
        "|---|---|---|---|",
    ]
    for name, cost in found.cost.items():
        once = found.first_use.get(name)
        lines.append(
            f"| {name} | {cost['median']:.1f} ms | {cost['more']:+.0%} | "
            f"{'' if once is None else f'{once:.0f} ms'} |"
        )
    return "\n".join([*lines, "", found.machine, ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="the dataset's file")
    parser.add_argument(
        "--cost-only", action="store_true", help="keep the counts of the last time"
    )
    chosen = parser.parse_args()
    rows = []
    if chosen.cost_only and (before := load(DEFAULT_MODEL)) is not None:
        rows = [*before.written]
    if not rows:
        known, avoid = known_words(chosen.data), WordsToAvoid.load()
        generator = Generator.load()
        for t, (name, rule) in itertools.product(TEMPERATURES, RULES.items()):
            texts = written(generator, HEADLINES, temperature=t, **rule)
            rows.append({"temperature": t, "rules": name} | count(texts, known, avoid))
            print(rows[-1], flush=True)
    found = Wording(
        DEFAULT_MODEL,
        rows,
        costs(Generator.load(), ROUNDS),
        {name: first_use(rule) for name, rule in RULES.items() if rule},
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}",
    )
    save(found)
    with whole_file(RESULTS / "words.md") as partial:
        partial.write_text(table(found), encoding="utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
