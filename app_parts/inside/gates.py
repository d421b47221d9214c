"""Inside, Gates: the strips, and one unit worked out by hand."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app_parts import guard
from app_parts.inside.specimen import Specimen, glass, number, trace_of
from app_parts.opening import on_phone
from app_parts.strips import STRIPS, strips
from textgen.explain import trace
from textgen.model.bundle import Bundle
from textgen.views import typeset, typeset_gates

#: How units can be sorted: what stands first and last, and by what.
SORTS = {
    "keeps longest": (
        ("keep longest", "forget first"),
        lambda read: -read.update.mean(axis=0),
    ),
    "most active": (
        ("most active", "least active"),
        lambda read: -np.abs(read.state).mean(axis=0),
    ),
    "forgets first": (
        ("forget first", "keep longest"),
        lambda read: read.update.mean(axis=0),
    ),
    "number": (
        ("first unit", "last unit"),
        lambda read: np.arange(read.state.shape[1]),
    ),
}


@guard.callback
def take_square() -> None:
    """A square of the strips was clicked: its token and unit are shown below."""
    picked = st.session_state.strips["picked"]
    st.session_state.token = int(picked["token"])
    st.session_state.unit = int(picked["unit"])


def show(specimen: Specimen) -> None:
    """Gates, candidate and state at each token, and one unit worked out by hand."""
    read = trace_of(specimen.text, specimen.category, specimen.model)
    last, units = len(read.ids) - 1, read.state.shape[1]
    with st.container(horizontal=True, vertical_alignment="bottom", key="strip_desk"):
        shown = st.pills(
            "Strips",
            list(STRIPS),
            default=list(STRIPS)[:1]
            if on_phone() or specimen.projector
            else list(STRIPS),
            selection_mode="multi",
            format_func=lambda name: STRIPS[name][0],
            key="gates",
            label_visibility="collapsed",
            wrap=True,
        )
        by = st.selectbox(
            "Sort units by", list(SORTS), width=180, **guard.field("sort")
        )
        every = st.toggle(
            f"All {units} units",
            help="Every unit, in strips that scroll sideways",
            **guard.field("all_units"),
        )
    ends, weigh = SORTS[by]
    order = np.argsort(weigh(read), kind="stable")
    # The fields below the strips say what is marked in them, so they come first.
    strips_slot = st.container()
    st.caption(
        "Keras' convention: h = z · h before + (1 − z) · h̃, so z = 1 keeps and z = 0 "
        "overwrites (some books swap the two). A square is one unit at one token: "
        "colour is above 0, grey below. The number beside a token is the mean over all "
        f"{units} units; for h̃ and h of the absolute values (|h|, the size without the "
        "sign), since values above and below 0 would cancel out."
        + _first_layer(specimen.bundle)
    )
    st.subheader("One unit, worked out by hand", anchor=False)
    busiest = int(np.abs(read.state).mean(axis=0).argmax())
    with st.container(horizontal=True, vertical_alignment="bottom", key="unit_desk"):
        token = number("Token", last, min(1, last), "token")
        unit = number("Unit", units - 1, busiest, "unit")
        st.markdown(f"at **{typeset.plain_markdown(read.names[token])}**")
    worked = trace.equations(glass(specimen.model).engine, read, token, unit)
    st.html(typeset_gates.equations(worked, large=specimen.projector))
    if shown:
        with strips_slot:
            strips(
                read,
                shown,
                order,
                ends,
                token=token,
                unit=unit,
                key="strips",
                all_units=every,
                projector=specimen.projector,
                on_pick=take_square,
            )


def _first_layer(bundle: Bundle) -> str:
    """Which layer is opened, where there are several."""
    layers = bundle.config.layers
    return f" The first of the model's {layers} layers is shown." if layers > 1 else ""
