"""The opened GRU in a real browser: what is pointed at is what the network did."""

import re

import numpy as np
import pytest
from pages import WAIT, settled
from playwright.sync_api import expect

from textgen.explain import trace
from textgen.views import typeset_gates

pytestmark = pytest.mark.browser
AXES = (("x", "width"), ("y", "height"))
TEXT = "Why Owls Sing In (Very) Old Barns"
VIEWS = ["Gates", "Memory", "Surgery", "Jobs", "Category", "Cells"]


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
    from textgen.writing.generator import Generator

    return trace.trace(Generator.from_bundle(bundle, "reference"), TEXT)


def told(page):
    """The unit and the value that the page says of the square under the pointer."""
    said = page.locator(".says").inner_text()
    found = re.search(r", unit (\d+): (−?[\d.]+) at “(.+)”$", said)
    assert found, said
    return int(found[1]), found[2], found[3]


def worked_out(page):
    """What the equations come to, as printed: z, r, h̃ and h."""
    lines = page.locator("p", has_text=" = ").filter(has=page.locator("b"))
    expect(lines).to_have_count(4, timeout=WAIT)
    return [line.rsplit("=", 1)[1].strip() for line in lines.all_inner_texts()]


@pytest.fixture
def phone(browser):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36",
    )
    yield context.new_page()
    context.close()


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
    found = []
    for row, share in ((0, 0.02), (3, 0.5), (rows - 1, 0.97)):
        canvas.hover(
            position={"x": share * box["width"], "y": (row + 0.5) * row_height}
        )
        unit, value, token = told(page)
        assert token == read.names[row]
        assert value == typeset_gates.shown(float(values[row, unit]))
        assert unit == pytest.approx(share * units, abs=12)
        found.append(unit)
    assert found == sorted(found)
    heading = page.locator(".strips figure").nth(strip).locator(".names .head")
    mean = page.locator(".strips figure").nth(strip).locator(".mean").nth(3)
    if name in ("update", "reset"):
        assert heading.inner_text() == f"mean {'z' if name == 'update' else 'r'}"
        assert mean.inner_text() == f"{values[3].mean():.0%}"
    else:
        assert heading.inner_text() == f"mean |{'h̃' if name == 'candidate' else 'h'}|"
        assert mean.inner_text() == f"{np.abs(values[3]).mean():.2f}"


@pytest.mark.parametrize("screen", ["page", "phone"])
@pytest.mark.parametrize("sort", ["keeps longest", "most active"])
def test_a_square_and_its_equations_say_the_same(request, app_url, read, screen, sort):
    page = request.getfixturevalue(screen)
    open_inside(page, app_url, f"headline={TEXT}&sort={sort}")
    if screen == "phone":
        for name in ("Reset gate r", "Candidate h̃", "State h"):
            page.get_by_role("button", name=name).click()
            settled(page)
    maps = page.locator(".strips canvas")
    expect(maps).to_have_count(4, timeout=WAIT)
    rows = len(read.ids)
    places = [(1, 0.31), (2, 0.999), (rows - 1, 0.001), (4, 0.618)]
    for strip, (row, share) in enumerate(places):
        canvas = maps.nth(strip)
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        x, y = share * box["width"], (row + 0.5) * box["height"] / rows
        canvas.hover(position={"x": x, "y": y})
        unit, value, token = told(page)
        assert token == read.names[row]
        canvas.click(position={"x": x, "y": y})
        fields = [
            page.get_by_role("spinbutton", name=label) for label in ("Unit", "Token")
        ]
        expect(fields[0]).to_have_value(str(unit), timeout=WAIT)
        expect(fields[1]).to_have_value(str(row))
        settled(page)
        assert worked_out(page)[strip] == value
        # The same square is still the same unit after the page has run.
        canvas.hover(position={"x": x, "y": y})
        assert told(page)[:2] == (unit, value)
    page.wait_for_url(re.compile(rf"unit={unit}\b"))
    page.reload()
    settled(page)
    expect(page.get_by_role("spinbutton", name="Unit")).to_have_value(str(unit))


def test_the_chosen_unit_is_drawn_and_marked_whichever_it_is(page, app_url, read):
    by_keeping = np.argsort(-read.update.mean(axis=0), kind="stable")
    for rank in (0, 5, 433, len(by_keeping) - 1):
        unit = int(by_keeping[rank])
        open_inside(page, app_url, f"headline={TEXT}&unit={unit}&token=2")
        mark = page.locator(".strips .mark").first
        expect(mark).to_be_visible(timeout=WAIT)
        box = mark.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        found, value, token = told(page)
        assert (found, token) == (unit, read.names[2])
        assert worked_out(page)[0] == value
        # The square's colour is as full as its value.
        canvas = page.locator(".strips canvas").first.bounding_box()
        place = [box[k] + box[size] / 2 - canvas[k] for k, size in AXES]
        opacity = page.locator(".strips canvas").first.evaluate(
            "(canvas, [x, y]) => canvas.getContext('2d').getImageData(x, y, 1, 1)"
            ".data[3] / 255",
            [int(at) for at in place],
        )
        assert opacity == pytest.approx(float(read.update[2, unit]) ** 0.8, abs=0.01)


def test_a_square_can_be_picked_again_after_another_was_chosen_by_number(
    page, app_url, read
):
    open_inside(page, app_url, f"headline={TEXT}")
    canvas = page.locator(".strips canvas").first
    box = canvas.bounding_box()
    at = {"x": 0.25 * box["width"], "y": 2.5 * box["height"] / len(read.ids)}
    field = page.get_by_role("spinbutton", name="Unit")
    canvas.click(position=at)
    unit, value, _ = told(page)
    expect(field).to_have_value(str(unit), timeout=WAIT)
    settled(page)
    field.fill(str((unit + 1) % read.state.shape[1]))
    field.press("Enter")
    expect(page.locator(".which")).not_to_have_text(f"unit {unit} ", timeout=WAIT)
    settled(page)
    canvas.click(position=at)
    again, value, _ = told(page)
    expect(field).to_have_value(str(again), timeout=WAIT)
    settled(page)
    assert worked_out(page)[0] == value


@pytest.mark.parametrize("screen", ["page", "phone"])
def test_all_units_are_there_on_demand_one_a_column(request, app_url, read, screen):
    page = request.getfixturevalue(screen)
    open_inside(page, app_url, f"headline={TEXT}&sort=number")
    expect(page.locator(".which")).to_contain_text(
        re.compile(r"^\d+ of 768 units, one a column: every \d+(st|nd|rd|th)")
    )
    page.get_by_text("All 768 units", exact=True).click()
    expect(page.locator(".which")).to_have_text(re.compile("^All 768"), timeout=WAIT)
    canvas = page.locator(".strips canvas").first
    box = canvas.bounding_box()
    units = read.state.shape[1]
    each = box["width"] / units
    assert each >= 2
    for unit in (0, 400, units - 1):
        canvas.hover(position={"x": (unit + 0.5) * each, "y": box["height"] - 5})
        found, value, token = told(page)
        assert found == unit
        assert value == typeset_gates.shown(float(read.update[-1, unit]))
    main = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert main <= page.viewport_size["width"]


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
    assert "category=SCIENCE" in page.url
    expect(page.get_by_role("combobox", name="Category")).to_have_value("SCIENCE")
