"""Pages as people read them: long words, print, the keyboard, tabs and history."""

import time
import urllib.parse

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WAIT = 30_000
#: Nothing in these tells the browser where a line may end, or which side it begins on.
LONG = {
    "letters": "A" * 390,
    "signs": "_" * 390,
    "Chinese": "東京" * 195,
    "Hebrew": "שלום" * 97,
}


@pytest.fixture(scope="module")
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


def settled(page):
    expect(page.locator("[data-testid=stHeader]")).to_be_visible(timeout=WAIT)
    expect(page.locator(".stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=WAIT
    )


def visit(page, address):
    page.goto(address)
    settled(page)


def not_sideways(page):
    """Nothing stands out to the right, once charts have found their new width."""
    wide = (
        "Math.max(document.documentElement.scrollWidth,"
        " document.querySelector('[data-testid=stMain]').scrollWidth) - innerWidth"
    )
    deadline = time.monotonic() + 5
    while (over := page.evaluate(wide)) > 0 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert over <= 0


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("?ranks=true&seen=true&n=3&prompt=", "h2"),
        ("temperature?view=Lens&prompt=", ".lens-lead"),
        ("temperature?view=Why+this+word&prompt=", ".why-headline"),
        ("temperature?view=Same+luck&prompt=", "[data-testid=stHtml] mark"),
        ("temperature?view=Path&prompt=", ".path-headline"),
        ("inside?inside_view=Gates&headline=", ".strips"),
        ("inside?inside_view=Memory&headline=", "[data-testid=stHtml] p"),
        ("inside?inside_view=Category&headline=", "[data-testid=stHtml] p"),
        ("inside?inside_view=Surgery&prompt=", "h3"),
    ],
)
def test_no_word_is_wider_than_the_page(page, app_url, address, shown, text):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{app_url}/{address}{urllib.parse.quote(text)}")
    expect(page.locator(shown).first).to_be_visible(timeout=WAIT)
    not_sideways(page)
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(shown).first).to_be_visible()
    not_sideways(page)
