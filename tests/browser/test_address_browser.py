"""The address says what the page shows, and the browser's history leads back to it."""

import urllib.parse

import pytest
from pages import WAIT, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PAUSE = 150  # milliseconds


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def opened(page, address):
    page.goto(address)
    settled(page, PAUSE)


def queried(url):
    return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))


def says(page):
    return urllib.parse.urlsplit(page.url).path, queried(page.url)


def go(page, name):
    # A finger rests on the mouse for a while; a field that is left is sent meanwhile.
    page.get_by_role("link", name=name, exact=True).first.click(delay=120)
    page.wait_for_url(f"**/{name.lower()}**", timeout=WAIT)
    settled(page, PAUSE)


#: Goes on through the history as soon as the page before has begun to come.
TWICE = """move => new Promise(done => {
    addEventListener("popstate", () => {
        history[move]();
        addEventListener("popstate", done, {once: true});
    }, {once: true});
    history[move]();
})"""


def test_back_twice_at_once_leaves_the_way_forward(page, app_url):
    opened(page, f"{app_url}/?t=0.5")
    for name in ("Temperature", "Inside", "Training"):
        go(page, name)
    entries = page.evaluate("history.length")
    for move, path in (("back", "/temperature"), ("forward", "/training")) * 3:
        page.evaluate(TWICE, move)
        page.wait_for_timeout(1000)
        settled(page, PAUSE)
        assert says(page)[0] == path
        assert page.evaluate("history.length") == entries
        expect(page).to_have_title(f"{path[1:].title()} · textgen")
    # The menu goes on making entries.
    page.evaluate(TWICE, "back")
    page.wait_for_timeout(1000)
    go(page, "Dataset")
    page.go_back()
    page.wait_for_url("**/temperature**", timeout=WAIT)


def test_what_was_typed_and_not_entered_is_found_on_the_way_back(page, app_url):
    opened(page, app_url)
    field = page.get_by_role("textbox", name="Begin with", exact=True)
    field.fill("Why")
    field.press("Enter")
    settled(page, PAUSE)
    field.fill("Why owls")
    go(page, "Temperature")
    assert says(page) == ("/temperature", {"prompt": "Why owls"})
    page.get_by_role("textbox", name="Begin with", exact=True).fill("Who owls")
    go(page, "Training")
    for path, prompt in (("/temperature", "Who owls"), ("/", "Why owls")):
        page.go_back()
        page.wait_for_function("path => location.pathname === path", arg=path)
        settled(page, PAUSE)
        expect(field).to_have_value(prompt)
        assert says(page) == (path, {"prompt": prompt})


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("inside?token=99999", {}),
        ("inside?unit=99999&token=1&seed=9", {"seed": "9"}),
        ("inside?inside_view=Jobs&job_unit=9999", {"inside_view": "Jobs"}),
        ("training?epoch=99", {}),
        ("temperature?view=Same+luck&ts=99", {"view": "Same luck"}),
        ("temperature?view=Why+this+word&word=99", {"view": "Why this word"}),
        ("temperature?view=Guess&answers=zzz,9", {"view": "Guess"}),
    ],
)
def test_what_was_not_taken_leaves_the_address(page, app_url, address, kept):
    # More than once: which of two messages the browser reads first is a matter of luck.
    for _ in range(4):
        opened(page, f"{app_url}/{address}")
        expect(page.get_by_text("Not taken from the address")).to_be_visible()
        # Said again when the page has run to its end, which may take it a while.
        page.wait_for_url(lambda url: queried(url) == kept, timeout=WAIT)
        page.wait_for_timeout(300)
        assert says(page)[1] == kept
