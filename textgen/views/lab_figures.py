"""The lab's and Inside's views for print: twins of what the pages show.

Colours and orders are the screen's; see :mod:`textgen.views.figures` for the base.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator, PercentFormatter

from textgen.corpus.corpus import readable
from textgen.corpus.tokenizer import piece_name
from textgen.explain import lens
from textgen.explain.compare import Strand
from textgen.explain.contest import Contest
from textgen.explain.path import Part
from textgen.views.figures import ACCENT, INK, PALE, STYLE, sheet, short
from textgen.views.palette import LUCK, OPINION, temperature_colour
from textgen.views.typeset import percent
from textgen.writing.options import Options

MARKER = "#ffea9f"  # the marker pen of the page, on white
TICKS = (0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3)


def _asked(category: str | None) -> str:
    return short(readable(category)) if category else "Any Category"


def settings(model: str, options: Options, *names: str) -> str:
    """The source line of a figure: the model, and what it was asked for.

    Args:
        model: its name.
        options: what was asked for.
        names: of the options that the figure depends on, ``seed`` for one.
    """
    parts = [f"textgen, {model}", _asked(options.category)]
    parts += [f"{name.replace('_', '-')} {getattr(options, name):g}" for name in names]
    return " · ".join([*parts, *options.word_rules(), *options.cuts()])


def _name(spelling: str) -> str:
    return "the end" if spelling == "" else piece_name(spelling)


def next_word(seen: lens.Lens, options: Options, model: str) -> Figure:
    """The lens: the chances of the next token at one temperature.

    Args:
        seen: from :func:`textgen.explain.lens.look`.
        options: temperature and truncation.
        model: its name.
    """
    chances = lens.probabilities(seen, options)
    names = [_name(text) for text in seen.texts]
    shown = chances[: len(names)]
    others, left = float(chances[len(names) :].sum()), np.count_nonzero(chances)
    given = short(seen.prompt, 28, end=True)
    before = f"After “{given}”" if given else "At the beginning"
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"{before}, {_leader(names, shown)}",
            8,
            6.5,
            settings(model, options, "temperature"),
        )
        axes.barh(range(len(names)), shown, color=ACCENT)
        texts = [percent(share) if share else "cut off" for share in shown]
        labels, ends = [*names], [*shown]
        if more := left - np.count_nonzero(shown):
            axes.barh(len(names), others, color="none", edgecolor=PALE, hatch="////")
            labels.append(f"{more:,} others")
            ends.append(others)
            texts.append(percent(others))
        axes.set_yticks(range(len(labels)), labels, parse_math=False)
        for place, (end, text) in enumerate(zip(ends, texts, strict=True)):
            axes.text(end, place, f" {text}", va="center", fontsize=9)
        axes.invert_yaxis()
        axes.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
        axes.set_xlabel("chance of being the next piece")
        axes.margins(x=0.12)
    return figure


def _leader(names: Sequence[str], chances: np.ndarray) -> str:
    if not chances.any():
        return f"none of the {len(names)} favourites is left"
    best = int(chances.argmax())
    return f"“{names[best]}” leads with {percent(float(chances[best]))}"


def why(step: Contest, options: Options, model: str) -> Figure:
    """Why one word: opinion over T plus luck of every candidate, the longest wins.

    Args:
        step: from :func:`textgen.explain.contest.contests`.
        options: temperature, seed and truncation.
        model: its name.
    """
    t = max(options.temperature, 0.01)
    kept = [c for c in step.candidates if c.coldest <= t]
    weakest, least = min(c.opinion for c in kept), min(c.luck for c in kept)
    best = max(kept, key=lambda c: c.opinion / t + c.luck)
    names = [_name(candidate.text) for candidate in kept]
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"“{_name(best.text)}” wins: opinion ÷ T and luck make the longest bar",
            8,
            0.42 * len(kept) + 1.7,
            settings(model, options, "seed", "temperature"),
        )
        opinions = [(c.opinion - weakest) / t for c in kept]
        axes.barh(names, opinions, color=OPINION, label="opinion ÷ T")
        luck = [c.luck - least for c in kept]
        axes.barh(names, luck, left=opinions, color=LUCK, label="luck")
        axes.invert_yaxis()
        for place, (a, b) in enumerate(zip(opinions, luck, strict=True)):
            weight = "bold" if kept[place] is best else "normal"
            axes.text(a + b, place, f" {a + b:.2f}", va="center", fontweight=weight)
        axes.set_xlabel("from the weakest opinion and the least luck shown")
        axes.legend(frameon=False, loc="lower right", ncols=2)
        axes.margins(x=0.12)
    return figure


def path(parts: Sequence[Part], options: Options, model: str) -> Figure:
    """Every headline of one seed as a tree over the temperature.

    Args:
        parts: from :func:`textgen.explain.path.path`, cold to hot.
        options: the temperature to mark, seed, prompt.
        model: its name.
    """
    low, high = parts[0].low, parts[-1].high
    language = parts[0].headline.language
    words = [language.units(part.headline.text) for part in parts]
    given = language.count(parts[0].headline.prompt)
    deepest = max(map(len, words)) - given
    different = len({part.headline.text for part in parts})
    at = next((p for p in parts if options.temperature <= p.high), parts[-1])
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"One luck, {different} texts between T = {low:g} and {high:g}",
            10,
            0.3 * deepest + 2,
            settings(model, options, "seed"),
        )
        axes.set(xscale="log", xlim=(low, high), ylim=(deepest, 0))
        width = axes.get_window_extent().width
        for depth in range(deepest):
            for first, last in _stretches(words, depth + given):
                left, right = parts[first].low, parts[last].high
                middle = (left * right) ** 0.5
                on = parts[first].low <= at.low and at.high <= parts[last].high
                axes.add_patch(
                    Rectangle(
                        (left, depth + 0.04),
                        right - left,
                        0.92,
                        facecolor=(temperature_colour(middle), 0.55 if on else 0.26),
                        edgecolor=INK if on else PALE,
                        linewidth=1.0 if on else 0.3,
                    )
                )
                room = width * np.log(right / left) / np.log(high / low)
                word = _cut(words[first][depth + given], int(room / 7.5))
                if word:
                    axes.text(
                        middle,
                        depth + 0.5,
                        word,
                        ha="center",
                        va="center",
                        fontsize=9,
                        parse_math=False,
                    )
        if low <= options.temperature <= high:
            axes.axvline(options.temperature, color=INK, linestyle="--", linewidth=1)
        axes.xaxis.set_major_locator(
            FixedLocator([t for t in TICKS if low <= t <= high])
        )
        axes.xaxis.set_minor_locator(NullLocator())
        axes.xaxis.set_major_formatter("{x:g}")
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.set_xlabel(
            f"temperature. At {options.temperature:.2f}: {short(at.headline.text, 90)}",
            parse_math=False,
            wrap=True,
        )
    return figure


def _stretches(words: Sequence[Sequence[str]], depth: int) -> list[tuple[int, int]]:
    """Neighbouring headlines that agree up to and including one word: first, last."""
    found: list[tuple[int, int]] = []
    for i, line in enumerate(words):
        if len(line) <= depth:
            continue
        if found and found[-1][1] == i - 1:
            first = found[-1][0]
            if words[first][: depth + 1] == line[: depth + 1]:
                found[-1] = (first, i)
                continue
        found.append((i, i))
    return found


def _cut(word: str, room: int) -> str:
    """A word in a room of so many letters; nothing where it would say nothing."""
    if len(word) <= room:
        return word
    return f"{word[: room - 1]}…" if room >= 4 else ""


def same_luck(
    strands: Sequence[Strand],
    temperatures: Sequence[float],
    options: Options,
    model: str,
) -> Figure:
    """Headlines of the same luck side by side, a column for each temperature.

    Args:
        strands: from :func:`textgen.explain.compare.compare`.
        temperatures: of the columns.
        options: what is the same in all of them.
        model: its name.
    """
    count = len(temperatures)
    width, size = max(8.0, 2.1 * count), 12
    with mpl.rc_context(STYLE):
        figure, axes = sheet(
            f"The same luck at {count} temperatures",
            width,
            2.0,
            settings(model, options, "seed"),
        )
        axes.set_axis_off()
        measure = FigureCanvasAgg(figure).get_renderer()
        wide = width * figure.dpi / count - 30  # pixels of a column's text
        columns = [
            [
                _lines(
                    measure,
                    [word.text for word in strand.headlines[i].words],
                    wide,
                    size,
                    strand.headlines[i].language.join,
                )
                for strand in strands
            ]
            for i in range(count)
        ]
        tall = [
            max(len(column[row]) for column in columns) + 1
            for row in range(len(strands))
        ]
        figure.set_size_inches(width, 0.24 * sum(tall) + 1.6)
        axes.set(xlim=(0, count), ylim=(sum(tall), -1))
        for i, t in enumerate(temperatures):
            axes.plot(
                [i, i + 0.93], [-0.9, -0.9], color=temperature_colour(t), linewidth=4
            )
            axes.text(i, -0.35, f"T = {t:g}", fontsize=10, va="center")
            top = 0
            for strand, rows, lines in zip(strands, tall, columns[i], strict=True):
                join = strand.headlines[i].language.join
                _set_lines(axes, lines, (i, top + 0.5), size, strand.departs[i], join)
                top += rows
    return figure


def _lines(
    measure: RendererAgg, words: list[str], wide: float, size: float, join: str
) -> list[list[str]]:
    """Words in lines no wider than so many pixels; one that is wider is cut short."""
    lines: list[list[str]] = [[]]
    for word in words:
        while _width(measure, word, size) > wide:
            word = short(word, len(word) * 3 // 4)
        if lines[-1] and _width(measure, join.join([*lines[-1], word]), size) > wide:
            lines.append([])
        lines[-1].append(word)
    return lines


def _width(measure: RendererAgg, text: str, size: float) -> float:
    font = mpl.font_manager.FontProperties(
        family=STYLE["font.family"], size=size, weight="bold"
    )
    return measure.get_text_width_height_descent(text, font, ismath=False)[0]


def _set_lines(
    axes: Axes,
    lines: list[list[str]],
    at: tuple[float, float],
    size: float,
    departs: int | None,
    join: str,
) -> None:
    """Set a headline, with a marker under the first word that differs."""
    plain: dict[str, Any] = {
        "fontsize": size,
        "fontweight": "bold",
        "parse_math": False,
    }
    place = 0
    for row, line in enumerate(lines):
        first = None if departs is None else departs - place
        place += len(line)
        if first is None or not 0 <= first < len(line):
            axes.text(at[0], at[1] + row, join.join(line), va="center", **plain)
            continue
        parts = [join.join(line[:first]), line[first], join.join(line[first + 1 :])]
        before = None
        for i, part in enumerate(parts):
            if not part:
                continue
            mark = {"facecolor": MARKER, "pad": 1, "linewidth": 0} if i == 1 else None
            # Each part stands beside the one before it, wherever that comes to stand.
            before = axes.annotate(
                part,
                (at[0], at[1] + row) if before is None else (1, 0),
                (0, 0) if before is None else (0.32 * size * len(join), 0),
                xycoords="data" if before is None else before,
                textcoords="offset points",
                va="center" if before is None else "bottom",
                bbox=mark,
                **plain,
            )
