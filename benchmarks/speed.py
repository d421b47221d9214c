"""Speed and memory, side by side in one run: ``python -m benchmarks.speed``.

Writes ``benchmarks/results/speed.json`` and ``speed.md``. Every ratio compares runs
that were interleaved on the same machine; ``best`` and ``median`` are over all rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import numpy as np
import psutil

from benchmarks import RESULTS, quality
from benchmarks.browser import launch, served, streamlit
from textgen.model.engines import open_engine
from textgen.storage import ROOT

HEADLINES, TOKENS = quality.HEADLINES, quality.TOKENS


def interleaved(jobs: dict[str, Callable[[], None]], rounds: int) -> dict[str, dict]:
    """Per job ``best`` and ``median`` in milliseconds, the jobs taking turns."""
    return {
        name: {"best": 1000 * min(values), "median": 1000 * statistics.median(values)}
        for name, values in quality.turns(jobs, rounds).items()
    }


def first_headline(rounds: int) -> dict:
    """From process start to the first headline, and the memory it takes."""
    code = (
        "from textgen import Generator\n"
        "print(Generator.load().generate(seed=7)[0].text)\n"
        "import resource, sys\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    keras = "import keras"
    times, slow, memory, heavy = [], [], 0.0, []
    for _ in range(rounds):
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        )
        times.append(time.perf_counter() - start)
        _, peak, modules = done.stdout.splitlines()
        memory, heavy = float(peak), json.loads(modules.replace("'", '"'))
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", keras], capture_output=True, check=True)
        slow.append(time.perf_counter() - start)
    return {
        "seconds_best": min(times),
        "seconds_median": statistics.median(times),
        "peak_megabytes": memory,
        "tensorflow_or_keras_imported": heavy,
        "importing_keras_alone_seconds": statistics.median(slow),
    }


def generation(rounds: int) -> dict:
    """32 headlines of 20 tokens: ours, predict, tf.function; the machine's limit."""
    import keras
    import tensorflow as tf

    from textgen.corpus.tokenizer import START
    from textgen.model.bundle import Bundle
    from textgen.training.network import network_from
    from textgen.writing.generator import Generator

    bundle = Bundle()
    config = bundle.config

    def network_alone(engine) -> Callable[[], None]:
        tokens = np.full(HEADLINES, START)

        def run() -> None:
            state = engine.start(np.zeros(HEADLINES, dtype=np.int64))
            for _ in range(TOKENS):
                _, state = engine.step(tokens, state)

        return run

    network = network_from(config, bundle.weights)

    class Last(keras.Model):
        """Logits after a window, as tutorials ask for them."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def call(self, x):
            return self.network.logits(self.network(x)[:, -1])

    window = Last()
    window.compile()
    category = np.zeros(HEADLINES, "int32")

    def predict() -> None:
        tokens = np.zeros((HEADLINES, TOKENS), "int32")
        for _ in range(TOKENS):
            window.predict({"tokens": tokens, "category": category}, verbose=0)

    cell = network.recurrent[0].cell

    @tf.function
    def tf_step(tokens, h):
        x = tf.gather(network.embedding.embeddings.value, tokens)
        x += tf.gather(network.category.embeddings.value, category)
        out, (h,) = cell(x, [h])
        return network.logits(network.projection(out)), h

    def function() -> None:
        h = tf.zeros((HEADLINES, config.units))
        tokens = tf.fill([HEADLINES], START)
        for _ in range(TOKENS):
            logits, h = tf_step(tokens, h)
        logits.numpy()

    fast = Generator.from_bundle(bundle)
    with tempfile.TemporaryDirectory() as folder:
        from textgen.model.onnx_engine import OnnxEngine
        from textgen.training import export

        export.write(Path(folder) / "f.onnx", config, bundle.weights)
        float_engine = OnnxEngine(Path(folder) / "f.onnx", config)
        square = np.random.default_rng(0).random((2048, 2048), dtype=np.float32)
        jobs = {
            "textgen, sampling included": quality.writing(fast),
            "int8 step graph, network alone": network_alone(fast.engine),
            "float32 step graph, network alone": network_alone(float_engine),
            "glass box (NumPy), network alone": network_alone(
                open_engine(bundle, "reference")
            ),
            "tf.function step, network alone": function,
            "float32 product 2048³ (the limit)": lambda: square @ square,
        }
        times = interleaved(jobs, rounds)
    times |= interleaved({"model.predict, window re-fed": predict}, 3)
    gigaflops = 2 * 2048**3 / times["float32 product 2048³ (the limit)"]["best"] / 1e6
    d, u, v = config.embedding, config.units, config.vocabulary_size
    work = 2 * (3 * u * (d + u) + u * d + d * v) * HEADLINES * TOKENS
    limit = work / gigaflops / 1e6
    mine = times["textgen, sampling included"]
    return {
        "milliseconds": times,
        "float32_gigaflops": gigaflops,
        "float32_limit_milliseconds": limit,
        "limit_over_ours_best": limit / mine["best"],
        "predict_over_ours": times["model.predict, window re-fed"]["median"]
        / mine["median"],
        "tf_function_over_ours": times["tf.function step, network alone"]["median"]
        / mine["median"],
        "predict_over_network": times["model.predict, window re-fed"]["median"]
        / times["int8 step graph, network alone"]["median"],
        "tf_function_over_network": times["tf.function step, network alone"]["median"]
        / times["int8 step graph, network alone"]["median"],
    }


EMPTY = """
from textgen.storage import ROOT
import streamlit as st
value = st.slider("Temperature", 0.0, 2.0, 0.7, 0.01)
st.header(f"Value {value:.2f}")
"""


def in_the_browser(rounds: int) -> dict:
    """Memory after ten sessions, and slider release to new text on screen."""
    from playwright.sync_api import sync_playwright

    # The time from the key press to the first change of the first heading, taken in
    # the page itself.
    watch = """() => new Promise(done => {
        const heading = document.querySelector('h2');
        const root = document.querySelector('.stMain') || document.body;
        const before = heading.innerText;
        let start = 0;
        const look = new MutationObserver(() => {
            const now = document.querySelector('h2');
            if (start && now && now.innerText !== before) {
                look.disconnect();
                done(performance.now() - start);
            }
        });
        look.observe(root, {subtree: true, childList: true, characterData: true});
        document.addEventListener('keyup', () => { start = performance.now(); },
                                  {once: true, capture: true});
    })"""
    result: dict = {}
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")
        app, nothing = streamlit(ROOT / "app.py"), streamlit(empty)
        with served(app) as (url, server), served(nothing) as (bare, _):
            pages = {}
            for name, address in (("textgen", url), ("empty page", bare)):
                pages[name] = browser.new_page(viewport={"width": 1280, "height": 800})
                pages[name].goto(address)
                pages[name].wait_for_selector("h2")
                time.sleep(3)
            times: dict[str, list[float]] = {name: [] for name in pages}
            for _ in range(rounds):
                for name, page in pages.items():
                    slider = page.get_by_role("slider", name="Temperature")
                    slider.focus()
                    page.evaluate(
                        "window.result = null;"
                        f"({watch})().then(r => window.result = r); null"
                    )
                    slider.press("ArrowRight")
                    page.wait_for_function("window.result !== null", timeout=20_000)
                    times[name].append(page.evaluate("window.result"))
                    time.sleep(1.2)
            result["slider_to_text_milliseconds"] = {
                name: {"best": min(v), "median": statistics.median(v)}
                for name, v in times.items()
            }
            for number in range(9):
                visitor = browser.new_context().new_page()
                visitor.goto(f"{url}/?seed={number}&t=0.9")
                visitor.wait_for_selector("h3")
            time.sleep(2)
            result["server_megabytes_after_ten_sessions"] = (
                psutil.Process(server.pid).memory_info().rss / 2**20
            )
        browser.close()
    return result


def table(results: dict) -> str:
    """The results as Markdown."""
    g, b, f = results["generation"], results["browser"], results["first_headline"]
    lines = ["| what | best | median |", "|---|---|---|"]

    def row(name: str, best: float, median: float, unit: str) -> None:
        lines.append(f"| {name} | {best:,.3g} {unit} | {median:,.3g} {unit} |")

    row(
        "process start to first headline",
        f["seconds_best"],
        f["seconds_median"],
        "s",
    )
    for name, values in g["milliseconds"].items():
        if "2048" not in name:
            row(
                f"{HEADLINES} headlines × {TOKENS} tokens: {name}",
                values["best"],
                values["median"],
                "ms",
            )
    for name, values in b["slider_to_text_milliseconds"].items():
        row(f"slider to new text: {name}", values["best"], values["median"], "ms")
    memory = b["server_megabytes_after_ten_sessions"]
    lines += [
        f"| app's server after ten sessions | {memory:.0f} MB | |",
        f"| library, first headline, peak memory | {f['peak_megabytes']:.0f} MB | |",
        "",
        f"`model.predict` takes {g['predict_over_ours']:.0f} times as long as textgen, "
        f"a `tf.function` step {g['tf_function_over_ours']:.1f} times (medians, our "
        "sampling included, theirs not); network against network, "
        f"{g['predict_over_network']:.0f} and {g['tf_function_over_network']:.1f} "
        "times. The processor's measured float32 peak is "
        f"{g['float32_gigaflops']:.0f} GFLOP/s; at that rate the products alone "
        f"would take {g['float32_limit_milliseconds']:.0f} ms, "
        f"{g['limit_over_ours_best']:.0%} of our best time (int8 products can pass the "
        "float32 peak).",
        "",
        f"Measured on {results['machine']}, {results['date']}.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=30, help="of the short jobs")
    rounds = options.parse_args().rounds
    results = {
        "date": time.strftime("%Y-%m-%d"),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, "
        f"{platform.system()}, Python {platform.python_version()}",
        "first_headline": first_headline(max(3, rounds // 4)),
        "generation": generation(rounds),
        "browser": in_the_browser(max(5, rounds // 3)),
    }
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / "speed.json").write_text(json.dumps(results, indent=2) + "\n")
    (RESULTS / "speed.md").write_text(table(results), encoding="utf-8")
    print(table(results))


if __name__ == "__main__":
    main()
