"""In a real browser: what a page shows is the text, whole."""

from urllib.parse import quote

import pytest
from conftest import as_app
from pages import WAIT, settled
from playwright.sync_api import expect

from textgen.corpus.tokenizer import piece_name
from textgen.explain import compare, lens
from textgen.writing.options import OPENING_SEED

pytestmark = pytest.mark.browser
PROMPT = "“Zürich 🦉 東"


@pytest.fixture
def page(browser, app_url):
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


#: What stands on each page or view once all of it is there.
LAST = {
    "Same+luck": "Held fixed",
    "Path": "can become exactly",
    "Why": "Only differences count",
    "Lens": "effective choices",
    "Surgery": "NumPy engine",
    "Category": "Bayes",
    "?prompt": "not by people",
}


def opened(page, address):
    page.goto(address)
    said = next(text for name, text in LAST.items() if name in address)
    expect(page.get_by_text(said).first).to_be_visible(timeout=WAIT)
    settled(page)
    return page.locator(".stMain").inner_text()


def spaced(text):
    """As a browser shows it: runs of white space are one space."""
    return " ".join(text.split())


def test_the_first_page_shows_whole_characters(page, app_url, generator):
    shown = opened(page, f"{app_url}/?prompt={quote(PROMPT)}&n=4")
    assert "\ufffd" not in shown
    set_large = page.locator(".front h2, .front h3")
    expect(set_large).to_have_count(4, timeout=WAIT)
    wanted = generator.generate(as_app(prompt=PROMPT, count=4, seed=OPENING_SEED))
    for item, text in zip(wanted, set_large.all_inner_texts(), strict=True):
        assert spaced(text).removesuffix(" …") == spaced(item.text)


@pytest.mark.parametrize(
    "view",
    [
        *("temperature?view=Same+luck", "temperature?view=Path"),
        *("temperature?view=Why+this+word", "temperature?view=Lens"),
        *("inside?inside_view=Surgery", "inside?inside_view=Category"),
    ],
)
def test_no_view_cuts_a_character(page, app_url, view):
    key = "headline" if "Category" in view else "prompt"
    shown = opened(page, f"{app_url}/{view}&{key}={quote(PROMPT)}&temperature=1.5")
    assert shown.strip()
    assert "\ufffd" not in shown


def test_same_luck_shows_the_headlines_as_they_are(page, app_url, generator):
    opened(page, f"{app_url}/temperature?view=Same+luck&prompt=Z%C3%BCrich&seed=3")
    set_small = page.locator("[data-testid=stHtml] p[dir=auto]")
    expect(set_small).to_have_count(20, timeout=WAIT)
    shown = {spaced(text).removesuffix(" …") for text in set_small.all_inner_texts()}
    options = as_app(prompt="Zürich", seed=3, count=4)
    for strand in compare.compare(generator, options, (0, 0.3, 0.7, 1, 1.5)):
        for item in strand.headlines:
            assert spaced(item.text) in shown, shown


@pytest.mark.parametrize(("prompt", "odd"), [("¿", "⟨C2⟩"), ("東京", "(space)")])
def test_part_of_a_character_is_named_and_cannot_be_clicked(
    page, app_url, generator, prompt, odd
):
    seen = lens.look(generator, as_app(prompt=prompt))
    names = ["■ end" if text == "" else piece_name(text) for text in seen.texts]
    assert odd in names
    opened(page, f"{app_url}/temperature?view=Lens&prompt={quote(prompt)}")
    rows = page.locator(".lens-row:not(.lens-header):not(.lens-rest)")
    expect(rows).to_have_count(len(names), timeout=WAIT)
    for i, (name, whole) in enumerate(zip(names, seen.whole, strict=True)):
        assert whole == (name not in ("■ end", "(space)") and "⟨" not in name)
        assert rows.nth(i).evaluate("e => e.tagName") == ("BUTTON" if whole else "DIV")
        assert rows.nth(i).locator(".word").inner_text().lstrip("·") == name
