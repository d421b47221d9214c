"""Inside, Memory: how far back a prediction looks."""

from __future__ import annotations

import numpy as np
import streamlit as st

from app_parts.inside.specimen import Specimen, glass, trace_of
from app_parts.opening import offer_figure, small_print
from textgen.explain import connectivity
from textgen.views import ink, model_charts, typeset_gates


@st.cache_data(show_spinner=False, max_entries=64)
def connectivity_of(text: str, category: str | None, model: str) -> np.ndarray:
    return connectivity.connectivity(
        glass(model).engine, trace_of(text, category, model)
    )


def show(specimen: Specimen) -> None:
    """How much each predicted word hangs on each word before it."""
    read = trace_of(specimen.text, specimen.category, specimen.model)
    lengths = connectivity_of(specimen.text, specimen.category, specimen.model)
    names = read.judged_names
    piece = specimen.bundle.corpus.language.piece
    key = f"predicted_{len(names)}"
    index = st.select_slider(
        f"Predicted {piece}",
        range(len(names)),
        len(names) - 1,
        format_func=lambda i: f"{i + 1}: {names[i]}",
        key=key,
    )
    st.html(
        typeset_gates.connected(
            read, lengths[index], index, piece=piece, large=specimen.projector
        )
    )
    labels = [f"{j}: {name}" for j, name in enumerate(read.names)]
    st.altair_chart(
        ink.sized(
            model_charts.connectivity(lengths[index, : index + 1], labels[: index + 1]),
            large=specimen.projector,
        ),
        alt=f"Gradient of the chance of {names[index]} by each earlier {piece}; "
        f"most by {labels[int(lengths[index].argmax())]}",
    )
    small_print(
        f"The length of the gradient of the {piece}'s log-probability with respect to "
        f"the vector of each {piece} read (Madsen, [Visualizing memorization in RNNs]"
        "(https://distill.pub/2019/memorization-in-rnns/)), by backpropagation through "
        "the gates. A large value far back is long memory.",
        large=specimen.projector,
    )
    offer_figure(
        "memory",
        lambda figures: figures.connectivity(
            lengths[index, : index + 1],
            labels[: index + 1],
            names[index],
            f"textgen, {specimen.model} · {specimen.category or 'any category'} · "
            f"{specimen.text}",
        ),
        "model_figures",
    )
