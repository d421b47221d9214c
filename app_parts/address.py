"""The browser's address bar: one entry of its history for each page that was left.

Streamlit's own ``bind="query-params"`` takes a page's settings out of its address when
the page is left, so that Back finds it bare; and it gives a widget what the address
says before anybody can look at it.
"""

from __future__ import annotations

from app_parts.mounts import component

_mount = component("address", "<span hidden></span>", "address.js")


def show(page: str, query: str, *, session: str, turn: int, key: str) -> None:
    """Let the address say what the page shows.

    Args:
        page: its name, which ends its address; empty for the first page.
        query: what stands behind the question mark.
        session: the name of the visitor's session.
        turn: rises whenever the session says an address; only the newest counts.
        key: of the element.
    """
    data = {"page": page, "query": query, "session": session, "turn": turn}
    _mount(key=key, data=data)
