"""Inside, Surgery: hold a gate still, and see what the memory was good for."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app_parts import desk, guard
from app_parts.inside.specimen import Specimen, glass
from app_parts.opening import note, open_bundle, prose
from textgen.study import surgery
from textgen.views import typeset
from textgen.writing.options import Options

HOLD = {
    "always keep (z = 1)": {"update": 1.0},
    "half and half (z = 0.5)": {"update": 0.5},
    "always overwrite (z = 0)": {"update": 0.0},
    "hide the past (r = 0)": {"reset": 0.0},
    "show all the past (r = 1)": {"reset": 1.0},
}
WHICH = {
    "those that keep longest": "slow",
    "those that forget first": "fast",
    "evenly, any": "spread",
}


@st.cache_data(show_spinner=False, max_entries=4)
def keeping_of(model: str) -> np.ndarray:
    return surgery.keeping(glass(model))


@st.cache_data(show_spinner="Operating", max_entries=64)
def operated(
    operation: surgery.Operation | None, options: Options, model: str
) -> tuple:
    """Bits per character on the made-up headlines, and headlines of the same luck."""
    patient = (
        glass(model)
        if operation is None
        else surgery.operate(open_bundle(model), operation, keeping_of(model))
    )
    return surgery.bits(patient), patient.generate(options)


def show(specimen: Specimen) -> None:
    """What a model loses when one of its gates is held still."""
    prose(
        "Hold a gate still and see what the memory was good for. Same luck, same "
        "settings: what differs is the operation.",
        large=specimen.projector,
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="theatre"):
        hold = st.selectbox("Hold", list(HOLD), **guard.field("hold"))
        share = st.slider("Share of units, %", 0, 100, step=5, **guard.field("share"))
        which = st.selectbox("Which units", list(WHICH), **guard.field("which"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="patient"):
        desk.prompt_setting()
        desk.category_setting(specimen.generator.categories)
        desk.temperature_setting()
        desk.seed_setting()
        desk.luck_button()
    report = desk.read(specimen.generator, desk.value("prompt"))
    operation = surgery.Operation(**HOLD[hold], share=share / 100, order=WHICH[which])
    count = 1 if desk.value("t") == 0 else 4
    options = desk.options(specimen.generator, report.text, count=count)
    whole, before = operated(None, options, specimen.model)
    cut, after = operated(operation, options, specimen.model)
    sides = (("Intact", whole, before), (f"{share} % held", cut, after))
    with st.grid(2, min_column_width=300, gap="medium"):
        for name, bits, written in sides:
            with st.container():
                st.metric(
                    f"{name}: bits per character",
                    f"{bits:.3f}",
                    None if bits is whole else f"{bits - whole:+.3f}",
                    delta_color="inverse",
                    help=f"On {len(surgery.PATIENTS)} made-up headlines; fewer is "
                    "better.",
                )
                for headline in written:
                    html = typeset.headline(headline, lead=specimen.projector)
                    st.html(html + typeset.gap())
    note(
        f"At temperature {options.temperature:.3g}, on the NumPy engine. The other "
        "pages write with a faster one that rounds more, so even the intact "
        f"{specimen.bundle.corpus.noun.many} "
        "may differ from theirs. Which units keep longest is their mean update gate "
        "over the made-up headlines.",
        large=specimen.projector,
    )
