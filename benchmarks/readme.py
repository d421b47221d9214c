"""Fill README and model card from what was measured: ``python -m benchmarks.readme``.

Each table stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``; a test holds the
README to what this module writes, so that no figure in it goes stale.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from benchmarks import comparison as side_by_side
from benchmarks import quality, writing
from textgen import Generator
from textgen.model import bundle, card
from textgen.model.bundle import Bundle
from textgen.storage import DEFAULT_MODEL, ROOT, whole_file
from textgen.study import comparison, verdicts
from textgen.writing.options import OPENING_SEED

README = ROOT / "README.md"
TEMPERATURES, SEED, COUNT = (0.3, 0.7, 1.2), OPENING_SEED, 5


def samples() -> str:
    """What the model writes at three temperatures, nothing picked out."""
    generator = Generator.load()
    columns = [
        generator.generate(temperature=t, seed=SEED, count=COUNT) for t in TEMPERATURES
    ]
    lines = [
        "| " + " | ".join(f"T = {t}" for t in TEMPERATURES) + " |",
        "|" + "---|" * len(TEMPERATURES),
    ]
    for row in zip(*columns, strict=True):
        cells = ("(a copy)" if item.copied else item.text for item in row)
        lines.append(
            "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
        )
    command = f"python -m textgen generate --seed {SEED} -n {COUNT}"
    lines += ["", f"(`{command}` at each temperature, nothing picked out.)"]
    return "\n".join(lines)


def figures() -> str:
    """The shipped model in numbers."""
    facts = Bundle().facts
    found, size = facts["figures"], facts["files"].values()
    megabytes = sum(entry["bytes"] for entry in size) / 1e6
    rows = (
        ("bits per character, test, category given", "test_bits_per_character", 4),
        (
            "bits per character, test, any category",
            "test_bits_per_character_without_category",
            4,
        ),
        (
            "bits per character, validation, category given",
            "validation_bits_per_character",
            4,
        ),
        ("perplexity per token, test", "perplexity", 2),
    )
    lines = [
        f"The model that ships ({facts['training']['parameters']:,} parameters, "
        f"{megabytes:.0f} MB with its engine), on headlines that it never saw:",
        "",
        "| measure | value |",
        "|---|---|",
    ]
    lines += [f"| {name} | {found[key]:.{places}f} |" for name, key, places in rows]
    return "\n".join(lines)


def _one_each() -> list[dict]:
    """The table without further seeds of a model that is in it."""
    return [r for r in quality.rows() if not r["note"].startswith(quality.AGAIN)]


def _told(row: dict) -> str:
    """Whether a model was given the category, as its note says."""
    return "not given" if "category not given" in row["note"] else "given"


def _cores(row: dict) -> str:
    """How many of the machine's cores a run had, as its note says; else nothing."""
    if found := re.search(r"on (\d+ of \d+) cores", row["note"]):
        return found[1]
    if found := re.search(r"(\d+) runs at once, a share of the cores", row["note"]):
        total = re.search(r"(\d+) cores", row["machine"])[1]
        return f"{int(total) / int(found[1]):g} of {total}"
    return ""


def peers() -> str:
    """Every model's finished run, best first."""
    lines = [
        "| model | tokens | category | parameters | trained, minutes "
        "| bits per character | ms per 32 × 20 tokens | MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in _one_each():
        ours = row["note"].startswith(quality.OURS)
        name = f"**{row['model']}**" if ours else row["model"]
        cost = row["generation_ms"] or "–"
        figure = float(row["test_bits_per_character"])
        lines.append(
            f"| {name} | {row['tokens']} | {_told(row)} | "
            f"{int(row['parameters']):,} | "
            f"{card.minutes(int(row['training_seconds']))}"
            f"{card.cores({'cores': _cores(row)})} | "
            f"{figure:.3f} | {cost} | "
            f"{row['file_mb']} |"
        )
    table = comparison.peers({**Bundle().facts, "peers": peers_for_card()})
    return "\n".join([*lines, "", verdicts.peers(table, comparison.load())])


def written() -> str:
    """What each model writes where it is as varied as people."""
    lines = [
        "| model | T | category recognised | copied | different word pairs "
        "| shared with one another | shared with real ones | end properly |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in quality.read(writing.TABLE):
        cells = [row["model"], row["temperature"] or "–"]
        for name in writing.MEASURES:
            value = row[name]
            if name in ("self_bleu", "bleu"):
                cells.append(f"{float(value):.3f}")
            else:
                cells.append(f"{100 * float(value):.3g} %" if value else "–")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def cells() -> str:
    """GRU, LSTM and simple RNN of one size."""
    measured = comparison.load()
    table = comparison.cells(comparison.shipped(), measured)
    lines = [
        "| cell | units | weights | bits per character | tokens/s in training |",
        "|---|---|---|---|---|",
    ]
    for row in table.itertuples():
        lines.append(
            f"| {row.cell} | {row.units} | {row.parameters:,} | "
            f"{_with_range(row)} | {row.tokens_per_second:,.0f} |"
        )
    words = (
        verdicts.cells(table),
        verdicts.seeds(table),
        verdicts.rates(table, measured),
    )
    return "\n".join([*lines, "", " ".join(words)])


def _with_range(row) -> str:
    if row.seeds == 1:
        return f"{row.bits_per_character:.3f}"
    return f"{row.bits_per_character:.3f} ({row.lowest:.3f}–{row.highest:.3f})"


def _beside(name: str) -> str:
    """What another benchmark wrote in Markdown."""
    return quality.TABLE.with_name(name).read_text(encoding="utf-8").strip()


TABLES: dict[str, Callable[[], str]] = {
    "samples": samples,
    "figures": figures,
    "peers": peers,
    "writing": written,
    "cells": cells,
    "engines": lambda: _beside("engines.md"),
    "speed": lambda: _beside("speed.md"),
}


def filled(text: str) -> str:
    """A README's text with every table written anew."""
    for name, table in TABLES.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"the README has no place for the table {name!r}")
        made = table()
        text = pattern.sub(lambda m, made=made: f"{m[1]}{made}\n{m[2]}", text)
    return text


def peers_for_card() -> list[dict]:
    """What the shipped model's card says of every model."""
    ours = Bundle()
    return [
        {
            "model": row["model"],
            "parameters": int(row["parameters"]),
            "training_seconds": int(row["training_seconds"]),
            "cores": _cores(row),
            "told_category": _told(row) == "given",
            "descriptions": "descriptions too" in row["note"]
            or row["model"] == ours.name
            and bool(ours.facts["training"].get("train_descriptions")),
            "test_bits_per_character": float(row["test_bits_per_character"]),
        }
        for row in _one_each()
    ]


def main() -> None:
    side_by_side.main()
    for model in map(Bundle, bundle.available()):
        facts = model.facts
        if model.name == DEFAULT_MODEL:
            facts = facts | {"peers": peers_for_card()}
        written = card.write(facts)
        if (facts, written) != (model.facts, model.model_card()):
            bundle.revise(model, facts, written)
    text = filled(README.read_text(encoding="utf-8"))
    with whole_file(README) as partial:
        partial.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
