"""What networks do, write and weigh, for print: twins of ``model_charts`` and of the
sweep's charts.

Colours and orders are the screen's; see :mod:`textgen.views.figures` for the base.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator, PercentFormatter

from textgen.corpus.corpus import readable
from textgen.corpus.language import SPACED, Language
from textgen.model.config import ModelConfig
from textgen.study import comparison, probes, sweep
from textgen.views import charts
from textgen.views.figures import (
    ACCENT,
    INK,
    PALE,
    SECOND,
    STYLE,
    THIRD,
    of_corpus,
    sheet,
    sheets,
    short,
)
from textgen.views.model_charts import apart
from textgen.views.palette import GATES, temperature_colour
from textgen.views.typeset import percent

_COLDEST, _HOTTEST = 0.05, 3  # the ends of the axis of temperatures


def connectivity(
    lengths: Sequence[float], labels: Sequence[str], predicted: str, source: str
) -> Figure:
    """The print twin of :func:`textgen.views.model_charts.connectivity`.

    Args:
        lengths: of the gradient, in reading order.
        labels: the words.
        predicted: the word whose chance is meant.
        source: the model, and what it read.
    """
    labels, predicted = [short(label, 24) for label in labels], short(predicted)
    most = labels[max(range(len(labels)), key=lambda i: lengths[i])]
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"The chance of “{predicted}” hangs most on “{most}”",
            8,
            0.32 * len(labels) + 1.6,
            source,
        )
        axes.barh(range(len(labels)), lengths, color=GATES["state"])
        axes.set_yticks(range(len(labels)), labels, parse_math=False)
        axes.invert_yaxis()
        axes.set_xlabel("length of the gradient")
    return figure


def jobs(
    facts: dict, config: ModelConfig, model: str, language: Language = SPACED
) -> Figure:
    """The units that pass a probe, beside what the units (words) gone by tell.

    Args:
        facts: from :func:`textgen.study.probes.load`.
        config: of the model, for what to call its units.
        model: its name.
        language: of what it read.
    """
    with mpl.rc_context(STYLE):
        figure, panels = sheets(
            f"{facts['without']} of {facts['units']} units pass none of "
            f"{len(probes.JOBS)} probes",
            len(probes.JOBS),
            f"textgen, {model} · {facts['headlines']:,} validation texts: probes "
            "fitted on one half, scored on the other",
            height=3.2,
        )
        for axes, (name, (_, score)) in zip(panels, probes.JOBS.items(), strict=True):
            _job(axes, facts, name, score, config, language)
            meaning = probes.meaning(name, language)
            count = facts["counts"][name]
            title = textwrap.fill(f"{meaning}: {count} units", 40)
            axes.set_title(title, loc="left", fontsize=11)
            axes.set_xlabel(score)
    return figure


def _job(
    axes: Axes,
    facts: dict,
    name: str,
    score: str,
    config: ModelConfig,
    language: Language,
) -> None:
    """One probe's best units, a bar each."""
    floor = 0.5 if score == "AUC" else 0.0  # where a guess stands
    bars = [
        (
            f"unit {probes.unit_name(entry['unit'], config)}"
            + (
                f" · {short(readable(entry['category']), 24)}"
                if "category" in entry
                else ""
            ),
            entry["score"],
            GATES["state"],
        )
        for entry in facts["jobs"][name]
    ]
    by_position = facts["by_position"].get(name, {})
    if "score" in by_position:
        bars.append((probes.gone_by(language), by_position["score"], PALE))
    for place, (_, value, colour) in enumerate(bars):
        axes.barh(place, max(0.0, value - floor), left=floor, color=colour)
        axes.text(max(value, floor), place, f" {value:.3f}", va="center", fontsize=9)
    axes.set_yticks(
        range(len(bars)), [label for label, _, _ in bars], fontsize=9, parse_math=False
    )
    axes.invert_yaxis()
    axes.set_xlim(floor, 1 + 0.12 * (1 - floor))
    axes.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5]))


def _category(entry: dict) -> str:
    return short(readable(entry["category"]), 24)


def category(
    names: Sequence[str], chances: Sequence[float], text: str, model: str
) -> Figure:
    """The print twin of :func:`textgen.views.model_charts.posterior`.

    Args:
        names: of the likeliest categories, the likeliest first.
        chances: of each.
        text: what was read.
        model: its name.
    """
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"“{short(text, 60)}” is read as {short(readable(names[0]))} "
            f"({percent(chances[0])})",
            8,
            0.34 * len(names) + 1.8,
            f"textgen, {model}",
        )
        axes.barh(range(len(names)), chances, color=ACCENT)
        labels = [short(name, 34) for name in names]
        axes.set_yticks(range(len(names)), labels, parse_math=False)
        for place, chance in enumerate(chances):
            axes.text(chance, place, f" {percent(chance)}", va="center", fontsize=10)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel("chance")
        axes.margins(x=0.12)
    return figure


def sibling_curves(table: pd.DataFrame, over: str, corpus: str) -> Figure:
    """The print twin of :func:`textgen.views.model_charts.sibling_curves`.

    Args:
        table: from :func:`textgen.study.comparison.curves`.
        over: ``"epoch"`` or ``"minutes"``.
        corpus: the name of what they all learnt from.
    """
    ends = table[table["epoch"] == table["epoch"].max()]
    last = ends.sort_values("bits_per_character")
    colours = dict(
        zip(dict.fromkeys(table["cell"]), (ACCENT, SECOND, THIRD), strict=True)
    )
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            "Three cells of one size end at "
            + ", ".join(
                f"{row.bits_per_character:.3f} ({row.cell})"
                for row in last.itertuples()
            )
            + " bits per character",
            8,
            4.8,
            f"textgen, {', '.join(comparison.MODELS)}, one run each; validation "
            f"split{of_corpus(corpus)}",
        )
        for cell, rows in table.groupby("cell", sort=False):
            axes.plot(
                rows[over], rows["bits_per_character"], "o-", color=colours[cell], ms=5
            )
        for row in apart(ends, table["bits_per_character"]).itertuples():
            axes.annotate(
                row.cell,
                (getattr(row, over), row.place),
                (9, 0),
                textcoords="offset points",
                va="center",
                color=colours[row.cell],
                fontweight="bold",
            )
        axes.set(
            xlim=(0, 1.16 * table[over].max()),
            xlabel=over if over == "epoch" else "minutes of training",
            ylabel="bits per character",
        )
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return figure


def quality_diversity(facts: dict, temperature: float, model: str) -> Figure:
    """The print twin of :func:`textgen.views.charts.quality_diversity`.

    Args:
        facts: from :func:`textgen.study.sweep.load`.
        temperature: the record nearest to it is drawn large.
        model: its name.
    """
    records, real = facts["records"], facts["real"]
    near = min(records, key=lambda row: abs(row["temperature"] - temperature))
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            "Heat buys variety and pays with familiar phrases",
            8,
            5,
            _swept(facts, model),
        )
        x = [1 - row["self_bleu"] for row in records]
        y = [row["bleu"] for row in records]
        axes.plot(x, y, color=PALE, linewidth=1.2, zorder=1)
        for a, b, row in zip(x, y, records, strict=True):
            t = row["temperature"]
            axes.scatter(
                a, b, 150 if row is near else 45, temperature_colour(t), zorder=2
            )
            if row is near or t in (0, 0.3, 0.5, 0.7, 1, 1.5, 3):
                axes.annotate(
                    f"T = {t:g}",
                    (a, b),
                    (7, -12 if t == 0 else 5),
                    textcoords="offset points",
                    fontsize=10,
                )
        people = (1 - real["self_bleu"], real["bleu"])
        axes.scatter(*people, 90, INK, marker="D", zorder=2)
        axes.annotate(
            "written by people",
            people,
            (-9, 0),
            textcoords="offset points",
            ha="right",
            va="center",
            fontweight="bold",
        )
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set(xlabel=charts.VARIED, ylabel=charts.SHARED)
        axes.margins(x=0.12)
    return figure


def sweep_curves(facts: dict, temperature: float, model: str) -> Figure:
    """Every measure of what a model writes, over the temperature, on one sheet.

    Args:
        facts: from :func:`textgen.study.sweep.load`.
        temperature: marked with a line.
        model: its name.
    """
    records, real = facts["records"], facts["real"]
    across = [max(row["temperature"], _COLDEST) for row in records]
    with mpl.rc_context(STYLE):
        figure, panels = sheets(
            _told(records),
            len(sweep.MEASURES),
            _swept(facts, model) + " · T = 0 stands at the left end",
        )
        for axes, (measure, (name, _)) in zip(
            panels, sweep.MEASURES.items(), strict=True
        ):
            axes.plot(
                across, [row[measure] for row in records], "o-", color=ACCENT, ms=4
            )
            axes.axvline(temperature, color=temperature_colour(temperature), zorder=0)
            if measure in real:
                axes.axhline(real[measure], color=PALE, linestyle="--", zorder=0)
                axes.annotate(
                    "written by people",
                    (_COLDEST, real[measure]),
                    (2, 3),
                    textcoords="offset points",
                    fontsize=9,
                )
            axes.set_title(name, loc="left", fontsize=12, fontweight="bold")
            axes.set(xscale="log", xlim=(_COLDEST * 0.94, _HOTTEST), ylim=(0, None))
            axes.xaxis.set_major_locator(FixedLocator([0.05, 0.1, 0.3, 1, 3]))
            axes.xaxis.set_minor_locator(NullLocator())
            axes.xaxis.set_major_formatter("{x:g}")
            if measure != "bits_per_word":
                axes.yaxis.set_major_formatter(PercentFormatter(1))
            axes.set_xlabel("temperature")
    return figure


def _told(records: Sequence[dict]) -> str:
    """What the heat does, in figures of the first and the last record."""
    first, last = records[0], records[-1]
    changes = (
        f"{name} {percent(first[measure])} → {percent(last[measure])}"
        for name, measure in (
            ("different word pairs", "distinct_2"),
            ("categories recognised", "recognised"),
            ("ended properly", "ended"),
        )
    )
    low, high = first["temperature"], last["temperature"]
    return f"From T = {low:g} to {high:g}: {', '.join(changes)}"


def _swept(facts: dict, model: str) -> str:
    return (
        f"textgen, {model} · {facts['headlines']:,} texts at each temperature, in "
        "the categories of as many test texts"
    )
