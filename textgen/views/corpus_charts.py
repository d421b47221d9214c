"""Interactive charts of what a model was fed; see ``charts``."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from textgen.corpus.corpus import Noun
from textgen.corpus.summary import share_up_to
from textgen.views.ink import INK, NAME_AXIS, inked

_WHOLE = "format(datum.value, ',')"
LONGEST_DRAWN = 25  # words
MOST_DRAWN = 60  # categories; the others are counted in words


@inked
def categories(table: pd.DataFrame, noun: Noun) -> alt.Chart:
    """How many texts each category has; a click selects one.

    Args:
        table: ``category``, ``count``, ``share``, by count; the first
            :data:`MOST_DRAWN` are drawn.
        noun: what one text is called.
    """
    table = table.head(MOST_DRAWN)
    picked = alt.selection_point(name="category", fields=["category"], empty=True)
    base = alt.Chart(table).encode(
        y=alt.Y("category:N", sort=list(table["category"]), title=None, axis=NAME_AXIS),
        tooltip=[
            alt.Tooltip("category:N", title="category"),
            alt.Tooltip("count:Q", title=noun.many, format=","),
            alt.Tooltip("share:Q", title="share", format=".1%"),
        ],
    )
    bars = base.mark_bar(cursor="pointer").encode(
        x=alt.X(
            "count:Q", title=noun.many, axis=alt.Axis(labelExpr=_WHOLE, tickCount=4)
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


@inked
def category_years(table: pd.DataFrame, order: Sequence[str], noun: Noun) -> alt.Chart:
    """In which years each category was used.

    Args:
        table: ``category``, ``year``, ``count``.
        order: the categories to draw, from top to bottom.
        noun: what one text is called.
    """
    return (
        alt.Chart(table[table["category"].isin(list(order))])
        .mark_rect()
        .encode(
            x=alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, orient="top")),
            y=alt.Y("category:N", sort=list(order), title=None, axis=NAME_AXIS),
            # Opacity rather than a colour scheme: it works on paper and on black.
            opacity=alt.Opacity(
                "count:Q",
                scale=alt.Scale(type="sqrt", range=[0.06, 1.0]),
                legend=alt.Legend(
                    title=noun.many, orient="bottom", labelExpr=_WHOLE, tickCount=4
                ),
            ),
            tooltip=[
                alt.Tooltip("category:N", title="category"),
                alt.Tooltip("year:O", title="year"),
                alt.Tooltip("count:Q", title=noun.many, format=","),
            ],
        )
        .properties(height=alt.Step(19))
    )


def lengths_title(table: pd.DataFrame, noun: Noun) -> str:
    """The title of an axis of lengths: with how many are too long to be drawn."""
    beyond = int(table["count"][table["length"] > LONGEST_DRAWN].sum())
    more = f" ({beyond:,} have more than {LONGEST_DRAWN})" if beyond else ""
    return f"words in the {noun.one}" + more


@inked
def lengths(table: pd.DataFrame, median: float, noun: Noun) -> alt.Chart:
    """How long texts are.

    Args:
        table: ``length`` in words and ``count``; what is longer than
            :data:`LONGEST_DRAWN` is counted under the axis.
        median: its bar is marked.
        noun: what one text is called.
    """
    bars = (
        alt.Chart(table[table["length"] <= LONGEST_DRAWN])
        .mark_bar()
        .encode(
            x=alt.X(
                "length:O",
                title=lengths_title(table, noun),
                axis=alt.Axis(
                    labelAngle=0, values=list(range(1, LONGEST_DRAWN + 1, 2))
                ),
            ),
            y=alt.Y("count:Q", title=noun.many, axis=alt.Axis(labelExpr=_WHOLE)),
            tooltip=[
                alt.Tooltip("length:O", title="words"),
                alt.Tooltip("count:Q", title=noun.many, format=","),
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
            text=alt.value(
                f"the median: {share_up_to(table, median):.0%} have {median:g} or fewer"
            ),
        )
    )
    return (bars + note).properties(height=260)
