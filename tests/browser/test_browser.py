"""The real app in a real browser."""

import re
import time
import urllib.parse

import pytest
from pages import WAIT, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, app_url):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.goto(app_url)
    expect(page.locator("h2").first).to_be_visible(timeout=WAIT)
    settled(page)
    yield page
    context.close()


def headlines(page):
    return page.locator(".front h2, .front h3:visible").all_inner_texts()


def changed(page, before):
    deadline = time.monotonic() + WAIT / 1000
    while headlines(page) == before:
        assert time.monotonic() < deadline, "the headlines did not change"
        time.sleep(0.1)
    settled(page)
    return headlines(page)


def seen_by_another(browser, url, **context):
    """The headlines that a visitor with another browser sees at an address."""
    other = browser.new_context(**context)
    try:
        visitor = other.new_page()
        visitor.goto(url)
        expect(visitor.locator("h2").first).to_be_visible(timeout=WAIT)
        settled(visitor)
        return headlines(visitor)
    finally:
        other.close()


def thumb(page, label):
    return page.get_by_role("slider", name=label)


def test_opening_shows_headlines_and_the_dial_changes_them(page, browser):
    first = headlines(page)
    assert len(first) == 9
    assert all(first)
    slider = thumb(page, "Temperature")
    slider.focus()
    for _ in range(20):
        slider.press("ArrowRight")
    second = changed(page, first)
    expect(page.locator(".dial-value")).to_have_text("0.90")
    expect(page.get_by_text("TEMPERATURE 0.90")).to_be_visible()
    page.wait_for_url(re.compile(r"\bt=0\.9$"))
    settled(page)
    second = headlines(page)

    # A link is the whole setup: another browser shows the same page.
    assert (
        seen_by_another(browser, page.url, viewport={"width": 390, "height": 844})
        == second
    )


def test_a_dial_in_motion_is_never_pulled_back(page):
    slider = thumb(page, "Temperature")
    slider.focus()
    # More than once: it takes bad luck to meet a run that is just ending.
    for reached in ("0.82", "0.94", "1.06"):
        for pause in (0, 0.05, 0.2, 0.4, 0.1, 0, 0.3, 0.15, 0.05, 0.6, 0, 0):
            slider.press("ArrowRight")
            time.sleep(pause)
        time.sleep(2)
        settled(page)
        expect(page.locator(".dial-value")).to_have_text(reached)
        expect(page.get_by_text(f"TEMPERATURE {reached}")).to_be_visible()


def test_presets_prompt_category_and_luck_travel_in_the_link(page, browser):
    before = headlines(page)
    page.get_by_role("button", name="Wild", exact=True).click()
    before = changed(page, before)
    page.get_by_role("textbox", name="Begin with").fill("Why")
    page.get_by_role("textbox", name="Begin with").press("Enter")
    before = changed(page, before)
    assert all(text.startswith("Why") for text in before)
    page.get_by_role("button", name="New luck").click()
    before = changed(page, before)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(page.url).query)
    assert query["t"] == ["1.3"]
    assert query["prompt"] == ["Why"]
    assert "seed" in query
    assert seen_by_another(browser, page.url) == before


def test_two_visitors_do_not_disturb_each_other(page, browser, app_url):
    mine = headlines(page)
    assert seen_by_another(browser, f"{app_url}/?seed=99&t=1.2") != mine
    assert headlines(page) == mine


def test_script_in_a_prompt_stays_text(page, app_url):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    prompt = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    page.goto(f"{app_url}/?prompt={urllib.parse.quote(prompt)}")
    settled(page)
    assert headlines(page)[0].startswith("<img src=x")
    assert not dialogs


def test_clicking_a_category_leads_to_its_headlines(page, app_url):
    page.goto(f"{app_url}/dataset")
    chart = page.locator("[data-testid=stVegaLiteChart]").first
    expect(chart).to_be_visible(timeout=WAIT)
    marks = chart.locator(".mark-rect.role-mark path")
    expect(marks.first).to_be_visible(timeout=WAIT)
    marks.first.click()
    expect(page.get_by_text(re.compile(r"POLITICS\s+·\s+TEMPERATURE"))).to_be_visible(
        timeout=WAIT
    )
    assert "category=POLITICS" in page.url
    assert "dataset" not in page.url


def test_the_film_moves_with_its_slider(page, app_url):
    page.goto(f"{app_url}/training")
    expect(page.get_by_text("From noise to headlines")).to_be_visible(timeout=WAIT)
    frames = page.locator("[data-testid=stHtml]")
    expect(frames.first).to_be_visible(timeout=WAIT)
    last = frames.all_inner_texts()
    slider = thumb(page, "Epoch (passes over the training set)")
    slider.focus()
    slider.press("Home")
    expect(slider).to_have_value("0")
    deadline = time.monotonic() + 20
    while frames.all_inner_texts() == last and time.monotonic() < deadline:
        time.sleep(0.1)
    assert frames.all_inner_texts() != last


def test_slides_can_be_downloaded(page, app_url):
    page.goto(f"{app_url}/dataset")
    # Charts push the button down until all are drawn.
    charts = page.locator("[data-testid=stVegaLiteChart]")
    expect(charts.nth(2)).to_be_visible(timeout=WAIT)
    settled(page)
    menu = page.get_by_role("button", name="Download for slides").first
    menu.evaluate("button => button.scrollIntoView({block: 'center'})")
    menu.click()
    button = page.get_by_role("button", name="PNG for documents")
    expect(button).to_be_visible(timeout=WAIT)
    with page.expect_download(timeout=WAIT) as download:
        button.click()
    assert download.value.suggested_filename == "categories.png"
    assert download.value.path().stat().st_size > 10_000


@pytest.mark.parametrize("path", ["", "training", "dataset"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_phone(browser, app_url, path, scheme):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        color_scheme=scheme,
        is_mobile=True,
        has_touch=True,
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari/537.36",
    )
    try:
        page = context.new_page()
        page.goto(f"{app_url}/{path}")
        expect(page.locator("[data-testid=stHtml], h2").first).to_be_visible(
            timeout=WAIT
        )
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 390
        if not path:
            settled(page)
            box = page.locator("h2").first.bounding_box()
            assert box["y"] + box["height"] < 844, "settings push the headline off"
    finally:
        context.close()
