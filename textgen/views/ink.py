"""What all charts share: ink, axes of names, and type for the back of the room."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

import altair as alt

P = ParamSpec("P")
#: What Altair makes of one or more layers.
Drawn = alt.Chart | alt.LayerChart | alt.FacetChart

#: The colour of the page's own text, on paper and on black; Vega's is black on both.
INK = "currentColor"
#: An axis of names: every one is shown.
NAME_AXIS = alt.Axis(
    labelLimit=160, labelOverlap=False, labelFlush=False, labelFontSize=11
)
#: Sizes of type that no chart names: labels and titles (Streamlit's), texts (Vega's).
_SIZES, _LARGE = (12, 14, 11), 1.5

#: Names of what a specification measures in pixels.
_PIXELS = {
    *("fontSize", "labelFontSize", "titleFontSize", "labelLimit"),
    *("dx", "dy", "size", "strokeWidth", "height", "step"),
}


def inked(draw: Callable[P, Drawn]) -> Callable[P, Drawn]:
    """Make a chart's axes as readable as the text: the theme's are pale."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Drawn:
        ink: dict[str, Any] = {
            "labelColor": INK,
            "titleColor": INK,
            "labelOpacity": 0.8,
        }
        chart = draw(*args, **kwargs)
        return chart.configure_axis(**ink).configure_legend(**ink)

    return drawn


def sized(chart: alt.TopLevelMixin, *, large: bool) -> alt.TopLevelMixin:
    """A chart as the room needs it.

    Args:
        chart: of :mod:`textgen.views.charts` or ``model_charts``; not changed.
        large: for the back of the room: type, marks and room 1.5 times as large.
    """
    if not large:
        return chart
    spec = chart.to_dict()
    data, grown = spec.pop("datasets", {}), _grown(spec)
    config = grown.setdefault("config", {})
    label, title, mark = (_LARGE * size for size in _SIZES)
    room = {"labelFontSize": label, "titleFontSize": title, "labelLimit": 150}
    for part in ("axis", "legend"):
        config[part] = room | config.get(part, {})
    config["text"] = {"fontSize": mark} | config.get("text", {})
    return alt.Chart.from_dict(grown | {"datasets": data})


def _grown(part: Any, name: str = "") -> Any:
    """A part of a specification with all that has a size in pixels enlarged."""
    if isinstance(part, dict):
        # A value given for all marks, or the result of a condition.
        sizes = name in ("size", "fontSize")
        return {
            key: round(_LARGE * value, 2)
            if sizes and key == "value"
            else _grown(value, key)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_grown(one) for one in part]
    if name in _PIXELS and isinstance(part, int | float):
        return round(_LARGE * part, 2)
    return part
