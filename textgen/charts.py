"""Interactive charts: each a function from data to an Altair chart.

Colours come from the app's theme unless they mean something (see ``palette``).
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

#: What can be shown of a training history: title, axis and columns.
CURVES = {
    "bits_per_character": ("Bits per character", "bits per character"),
    "loss": ("Loss", "nats per token"),
    "perplexity": ("Perplexity", "perplexity (log scale)"),
    "accuracy": ("Accuracy", "share of tokens guessed right"),
    "learning_rate": ("Learning rate", "learning rate"),
}
#: Grey that can be read on paper and on black; Vega's text is black on both.
INK = "#857f73"
_WHOLE = "format(datum.value, ',')"
SPLIT_NAMES = {"train": "seen in training", "validation": "never seen"}


_NAME_AXIS = alt.Axis(
    labelLimit=160, labelOverlap=False, labelFlush=False, labelFontSize=11
)


def categories(table: pd.DataFrame) -> alt.Chart:
    """How many headlines each category has; a click selects one.

    Args:
        table: ``category``, ``count``, ``share``.
    """
    picked = alt.selection_point(name="category", fields=["category"], empty=True)
    base = alt.Chart(table).encode(
        y=alt.Y(
            "category:N", sort=list(table["category"]), title=None, axis=_NAME_AXIS
        ),
        tooltip=[
            alt.Tooltip("category:N", title="category"),
            alt.Tooltip("count:Q", title="headlines", format=","),
            alt.Tooltip("share:Q", title="share", format=".1%"),
        ],
    )
    bars = base.mark_bar(cursor="pointer").encode(
        x=alt.X(
            "count:Q", title="headlines", axis=alt.Axis(labelExpr=_WHOLE, tickCount=4)
        ),
        opacity=alt.condition(picked, alt.value(1.0), alt.value(0.45)),
    )
    labels = base.mark_text(align="left", dx=4, color=INK).encode(
        x="count:Q", text=alt.Text("label:N")
    )
    labelled = bars + labels.transform_calculate(
        label="format(datum.count, ',') + ' · ' + format(datum.share, '.1%')"
    )
    return labelled.add_params(picked).properties(height=alt.Step(19))


def category_years(table: pd.DataFrame, order: Sequence[str]) -> alt.Chart:
    """In which years each category was used.

    Args:
        table: ``category``, ``year``, ``count``.
        order: categories from top to bottom.
    """
    return (
        alt.Chart(table)
        .mark_rect()
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top")),
            y=alt.Y("category:N", sort=list(order), title=None, axis=_NAME_AXIS),
            # Opacity rather than a colour scheme: it works on paper and on black.
            opacity=alt.Opacity(
                "count:Q",
                scale=alt.Scale(type="sqrt", range=[0.06, 1.0]),
                legend=alt.Legend(
                    title="headlines", orient="bottom", labelExpr=_WHOLE, tickCount=4
                ),
            ),
            tooltip=[
                alt.Tooltip("category:N", title="category"),
                alt.Tooltip("year:O", title="year"),
                alt.Tooltip("count:Q", title="headlines", format=","),
            ],
        )
        .properties(height=alt.Step(19))
    )


def lengths(table: pd.DataFrame, median: float) -> alt.Chart:
    """How long headlines are.

    Args:
        table: ``length`` in words and ``count``; lengths above 25 are left out.
        median: marked with a line.
    """
    bars = (
        alt.Chart(table[table["length"] <= 25])
        .mark_bar()
        .encode(
            x=alt.X(
                "length:O",
                title="words in the headline",
                axis=alt.Axis(labelAngle=0, values=list(range(1, 26, 2))),
            ),
            y=alt.Y("count:Q", title="headlines", axis=alt.Axis(labelExpr=_WHOLE)),
            tooltip=[
                alt.Tooltip("length:O", title="words"),
                alt.Tooltip("count:Q", title="headlines", format=","),
            ],
            opacity=alt.condition(
                alt.datum.length == median, alt.value(1.0), alt.value(0.6)
            ),
        )
    )
    note = (
        alt.Chart(table[table["length"] == median])
        .mark_text(dy=-9, fontWeight="bold", color=INK)
        .encode(
            x="length:O",
            y="count:Q",
            text=alt.value(f"half have {median:.0f} or fewer"),
        )
    )
    return (bars + note).properties(height=260)


def curve_table(history: Sequence[dict], measure: str) -> pd.DataFrame:
    """One row per epoch and split: ``epoch``, ``split``, ``value``."""
    if measure == "learning_rate":
        return pd.DataFrame(
            {
                "epoch": [row["epoch"] for row in history],
                "split": "",
                "value": [row["learning_rate"] for row in history],
            }
        )
    return pd.DataFrame(
        [
            {
                "epoch": row["epoch"],
                "split": name,
                "value": row[f"{split}_{measure}"],
            }
            for row in history
            for split, name in SPLIT_NAMES.items()
        ]
    )


def training_curve(history: Sequence[dict], measure: str) -> alt.Chart:
    """A measure over the epochs, for seen and for never seen headlines.

    Args:
        history: from :meth:`textgen.bundle.Bundle.history`.
        measure: a key of :data:`CURVES`.
    """
    table = curve_table(history, measure)
    last = table["epoch"].max()
    axis = {"accuracy": ".0%", "learning_rate": ".1e"}.get(measure, "~g")
    scale = alt.Scale(
        type="log" if measure == "perplexity" else "linear",
        zero=False,
        nice=False,
        padding=26,  # room for the label below the lower line
    )
    base = alt.Chart(table).encode(
        x=alt.X(
            "epoch:Q",
            title="epoch (passes over the training set)",
            axis=alt.Axis(tickMinStep=1, format="d"),
            scale=alt.Scale(domain=[0, float(last)]),
        ),
        y=alt.Y(
            "value:Q",
            title=CURVES[measure][1],
            scale=scale,
            axis=alt.Axis(format=axis),
        ),
        color=alt.Color("split:N", legend=None),
        tooltip=[
            alt.Tooltip("epoch:Q", title="epoch"),
            alt.Tooltip("split:N", title="headlines"),
            alt.Tooltip("value:Q", title=CURVES[measure][0], format=".4~g"),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45))
    if measure == "learning_rate":
        return lines.properties(height=300)
    # Labels at the lines' own ends, one above and one below, so they never meet.
    ends = table[table["epoch"] == last].sort_values("value")
    labels = [
        alt.Chart(ends.iloc[[i]])
        .mark_text(align="right", dy=dy, fontSize=13, fontWeight="bold")
        .encode(
            x="epoch:Q",
            y="value:Q",
            text="split:N",
            color=alt.Color("split:N", legend=None),
        )
        for i, dy in ((0, 17), (1, -14))
    ]
    return (lines + labels[0] + labels[1]).properties(height=300)
