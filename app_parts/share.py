"""Share this setup: a link, its QR code, and what a teacher may hide by it."""

from __future__ import annotations

import io
from urllib.parse import urlencode, urlsplit, urlunsplit

import segno
import streamlit as st

#: What ``?hide=`` may name, and what it hides.
HIDEABLE = {
    "views": "the choice of views",
    "prompt": "the prompt",
    "category": "the category",
    "seed": "seed and new luck",
    "more": "length and truncation (More)",
    "sharing": "this menu",
}
#: What somebody did, which is nobody else's setup: no link hands it on.
OWN = ("step", "done", "answers")


def hidden() -> set[str]:
    """The controls that the address hides; names it does not know are ignored."""
    return {*st.session_state.hide.split(",")} & {*HIDEABLE}


def for_others(settings: dict[str, str]) -> dict[str, str]:
    """Settings without what somebody did with them (:data:`OWN`)."""
    return {name: text for name, text in settings.items() if name not in OWN}


def link(base: str, settings: dict[str, str]) -> str:
    """An address with settings.

    Args:
        base: of the page; its own query is dropped.
        settings: names and values; empty values are left out.
    """
    parts = urlsplit(base.strip())
    query = urlencode({name: text for name, text in settings.items() if text})
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def qr_svg(text: str) -> str:
    """A QR code as SVG, dark on white in every theme, so that a camera reads it.

    Raises:
        ValueError: the text is too long for a QR code.
    """
    buffer = io.BytesIO()
    try:
        code = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError as error:
        raise ValueError(
            f"the address is too long for a QR code ({len(text):,} characters); "
            "shorten the prompt"
        ) from error
    code.save(buffer, kind="svg", scale=6, border=3, light="#fff", xmldecl=False)
    return buffer.getvalue().decode()


def menu(settings: dict[str, str]) -> None:
    """The button, and behind it the link, its QR code and what to hide.

    Args:
        settings: all that the page's address holds; :data:`OWN` is left out.
    """
    opened = st.popover(
        "Share this setup",
        icon=":material/qr_code_2:",
        type="tertiary",
        key="share_menu",
        on_change="rerun",
    )
    if not opened.open:
        return
    with opened:
        base = st.text_input(
            "Address of this page",
            st.context.url or "",
            key="share_base",
            help="What your students' browsers can reach: the name or number of this "
            "computer in your network instead of localhost, or where you host it.",
        )
        away = st.multiselect(
            "Hide from students",
            list(HIDEABLE),
            key="share_hide",
            format_func=HIDEABLE.get,
            placeholder="Nothing",
        )
        guided = st.checkbox("Begin with the lesson", key="share_lesson")
        address = link(
            base,
            for_others(settings)
            | {
                "hide": ",".join(away),
                "lesson": "temperature" if guided else "",
            },
        )
        try:
            st.image(qr_svg(address), width=260, alt=f"QR code of {address}")
        except ValueError as error:
            st.warning(str(error), icon=":material/warning:")
        st.code(address, language=None, wrap_lines=True)
        if urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1"):
            st.caption(
                "This address works on this computer only. To let a class in, start "
                'the app with `make run ARGS="--server.address=0.0.0.0"` and put this '
                "computer's address above."
            )
