"""Gate strips: heat maps of tokens by units, drawn in the browser on canvas."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import streamlit as st

from textgen.inside import Trace
from textgen.palette import GATES

_HERE = Path(__file__).parent
#: Name of a strip: its title and what it says in plain words.
STRIPS = {
    "update": ("Update gate z", "how much of the memory is kept (full) or overwritten"),
    "reset": ("Reset gate r", "how much of the past the new idea may see"),
    "candidate": ("Candidate h̃", "the new idea: what might be written"),
    "state": ("State h", "what is remembered after the token"),
}

_mount = st.components.v2.component(
    "gate_strips",
    html='<div class="strips"></div>\n\n',
    css=(_HERE / "strips.css").read_text(encoding="utf-8"),
    js=(_HERE / "strips.js").read_text(encoding="utf-8"),
)


def strips(
    read: Trace,
    names: list[str],
    order: np.ndarray,
    *,
    token: int,
    unit: int,
    key: str,
    projector: bool = False,
    on_pick: Callable[[], None],
):
    """Show what the gates did.

    Args:
        read: the trace.
        names: keys of :data:`STRIPS` to show.
        order: units from left to right.
        token: which row is marked.
        unit: which unit is marked.
        key: of the element; ``st.session_state[key].picked`` holds the square that was
            clicked, ``{"token", "unit"}``.
        projector: larger rows and type.
        on_pick: called when a square is clicked.
    """
    kinds = []
    for name in names:
        values = getattr(read, name)
        title, gloss = STRIPS[name]
        alt = f"Mean over all units and tokens {values.mean():.2f}."
        packed = base64.b64encode(values.astype("<f4").tobytes()).decode()
        kinds.append(
            {
                "name": name,
                "title": title,
                "gloss": gloss,
                "alt": alt,
                "colour": GATES[name],
                "values": packed,
                "means": _means(name, values),
            }
        )
    return _mount(
        key=key,
        data={
            "key": f"{read.ids.tolist()} {read.category} {names} {projector}",
            "strips": kinds,
            "tokens": read.names,
            "units": read.state.shape[1],
            "order": order.tolist(),
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
    return [f"±{value:.2f}" for value in np.abs(values).mean(axis=1)]
