"""The browser's address bar: one entry of its history for each page that was left.

Streamlit's own ``bind="query-params"`` takes a page's settings out of its address when
the page is left, so that Back finds it bare; and it gives a widget what the address
says before anybody can look at it.
"""

from __future__ import annotations

from app_parts.mounts import component

_mount = component("address", "<span hidden></span>", "address.js")


def show(page: str, query: str, *, key: str) -> None:
    """Let the address say what the page shows.

    Args:
        page: its name, which ends its address; empty for the first page.
        query: what stands behind the question mark.
        key: of the element.
    """
    _mount(key=key, data={"page": page, "query": query})
