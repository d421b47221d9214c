"""Inside, Cells: each of them, drawn, trained and measured."""

from __future__ import annotations

import streamlit as st

from app_parts.inside.specimen import Specimen
from app_parts.opening import offer_figure
from textgen.model.cells import CELLS
from textgen.study import comparison, verdicts
from textgen.views import cell_drawings, tables


@st.cache_data(show_spinner=False, max_entries=12)
def cell_image(cell: str, units: int, inputs: int, dark: bool) -> bytes:
    from textgen.views import figures  # here, since only this view needs it

    shade = cell_drawings.DARK if dark else cell_drawings.LIGHT
    return figures.render(cell_drawings.draw(units, inputs, (cell,), shade), "png")


def show(specimen: Specimen) -> None:
    """The recurrent cells, drawn and compared."""
    st.markdown(
        "The same notation for all: **x** is the word read, **h** what is "
        "remembered. The simple network rewrites everything at every word. The GRU "
        "adds two gates and mixes old and new. The LSTM has three gates and a second "
        "memory, **c**. Where **r** acts is a matter of version. In the GRU as "
        "published ([Cho et al., 2014, version 3](https://arxiv.org/abs/1406.1078v3)), "
        "and in many books, it acts on **h** before the weights **U**; in [Keras]"
        "(https://keras.io/api/layers/recurrent_layers/gru/), NVIDIA's cuDNN and this "
        "model after them, as drawn. That is why it has two biases per unit and gate."
    )
    units, inputs = specimen.bundle.config.units, specimen.bundle.config.embedding
    dark = st.context.theme.type == "dark"
    key = f"cells_{'dark' if dark else 'light'}"  # print.css turns dark ones round
    with st.grid(len(CELLS), min_column_width=300, gap="medium", key=key):
        for cell in CELLS.values():
            st.image(
                cell_image(cell.key, units, inputs, dark),
                alt=f"Diagram of the {cell.name} cell, with "
                f"{cell.parameters(units, inputs):,} parameters",
            )
    st.caption(cell_drawings.legend(units, inputs))
    offer_figure("cells", lambda _: cell_drawings.draw(units, inputs))
    relatives = comparison.shipped()
    if relatives:
        noun = relatives[0].corpus.noun
        table = comparison.cells(relatives, comparison.load())
        st.subheader("Trained and measured", anchor=False)
        st.markdown(verdicts.cells(table))
        st.html(tables.cells(table))
        st.caption(
            f"About as many weights each, the same {noun.many}, and one recipe but for "
            "the learning rate. "
            f"{verdicts.seeds(table)} Bits per character on test {noun.many}: "
            "fewer is better. The curves are on the Training page; under More on "
            "Generate you can let each of them write."
        )
