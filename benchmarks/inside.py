"""What opening a headline costs: ``python -m benchmarks.inside``.

Writes ``benchmarks/results/inside.md``: the library's work for a headline of 15 tokens,
and in a real browser the time from Enter to the gate strips of the new headline, and
from a page's address to its strips, beside the same for a Streamlit page that holds a
heading only.
"""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks import RESULTS
from benchmarks.browser import launch, served, streamlit
from benchmarks.speed import EMPTY
from textgen.explain import connectivity, posterior, trace
from textgen.model.bundle import Bundle
from textgen.storage import ROOT, whole_file
from textgen.study import surgery
from textgen.writing.generator import Generator

SUBJECTS = ("Owls", "Cats", "Birds", "Kids", "Dogs", "Women", "Men", "People")
LIBRARY_ROUNDS, BROWSER_ROUNDS = 20, 8


def headlines(box: Generator, count: int) -> list[str]:
    """Made-up headlines of exactly 15 tokens, all different."""
    found = []
    for number in range(10_000):
        subject = SUBJECTS[number % len(SUBJECTS)]
        text = f"Why {number} {subject} Want To Sing About The Moon In The Old House"
        words = text.split()
        while len(box.tokenizer.encode(" ".join(words))) > 15:
            words.pop()
        text = " ".join(words)
        if len(box.tokenizer.encode(text)) == 15 and text not in found:
            found.append(text)
        if len(found) == count:
            return found
    raise AssertionError("the tokenizer gives no 15 tokens")


def in_the_library() -> dict[str, list[float]]:
    bundle = Bundle()
    box = Generator.from_bundle(bundle, "reference")
    fast = Generator.from_bundle(bundle)
    prior = posterior.prior(fast.categories, bundle.corpus.labels)

    def traced(text):
        read = trace.trace(box, text)
        trace.equations(box.engine, read, 3, 31)

    def connected(text):
        connectivity.connectivity(box.engine, trace.trace(box, text))

    keeping = surgery.keeping(box)
    held = surgery.Operation(update=0.0, share=0.5)
    jobs = {
        "gates and equations": traced,
        "memory, every prediction": connected,
        "category, 42 readings": lambda text: posterior.posterior(fast, [text], prior),
        "surgery, bits on the made-up headlines": lambda text: surgery.bits(
            surgery.operate(bundle, held, keeping)
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in jobs}
    texts = headlines(box, LIBRARY_ROUNDS)
    for text in texts:
        for name, job in jobs.items():
            start = time.perf_counter()
            job(text)
            times[name].append(1000 * (time.perf_counter() - start))
    return times


def in_the_browser() -> dict[str, list[float]]:
    from playwright.sync_api import sync_playwright

    box = Generator.from_bundle(Bundle(), "reference")
    texts = headlines(box, 2 * BROWSER_ROUNDS + 2)
    times: dict[str, list[float]] = {
        "Enter to the new strips": [],
        "address to strips, fresh browser": [],
        "the same, a page with a heading only": [],
    }
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = launch(playwright)
        empty = Path(folder) / "empty.py"
        empty.write_text(EMPTY, encoding="utf-8")

        def opened(address: str, what: str) -> tuple[float, object]:
            page = browser.new_context(
                viewport={"width": 1280, "height": 800}
            ).new_page()
            start = time.perf_counter()
            page.goto(address, wait_until="commit")
            page.wait_for_selector(what)
            return 1000 * (time.perf_counter() - start), page

        app, nothing = streamlit(ROOT / "app.py"), streamlit(empty)
        with served(app) as (url, _), served(nothing) as (bare, _):
            strips = ".strips canvas"
            opened(f"{url}/inside?headline={texts[-1]}", strips)[1].context.close()
            opened(bare, "h2")[1].context.close()
            _, page = opened(f"{url}/inside?headline={texts[-2]}", strips)
            names = page.locator(".strips figure:first-child .name")
            field = page.get_by_role("textbox", name="Headline to open")
            for i in range(BROWSER_ROUNDS):
                field.fill(texts[2 * i])
                wanted = "".join(trace.trace(box, texts[2 * i]).names)
                start = time.perf_counter()
                field.press("Enter")
                while "".join(names.all_text_contents()) != wanted:
                    if time.perf_counter() - start > 20:
                        raise TimeoutError(f"no strips of {wanted}")
                times["Enter to the new strips"].append(
                    1000 * (time.perf_counter() - start)
                )
                for name, address, what in (
                    (
                        "address to strips, fresh browser",
                        f"{url}/inside?headline={texts[2 * i + 1]}",
                        strips,
                    ),
                    ("the same, a page with a heading only", bare, "h2"),
                ):
                    taken, other = opened(address, what)
                    times[name].append(taken)
                    other.context.close()
        browser.close()
    return times


def main() -> None:
    lines = ["| what | best | median | worst |", "|---|---|---|---|"]
    for name, values in (in_the_library() | in_the_browser()).items():
        row = (min(values), statistics.median(values), max(values))
        lines.append(f"| {name} | " + " | ".join(f"{v:,.0f} ms" for v in row) + " |")
    lines += [
        "",
        "Headlines of 15 tokens, each a new one, so that nothing is cached; "
        f"{platform.machine()}, {os.cpu_count()} cores, {platform.system()}.",
    ]
    text = "\n".join(lines) + "\n"
    with whole_file(RESULTS / "inside.md") as partial:
        partial.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
