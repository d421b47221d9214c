"""Gate strips: heat maps of tokens by units, drawn in the browser on canvas.

A column is one unit, so that a square's value is the one in the unit's equations. The
browser knows the width: where not all units fit, it draws every so-many-th of the order
and the chosen one, and says so.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Callable

import numpy as np

from app_parts.mounts import component
from textgen.explain.trace import Trace
from textgen.views.palette import GATES

#: Name of a strip: its title and what it says in plain words.
STRIPS = {
    "update": ("Update gate z", "how much of the memory is kept (full) or overwritten"),
    "reset": ("Reset gate r", "how much of the past the new idea may see"),
    "candidate": ("Candidate h̃", "the new idea: what might be written"),
    "state": ("State h", "what is remembered after the token"),
}
#: What the number beside a token is. Means of signed values would cancel out.
MEANS = {
    "update": "mean z",
    "reset": "mean r",
    "candidate": "mean |h̃|",
    "state": "mean |h|",
}

_mount = component(
    "gate_strips", '<div class="strips"></div>', "views/strips.js", "views/strips.css"
)


def strips(
    read: Trace,
    names: list[str],
    order: np.ndarray,
    ends: tuple[str, str],
    *,
    token: int,
    unit: int,
    key: str,
    all_units: bool = False,
    projector: bool = False,
    on_pick: Callable[[], None],
):
    """Show what the gates did.

    Args:
        read: the trace.
        names: keys of :data:`STRIPS` to show.
        order: units from left to right.
        ends: what the first and the last unit of the order are.
        token: which row is marked.
        unit: which unit is marked.
        key: of the element; while ``on_pick`` runs, ``st.session_state[key].picked``
            holds the square that was clicked, ``{"token", "unit"}``.
        all_units: draw every unit, in strips that scroll sideways.
        projector: larger rows and type.
        on_pick: called when a square is clicked.
    """
    kinds = []
    digest = 0
    for name in names:
        values = getattr(read, name)
        title, gloss = STRIPS[name]
        mean = np.abs(values).mean()
        alt = f"{MEANS[name].capitalize()} over all units and tokens {mean:.2f}."
        packed = values.astype("<f4").tobytes()
        digest = zlib.crc32(packed, digest)
        kinds.append(
            {
                "name": name,
                "title": title,
                "gloss": gloss,
                "alt": alt,
                "colour": GATES[name],
                "values": base64.b64encode(packed).decode(),
                "means": _means(name, values),
                "means_of": MEANS[name],
            }
        )
    return _mount(
        key=key,
        data={
            # Another model may read the same tokens.
            "key": f"{read.ids.tolist()} {digest} {zlib.crc32(order.tobytes())} "
            f"{names} {ends} {all_units} {projector}",
            "strips": kinds,
            "tokens": read.names,
            "units": read.state.shape[1],
            "order": order.tolist(),
            "ends": ends,
            "all": all_units,
            "token": token,
            "unit": unit,
            "projector": projector,
        },
        on_picked_change=on_pick,
    )


def _means(name: str, values: np.ndarray) -> list[str]:
    """Each token in one number: a share for a gate, else the mean size."""
    if name in ("update", "reset"):
        return [f"{value:.0%}" for value in values.mean(axis=1)]
    return [f"{value:.2f}" for value in np.abs(values).mean(axis=1)]
