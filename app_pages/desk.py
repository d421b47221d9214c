"""The editor's desk: the settings that several pages share, and their addresses.

Every setting is bound to the page's address, so a link holds them all. A page may leave
a setting out (a teacher hid it); its value then comes from the address.
"""

from __future__ import annotations

import secrets

import streamlit as st

from textgen import film
from textgen.bundle import available
from textgen.options import RANGES
from textgen.paths import DEFAULT_MODEL

ANY = "Any"
DEFAULTS = {
    "model": DEFAULT_MODEL,
    "prompt": "",
    "category": ANY,  # to write in
    "read_as": ANY,  # to read in: a link from page to page cannot reuse the first
    "seed": film.SEED,
    "words": 16,
    "k": 0,
    "p": 1.0,
    "minp": 0.0,
}
_LIMITS = {
    "seed": RANGES["seed"],
    "words": (3, 30),
    "k": (0, 200),
    "p": (0.05, 1.0),
    "minp": (0.0, 0.5),
}


def value(key: str):
    """A setting's value, whether its widget is on the page or not."""
    if key in st.session_state:
        return st.session_state[key]
    default = DEFAULTS[key]
    text = st.query_params.get(key, "")
    if key not in _LIMITS:
        return text or default
    try:
        number = type(default)(text)
    except ValueError:
        return default
    low, high = _LIMITS[key]
    return number if low <= number <= high else default


def category_or_none(known: tuple[str, ...], key: str = "category") -> str | None:
    """The category as the generator takes it; None for any."""
    name = value(key)
    return name if name in known else None


def model() -> str:
    """The name of the model at work; the default one if the address names no other."""
    name = value("model")
    return name if name in available() else DEFAULT_MODEL


def model_setting() -> None:
    st.selectbox(
        "Model",
        available(),
        key="model",
        bind="query-params",
        help="The large GRU, or one of its three small relatives of equal size: GRU, "
        "LSTM and simple RNN. The Training page compares them.",
    )


def new_luck() -> None:
    """Another seed, everything else the same."""
    st.session_state.seed = secrets.randbelow(10_000)


def luck_button() -> None:
    st.button(
        "New luck",
        key="new_luck",
        icon=":material/casino:",
        on_click=new_luck,
        help="The same settings with other luck: another seed",
    )


def seed_setting() -> None:
    low, high = _LIMITS["seed"]
    st.number_input(
        "Seed",
        low,
        high,
        DEFAULTS["seed"],
        1,
        key="seed",
        bind="query-params",
        width=150,
        help="Which luck. The same settings and seed give the same headlines, on every "
        "machine.",
    )


def prompt_setting() -> None:
    st.text_input(
        "Begin with",
        key="prompt",
        bind="query-params",
        placeholder="Why",
        help="Your first words. The model goes on from there.",
    )


def category_setting(known: tuple[str, ...], key: str = "category") -> None:
    st.selectbox(
        "Category",
        [ANY, *known],
        key=key,
        bind="query-params",
        help="The model learnt what headlines of each category look like.",
    )


def length_setting() -> None:
    low, high = _LIMITS["words"]
    st.slider(
        "Words to write",
        low,
        high,
        DEFAULTS["words"],
        key="words",
        bind="query-params",
        help="At most so many after your own. The model may end sooner.",
    )


def truncation_settings() -> None:
    st.slider(
        "Top-k",
        *_LIMITS["k"],
        DEFAULTS["k"],
        key="k",
        bind="query-params",
        help="Choose among the k likeliest tokens only. 0: among all.",
    )
    st.slider(
        "Top-p",
        *_LIMITS["p"],
        DEFAULTS["p"],
        0.05,
        key="p",
        bind="query-params",
        help="Choose among the fewest tokens that hold this much of the chance.",
    )
    st.slider(
        "Min-p",
        *_LIMITS["minp"],
        DEFAULTS["minp"],
        0.01,
        key="minp",
        bind="query-params",
        help="Leave out tokens less likely than this share of the favourite's chance.",
    )
