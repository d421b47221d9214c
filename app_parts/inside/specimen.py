"""What the views of Inside look at: an opened model, and a text in it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from app_parts import guard
from app_parts.opening import open_bundle
from textgen.explain import trace
from textgen.model.bundle import Bundle
from textgen.writing.generator import Generator


@dataclass(frozen=True)
class Specimen:
    """What is on the table.

    Attributes:
        model: the name that the model is opened by.
        bundle: the model.
        generator: that of its fast engine.
        projector: large type, for the back of the room.
        text: the text to open, where the view asks for one.
        category: given to the model with it; None for any.
    """

    model: str
    bundle: Bundle
    generator: Generator
    projector: bool
    text: str = ""
    category: str | None = None


@st.cache_resource(show_spinner=False)
def glass(model: str) -> Generator:
    """The same model in NumPy, gates open."""
    return Generator.from_bundle(open_bundle(model), "reference")


@st.cache_data(show_spinner=False, max_entries=64)
def trace_of(text: str, category: str | None, model: str) -> trace.Trace:
    return trace.trace(glass(model), text, category)


def number(label: str, last: int, default: int, key: str, width: int = 130) -> int:
    """A number field from 0 to ``last``."""
    guard.fit(key, 0, last, default)
    return st.number_input(label, 0, last, width=width, **guard.field(key))
