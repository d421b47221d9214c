"""What several pages use: the open model, and figures to take away."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import TYPE_CHECKING

import streamlit as st

from app_parts import guard
from textgen.errors import BundleError
from textgen.model.bundle import Bundle
from textgen.storage import DEFAULT_MODEL
from textgen.views import typeset
from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.text import Text

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@st.cache_resource(show_spinner=False)
def open_bundle(model: str = DEFAULT_MODEL) -> Bundle:
    """A model that ships, opened once for all sessions."""
    return Bundle(model)


@st.cache_resource(show_spinner=False)
def open_generator(model: str = DEFAULT_MODEL) -> Generator:
    """A shipped model's generator, one for all sessions (it is thread-safe)."""
    return Generator.from_bundle(open_bundle(model))


def generator_or_stop(model: str = DEFAULT_MODEL) -> Generator:
    """The generator; where the model is missing or damaged, say so and stop."""
    try:
        return open_generator(model)
    except BundleError as error:
        st.error(f"The model cannot be opened. {error}", icon=":material/error:")
        st.stop()


@st.cache_data(show_spinner=False, max_entries=256)
def headlines(options: Options, model: str = DEFAULT_MODEL) -> list[Text]:
    """What these options give; the text is a function of the settings and the seed."""
    return open_generator(model).generate(options)


def choice(
    options: Iterable[str],
    key: str,
    *,
    label: str = "Show",
    named: Callable[[str], str] = str,
) -> str:
    """One of a few views.

    Args:
        options: what the address and this function say.
        key: the setting's name.
        label: for screen readers.
        named: what the page shows for an option.
    """
    return st.segmented_control(
        label,
        list(options),
        required=True,
        format_func=named,
        label_visibility="collapsed",
        wrap=True,
        **guard.field(key),
    )


def accented(label: str) -> str:
    """A button's label for the one to press, or the one that is chosen.

    Instead of a primary button: Streamlit writes its label in white on the primary
    colour, and no colour is both dark enough for that and light enough to be read as
    text on a dark page.
    """
    return f":primary[**{label}**]"


def prose(text: str, *, large: bool = False) -> None:
    """A paragraph.

    Args:
        text: Markdown; when large, what :func:`textgen.views.typeset.prose` knows of
        it.
        large: for the back of the room.
    """
    if large:
        st.html(typeset.prose(text))
    else:
        st.markdown(text)


def note(text: str, *, large: bool = False) -> None:
    """A quiet line under a view, for the back of the room as large as the rest.

    Args:
        text: as for :func:`prose`.
        large: for the back of the room.
    """
    if large:
        prose(text, large=True)
    else:
        st.caption(text)


def small_print(text: str, *, large: bool = False) -> None:
    """Sources and the like, with links: a caption would fade them, and a faded link is
    too pale to read.

    Args:
        text: as for :func:`prose`.
        large: for the back of the room.
    """
    prose(text if large else f":small[{text}]", large=large)


def projector_switch(effect: str) -> bool:
    """The switch for large type, kept in the address."""
    return st.toggle(
        "Projector",
        help=f"{effect}, for the back of the room",
        **guard.field("projector"),
    )


def offer_figure(
    name: str, draw: Callable[[ModuleType], Figure], twins: str = "figures"
) -> None:
    """A button that draws a chart's print twin, as PNG and as SVG.

    Args:
        name: of the files.
        draw: given the module, makes the figure; called only when the menu is open.
            Importing it takes seconds on a small machine, which nobody who came to
            read should wait for.
        twins: the module: ``figures``, ``lab_figures`` or ``model_figures``.
    """
    menu = st.popover(
        "Download for slides",
        icon=":material/download:",
        type="tertiary",
        key=f"slides_{name}",
        on_change="rerun",
    )
    if menu.open:
        from textgen.views import figures

        with menu:
            figure = draw(importlib.import_module(f"textgen.views.{twins}"))
            for kind, mime in (("png", "image/png"), ("svg", "image/svg+xml")):
                st.download_button(
                    f"{kind.upper()} for {'documents' if kind == 'png' else 'slides'}",
                    figures.render(figure, kind),
                    f"{name}.{kind}",
                    mime,
                    on_click="ignore",
                    key=f"slides_{name}_{kind}",
                )


def on_phone() -> bool:
    """True if the browser says that it runs on a phone."""
    return "Mobi" in st.context.headers.get("User-Agent", "")
