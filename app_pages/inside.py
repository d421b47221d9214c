"""Inside the GRU: what the network did at each word, from the real weights."""

import streamlit as st

from app_parts import desk, guard
from app_parts.inside import category as category_view
from app_parts.inside import cells, gates, jobs, memory, surgery
from app_parts.inside.specimen import Specimen
from app_parts.opening import (
    choice,
    generator_or_stop,
    open_bundle,
    projector_switch,
)
from textgen.model.bundle import available
from textgen.model.cells import CELLS, GRU
from textgen.storage import DEFAULT_MODEL

#: Those that show a GRU's gates, units or state; the others work for every model.
OF_A_GRU = ("Gates", "Memory", "Surgery", "Jobs")
LONGEST = 40  # tokens that are opened
VIEWS = {
    "Gates": gates,
    "Memory": memory,
    "Surgery": surgery,
    "Jobs": jobs,
    "Category": category_view,
    "Cells": cells,
}

desk.enter(
    "inside",
    *desk.DESK,
    *("inside_view", "projector", "headline", "sort", "all_units", "token", "unit"),
    *("hold", "share", "which", "job_unit"),
)
model = desk.model()
generator = generator_or_stop(model)
bundle = open_bundle(model)


@guard.callback
def take_model(name: str) -> None:
    st.session_state.model = name


with st.container(horizontal=True, vertical_alignment="center", key="inside_head"):
    view = choice(desk.SETTINGS["inside_view"].options(), "inside_view")
    projector = projector_switch("Large type")
    with st.popover("Model", icon=":material/tune:", type="tertiary"):
        desk.model_setting()
if view in OF_A_GRU and bundle.config.cell != GRU.key:
    others = [name for name in available() if open_bundle(name).config.cell == GRU.key]
    st.info(
        f"{model} is {CELLS[bundle.config.cell].said}: it has none of the gates and "
        "units of a GRU that this view shows. Category and Cells work for every model."
    )
    with st.container(horizontal=True):
        for name in others:
            st.button(
                f"Open {name}", key=f"open_{name}", on_click=take_model, args=(name,)
            )
    st.stop()
if model != DEFAULT_MODEL:
    st.caption(f"The model opened here: **{model}**, {CELLS[bundle.config.cell].said}.")

text, category = "", None
if view in ("Gates", "Memory", "Category"):
    with st.container(horizontal=True, vertical_alignment="bottom", key="specimen"):
        given = st.text_input(
            bundle.corpus.noun.fill("{one}").capitalize() + " to open",
            help="Any text. Yours, or one that the model wrote.",
            **guard.field("headline"),
        )
        if view != "Category":
            desk.category_setting(generator.categories)
            category = desk.category_or_none(generator.categories)
    text = desk.read(generator, given).text
    pieces = generator.tokenizer.encode(text)
    if len(pieces) > LONGEST:
        text = generator.tokenizer.decode(pieces[:LONGEST])
        st.caption(f"The text is long: its first {LONGEST} tokens are shown.")

VIEWS[view].show(Specimen(model, bundle, generator, projector, text, category))
