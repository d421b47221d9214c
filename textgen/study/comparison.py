"""Models side by side: what was measured of each, in one file of facts.

``python -m benchmarks.comparison`` writes it from the tables of the benchmarks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import pandas as pd

from textgen.model.bundle import Bundle, available
from textgen.model.cells import CELLS
from textgen.storage import DATA, read_facts, write_facts

FILE = DATA / "comparison.json"
#: Cells of one size.
MODELS = ("headlines-gru-small", "headlines-lstm", "headlines-rnn")


@dataclass(frozen=True)
class Comparison:
    """What was measured of several models; empty where it was not.

    Attributes:
        machine: on which the speeds were taken.
        speeds: per model the medians ``train_tokens_per_second`` and
            ``generation_milliseconds`` (32 headlines of 20 tokens).
        runs: per model bits per character on test of every finished run, the best
            first. The runs of a model differ in the seed alone.
        pilots: per model bits per character on validation by learning rate, each of
            one short run.
        judged: per model how many finished runs were measured on the test split so
            far, those that no longer ship too.
    """

    machine: str = ""
    speeds: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    runs: Mapping[str, Sequence[float]] = field(default_factory=dict)
    pilots: Mapping[str, Mapping[float, float]] = field(default_factory=dict)
    judged: Mapping[str, int] = field(default_factory=dict)


NOTHING = Comparison()


def load(path: Path = FILE) -> Comparison:
    """Read what :func:`save` wrote; nothing was measured where it is not there.

    Raises:
        FactsError: the file is damaged.
    """
    if not path.is_file():
        return NOTHING
    facts = read_facts(path, [field.name for field in fields(Comparison)])
    # JSON knows no numbers as keys.
    facts["pilots"] = {
        model: {float(rate): bits for rate, bits in tried.items()}
        for model, tried in facts["pilots"].items()
    }
    return Comparison(**facts)


def save(measured: Comparison, path: Path = FILE) -> None:
    """Write what was measured into the file of facts, whole."""
    write_facts(path, asdict(measured))


def shipped() -> list[Bundle]:
    """Those of :data:`MODELS` that are there.

    Raises:
        BundleError: one of them is damaged.
    """
    return [Bundle(name) for name in MODELS if name in available()]


def cells(bundles: Iterable[Bundle], measured: Comparison = NOTHING) -> pd.DataFrame:
    """GRU, LSTM and simple RNN of one size: one row per model.

    Args:
        bundles: with figures.
        measured: without its runs there is one seed each.

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
        figures = measured.runs.get(bundle.name) or [
            bundle.facts["figures"]["test_bits_per_character"]
        ]
        row = {
            "model": bundle.name,
            "cell": CELLS[bundle.config.cell].name,
            "units": bundle.config.units,
            "parameters": bundle.facts["training"]["parameters"],
            "learning_rate": bundle.facts["recipe"]["learning_rate"],
            "seeds": len(figures),
            "bits_per_character": sum(figures) / len(figures),
            "lowest": min(figures),
            "highest": max(figures),
            "megabytes": size / 1e6,
        }
        if speed := measured.speeds.get(bundle.name):
            row["tokens_per_second"] = speed["train_tokens_per_second"]
            row["generation_milliseconds"] = speed["generation_milliseconds"]
        rows.append(row)
    return pd.DataFrame(rows)


def curves(bundles: Iterable[Bundle], measured: Comparison = NOTHING) -> pd.DataFrame:
    """How each of them learnt, epoch by epoch.

    Args:
        bundles: with their histories.
        measured: without its speeds there is no ``minutes``.

    Returns:
        ``cell``, ``epoch`` (1 for the first), ``bits_per_character`` on validation,
        and ``minutes`` of training up to there, at the speed that was measured for
        all of them side by side.
    """
    rows = []
    for bundle in bundles:
        speed = measured.speeds.get(bundle.name)
        tokens = 0.0
        for record in bundle.history()[1:]:
            tokens += record["seconds"] * record["tokens_per_second"]
            row = {
                "cell": CELLS[bundle.config.cell].name,
                "epoch": int(record["epoch"]),
                "bits_per_character": record["validation_bits_per_character"],
            }
            if speed:
                row["minutes"] = tokens / speed["train_tokens_per_second"] / 60
            rows.append(row)
    return pd.DataFrame(rows)


def peers(facts: Mapping) -> pd.DataFrame:
    """A shipped model beside other kinds of models: one row per model, the best first.

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
        three small cells are left out: see :func:`cells`.
    """
    rows: list[dict[str, Any]] = [
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
        if peer["model"] not in MODELS
    ]
    for row in [row for row in rows if row["ours"]]:
        figure = facts["figures"]["test_bits_per_character_without_category"]
        rows.append(row | {"told": False, "bits_per_character": figure})
    rows.sort(key=lambda row: row["bits_per_character"])
    return pd.DataFrame(
        rows,
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
