"""The temperature lab in a real browser: the dial moves, nothing asks the server."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from textgen import contest, lens
from textgen.options import Options

pytestmark = pytest.mark.browser
WAIT = 30_000


@pytest.fixture
def page(browser, app_url):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def open_lab(page, app_url, query=""):
    page.goto(f"{app_url}/temperature?{query}")
    expect(page.locator(".dial-value")).to_be_visible(timeout=WAIT)
    settled(page)


def settled(page):
    expect(page.locator(".stApp")).to_have_attribute(
        "data-test-script-state", "notRunning", timeout=WAIT
    )


def hold(page):
    """Take the dial's thumb, and keep it."""
    box = page.get_by_role("slider", name="Temperature").bounding_box()
    place = float(page.get_by_role("slider", name="Temperature").input_value())
    x = box["x"] + 12 + (place + 1) / 2 * (box["width"] - 24)
    page.mouse.move(x, box["y"] + box["height"] / 2)
    page.mouse.down()
    return box


def drag_to(page, box, share):
    """Move the held thumb; returns the temperature that the dial then has."""
    x = box["x"] + 12 + share * (box["width"] - 24)
    page.mouse.move(x, box["y"] + box["height"] / 2, steps=4)
    return float(page.locator(".dial-value").get_attribute("data-t"))


@pytest.mark.parametrize(
    ("query", "limits"),
    [
        ("prompt=Why", {}),
        ("prompt=Why&k=9&minp=0.03", {"top_k": 9, "min_p": 0.03}),
        ("p=0.8", {"prompt": "", "top_p": 0.8}),
    ],
    ids=["whole", "k-and-min-p", "p"],
)
def test_the_lens_shows_numpys_probabilities(page, app_url, generator, query, limits):
    open_lab(page, app_url, query)
    options = Options(**({"prompt": "Why"} | limits))
    seen = lens.look(generator, options)
    box = hold(page)
    address = page.url
    temperatures = set()
    for share in (0.02, 0.3, 0.5, 0.71, 0.98):
        t = drag_to(page, box, share)
        temperatures.add(t)
        shown = page.locator(".lens-table .share").evaluate_all(
            "all => all.map(e => Number(e.dataset.p))"
        )
        assert len(shown) == lens.SHOWN + 1
        wanted = lens.probabilities(seen, options.but(temperature=t))
        np.testing.assert_allclose(shown[:-1], wanted[: lens.SHOWN], atol=1e-4)
        assert shown[-1] == pytest.approx(wanted[lens.SHOWN :].sum(), abs=1e-4)
        entropy = -(wanted[wanted > 0] * np.log2(wanted[wanted > 0])).sum()
        text = page.locator(".lens-entropy .quiet").inner_text()
        assert float(re.search(r"[\d.]+", text)[0]) == pytest.approx(entropy, abs=0.06)
    assert len(temperatures) == 5
    assert page.url == address, "the server was asked while the dial was dragged"
    page.mouse.up()
    page.wait_for_url(re.compile(r"temperature=2\.8"))
    settled(page)
    assert float(page.locator(".dial-value").get_attribute("data-t")) == t


def test_a_click_on_a_word_writes_it(page, app_url, generator):
    open_lab(page, app_url, "prompt=Why&temperature=1.3")
    word = lens.look(generator, Options(prompt="Why")).texts[1]
    page.locator(".lens-table button").nth(1).click()
    expect(page.locator(".lens-lead .given")).to_have_text(f"Why{word}", timeout=WAIT)
    assert page.get_by_role("textbox", name="Begin with").input_value() == f"Why{word}"
    assert "temperature=1.3" in page.url
    after = lens.look(generator, Options(prompt=f"Why{word}")).texts[0].strip()
    expect(page.locator(".lens-table .word").nth(0)).to_contain_text(after)


def test_why_this_word_changes_its_winner_while_dragging(page, app_url, generator):
    open_lab(page, app_url, "view=Why+this+word&seed=9")
    options = Options(seed=9, temperature=0.7)
    first = contest.contests(generator, options, 0.05, 3.0)[0]
    box = hold(page)
    winners = set()
    for share in (0.05, 0.35, 0.45, 0.6, 0.95):
        t = drag_to(page, box, share)
        expect(page.locator(".why-row.wins")).to_have_count(1)
        shown = page.locator(".why-row.wins .word").inner_text()
        wanted = first.winner(t).text.strip()
        assert shown.startswith(wanted)
        assert page.locator(".token.now").inner_text() == wanted
        winners.add(wanted)
        longest = page.locator(".why-row").evaluate_all(
            "rows => rows.map(r => r.querySelector('.opinion').offsetWidth"
            " + r.querySelector('.luck').offsetWidth)"
        )
        best = page.locator(".why-row").evaluate_all(
            "rows => rows.findIndex(r => r.classList.contains('wins'))"
        )
        assert longest[best] >= max(longest) - 2
    assert len(winners) >= 3
    page.mouse.up()
    settled(page)
    # The words are still those that were compared, until the whole is asked for.
    page.get_by_role("button", name=re.compile("Write the whole headline")).click()
    (headline,) = generator.generate(seed=9, temperature=t)
    expect(page.locator(".why-headline")).to_contain_text(headline.text.split()[-1])


def test_another_word_of_the_headline_can_be_asked_about(page, app_url, generator):
    open_lab(page, app_url, "view=Why+this+word&seed=9&temperature=0.7")
    found = contest.contests(generator, Options(seed=9, temperature=0.7), 0.05, 3.0)
    page.locator(".token").nth(2).click()
    expect(page.locator(".token.now")).to_have_text(found[2].text.strip())
    names = page.locator(".why-row .word").all_inner_texts()
    assert len(names) == len(found[2].candidates)
    page.wait_for_url(re.compile("word=2"))
    settled(page)
    page.reload()
    expect(page.locator(".token.now")).to_have_text(found[2].text.strip(), timeout=WAIT)


def test_the_path_is_scrubbed_without_the_server(page, app_url, generator):
    open_lab(page, app_url, "view=Path&seed=9&words=8")
    box = hold(page)
    address = page.url
    seen = set()
    for share in (0.03, 0.3, 0.44, 0.5, 0.65, 0.8, 0.97):
        t = drag_to(page, box, share)
        (plain,) = generator.generate(seed=9, max_words=8, temperature=t)
        text = page.locator(".path-headline").inner_text().removesuffix(" …").strip()
        assert text == plain.text
        seen.add(text)
    assert len(seen) >= 5
    assert page.url == address
    page.mouse.up()
    settled(page)
    before = page.locator(".path-headline").inner_text()
    page.get_by_role("button", name="colder headline").click()
    expect(page.locator(".path-headline")).not_to_have_text(before)


def test_the_dial_is_worked_by_keyboard_and_by_touch(browser, app_url):
    context = browser.new_context(
        viewport={"width": 390, "height": 844},
        has_touch=True,
        is_mobile=True,
        user_agent="Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36",
    )
    try:
        page = context.new_page()
        open_lab(page, app_url)
        page.get_by_role("button", name="Temperature 2", exact=True).tap()
        page.wait_for_url(re.compile(r"temperature=2"))
        settled(page)
        page.get_by_role("slider", name="Temperature").press("ArrowLeft")
        settled(page)
        assert float(page.locator(".dial-value").get_attribute("data-t")) < 2
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 390
        inside = page.locator(".lab").evaluate("e => e.scrollWidth <= e.clientWidth")
        assert inside
    finally:
        context.close()


def test_a_shared_setup_opens_as_it_was_and_hides_what_it_should(
    page, browser, app_url
):
    open_lab(page, app_url, "view=Path&seed=21&prompt=The&temperature=0.4")
    page.get_by_role("button", name="Share this setup").click()
    code = page.locator("[data-testid=stCode]")
    expect(code).to_contain_text("seed=21", timeout=WAIT)
    page.get_by_label("Hide from students").first.click()
    page.get_by_role("option", name="the prompt").click()
    expect(code).to_contain_text("hide=prompt", timeout=WAIT)
    expect(
        page.locator("[data-testid=stImage] svg, [data-testid=stImage] img")
    ).to_be_visible()
    link = code.inner_text().strip()
    text = page.locator(".path-headline").inner_text()
    other = browser.new_context()
    try:
        student = other.new_page()
        student.goto(link)
        expect(student.locator(".path-headline")).to_have_text(text, timeout=WAIT)
        settled(student)
        expect(student.get_by_role("textbox", name="Begin with")).to_have_count(0)
        expect(student.get_by_role("spinbutton", name="Seed")).to_have_value("21")
    finally:
        other.close()


def test_a_script_in_the_prompt_is_only_text(page, app_url):
    open_lab(page, app_url, "prompt=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E")
    expect(page.locator(".lens-lead .given")).to_contain_text("<img src=x")
    assert page.locator(".lens-lead img").count() == 0
