"""GRU, LSTM and simple RNN of one size: what was measured of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from textgen.model.bundle import Bundle, available
from textgen.model.config import CELL_NAMES
from textgen.storage import RESULTS

MODELS = ("headlines-gru-small", "headlines-lstm", "headlines-rnn")
SPEEDS = RESULTS / "cells.json"
RUNS = SPEEDS.with_name("quality.csv")
PILOTS = SPEEDS.with_name("pilots.csv")
LOG = SPEEDS.with_name("runs.csv")


def shipped() -> list[Bundle]:
    """Those of :data:`MODELS` that are there.

    Raises:
        BundleError: one of them is damaged.
    """
    return [Bundle(name) for name in MODELS if name in available()]


def speeds(path: Path = SPEEDS) -> dict | None:
    """What ``python -m benchmarks.cells`` measured, or None if it was not run.

    Returns:
        ``machine``, and under ``models`` per name ``train_tokens_per_second`` and
        ``generation_milliseconds`` (32 headlines of 20 tokens), medians.
    """
    if not path.is_file():
        return None
    return json.loads(path.read_text(encoding="utf-8"))


def runs(path: Path = RUNS) -> dict[str, list[float]]:
    """Bits per character on test of every finished run, per model.

    They differ in the seed alone; ``python -m benchmarks.seeds`` trains them.
    """
    if not path.is_file():
        return {}
    frame = pd.read_csv(path)
    return {
        name: sorted(part["test_bits_per_character"])
        for name, part in frame.groupby("model")
    }


def judged(model: str, path: Path = LOG) -> int:
    """How many finished runs of a model were measured on the test split so far.

    Args:
        model: its name.
        path: of the log, which holds the runs that no longer ship too.
    """
    if not path.is_file():
        return 0
    frame = pd.read_csv(path)
    return int(frame["test_bits_per_character"][frame["model"] == model].notna().sum())


def pilots(path: Path = PILOTS) -> dict[str, dict[float, float]]:
    """What each learning rate gave in a short run, per model.

    ``python -m benchmarks.seeds --pilots`` tries them.

    Returns:
        Bits per character on validation by learning rate, by model.
    """
    if not path.is_file():
        return {}
    frame = pd.read_csv(path)
    return {
        name: dict(
            zip(
                part["learning_rate"],
                part["validation_bits_per_character"],
                strict=True,
            )
        )
        for name, part in frame.groupby("model")
        if name in MODELS
    }


def table(
    bundles: Iterable[Bundle],
    speeds: Mapping | None = None,
    runs: Mapping[str, Sequence[float]] | None = None,
) -> pd.DataFrame:
    """One row per model.

    Args:
        bundles: with figures.
        speeds: from :func:`speeds`.
        runs: from :func:`runs`; without them there is one seed each.

    Returns:
        ``model``, ``cell`` (as it is written), ``units``, ``parameters``,
        ``learning_rate`` (its peak), ``seeds`` (how many runs),
        ``bits_per_character`` on test with the category given (their mean), ``lowest``
        and ``highest`` of them, and ``megabytes`` of the whole folder; with speeds
        ``tokens_per_second`` in training and ``generation_milliseconds``.
    """
    rows = []
    for bundle in bundles:
        size = sum(entry["bytes"] for entry in bundle.facts["files"].values())
        figures = (runs or {}).get(bundle.name) or [
            bundle.facts["figures"]["test_bits_per_character"]
        ]
        row = {
            "model": bundle.name,
            "cell": CELL_NAMES[bundle.config.cell],
            "units": bundle.config.units,
            "parameters": bundle.facts["training"]["parameters"],
            "learning_rate": bundle.facts["recipe"]["learning_rate"],
            "seeds": len(figures),
            "bits_per_character": sum(figures) / len(figures),
            "lowest": min(figures),
            "highest": max(figures),
            "megabytes": size / 1e6,
        }
        if speeds is not None and bundle.name in speeds["models"]:
            measured = speeds["models"][bundle.name]
            row["tokens_per_second"] = measured["train_tokens_per_second"]
            row["generation_milliseconds"] = measured["generation_milliseconds"]
        rows.append(row)
    return pd.DataFrame(rows)


def curves(bundles: Iterable[Bundle], speeds: Mapping | None = None) -> pd.DataFrame:
    """How each learnt, epoch by epoch.

    Args:
        bundles: with their histories.
        speeds: from :func:`speeds`; without them there is no ``minutes``.

    Returns:
        ``cell``, ``epoch`` (1 for the first), ``bits_per_character`` on validation,
        and ``minutes`` of training up to there, at the speed that was measured for
        all of them side by side.
    """
    rows = []
    for bundle in bundles:
        tokens = 0.0
        for record in bundle.history()[1:]:
            tokens += record["seconds"] * record["tokens_per_second"]
            row = {
                "cell": CELL_NAMES[bundle.config.cell],
                "epoch": int(record["epoch"]),
                "bits_per_character": record["validation_bits_per_character"],
            }
            if speeds is not None and bundle.name in speeds["models"]:
                speed = speeds["models"][bundle.name]["train_tokens_per_second"]
                row["minutes"] = tokens / speed / 60
            rows.append(row)
    return pd.DataFrame(rows)


def minutes_in_words(learnt: pd.DataFrame) -> str:
    """How nearly equally many passes are equally much time.

    Args:
        learnt: from :func:`curves`.

    Returns:
        A sentence, or nothing where no speed was measured.
    """
    if "minutes" not in learnt:
        return ""
    last = learnt.groupby("cell")["minutes"].max()
    return (
        f"At these speeds the runs take {last.min():.1f} to {last.max():.1f} minutes: "
        f"equally many passes are equal time within {last.max() / last.min() - 1:.0%}."
    )


def in_words(rows: pd.DataFrame) -> str:
    """What the table says of the claim "a GRU is faster than an LSTM and loses little".

    Args:
        rows: from :func:`table`, GRU and LSTM among them.

    Returns:
        A few sentences, every number from the table; empty without both.
    """
    by_cell = {row["cell"]: row for row in rows.to_dict("records")}
    if not {"GRU", "LSTM"} <= {*by_cell}:
        return ""
    gru, lstm = by_cell["GRU"], by_cell["LSTM"]
    change = lstm["bits_per_character"] / gru["bits_per_character"] - 1
    parts = [
        "“A GRU is faster than an LSTM and loses little”, people say. Here, with as "
        f"many weights, it loses nothing: the LSTM needs {change:.1%} more bits."
        if change > 0
        else "“A GRU is faster than an LSTM and loses little”, people say. Here, with "
        f"as many weights, the LSTM needs {-change:.1%} fewer bits."
    ]
    seeds = min(gru["seeds"], lstm["seeds"])
    if seeds > 1:
        apart = gru["highest"] < lstm["lowest"] or lstm["highest"] < gru["lowest"]
        parts.append(
            f"Over {seeds} seeds each the two "
            + (
                "never overlap."
                if apart
                else "overlap, so that may be an accident of the seed."
            )
        )
    if "tokens_per_second" in rows and rows["tokens_per_second"].notna().all():
        share = gru["tokens_per_second"] / lstm["tokens_per_second"] - 1
        word = "more" if share > 0 else "fewer"
        parts.append(
            f"In training the GRU reads {abs(share):.0%} {word} tokens per second, "
            "side by side on one machine, medians of one measurement: with as many "
            "weights both have about as many sums to do. It is at equal width that the "
            "GRU is smaller, with three quarters of the LSTM's weights."
        )
    if plain := by_cell.get(CELL_NAMES["rnn"]):
        more = plain["bits_per_character"] / gru["bits_per_character"] - 1
        parts.append(
            f"The {plain['cell']}, which has no gates, needs {more:.0%} more bits "
            "than the GRU with as many weights."
            if more > 0
            else f"Even the {plain['cell']}, which has no gates, needs no more bits."
        )
    return " ".join(parts)


def clear_winner(rows: pd.DataFrame) -> str | None:
    """The cell whose worst seed is better than the best seed of every other.

    Args:
        rows: from :func:`table`.

    Returns:
        None where ranges touch, or where any cell has a single seed, whose range
        nobody knows.
    """
    if (rows["seeds"] < 2).any():
        return None
    best = rows.loc[rows["highest"].idxmin()]
    others = rows[rows["cell"] != best["cell"]]
    return best["cell"] if (best["highest"] < others["lowest"]).all() else None


def seeds_in_words(rows: pd.DataFrame) -> str:
    """How many runs stand behind each figure of the table."""
    counts = {*rows["seeds"]}
    if counts == {1}:
        return "One seed each."
    if len(counts) == 1:
        return (
            f"Means over {counts.pop()} seeds each, with the range from best to worst."
        )
    each = ", ".join(f"{row.cell} {row.seeds}" for row in rows.itertuples())
    return f"Means over the seeds trained so far ({each}), with their range."


def rates_in_words(
    rows: pd.DataFrame, pilots: Mapping[str, Mapping[float, float]]
) -> str:
    """How the learning rates were chosen.

    Args:
        rows: from :func:`table`.
        pilots: from :func:`pilots`.
    """
    each = dict(zip(rows["model"], rows["learning_rate"], strict=True))
    best = {m: min(tried, key=tried.__getitem__) for m, tried in pilots.items()}
    if any(best.get(model) != rate for model, rate in each.items()):
        return (
            "The learning rate was not chosen for each: some might do better with "
            "another one."
        )
    tried = min(len(pilots[model]) for model in each)
    named = ", ".join(f"{row.cell} {row.learning_rate:g}" for row in rows.itertuples())
    sentence = (
        f"Each has a learning rate of its own, the best of at least {tried} that were "
        f"tried for it in one pass over the headlines ({named})."
    )
    highest = [
        row.cell
        for row in rows.itertuples()
        if best[row.model] == max(pilots[row.model])
    ]
    if highest:
        sentence += (
            f" For {' and '.join(highest)} that was the highest tried: a higher one "
            "might do better still."
        )
    return sentence
