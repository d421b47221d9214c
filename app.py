"""The front door: page config and navigation, nothing else."""

import streamlit as st

from app_parts import guard
from textgen.storage import ROOT

st.set_page_config(
    page_icon=str(ROOT / "assets" / "icon.svg"),
    layout="wide",
)
shade = "dark" if st.context.theme.type == "dark" else "light"
st.html(ROOT / "app_parts" / "print.css")
st.logo(str(ROOT / "assets" / f"logo-{shade}.svg"), size="large")

page = st.navigation(
    [
        st.Page(
            "app_pages/generate.py",
            title="Generate",
            icon=":material/newspaper:",
            help="Texts on demand: choose a temperature and a category, and read.",
            default=True,
        ),
        st.Page(
            "app_pages/temperature.py",
            title="Temperature",
            icon=":material/thermostat:",
            help="The lab: see what temperature does, everything else held fixed.",
        ),
        st.Page(
            "app_pages/inside.py",
            title="Inside",
            icon=":material/visibility:",
            help="The GRU opened: its gates, word by word, from the real weights.",
        ),
        st.Page(
            "app_pages/training.py",
            title="Training",
            icon=":material/show_chart:",
            help="How the model learnt, epoch by epoch, and what it wrote on the way.",
        ),
        st.Page(
            "app_pages/dataset.py",
            title="Dataset",
            icon=":material/bar_chart:",
            help="What the model was fed: categories, years, lengths, quirks.",
        ),
    ],
    position="top",
)
st.set_page_config(page_title=f"{page.title} · textgen")
with guard.watch():
    page.run()
