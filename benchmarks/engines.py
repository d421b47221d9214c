"""How equal the engines are: ``python -m benchmarks.engines --data FILE``.

Writes ``benchmarks/results/engines.md``: the int8 step graph that the app runs and the
float32 one, each beside the NumPy reference. Bits per character over the test split
(category given), the mean Kullback-Leibler divergence of the next token's distribution
from the reference's, and how many headlines come out the same with the same luck.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from benchmarks import RESULTS
from textgen import Bundle, Generator
from textgen.corpus import news
from textgen.corpus.tokenizer import START
from textgen.model.engine import feed
from textgen.model.onnx_engine import OnnxEngine
from textgen.storage import whole_file
from textgen.study import likelihood
from textgen.training import export
from textgen.writing.chances import log_softmax

RESULT = RESULTS / "engines.md"
TEMPERATURES, WRITTEN, READ = (0.3, 0.7, 1.0), 400, 500


def divergence(one: Generator, reference: Generator, texts: list[str]) -> float:
    """Mean KL(reference ‖ one) in bits per token of these texts, any category."""
    bits, tokens = 0.0, 0
    for text in texts:
        ids = [START, *reference.tokenizer.encode(text)]
        answers = (feed(made.engine, [ids], [0]) for made in (one, reference))
        for pair in zip(*answers, strict=True):
            q, p = (log_softmax(answer.logits)[0] for answer in pair)
            bits += float(np.exp(p) @ (p - q)) / np.log(2)
        tokens += len(ids)
    return bits / tokens


def same(one: Generator, reference: Generator, t: float) -> float:
    """Which share of headlines both write alike, with the same luck."""
    equal = 0
    for seed in range(WRITTEN // 100):
        pairs = zip(
            *(made.generate(temperature=t, count=100, seed=seed)
              for made in (one, reference)),
            strict=True,
        )  # fmt: skip
        equal += sum(a.text == b.text for a, b in pairs)
    return equal / WRITTEN


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--data", type=Path, required=True, help="Kaggle's file")
    chosen = arguments.parse_args()
    test = news.load(chosen.data).query("split == 'test'")
    texts, categories = list(test["headline"]), list(test["category"])
    bundle = Bundle()
    reference = Generator.from_bundle(bundle, "reference")
    with tempfile.TemporaryDirectory() as folder:
        graph = Path(folder) / "step.onnx"
        export.write(graph, bundle.config, bundle.weights)
        engines = {
            "int8 step graph (the app's)": Generator.from_bundle(bundle),
            "float32 step graph": Generator.on(
                OnnxEngine(graph, bundle.config), bundle
            ),
        }
        lines = [
            "| engine | bits per character, test | KL, bits per token | "
            + " | ".join(f"same headlines, T = {t:g}" for t in TEMPERATURES)
            + " |",
            "|---" * (3 + len(TEMPERATURES)) + "|",
        ]
        for name, made in engines.items():
            bits = likelihood.measure(made, texts, categories).bits_per_character
            row = [f"{bits:.4f}", f"{divergence(made, reference, texts[:READ]):.1e}"]
            row += [f"{same(made, reference, t):.0%}" for t in TEMPERATURES]
            lines.append(f"| {name} | " + " | ".join(row) + " |")
            print(lines[-1], flush=True)
        bits = likelihood.measure(reference, texts, categories).bits_per_character
        lines.append(f"| NumPy, the reference | {bits:.4f} |" + " – |" * 4)
    lines += [
        "",
        f"All {len(texts):,} test headlines for the bits, the first {READ} of them "
        f"for the divergence, {WRITTEN} headlines written at each temperature, any "
        "category. Rounding moves only close races between two tokens, but one token "
        "that differs changes all that follow it.",
    ]
    text = "\n".join(lines) + "\n"
    with whole_file(RESULT) as partial:
        partial.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
