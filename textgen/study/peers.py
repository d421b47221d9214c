"""The shipped model beside other kinds of models: what was measured of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from textgen.study import siblings

#: Cells that were trained with several seeds, by the model's name: what seeds can do.
_RELATIVES = {"headlines-gru-small": "GRU", "headlines-lstm": "LSTM"}


def table(facts: Mapping) -> pd.DataFrame:
    """One row per model, the best first.

    A model that knows the category has it easier than one that does not, so the model
    stands there twice: told and not told.

    Args:
        facts: a bundle's, with the ``peers`` that ``python -m benchmarks.readme`` puts
            there.

    Returns:
        ``model``, ``ours`` (whether it is this bundle), ``told`` (whether it was given
        the category), ``parameters``, ``minutes`` of training, ``cores`` it had
        (``"1 of 2"``; empty where that was not noted), ``descriptions`` (whether it
        read them too) and ``bits_per_character`` on test. Empty without peers. The
        three small cells are left out: see :mod:`textgen.study.siblings`.
    """
    rows = [
        {
            "model": peer["model"],
            "ours": peer["model"] == facts["name"],
            "told": peer["told_category"],
            "parameters": peer["parameters"],
            "minutes": peer["training_seconds"] / 60,
            "cores": peer["cores"],
            "descriptions": peer["descriptions"],
            "bits_per_character": peer["test_bits_per_character"],
        }
        for peer in facts.get("peers", ())
        if peer["model"] not in siblings.MODELS
    ]
    for row in [row for row in rows if row["ours"]]:
        figure = facts["figures"]["test_bits_per_character_without_category"]
        rows.append(row | {"told": False, "bits_per_character": figure})
    return pd.DataFrame(
        sorted(rows, key=lambda row: row["bits_per_character"]),
        columns=[
            "model",
            "ours",
            "told",
            "parameters",
            "minutes",
            "cores",
            "descriptions",
            "bits_per_character",
        ],
    )


def in_words(
    rows: pd.DataFrame, runs: Mapping[str, Sequence[float]] | None = None
) -> str:
    """Who does better than ours, and who comes closest.

    Each is compared with ours under the same condition: told the category or not. All
    of these models had one run each, so a small difference may be the seed's; how much
    a seed can do is known from the small cells alone.

    Args:
        rows: from :func:`table`.
        runs: from :func:`textgen.study.siblings.runs`.

    Returns:
        A sentence or two; empty where there is nobody to compare with.
    """
    ours = {row.told: row.bits_per_character for row in rows.itertuples() if row.ours}
    ratios = {
        row.model: row.bits_per_character / ours[row.told]
        for row in rows.itertuples()
        if not row.ours and row.told in ours
    }
    if not ratios:
        return ""
    closest = min(ratios, key=ratios.get)
    change = ratios[closest] - 1
    seeds = _seeds_in_words(abs(change), runs or {})
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


def _seeds_in_words(change: float, runs: Mapping[str, Sequence[float]]) -> str:
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
