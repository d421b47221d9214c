"""The shipped model beside other kinds of models: what was measured of each."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from textgen import siblings

EVEN = 0.005  # a difference this small may be the seed's


def table(facts: Mapping) -> pd.DataFrame:
    """One row per model, the best first.

    A model that knows the category has it easier than one that does not, so the model
    stands there twice: told and not told.

    Args:
        facts: a bundle's, with the ``peers`` that ``python benchmarks/readme.py`` puts
            there.

    Returns:
        ``model``, ``ours`` (whether it is this bundle), ``told`` (whether it was given
        the category), ``parameters``, ``minutes`` of training, and
        ``bits_per_character`` on test. Empty without peers. The three small cells are
        left out: see :mod:`textgen.siblings`.
    """
    rows = [
        {
            "model": peer["model"],
            "ours": peer["model"] == facts["name"],
            "told": peer["told_category"],
            "parameters": peer["parameters"],
            "minutes": peer["training_seconds"] / 60,
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
            "bits_per_character",
        ],
    )


def in_words(rows: pd.DataFrame) -> str:
    """Who does better than ours, and who comes closest.

    Each is compared with ours under the same condition: told the category or not.

    Args:
        rows: from :func:`table`.

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
    if abs(change) < EVEN:
        word = "more" if change >= 0 else "fewer"
        return (
            f"The GRU and the {closest} are as good as even: told as much, the "
            f"{closest} needs {abs(change):.1%} {word} bits, by one run each."
        )
    if change >= 0:
        return (
            f"Nobody here does better than the GRU. The {closest} comes closest: told "
            f"as much, it needs {change:.1%} more bits."
        )
    better = [name for name, ratio in ratios.items() if ratio < 1]
    others = "" if len(better) == 1 else f", the best of {len(better)} that do"
    return (
        f"The {closest} does better than the GRU{others}: told as much, it needs "
        f"{-change:.1%} fewer bits."
    )
