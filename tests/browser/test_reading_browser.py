"""Pages as people read them: long words, print, the keyboard, tabs and history."""

import re
import time
import urllib.parse

import pytest
from pages import settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
WAIT = 60_000  # Surgery reads a long prompt in NumPy
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


def visit(page, address):
    page.goto(address)
    settled(page, wait=WAIT)


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


@pytest.mark.parametrize(
    "address", ["", "temperature", "inside", "training", "dataset"]
)
def test_every_page_has_its_own_title(page, app_url, address):
    visit(page, f"{app_url}/{address}")
    name = address or "generate"
    expect(page).to_have_title(f"{name.title()} · textgen", timeout=WAIT)


def test_the_title_follows_the_menu(page, app_url):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, app_url)
    page.get_by_role("link", name="Dataset").click()
    expect(page).to_have_title("Dataset · textgen", timeout=WAIT)
    settled(page, wait=WAIT)
    page.go_back()
    expect(page).to_have_title("Generate · textgen", timeout=WAIT)


def test_a_category_is_chosen_with_the_keyboard(page, app_url):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{app_url}/dataset")
    expect(page.locator("[data-testid=stVegaLiteChart]").nth(2)).to_be_visible(
        timeout=WAIT
    )
    settled(page, wait=WAIT)
    summary = page.locator("summary", has_text="categories as links")
    summary.focus()
    page.keyboard.press("Enter")
    links = page.locator(".st-key-category_links a")
    expect(links.nth(2)).to_be_visible()
    assert links.filter(visible=True).count() == 42
    focused = "document.activeElement.innerText"
    for name in ("Politics", "Wellness", "Entertainment"):
        page.keyboard.press("Tab")
        assert page.evaluate(focused).startswith(name)
    page.keyboard.press("Enter")
    kicker = page.get_by_text(re.compile(r"ENTERTAINMENT\s+·\s+TEMPERATURE"))
    expect(kicker).to_be_visible(timeout=WAIT)
    page.wait_for_url(re.compile("category=ENTERTAINMENT"))


CONTROLS = (
    ".stAppHeader, .stSidebar, .stButton, .stButtonGroup, .stCheckbox, .stSlider,"
    " .stNumberInput, .stTextInput, .stSelectbox, .stPopover, .stPageLink,"
    " .stDownloadButton, .dial input, .path-steps button"
)


@pytest.mark.parametrize("shade", ["light", "dark"])
@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("?n=3", "h2"),
        ("training", "h2"),
        ("dataset", "h2"),
        ("temperature?view=Lens&prompt=Why", ".lens-lead"),
        ("temperature?view=Path&words=6", ".path-headline"),
        ("temperature?view=In+the+large", "h3"),
        ("inside?inside_view=Gates", "h3"),
        ("inside?inside_view=Memory", ".stHtml p"),
    ],
)
def test_paper_shows_what_was_written_and_no_controls(
    page, app_url, address, heading, shade
):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(media="screen", color_scheme=shade)
    visit(page, f"{app_url}/{address}")
    first = page.locator(heading).first
    expect(first).to_be_visible(timeout=WAIT)
    # The width of A4 between its margins.
    page.set_viewport_size({"width": 680, "height": 1000})
    page.emulate_media(media="print", color_scheme=shade)
    try:
        expect(first).to_be_visible()
        assert not page.locator(CONTROLS).filter(visible=True).all()
        not_sideways(page)
        masthead = page.locator(".stMainBlockContainer").evaluate(
            "e => getComputedStyle(e, '::before').content"
        )
        assert masthead == '"textgen"'
        first.scroll_into_view_if_needed()
        covered = first.evaluate(
            """e => {
                const box = e.getBoundingClientRect();
                const at = [box.x + 8, box.y + box.height / 2];
                let found = document.elementFromPoint(...at);
                while (found?.shadowRoot?.elementFromPoint(...at)) {
                    const inner = found.shadowRoot.elementFromPoint(...at);
                    if (inner === found) break;
                    found = inner;
                }
                return !(e === found || e.contains(found) || found.contains(e));
            }"""
        )
        assert not covered, "something lies over the first heading"
        ink, paper = first.evaluate(
            "e => [getComputedStyle(e).color,"
            " getComputedStyle(document.querySelector('.stApp')).backgroundColor]"
        )
        assert (ink, paper) == ("rgb(17, 17, 17)", "rgb(255, 255, 255)")
        wide = page.locator("svg, canvas").evaluate_all(
            "all => Math.max(0, ...all.map(e => e.getBoundingClientRect().right))"
        )
        assert wide <= 680, "a chart is cut off"
    finally:
        page.emulate_media(media="screen", color_scheme="light")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("temperature?view=Lens&prompt=Why", "lens"),
        ("temperature?view=Why+this+word&words=4", "why"),
        ("temperature?view=Same+luck&rows=2", "same_luck"),
        ("temperature?view=Path&words=4", "path"),
        ("temperature?view=In+the+large", "quality_diversity"),
        ("inside?inside_view=Memory", "memory"),
        ("inside?inside_view=Jobs", "jobs"),
        ("inside?inside_view=Category", "category"),
    ],
)
def test_every_view_has_a_figure_for_slides(page, app_url, address, name):
    page.set_viewport_size({"width": 1280, "height": 800})
    visit(page, f"{app_url}/{address}")
    menu = page.locator(f".st-key-slides_{name}").get_by_role("button").first
    expect(menu).to_be_visible(timeout=WAIT)
    settled(page, wait=WAIT)
    menu.evaluate("button => button.scrollIntoView({block: 'center'})")
    menu.click()
    button = page.get_by_role("button", name="SVG for slides")
    expect(button).to_be_visible(timeout=WAIT)
    with page.expect_download(timeout=WAIT) as download:
        button.click()
    assert download.value.suggested_filename == f"{name}.svg"
    drawn = download.value.path().read_text(encoding="utf-8")
    assert "textgen, headlines-gru" in drawn
