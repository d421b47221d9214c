"""One desk for all pages, in a real browser: along the menu, by links, and back."""

import re
import time
import urllib.parse

import pytest
from conftest import ROOT
from pages import WAIT, settled
from playwright.sync_api import expect

from benchmarks.browser import served, streamlit

pytestmark = pytest.mark.browser
PAUSE = 150  # milliseconds


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def opened(page, address):
    page.goto(address)
    expect(page.locator("[data-testid=stHtml], .dial-value").first).to_be_visible(
        timeout=WAIT
    )
    settled(page, PAUSE)


def says(page):
    """What the address says."""
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))


def addressed(page, **settings):
    """Wait until the address says this, and nothing else."""
    deadline = time.monotonic() + WAIT / 1000
    while says(page) != settings and time.monotonic() < deadline:
        page.wait_for_timeout(50)
    assert says(page) == settings


def go(page, name, path):
    page.get_by_role("link", name=name, exact=True).first.click()
    page.wait_for_function("path => location.pathname === path", arg=path, timeout=WAIT)
    settled(page, PAUSE)


def back(page, path):
    page.go_back()
    page.wait_for_function("path => location.pathname === path", arg=path, timeout=WAIT)
    settled(page, PAUSE)


def field(page, role, name):
    return page.get_by_role(role, name=name, exact=True)


def set_the_desk(page):
    """Wild, from a prompt, with a seed, in a category; returns what was set."""
    page.get_by_role("button", name="Wild", exact=True).click()
    addressed(page, t="1.3")
    for role, name, value in (
        ("textbox", "Begin with", "Why owls & bees"),
        ("spinbutton", "Seed", "21"),
    ):
        field(page, role, name).fill(value)
        field(page, role, name).press("Enter")
        settled(page, PAUSE)
    field(page, "combobox", "Category").fill("science")
    page.get_by_role("option", name="SCIENCE", exact=True).click()
    wanted = {
        "t": "1.3",
        "prompt": "Why owls & bees",
        "category": "SCIENCE",
        "seed": "21",
    }
    addressed(page, **wanted)
    settled(page, PAUSE)
    return wanted


def desk_is_set(page):
    expect(field(page, "textbox", "Begin with")).to_have_value("Why owls & bees")
    expect(field(page, "spinbutton", "Seed")).to_have_value("21")
    expect(field(page, "combobox", "Category")).to_have_value("SCIENCE")


def test_back_finds_every_page_as_it_was_left(page, app_url):
    opened(page, app_url)
    entries = page.evaluate("history.length")
    wanted = set_the_desk(page)
    first = page.locator("h2").first.inner_text()

    go(page, "Temperature", "/temperature")
    addressed(page, **wanted)
    page.get_by_text("Why this word", exact=True).click()
    addressed(page, **wanted, view="Why this word")
    desk_is_set(page)
    expect(field(page, "spinbutton", "Exact T")).to_have_value("1.300")

    go(page, "Inside", "/inside")
    addressed(page, **wanted)
    page.get_by_text("Surgery", exact=True).click()
    addressed(page, **wanted, inside_view="Surgery")
    settled(page, PAUSE)
    desk_is_set(page)
    # What is set here is not what the pages before were left with.
    field(page, "spinbutton", "Seed").fill("5")
    field(page, "spinbutton", "Seed").press("Enter")
    addressed(page, **(wanted | {"seed": "5"}), inside_view="Surgery")
    settled(page, PAUSE)

    assert page.evaluate("history.length") == entries + 2, "an entry for each page"
    back(page, "/temperature")
    addressed(page, **wanted, view="Why this word")
    desk_is_set(page)
    expect(page.locator(".why-headline")).to_be_visible(timeout=WAIT)
    back(page, "/")
    addressed(page, **wanted)
    desk_is_set(page)
    expect(page.locator(".dial-value")).to_have_text("1.30")
    expect(page.locator("h2").first).to_have_text(first, timeout=WAIT)
    page.go_forward()
    page.wait_for_function("location.pathname === '/temperature'")
    addressed(page, **wanted, view="Why this word")
    page.go_forward()
    page.wait_for_function("location.pathname === '/inside'")
    addressed(page, **(wanted | {"seed": "5"}), inside_view="Surgery")


def test_back_to_a_page_that_was_left_untouched_finds_it_untouched(page, app_url):
    opened(page, app_url)
    go(page, "Temperature", "/temperature")
    field(page, "spinbutton", "Exact T").fill("0.4")
    field(page, "spinbutton", "Exact T").press("Enter")
    addressed(page, t="0.4")
    back(page, "/")
    addressed(page)
    expect(page.locator(".dial-value")).to_have_text("0.70")


def test_pages_that_use_no_setting_keep_it(page, app_url):
    opened(page, f"{app_url}/?t=1.3&prompt=Why&n=3")
    go(page, "Dataset", "/dataset")
    addressed(page)
    go(page, "Training", "/training")
    go(page, "Temperature", "/temperature")
    addressed(page, t="1.3", prompt="Why")
    go(page, "Generate", "/")
    addressed(page, t="1.3", prompt="Why", n="3")


def test_the_settings_are_those_of_the_address_after_a_reload(page, app_url):
    opened(page, app_url)
    wanted = set_the_desk(page)
    go(page, "Temperature", "/temperature")
    addressed(page, **wanted)
    page.reload()
    settled(page, PAUSE)
    addressed(page, **wanted)
    expect(field(page, "textbox", "Begin with")).to_have_value("Why owls & bees")


def test_look_inside_takes_the_desk_and_the_model_along(page, app_url):
    opened(
        page, f"{app_url}/?model=headlines-gru-small&t=1&seed=9&category=SCIENCE&n=1"
    )
    written = page.get_by_role("heading", level=2).first.inner_text()
    page.get_by_role("link", name="Look inside").click()
    page.wait_for_url(re.compile("/inside"))
    settled(page, PAUSE)
    addressed(
        page,
        model="headlines-gru-small",
        t="1",
        seed="9",
        category="SCIENCE",
        headline=written,
    )
    expect(field(page, "textbox", "Headline to open")).to_have_value(written)
    expect(page.get_by_text("headlines-gru-small", exact=False).first).to_be_visible()
    back(page, "/")
    addressed(
        page, model="headlines-gru-small", t="1", seed="9", category="SCIENCE", n="1"
    )
    expect(page.get_by_role("heading", level=2).first).to_have_text(written)


@pytest.mark.parametrize(
    ("query", "said", "settings"),
    [
        ("seed=inf", "seed = “inf” (not a whole number", {}),
        ("category=politics&t=1", None, {"category": "POLITICS", "t": "1"}),
        ("temperature=0.4", None, {"t": "0.4"}),
        ("t=1e-320", None, {"t": "0"}),
        ("ranks=1", None, {"ranks": "true"}),
        ("t=0.7&seed=1.5&n=3", "seed = “1.5” (not a whole number", {"n": "3"}),
    ],
)
def test_what_is_odd_is_taken_out_of_the_address_and_said(
    page, app_url, query, said, settings
):
    opened(page, f"{app_url}/?{query}")
    addressed(page, **settings)
    note = page.get_by_text("Not taken from the address")
    if said is None:
        expect(note).to_have_count(0)
    else:
        expect(note).to_have_count(1)
        expect(note).to_contain_text(said)
        # The line goes with the next setting.
        page.get_by_role("button", name="Wild", exact=True).click()
        expect(note).to_have_count(0, timeout=WAIT)


BROKEN = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from app_parts import guard


def unwatched():
    raise OverflowError("a secret of the callback")


@guard.callback
def watched():
    raise OverflowError("a secret of the other callback")


def page():
    guard.enter("", ())
    st.button("unwatched", on_click=unwatched)
    st.button("watched", on_click=watched)
    if st.button("page"):
        raise OverflowError("a secret of the page")
    st.write("all is well")


opened = st.navigation([st.Page(page)])
with guard.watch():
    opened.run()
"""


def test_no_trace_of_an_error_reaches_a_visitor(page, tmp_path):
    script = tmp_path / "app.py"
    script.write_text(BROKEN.format(root=str(ROOT)), encoding="utf-8")
    said = tmp_path / "server.log"
    with served(streamlit(script), log=said) as (url, _):
        page.goto(url)
        well = page.get_by_text("all is well")
        expect(well).to_be_visible(timeout=WAIT)
        for name in ("page", "watched", "unwatched"):
            page.get_by_role("button", name=name, exact=True).click()
            alert = page.get_by_role("alert").first
            expect(alert).to_be_visible(timeout=WAIT)
            settled(page, PAUSE)
            text = page.locator("body").inner_text()
            for trace in ("secret", "OverflowError", "Traceback", "app.py", "guard"):
                assert trace not in text, name
            log = said.read_text(encoding="utf-8")
            if name != "unwatched":
                number = re.search(r"\(number (\w{4})\)", alert.inner_text())[1]
                assert f"Error {number} on page" in log
            assert "OverflowError: a secret of the" in log
            page.reload()
            expect(well).to_be_visible(timeout=WAIT)
            expect(page.get_by_role("alert")).to_have_count(0)
