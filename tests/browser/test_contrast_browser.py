"""Everything can be read: axe-core over every page and view, in both themes."""

import tomllib

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT
from pages import WAIT, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
THEME = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
#: Every page and view, with what is faded, marked or cut off in it, and what is to be
#: pressed before looking.
VIEWS = {
    "generate": ("?ranks=true&seen=true&category=POLITICS&words=4", "Reproduce this"),
    "to take along": ("?t=0", "Take along"),
    "training": ("training", "Model card"),
    "dataset": ("dataset", "All 42 categories as links"),
    "lens": ("temperature?view=Lens&prompt=Why+Zorblax&k=5", "Share this setup"),
    "lesson": ("temperature?lesson=temperature", None),
    "why": ("temperature?view=Why+this+word&k=5&seed=9", None),
    "same luck": ("temperature?view=Same+luck", None),
    "path": ("temperature?view=Path&words=6", None),
    "in the large": ("temperature?view=In+the+large", None),
    "for the back row": ("temperature?view=In+the+large&projector=true", None),
    "guess": ("temperature?view=Guess", "That is my guess"),
    "gates": ("inside?inside_view=Gates", None),
    "memory": ("inside?inside_view=Memory", None),
    "surgery": ("inside?inside_view=Surgery", None),
    "jobs": ("inside?inside_view=Jobs", None),
    "category": ("inside?inside_view=Category", None),
    "cells": ("inside?inside_view=Cells", None),
}
SCREENS = {
    "desk": {"viewport": {"width": 1280, "height": 800}},
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "is_mobile": True,
        "has_touch": True,
        "user_agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36",
    },
}


@pytest.fixture(scope="module", params=SCREENS)
def page(browser, request):
    context = browser.new_context(**SCREENS[request.param])
    yield context.new_page()
    context.close()


def wear(page, shade):
    """Change the theme as the visitor's system would, and wait for the fading."""
    page.emulate_media(color_scheme=shade)
    paper = THEME[shade]["backgroundColor"].lstrip("#")
    wanted = ", ".join(str(int(paper[i : i + 2], 16)) for i in (0, 2, 4))
    expect(page.locator(".stApp")).to_have_css(
        "background-color", f"rgb({wanted})", timeout=WAIT
    )
    settled(page)
    page.evaluate(
        "Promise.all(document.getAnimations().map(a => a.finished.catch(() => 0)))"
    )


@pytest.mark.parametrize("name", VIEWS)
def test_axe_finds_nothing_serious(page, app_url, name):
    address, press = VIEWS[name]
    page.emulate_media(color_scheme="light")
    page.goto(f"{app_url}/{address}")
    settled(page)
    if press:
        page.get_by_text(press, exact=True).first.click()
        settled(page)
    found = []
    for shade in ("light", "dark"):
        wear(page, shade)
        for problem in Axe().run(page).response["violations"]:
            if problem["impact"] in ("serious", "critical"):
                found += [
                    f"{shade}: {problem['id']}: {node['html'][:120]}: "
                    f"{node['failureSummary']}"
                    for node in problem["nodes"]
                ]
    assert not found, "\n".join(found)
