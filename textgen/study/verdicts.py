"""What the comparisons of models say, in words: every number from their tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from textgen.model.cells import GRU, LSTM, RNN
from textgen.study.comparison import NOTHING, Comparison

#: Cells that were trained with several seeds, by the model's name: what seeds can do.
_RELATIVES = {"headlines-gru-small": GRU.name, "headlines-lstm": LSTM.name}


def cells(rows: pd.DataFrame) -> str:
    """What the table says of the claim "a GRU is faster than an LSTM and loses little".

    Args:
        rows: from :func:`textgen.study.comparison.cells`, GRU and LSTM among them.

    Returns:
        A few sentences, every number from the table; empty without both.
    """
    by_cell = {row["cell"]: row for row in rows.to_dict("records")}
    if not {GRU.name, LSTM.name} <= {*by_cell}:
        return ""
    gru, lstm = by_cell[GRU.name], by_cell[LSTM.name]
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
    if plain := by_cell.get(RNN.name):
        more = plain["bits_per_character"] / gru["bits_per_character"] - 1
        parts.append(
            f"The {plain['cell']}, which has no gates, needs {more:.0%} more bits "
            "than the GRU with as many weights."
            if more > 0
            else f"Even the {plain['cell']}, which has no gates, needs no more bits."
        )
    return " ".join(parts)


def winner(rows: pd.DataFrame) -> str | None:
    """The cell whose worst seed is better than the best seed of every other.

    Args:
        rows: from :func:`textgen.study.comparison.cells`.

    Returns:
        None where ranges touch, or where any cell has a single seed, whose range
        nobody knows.
    """
    if (rows["seeds"] < 2).any():
        return None
    cells = rows.to_dict("records")
    best = min(cells, key=lambda row: row["highest"])
    others = [row["lowest"] for row in cells if row["cell"] != best["cell"]]
    return best["cell"] if all(best["highest"] < low for low in others) else None


def seeds(rows: pd.DataFrame) -> str:
    """How many runs stand behind each figure of the table."""
    counts = {*rows["seeds"]}
    if counts == {1}:
        return "One seed each."
    if len(counts) == 1:
        return (
            f"Means over {counts.pop()} seeds each, with the range from best to worst."
        )
    each = ", ".join(f"{row['cell']} {row['seeds']}" for row in rows.to_dict("records"))
    return f"Means over the seeds trained so far ({each}), with their range."


def rates(rows: pd.DataFrame, measured: Comparison) -> str:
    """How the learning rates were chosen.

    Args:
        rows: from :func:`textgen.study.comparison.cells`.
        measured: with the pilots.
    """
    pilots, cells = measured.pilots, rows.to_dict("records")
    best = {m: min(tried, key=tried.__getitem__) for m, tried in pilots.items()}
    if any(best.get(row["model"]) != row["learning_rate"] for row in cells):
        return (
            "The learning rate was not chosen for each: some might do better with "
            "another one."
        )
    fewest = min(len(pilots[row["model"]]) for row in cells)
    named = ", ".join(f"{row['cell']} {row['learning_rate']:g}" for row in cells)
    sentence = (
        f"Each has a learning rate of its own, the best of at least {fewest} that were "
        f"tried for it in one pass over the headlines ({named})."
    )
    highest = [
        row["cell"] for row in cells if best[row["model"]] == max(pilots[row["model"]])
    ]
    if highest:
        sentence += (
            f" For {' and '.join(highest)} that was the highest tried: a higher one "
            "might do better still."
        )
    return sentence


def minutes(learnt: pd.DataFrame) -> str:
    """How nearly equally many passes are equally much time.

    Args:
        learnt: from :func:`textgen.study.comparison.curves`.

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


def peers(rows: pd.DataFrame, measured: Comparison = NOTHING) -> str:
    """Who does better than ours, and who comes closest.

    Each is compared with ours under the same condition: told the category or not. All
    of these models had one run each, so a small difference may be the seed's; how much
    a seed can do is known from the small cells alone.

    Args:
        rows: from :func:`textgen.study.comparison.peers`.
        measured: with the runs.

    Returns:
        A sentence or two; empty where there is nobody to compare with.
    """
    models = rows.to_dict("records")
    ours = {row["told"]: row["bits_per_character"] for row in models if row["ours"]}
    ratios: dict[str, float] = {
        row["model"]: row["bits_per_character"] / ours[row["told"]]
        for row in models
        if not row["ours"] and row["told"] in ours
    }
    if not ratios:
        return ""
    closest = min(ratios, key=ratios.__getitem__)
    change = ratios[closest] - 1
    seeds = _spread(abs(change), measured.runs)
    if change >= 0:
        return (
            f"Nobody here does better than the GRU. The {closest} comes closest: told "
            f"as much, it needs {_share(change)} more bits, by one run each.{seeds}"
        )
    better = [name for name, ratio in ratios.items() if ratio < 1]
    others = "" if len(better) == 1 else f", the best of {len(better)} that do"
    return (
        f"The {closest} does better than the GRU{others}: told as much, it needs "
        f"{_share(-change)} fewer bits, by one run each.{seeds}"
    )


def _spread(change: float, runs: Mapping[str, Sequence[float]]) -> str:
    """What runs that differ in the seed alone say of a difference this large."""
    apart = {
        cell: max(runs[name]) / min(runs[name]) - 1
        for name, cell in _RELATIVES.items()
        if len(runs.get(name, ())) > 1
    }
    if not apart:
        return ""
    each = " and ".join(f"the small {c} by {_share(s)}" for c, s in apart.items())
    verdict = (
        "so the seed may be all the difference that there is."
        if change <= max(apart.values())
        else "less than this difference."
    )
    return f" Seeds alone spread {each}, {verdict}"


def _share(value: float) -> str:
    return f"{value:.{1 if value >= 0.01 else 2}%}"
