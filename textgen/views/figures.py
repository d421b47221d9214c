"""The charts for print: seaborn on Matplotlib ``Figure`` objects, never pyplot.

pyplot's state is shared by all sessions of a server; a ``Figure`` is not.
"""

from __future__ import annotations

import io
import textwrap
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import matplotlib.font_manager
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter, MaxNLocator

from textgen.corpus.corpus import CorpusFacts, readable
from textgen.corpus.summary import share_up_to
from textgen.views.charts import CURVES, curve_table, shipped_epoch
from textgen.views.corpus_charts import LONGEST_DRAWN, MOST_DRAWN, lengths_title

#: The light page's text and first colours of charts, on white.
INK, PAPER = "#12100d", "#ffffff"
ACCENT, SECOND, THIRD = "#0b6267", "#a3570f", "#5b5ea6"
PALE = "#6b655a"  # what is beside the point: sources, rules
#: What may stand in where the serif face lacks a character; the first is always there.
_OTHERS = (
    "DejaVu Sans",
    "Noto Sans CJK JP",
    "Hiragino Sans",
    "Yu Gothic",
    "Noto Emoji",
)
_INSTALLED = {font.name for font in mpl.font_manager.fontManager.ttflist}
#: For matplotlib's ``rc_context``.
STYLE: dict[Any, Any] = {
    "font.family": ["serif", *(name for name in _OTHERS if name in _INSTALLED)],
    "font.size": 12,
    "axes.edgecolor": INK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "svg.fonttype": "none",
}
_THOUSANDS = FuncFormatter(lambda value, _: f"{value:,.0f}")


def sheet(title: str, width: float, height: float, source: str) -> tuple[Figure, Axes]:
    """An empty figure with one pair of axes.

    Args:
        title: what is to be seen.
        width: inches.
        height: inches.
        source: where it is from, in small print.
    """
    figure, panels = _empty(title, width, height, source, (1, 1))
    return figure, panels[0]


def sheets(
    title: str, count: int, source: str, *, height: float = 2.6
) -> tuple[Figure, list[Axes]]:
    """An empty figure with so many small axes, two abreast.

    Args:
        title: what is to be seen.
        count: how many.
        source: where it is from, in small print.
        height: of each, in inches.
    """
    rows = -(-count // 2)
    figure, panels = _empty(title, 10, rows * height + 1, source, (rows, 2))
    for unused in panels[count:]:
        unused.remove()
    return figure, panels[:count]


def of_corpus(name: str) -> str:
    """Whose split it is, where the texts have a name: `` of the …``."""
    return f" of the {name}" if name else ""


def short(text: str, most: int = 40, *, end: bool = False) -> str:
    """A text that may be a person's, of a length that fits a title or a label.

    Args:
        text: any.
        most: characters.
        end: keep its end rather than its beginning.
    """
    if len(text) <= most:
        return text
    return f"…{text[1 - most :]}" if end else f"{text[: most - 1]}…"


def _empty(
    title: str, width: float, height: float, source: str, shape: tuple[int, int]
) -> tuple[Figure, list[Axes]]:
    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1)  # inches
    figure = Figure(figsize=(width, height), facecolor=PAPER, layout=layout)
    FigureCanvasAgg(figure)
    panels = figure.subplots(*shape, squeeze=False).flatten().tolist()
    # What a person typed may hold a $, which is no formula.
    plain: dict[str, Any] = {"x": 0.01, "ha": "left", "parse_math": False}
    lines = textwrap.fill(title, round(7.4 * width))
    figure.suptitle(lines, fontsize=15, fontweight="bold", **plain)
    lines = textwrap.fill(source, round(16 * width))
    figure.supxlabel(lines, fontsize=8, color=PALE, **plain)
    return figure, panels


def categories(table: pd.DataFrame, facts: CorpusFacts) -> Figure:
    """The print twin of :func:`textgen.views.corpus_charts.categories`.

    Args:
        table: as there.
        facts: of the corpus.
    """
    with mpl.rc_context(STYLE):
        leader = short(readable(table["category"][0]))
        title = f"{leader} leads, {len(table) - 1} others share the rest"
        if (more := len(table) - MOST_DRAWN) > 0:
            title += f"; {more} of them are not drawn"
        table = table.head(MOST_DRAWN)
        figure, axes = sheet(title, 8, 10, facts.credits)
        sns.barplot(table, x="count", y="category", color=ACCENT, saturation=1, ax=axes)
        for place, (count, share) in enumerate(
            zip(table["count"], table["share"], strict=True)
        ):
            axes.text(
                count, place, f" {count:,} · {share:.1%}", va="center", fontsize=8
            )
        axes.set(xlabel=facts.noun.many, ylabel="")
        _plain(axes, table["category"])
        axes.tick_params(axis="y", labelsize=8)
        axes.xaxis.set_major_formatter(_THOUSANDS)
        axes.margins(x=0.16)
    return figure


def category_years(
    table: pd.DataFrame, order: Sequence[str], facts: CorpusFacts
) -> Figure:
    """The print twin of :func:`textgen.views.corpus_charts.category_years`.

    Args:
        table: as there.
        order: as there.
        facts: of the corpus.
    """
    with mpl.rc_context(STYLE):
        figure, axes = sheet("Labels come and go", 8, 10, facts.credits)
        wide = table.pivot(index="category", columns="year", values="count")
        sns.heatmap(
            wide.reindex(list(order)),
            cmap=sns.light_palette(ACCENT, as_cmap=True),
            norm=mpl.colors.PowerNorm(0.5),
            cbar_kws={"label": facts.noun.many, "shrink": 0.5, "format": _THOUSANDS},
            yticklabels=True,
            ax=axes,
        )
        axes.set(xlabel="", ylabel="")
        _plain(axes, order)
        axes.tick_params(axis="y", labelsize=8, rotation=0)
    return figure


def lengths(table: pd.DataFrame, median: float, facts: CorpusFacts) -> Figure:
    """The print twin of :func:`textgen.views.corpus_charts.lengths`.

    Args:
        table: as there.
        median: as there.
        facts: of the corpus.
    """
    noun = facts.noun
    with mpl.rc_context(STYLE):
        share = share_up_to(table, median)
        title = f"{share:.0%} of the {noun.many} have {median:g} words or fewer"
        figure, axes = sheet(title, 8, 4.5, facts.credits)
        shown = table[table["length"] <= LONGEST_DRAWN]
        sns.barplot(shown, x="length", y="count", color=ACCENT, saturation=1, ax=axes)
        axes.set(xlabel=lengths_title(table, noun), ylabel=noun.many)
        axes.yaxis.set_major_formatter(_THOUSANDS)
    return figure


def _plain(axes: Axes, names: Sequence[str]) -> None:
    """Names beside the rows as they are: a $ in them is no formula."""
    labels = [short(name, 34) for name in names]
    axes.set_yticks(axes.get_yticks(), labels, parse_math=False)


def _from_to(history: Sequence[dict], measure: str, many: str) -> str:
    """What a measure did over the epochs, in words."""
    table = curve_table(history, measure)
    shown = table[table["split"] == table["split"].iloc[-1]]["value"]
    form = ".1%" if measure == "accuracy" else ".3g"
    seen = "" if measure == "learning_rate" else f", on {many} never seen"
    first, last = (format(shown.iloc[i], form) for i in (0, -1))
    return f"{CURVES[measure][0]}: from {first} to {last}{seen}"


def training_curve(
    history: Sequence[dict], measure: str, model: str, corpus: CorpusFacts
) -> Figure:
    """The print twin of :func:`textgen.views.charts.training_curve`.

    Args:
        history: from :meth:`textgen.model.bundle.Bundle.history`.
        measure: a key of :data:`textgen.views.charts.CURVES`.
        model: its name.
        corpus: what it learnt from.
    """
    with mpl.rc_context(STYLE):
        table = curve_table(history, measure)
        title = _from_to(history, measure, corpus.noun.many)
        source = f"textgen, {model}; validation split{of_corpus(corpus.name)}"
        figure, axes = sheet(title, 8, 4.5, source)
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
        axes.axvline(ships, color=PALE, linestyle="--", linewidth=1)
        rising = measure == "accuracy"  # so its lines end at the top
        axes.annotate(
            f"epoch {ships} ships",
            (ships, 0 if rising else 1),
            (-5, 5 if rising else -5),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            ha="right",
            va="bottom" if rising else "top",
            color=PALE,
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
                    bbox={"facecolor": PAPER, "pad": 1, "linewidth": 0},
                )
            axes.margins(y=0.14)  # room for the names
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
    with mpl.rc_context(STYLE):
        figure.savefig(buffer, format=kind, dpi=200, metadata=metadata)
    return buffer.getvalue()
