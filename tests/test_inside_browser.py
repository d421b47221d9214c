"""The opened GRU in a real browser: what is pointed at is what the network did."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from textgen import inside, typeset_gates

pytestmark = pytest.mark.browser
WAIT = 30_000
TEXT = "Why Owls Sing In (Very) Old Barns"
VIEWS = ["Gates", "Memory", "Surgery", "Jobs", "Category", "Cells"]


def settled(page):
    expect(page.locator(".stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=WAIT
    )


def open_inside(page, app_url, query):
    page.goto(f"{app_url}/inside?{query}")
    settled(page)


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


@pytest.fixture(scope="module")
def read(bundle):
    from textgen.generator import HeadlineGenerator

    return inside.trace(HeadlineGenerator.from_bundle(bundle, "reference"), TEXT)


def columns(page):
    """How many units share a column of the strips, from what the page says."""
    said = page.locator(".says").inner_text()
    found = re.search(r"mean of (\d+) units", said)
    return int(found[1]) if found else 1


@pytest.mark.parametrize(
    ("strip", "name"),
    [(0, "update"), (1, "reset"), (2, "candidate"), (3, "state")],
)
def test_the_strips_show_the_trace(page, app_url, read, strip, name):
    open_inside(page, app_url, f"headline={TEXT}&sort=number")
    values = getattr(read, name)
    canvas = page.locator(".strips canvas").nth(strip)
    expect(canvas).to_be_visible(timeout=WAIT)
    box = canvas.bounding_box()
    rows, units = values.shape
    row_height = box["height"] / rows
    for row, share in ((0, 0.02), (3, 0.5), (rows - 1, 0.97)):
        canvas.hover(
            position={"x": share * box["width"], "y": (row + 0.5) * row_height}
        )
        each = columns(page)
        across = -(-units // each)
        first = int(share * across) * each
        said = page.locator(".says").inner_text()
        assert f"“{read.names[row]}”" in said
        assert re.search(rf"(unit |\(){first}\b", said)
        shown = float(said.rsplit(":", 1)[1].replace("−", "-"))
        wanted = values[row, first : first + each].mean()
        assert shown == pytest.approx(float(wanted), abs=6e-4)
    mean = page.locator(".strips figure").nth(strip).locator(".mean").nth(3)
    if name in ("update", "reset"):
        assert mean.inner_text() == f"{values[3].mean():.0%}"
    else:
        assert mean.inner_text() == f"±{np.abs(values[3]).mean():.2f}"


def test_a_click_opens_the_equations_of_that_square(page, app_url, read, bundle):
    open_inside(page, app_url, f"headline={TEXT}&sort=number")
    canvas = page.locator(".strips canvas").first
    expect(canvas).to_be_visible(timeout=WAIT)
    box = canvas.bounding_box()
    at = {"x": 0.5 * box["width"], "y": 4.5 * box["height"] / len(read.ids)}
    canvas.hover(position=at)
    each = columns(page)
    unit = int(0.5 * -(-read.state.shape[1] // each)) * each
    canvas.click(position=at)
    expect(page.get_by_role("spinbutton", name="Unit")).to_have_value(
        str(unit), timeout=WAIT
    )
    expect(page.get_by_role("spinbutton", name="Token")).to_have_value("4")
    settled(page)
    worked = inside.equations(bundle.glass_box, read, 4, unit)
    expect(
        page.locator("b", has_text=typeset_gates.shown(worked.after)).first
    ).to_be_visible()
    page.wait_for_url(re.compile(rf"unit={unit}\b"))
    page.reload()
    settled(page)
    expect(page.get_by_role("spinbutton", name="Unit")).to_have_value(str(unit))


@pytest.mark.parametrize("view", VIEWS)
def test_a_phone_shows_every_view_without_sideways_scrolling(browser, app_url, view):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        is_mobile=True,
        has_touch=True,
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36",
    )
    try:
        page = context.new_page()
        open_inside(page, app_url, f"inside_view={view}")
        page.wait_for_timeout(500)
        wide = page.evaluate(
            "Math.max(document.documentElement.scrollWidth,"
            " document.querySelector('[data-testid=stMain]').scrollWidth)"
        )
        assert wide <= 390
        choices = page.get_by_test_id("stButtonGroup").locator("button").all()
        boxes = [choice.bounding_box() for choice in choices]
        assert boxes
        assert max(box["x"] + box["width"] for box in boxes) <= 390
    finally:
        context.close()


def test_look_inside_opens_the_headline_that_was_written(page, app_url):
    page.goto(f"{app_url}/?seed=9&t=0.7&category=SCIENCE&n=1")
    settled(page)
    written = page.get_by_role("heading", level=2).first.inner_text()
    page.get_by_role("link", name="Look inside").click()
    page.wait_for_url(re.compile("/inside"))
    settled(page)
    opened = page.get_by_role("textbox", name="Headline to open")
    expect(opened).to_have_value(written)
    assert "read_as=SCIENCE" in page.url
    expect(page.get_by_role("combobox", name="Category")).to_have_value("SCIENCE")
