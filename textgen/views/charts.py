"""Interactive charts: each a function from data to an Altair chart.

Colours come from the app's theme unless they mean something (see ``palette``).
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from textgen.views.ink import INK, Drawn, inked
from textgen.views.palette import temperature_colour

#: What can be shown of a training history: title, axis and columns.
CURVES = {
    "bits_per_character": ("Bits per character", "bits per character"),
    "loss": ("Loss", "nats per token"),
    "perplexity": ("Perplexity", "perplexity (log scale)"),
    "accuracy": ("Accuracy", "share of tokens guessed right"),
    "learning_rate": ("Learning rate", "learning rate"),
}
SPLIT_NAMES = {"train": "seen in training", "validation": "never seen"}


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


def shipped_epoch(history: Sequence[dict]) -> int:
    """The epoch whose network ships: the best on validation."""
    best = min(history, key=lambda row: row["validation_bits_per_character"])
    return int(best["epoch"])


def gap_in_words(history: Sequence[dict], measure: str) -> str:
    """How far texts seen and never seen lie apart at the epoch that ships.

    Args:
        history: from :meth:`textgen.model.bundle.Bundle.history`.
        measure: a key of :data:`CURVES` that both splits have.
    """
    (row,) = [r for r in history if r["epoch"] == shipped_epoch(history)]
    gap = abs(row[f"validation_{measure}"] - row[f"train_{measure}"])
    if measure == "accuracy":
        return f"{100 * gap:.1f} percentage points"
    unit = {"perplexity": "equally likely tokens"}.get(measure, CURVES[measure][1])
    return f"{gap:.3g} {unit}"


@inked
def training_curve(history: Sequence[dict], measure: str) -> alt.Chart:
    """A measure over the epochs, for texts seen and never seen.

    The epoch that ships is marked.

    Args:
        history: from :meth:`textgen.model.bundle.Bundle.history`.
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
            alt.Tooltip("split:N", title="measured on"),
            alt.Tooltip("value:Q", title=CURVES[measure][0], format=".4~g"),
        ],
    )
    lines = base.mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=45))
    ships = shipped_epoch(history)
    mark = alt.Chart(pd.DataFrame({"epoch": [ships]})).encode(x="epoch:Q")
    rising = measure == "accuracy"  # so its lines end at the top
    shipped = mark.mark_rule(strokeDash=[5, 4], color=INK) + mark.mark_text(
        align="right", dx=-6, dy=-6 if rising else 10, color=INK, fontSize=13
    ).encode(
        y=alt.value("height") if rising else alt.value(0),
        text=alt.value(f"epoch {ships} ships"),
    )
    if measure == "learning_rate":
        return (shipped + lines).properties(height=300)
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
    return (shipped + lines + labels[0] + labels[1]).properties(height=300)


_TEMPERATURE_TICKS = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2]


@inked
def guesses(table: pd.DataFrame, between: tuple[float, float]) -> alt.Chart:
    """Guessed and true temperatures, question by question.

    Args:
        table: ``question``, ``answer``, ``guess``, ``points``.
        between: the lowest and the highest temperature that can be guessed.
    """
    base = alt.Chart(table).encode(
        y=alt.Y("question:O", title="question"),
        tooltip=[
            alt.Tooltip("question:O"),
            alt.Tooltip("answer:Q", title="it was", format=".2f"),
            alt.Tooltip("guess:Q", title="your guess", format=".2f"),
            alt.Tooltip("points:Q"),
        ],
    )
    across = alt.X(
        "answer:Q",
        title="temperature (log scale): ● it was, ○ your guess",
        scale=alt.Scale(type="log", domain=list(between), nice=False),
        axis=alt.Axis(values=_TEMPERATURE_TICKS, format="~g"),
    )
    rule = base.mark_rule(strokeWidth=3, opacity=0.5, color=INK).encode(
        x=across, x2="guess:Q"
    )
    was = base.mark_point(size=110, filled=True, opacity=1).encode(x=across)
    said = base.mark_point(size=110, filled=False, opacity=1).encode(x="guess:Q")
    return (rule + was + said).properties(height=alt.Step(30))


@inked
def sweep_curves(
    records: Sequence[dict], real: dict, measure: str, temperature: float
) -> Drawn:
    """One measure of what a model writes, over the temperature.

    Args:
        records: of :func:`textgen.study.sweep.sweep`; T = 0 is drawn at the left end.
        real: the same measures of real headlines; a dashed line where it has one.
        measure: a key of a record.
        temperature: marked with a line.
    """
    coldest = 0.05
    table = pd.DataFrame(
        {
            "temperature": [max(row["temperature"], coldest) for row in records],
            "value": [row[measure] for row in records],
        }
    )
    share = measure != "bits_per_word"
    across = alt.X(
        "temperature:Q",
        title="temperature",
        scale=alt.Scale(type="log", domain=[coldest, 3], nice=False),
        axis=alt.Axis(values=[0.05, 0.1, 0.3, 1, 3], format="~g"),
    )
    up = alt.Y(
        "value:Q",
        title=None,
        axis=alt.Axis(format="%" if share else "~g", tickCount=4),
        scale=alt.Scale(zero=True),
    )
    line = (
        alt.Chart(table)
        .mark_line(strokeWidth=2.5, point=alt.OverlayMarkDef(size=30))
        .encode(
            x=across,
            y=up,
            tooltip=[
                alt.Tooltip("temperature:Q", format=".2~f"),
                alt.Tooltip("value:Q", format=".1%" if share else ".3~g"),
            ],
        )
    )
    now = (
        alt.Chart(pd.DataFrame({"temperature": [temperature]}))
        .mark_rule(color=temperature_colour(temperature), strokeWidth=2)
        .encode(x=across)
    )
    layers = [now, line]
    if measure in real:
        people = pd.DataFrame({"value": [real[measure]], "temperature": [coldest]})
        rule = alt.Chart(people).mark_rule(strokeDash=[5, 4], color=INK).encode(y=up)
        name = (
            alt.Chart(people)
            .mark_text(align="left", dx=3, dy=-7, color=INK, fontSize=12)
            .encode(x=across, y=up, text=alt.value("written by people"))
        )
        layers += [rule, name]
    return alt.layer(*layers).properties(height=170)


#: What is counted across and up.
VARIED = "shares less with one another →  (1 − self-BLEU)"
SHARED = "shares more with what people wrote →  (BLEU)"


@inked
def quality_diversity(
    records: Sequence[dict], real: dict, temperature: float
) -> alt.Chart:
    """Quality against diversity with T along the curve (Caccia et al., 2018).

    Their measure of quality is BLEU: up, headlines share more runs of words with real
    ones; right, they share fewer with one another (1 - self-BLEU). Real headlines,
    measured in the same way, are the diamond.

    Args:
        records: of :func:`textgen.study.sweep.sweep`.
        real: the same measures of real headlines.
        temperature: the record nearest to it is drawn large.
    """
    near = min(records, key=lambda row: abs(row["temperature"] - temperature))
    table = pd.DataFrame(
        {
            "temperature": [row["temperature"] for row in records],
            "quality": [row["bleu"] for row in records],
            "diversity": [1 - row["self_bleu"] for row in records],
            "colour": [temperature_colour(row["temperature"]) for row in records],
            "size": [260 if row is near else 80 for row in records],
            "label": [
                f"T = {row['temperature']:g}"
                if row is near or row["temperature"] in (0, 0.3, 0.5, 0.7, 1, 1.5, 3)
                else ""
                for row in records
            ],
        }
    )
    base = alt.Chart(table).encode(
        x=alt.X(
            "diversity:Q",
            title=VARIED,
            axis=alt.Axis(format=".2f", tickCount=5),
        ),
        y=alt.Y(
            "quality:Q",
            title=SHARED,
            axis=alt.Axis(format=".2f", tickCount=5),
        ),
        order="temperature:Q",
        tooltip=[
            alt.Tooltip("temperature:Q", format="~g"),
            alt.Tooltip("quality:Q", title="BLEU", format=".3f"),
            alt.Tooltip("diversity:Q", title="1 − self-BLEU", format=".3f"),
        ],
    )
    line = base.mark_line(color=INK, strokeWidth=1.5)
    dots = base.mark_point(filled=True, opacity=1).encode(
        color=alt.Color("colour:N", scale=None),
        size=alt.Size("size:Q", scale=None),
    )
    # From T = 0 on the curve climbs to the right: that name stands below its dot.
    names = alt.layer(
        *(
            base.transform_filter(which)
            .mark_text(align="left", dx=9, dy=dy, color=INK, fontSize=13)
            .encode(text="label:N")
            for which, dy in (
                (alt.datum.temperature == 0, 12),
                (alt.datum.temperature > 0, -7),
            )
        )
    )
    people = pd.DataFrame({"x": [1 - real["self_bleu"]], "y": [real["bleu"]]})
    star = (
        alt.Chart(people)
        .mark_point(shape="diamond", size=170, filled=True, color=INK)
        .encode(x="x:Q", y="y:Q")
    )
    label = (
        alt.Chart(people)
        .mark_text(align="right", dx=-10, color=INK, fontSize=13, fontWeight="bold")
        .encode(x="x:Q", y="y:Q", text=alt.value("written by people"))
    )
    return (line + dots + names + star + label).properties(height=360)
