"""Interactive charts of what networks do and how they compare; see ``charts``."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from textgen.views.ink import INK, NAME_AXIS, inked
from textgen.views.palette import GATES


@inked
def connectivity(lengths: Sequence[float], labels: Sequence[str]) -> alt.Chart:
    """How much a prediction hangs on each word before it.

    Args:
        lengths: gradient lengths, in reading order.
        labels: the words, each unique.
    """
    table = pd.DataFrame({"word": list(labels), "length": list(lengths)})
    return (
        alt.Chart(table)
        .mark_bar(color=GATES["state"])
        .encode(
            x=alt.X(
                "length:Q",
                title="length of the gradient",
                axis=alt.Axis(tickCount=5),
            ),
            y=alt.Y("word:N", sort=list(labels), title=None, axis=NAME_AXIS),
            tooltip=["word:N", alt.Tooltip("length:Q", format=".3~g")],
        )
        .properties(height=alt.Step(24))
    )


@inked
def posterior(names: Sequence[str], chances: Sequence[float]) -> alt.Chart:
    """The likeliest categories of a headline.

    Args:
        names: from the likeliest down.
        chances: of each.
    """
    table = pd.DataFrame({"category": list(names), "chance": list(chances)})
    base = alt.Chart(table).encode(
        y=alt.Y("category:N", sort=list(names), title=None, axis=NAME_AXIS),
        x=alt.X("chance:Q", title="chance", axis=alt.Axis(format="%", tickCount=5)),
        tooltip=["category:N", alt.Tooltip("chance:Q", format=".2%")],
    )
    labels = base.mark_text(align="left", dx=4, color=INK).encode(
        text=alt.Text("chance:Q", format=".1%")
    )
    return (base.mark_bar() + labels).properties(height=alt.Step(26))


@inked
def sibling_curves(table: pd.DataFrame, over: str) -> alt.Chart:
    """How the three cells learn, one line each, named at its end.

    Args:
        table: from :func:`textgen.study.comparison.curves`.
        over: ``"epoch"`` or ``"minutes"``.
    """
    title = {
        "epoch": "epoch (passes over the training set)",
        "minutes": "minutes of training",
    }[over]
    names = list(dict.fromkeys(table["cell"]))
    ends = table[table["epoch"] == table["epoch"].max()]
    right = float(table[over].max())
    base = alt.Chart(table).encode(
        x=alt.X(
            f"{over}:Q",
            title=title,
            # Room on the right for the names.
            scale=alt.Scale(domain=[0, right * 1.16], nice=False),
            axis=alt.Axis(tickMinStep=1, tickCount=8),
        ),
        y=alt.Y(
            "bits_per_character:Q",
            title="bits per character",
            scale=alt.Scale(zero=False, padding=14),
        ),
        color=alt.Color("cell:N", sort=names, legend=None),
        tooltip=[
            alt.Tooltip("cell:N"),
            alt.Tooltip(f"{over}:Q", title=over, format=".3~g"),
            alt.Tooltip("bits_per_character:Q", format=".4f"),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45))
    labels = (
        alt.Chart(apart(ends, table["bits_per_character"]))
        .mark_text(align="left", dx=8, fontSize=13, fontWeight="bold")
        .encode(
            x=f"{over}:Q",
            y="place:Q",
            text="cell:N",
            color=alt.Color("cell:N", sort=names, legend=None),
        )
    )
    return (lines + labels).properties(height=320)


def apart(ends: pd.DataFrame, drawn: pd.Series) -> pd.DataFrame:
    """The ends of lines, with places for their names that do not touch."""
    ends = ends.sort_values("bits_per_character")
    least = 0.075 * (drawn.max() - drawn.min())
    places = ends["bits_per_character"].to_numpy().copy()
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + least)
    return ends.assign(place=places)
