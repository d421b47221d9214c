"""The charts for print: seaborn on Matplotlib ``Figure`` objects, never pyplot.

pyplot's state is shared by all sessions of a server; a ``Figure`` is not.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from textgen.charts import (
    CURVES,
    LONGEST_DRAWN,
    curve_table,
    lengths_title,
    shipped_epoch,
)
from textgen.summary import Summary, share_up_to, year_order

INK, ACCENT, SECOND, PAPER = "#12100d", "#0b6267", "#a3570f", "#ffffff"
_QUIET = "#6b655a"
_STYLE = {
    "font.family": "serif",
    "font.size": 12,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
}
_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")
_SOURCE = "News Category Dataset, Rishabh Misra (arXiv:2209.11429)"


def _figure(title: str, width: float, height: float, source: str):
    figure = Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    axes.set_title(title, loc="left", fontsize=15, fontweight="bold", pad=12)
    figure.supxlabel(source, x=0.01, ha="left", fontsize=8, color=_QUIET)
    return figure, axes


def categories(table: pd.DataFrame) -> Figure:
    """The print twin of :func:`textgen.charts.categories`."""
    with mpl.rc_context(_STYLE):
        leader = table["category"][0].capitalize()
        title = f"{leader} leads, {len(table) - 1} others share the rest"
        figure, axes = _figure(title, 8, 10, _SOURCE)
        sns.barplot(table, x="count", y="category", color=ACCENT, ax=axes)
        for place, (count, share) in enumerate(
            zip(table["count"], table["share"], strict=True)
        ):
            axes.text(
                count, place, f" {count:,} · {share:.1%}", va="center", fontsize=8
            )
        axes.set(xlabel="headlines", ylabel="")
        axes.tick_params(axis="y", labelsize=8)
        axes.xaxis.set_major_formatter(_THOUSANDS)
        axes.margins(x=0.16)
    return figure


def category_years(table: pd.DataFrame, order: Sequence[str]) -> Figure:
    """The print twin of :func:`textgen.charts.category_years`."""
    with mpl.rc_context(_STYLE):
        figure, axes = _figure("Labels come and go", 8, 10, _SOURCE)
        wide = table.pivot(index="category", columns="year", values="count")
        sns.heatmap(
            wide.reindex(list(order)),
            cmap=sns.light_palette(ACCENT, as_cmap=True),
            norm=mpl.colors.PowerNorm(0.5),
            cbar_kws={"label": "headlines", "shrink": 0.5, "format": _THOUSANDS},
            yticklabels=True,
            ax=axes,
        )
        axes.set(xlabel="", ylabel="")
        axes.tick_params(axis="y", labelsize=8, rotation=0)
    return figure


def lengths(table: pd.DataFrame, median: float) -> Figure:
    """The print twin of :func:`textgen.charts.lengths`."""
    with mpl.rc_context(_STYLE):
        share = share_up_to(table, median)
        title = f"{share:.0%} of the headlines have {median:g} words or fewer"
        figure, axes = _figure(title, 8, 4.5, _SOURCE)
        shown = table[table["length"] <= LONGEST_DRAWN]
        sns.barplot(shown, x="length", y="count", color=ACCENT, ax=axes)
        axes.set(xlabel=lengths_title(table), ylabel="headlines")
        axes.yaxis.set_major_formatter(_THOUSANDS)
    return figure


def training_curve(history: Sequence[dict], measure: str) -> Figure:
    """The print twin of :func:`textgen.charts.training_curve`."""
    with mpl.rc_context(_STYLE):
        table = curve_table(history, measure)
        source = "textgen, headlines-gru; validation split of the News Category Dataset"
        figure, axes = _figure(CURVES[measure][0] + " over training", 8, 4.5, source)
        sns.lineplot(
            table,
            x="epoch",
            y="value",
            hue="split",
            palette=[ACCENT, SECOND][: table["split"].nunique()],
            marker="o",
            linewidth=2.2,
            legend=False,
            ax=axes,
        )
        ships = shipped_epoch(history)
        axes.axvline(ships, color=_QUIET, linestyle="--", linewidth=1)
        rising = measure == "accuracy"  # so its lines end at the top
        axes.annotate(
            f"epoch {ships} ships",
            (ships, 0 if rising else 1),
            (-5, 5 if rising else -5),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right",
            va="bottom" if rising else "top",
            color=_QUIET,
        )
        if measure != "learning_rate":
            last = table[table["epoch"] == table["epoch"].max()].sort_values("value")
            names = list(dict.fromkeys(table["split"]))
            for (_, row), (offset, side) in zip(
                last.iterrows(), ((-8, "top"), (8, "bottom")), strict=True
            ):
                axes.annotate(
                    row["split"],
                    (row["epoch"], row["value"]),
                    (0, offset),
                    textcoords="offset points",
                    ha="right",
                    va=side,
                    color=[ACCENT, SECOND][names.index(row["split"])],
                    fontweight="bold",
                )
        if measure == "perplexity":
            axes.set_yscale("log")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set(xlabel="epoch", ylabel=CURVES[measure][1])
    return figure


def render(figure: Figure, kind: str) -> bytes:
    """A figure as a file.

    Args:
        figure: any of this module's.
        kind: ``"png"`` (200 dots per inch) or ``"svg"``.
    """
    buffer = io.BytesIO()
    # No date in the metadata: the same figure is the same file.
    metadata = {"Date": None} if kind == "svg" else {}
    with mpl.rc_context(_STYLE):
        figure.savefig(buffer, format=kind, dpi=200, metadata=metadata)
    return buffer.getvalue()


def draw_all(summary: Summary, history: Sequence[dict]) -> dict[str, Figure]:
    """Every figure under its file name.

    Args:
        summary: of the dataset.
        history: of a model.
    """
    words = summary.lengths[summary.lengths["unit"] == "words"]
    drawn = {
        "categories": categories(summary.categories),
        "category_years": category_years(
            summary.category_years, year_order(summary.category_years)
        ),
        "lengths": lengths(words, summary.facts["median_words"]),
    }
    for measure in CURVES:
        drawn[f"training_{measure}"] = training_curve(history, measure)
    return drawn
