"""The three recurrent cells side by side, drawn in one notation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from textgen.model.cells import CELLS
from textgen.views.palette import GATES

QUIET = "#6b655a"


@dataclass(frozen=True)
class Shade:
    """The colours that change with what the drawing lies on."""

    ink: str = "#12100d"
    paper: str = "#ffffff"
    box: str = "#f6f1e6"
    edge: str = "#d9d2c2"
    memory: str = "#4d6d8f"


PRINT = Shade()
LIGHT = Shade(paper="#fbf9f4", box="#f0ebdf")  # the app's two themes
DARK = Shade("#ece6d9", "#161513", "#24221e", "#3d3a33", "#7fa6d1")


def draw(
    units: int,
    inputs: int,
    chosen: Sequence[str] = tuple(CELLS),
    shade: Shade = PRINT,
) -> Figure:
    """Draw cells side by side, each with its parameter count.

    Args:
        units: width of the state.
        inputs: width of a word's vector.
        chosen: keys of :data:`textgen.model.cells.CELLS`.
        shade: the colours.
    """
    style: dict[Any, Any] = {"font.family": "serif", "font.size": 13}
    style |= {"svg.fonttype": "none", "text.color": shade.ink}
    with mpl.rc_context(style):
        figure = Figure(
            figsize=(5 * len(chosen), 4.6), facecolor=shade.paper, layout="constrained"
        )
        FigureCanvasAgg(figure)
        panels = figure.subplots(1, len(chosen), squeeze=False)[0]
        for axes, cell in zip(panels, chosen, strict=True):
            axes.set(xlim=(-0.9, 10.9), ylim=(-1.1, 7.4), aspect="equal")
            axes.axis("off")
            axes.add_patch(_box((0.7, 1.0), 8.6, 6.0, shade.box, shade.edge))
            name = CELLS[cell].name
            axes.set_title(name, fontsize=19, fontweight="bold", loc="left")
            count = CELLS[cell].parameters(units, inputs)
            axes.text(5, -0.75, f"{count:,} parameters", ha="center", fontsize=14)
            _SKETCHES[cell](_Pen(axes, shade))
        if len(chosen) > 1:
            figure.supxlabel(legend(units, inputs), fontsize=11, color=QUIET)
    return figure


def legend(units: int, inputs: int) -> str:
    """What the signs in the drawing mean."""
    return (
        f"One layer of {units} units that reads vectors of {inputs}. "
        "σ: between 0 and 1; tanh: between −1 and 1; ×, +: number by number.\n"
        "A coloured box first multiplies what comes in by its weights, a grey one does "
        "not; U are the state's weights for the GRU's h̃, on which r acts afterwards."
    )


def _box(
    corner: tuple[float, float], width: float, height: float, face: str, edge: str
) -> FancyBboxPatch:
    return FancyBboxPatch(
        corner,
        width,
        height,
        boxstyle="round,pad=0,rounding_size=0.3",
        facecolor=face,
        edgecolor=edge,
        zorder=0,
    )


def _ring(x: float, y: float, shade: Shade) -> Circle:
    return Circle((x, y), 0.3, fc=shade.paper, ec=shade.ink, lw=1.5, zorder=3)


class _Pen:
    """Draws wires, gates and sums on one axes."""

    def __init__(self, axes: Axes, shade: Shade) -> None:
        self._axes, self.shade = axes, shade

    def wire(
        self, *points: tuple[float, float], arrow: bool = False, colour: str = ""
    ) -> None:
        colour = colour or self.shade.ink
        xs, ys = zip(*points, strict=True)
        self._axes.plot(xs, ys, color=colour, lw=1.8, zorder=1)
        if arrow:
            self._axes.annotate(
                "",
                points[-1],
                points[-2],
                arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 1.8},
                zorder=1,
            )

    def gate(self, x: float, y: float, text: str, colour: str, name: str = "") -> None:
        patch = _box((x - 0.55, y - 0.36), 1.1, 0.72, colour, colour)
        patch.set_zorder(3)
        self._axes.add_patch(patch)
        self._axes.text(
            x, y - 0.02, text, color="white", ha="center", va="center", zorder=4
        )
        if name:
            self.label(x - 0.78, y + 0.12, name, colour)

    def weights(self, x: float, y: float, text: str) -> None:
        shade = self.shade
        patch = _box((x - 0.36, y - 0.36), 0.72, 0.72, shade.paper, shade.ink)
        patch.set(zorder=3, linewidth=1.5)
        self._axes.add_patch(patch)
        self._axes.text(x, y - 0.02, text, ha="center", va="center", zorder=4)

    def sign(self, x: float, y: float, text: str) -> None:
        self._axes.add_patch(_ring(x, y, self.shade))
        size = 13 if len(text) == 1 else 10
        self._axes.text(
            x, y - 0.02, text, ha="center", va="center", zorder=4, fontsize=size
        )

    def label(self, x: float, y: float, text: str, colour: str = "") -> None:
        self._axes.text(
            x,
            y,
            text,
            color=colour or self.shade.ink,
            ha="center",
            va="center",
            fontsize=15,
            fontstyle="italic",
            fontweight="bold",
        )

    def dot(self, x: float, y: float) -> None:
        ink = self.shade.ink
        self._axes.add_patch(Circle((x, y), 0.08, fc=ink, ec=ink, zorder=3))


def _rnn(pen: _Pen) -> None:
    pen.label(-0.5, 3.6, "h")
    pen.label(10.4, 3.6, "h")
    pen.label(5, 0.3, "x")
    pen.wire((-0.2, 3.6), (4.4, 3.6), arrow=True)
    pen.wire((5, 0.6), (5, 3.2), arrow=True)
    pen.wire((5.5, 3.6), (10.1, 3.6), arrow=True)
    pen.gate(5, 3.6, "tanh", GATES["candidate"])


def _gru(pen: _Pen) -> None:
    pen.label(-0.5, 6.1, "h")
    pen.label(10.4, 6.1, "h")
    pen.label(2.3, 0.3, "x")
    pen.wire((-0.2, 6.1), (10.1, 6.1), arrow=True, colour=GATES["state"])
    # What is remembered goes to both gates, and through weights of its own to the
    # candidate; the reset gate acts on what those make of it.
    pen.wire((1.2, 6.1), (1.2, 2.1), (5.0, 2.1), arrow=True)
    pen.dot(1.2, 6.1)
    pen.wire((5.6, 2.1), (8.2, 2.1), (8.2, 2.7))
    pen.wire((2.3, 0.6), (2.3, 1.4), (8.2, 1.4), (8.2, 2.7), arrow=True)
    pen.wire((2.3, 1.4), (2.3, 2.7), arrow=True)
    pen.wire((4.1, 1.4), (4.1, 2.7), arrow=True)
    for x in (2.3, 4.1, 8.2):
        pen.dot(x, 2.1)
    pen.wire((4.1, 3.4), (4.1, 4.1), (6.8, 4.1), (6.8, 2.4), arrow=True)
    pen.wire((2.3, 3.4), (2.3, 5.8), arrow=True)
    pen.wire((2.3, 5.0), (7.9, 5.0), arrow=True)
    pen.dot(2.3, 5.0)
    pen.wire((8.2, 3.4), (8.2, 5.8), arrow=True)
    pen.gate(2.3, 3.1, "σ", GATES["update"], "z")
    pen.gate(4.1, 3.1, "σ", GATES["reset"], "r")
    pen.weights(5.4, 2.1, "U")
    pen.sign(6.8, 2.1, "×")
    pen.gate(8.2, 3.1, "tanh", GATES["candidate"], "h̃")
    pen.sign(2.3, 6.1, "×")
    pen.sign(5.2, 5.0, "1−")
    pen.sign(8.2, 5.0, "×")
    pen.sign(8.2, 6.1, "+")


def _lstm(pen: _Pen) -> None:
    memory = pen.shade.memory
    pen.label(-0.5, 6.1, "c", memory)
    pen.label(10.4, 6.1, "c", memory)
    pen.label(-0.5, 2.1, "h")
    pen.label(10.4, 3.9, "h")
    pen.label(2.0, 0.3, "x")
    pen.wire((-0.2, 6.1), (10.1, 6.1), arrow=True, colour=memory)
    pen.wire((-0.2, 2.1), (7.0, 2.1))
    pen.wire((2.0, 0.6), (2.0, 1.4), (7.0, 1.4), (7.0, 2.7), arrow=True)
    for x in (2.0, 3.7, 5.4, 7.0):
        pen.wire((x, 1.4), (x, 2.7), arrow=True)
        pen.dot(x, 2.1)
    pen.wire((2.0, 3.4), (2.0, 5.8), arrow=True)
    pen.wire((3.7, 3.4), (3.7, 4.8), (5.1, 4.8), arrow=True)
    pen.wire((5.4, 3.4), (5.4, 5.8), arrow=True)
    pen.wire((7.0, 3.4), (7.0, 3.9), (8.0, 3.9), arrow=True)
    pen.wire((8.3, 6.1), (8.3, 4.2), arrow=True)
    pen.dot(8.3, 6.1)
    pen.wire((8.6, 3.9), (10.1, 3.9), arrow=True, colour=GATES["state"])
    pen.gate(2.0, 3.1, "σ", GATES["update"], "f")
    pen.gate(3.7, 3.1, "σ", "#5b7f3a", "i")
    pen.gate(5.4, 3.1, "tanh", GATES["candidate"], "g")
    pen.gate(7.0, 3.1, "σ", GATES["reset"], "o")
    pen.gate(8.3, 5.1, "tanh", QUIET)
    pen.sign(2.0, 6.1, "×")
    pen.sign(5.4, 4.8, "×")
    pen.sign(5.4, 6.1, "+")
    pen.sign(8.3, 3.9, "×")


_SKETCHES = {"rnn": _rnn, "gru": _gru, "lstm": _lstm}
