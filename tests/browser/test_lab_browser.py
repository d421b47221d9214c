"""The temperature lab in a real browser: the dial moves, nothing asks the server."""

import re
from decimal import Decimal

import numpy as np
import pytest
from conftest import as_app
from pages import WAIT, settled
from playwright.sync_api import expect

from textgen.explain import contest, lens

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, app_url):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def open_lab(page, app_url, query=""):
    page.goto(f"{app_url}/temperature?{query}")
    expect(page.locator(".dial-value")).to_be_visible(timeout=WAIT)
    settled(page)


def hold(page):
    """Take the dial's thumb, once it stands still, and keep it."""
    slider = page.get_by_role("slider", name="Temperature")
    box = None
    while box != (box := slider.bounding_box()):
        page.wait_for_timeout(200)
    place = float(slider.input_value())
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
        ("prompt=Why&typicalp=0.4", {"typical_p": 0.4}),
    ],
    ids=["whole", "k-and-min-p", "p", "typical-p"],
)
def test_the_lens_shows_numpys_probabilities(page, app_url, generator, query, limits):
    open_lab(page, app_url, query)
    options = as_app(**({"prompt": "Why"} | limits))
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
    page.wait_for_url(re.compile(r"\bt=2\.8"))
    settled(page)
    assert float(page.locator(".dial-value").get_attribute("data-t")) == t


@pytest.mark.parametrize(
    ("query", "limits"),
    [
        ("k=20", {"top_k": 20}),
        ("k=21&projector=true", {"top_k": 21}),
        ("minp=0.02", {"min_p": 0.02}),
        ("", {}),
        ("real=false&safe=false", {"real_words": False, "class_safe": False}),
    ],
    ids=["k", "projector", "min-p", "words", "whole"],
)
def test_the_lens_counts_what_is_left_and_what_is_cut_off(
    page, app_url, generator, query, limits
):
    open_lab(page, app_url, f"prompt=Why&{query}")
    options = as_app(prompt="Why", **limits)
    seen = lens.look(generator, options)
    rows = 10 if "projector" in query else lens.SHOWN
    box = hold(page)
    for share in (0.3, 0.5, 0.98):
        t = drag_to(page, box, share)
        left = int((lens.probabilities(seen, options.but(temperature=t)) > 0).sum())
        others, cut = max(0, left - rows), len(seen.opinions) - left
        one = "" if others == 1 else "s"
        said = f"{others:,} other piece{one}"
        table = page.locator(".lens-table")
        expect(page.locator(".lens-rest .others")).to_have_text(
            said + (f" · {cut:,} cut off" if cut else "")
        )
        label = table.get_attribute("aria-label")
        assert said in label
        assert (f"{cut:,} pieces cut off" in label) == bool(cut)
    page.mouse.up()
    tip = page.locator(".lens-header span").last.get_attribute("title")
    limited = bool(options.cuts() or options.word_rules())
    assert ("pieces that are left" in tip) == limited
    assert (f"all {len(seen.opinions):,} pieces" in tip) == (not limited)


def test_an_opinion_is_the_same_in_the_lens_and_in_why(page, app_url):
    open_lab(page, app_url, "prompt=Why&temperature=0.5")
    lens_rows = page.locator(".lens-table button").evaluate_all(
        "rows => rows.map(r => [r.querySelector('.word').textContent,"
        " Number([...r.querySelectorAll('.num')][1].textContent.replace('−', '-'))])"
    )
    meant = page.locator(".lens-header span").nth(1).get_attribute("title")
    open_lab(page, app_url, "prompt=Why&temperature=0.5&view=Why+this+word")
    divided = dict(
        zip(
            page.locator(".why-row .word").all_inner_texts(),
            (row[0] for row in figures(page)),
            strict=True,
        )
    )
    shared = [(v, float(divided[w])) for w, v in lens_rows if w in divided]
    assert len(shared) >= 5
    for one, other in shared:
        assert one == pytest.approx(other, abs=0.05)
    assert meant == page.locator(".why-key span[title]").get_attribute("title")


def test_a_click_on_a_word_writes_it(page, app_url, generator):
    open_lab(page, app_url, "prompt=Why&t=1.3")
    word = lens.look(generator, as_app(prompt="Why")).texts[1]
    page.locator(".lens-table button").nth(1).click()
    expect(page.locator(".lens-lead .given")).to_have_text(f"Why{word}", timeout=WAIT)
    assert page.get_by_role("textbox", name="Begin with").input_value() == f"Why{word}"
    assert "t=1.3" in page.url
    after = lens.look(generator, as_app(prompt=f"Why{word}")).texts[0].strip()
    expect(page.locator(".lens-table .word").nth(0)).to_contain_text(after)


def test_why_this_word_changes_its_winner_while_dragging(page, app_url, generator):
    open_lab(page, app_url, "view=Why+this+word&seed=9")
    options = as_app(seed=9, temperature=0.7)
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
    (headline,) = generator.generate(as_app(seed=9, temperature=t))
    expect(page.locator(".why-headline")).to_contain_text(headline.text.split()[-1])


def figures(page):
    """Of every bar: opinion ÷ T, luck and their sum as printed; None where cut off."""
    found = []
    for text in page.locator(".why-row .sum").all_inner_texts():
        if text.startswith("cut off"):
            found.append(None)
            continue
        parts = re.fullmatch(r"(−?[\d.]+) ([+−]) ([\d.]+) = (−?[\d.]+)", text).groups()
        opinion, sign, luck, total = (part.replace("−", "-") for part in parts)
        found.append((Decimal(opinion), Decimal(f"{sign}{luck}"), Decimal(total)))
    return found


@pytest.mark.parametrize("query", ["seed=9", "seed=4&k=5", "seed=11&p=0.6&word=2"])
def test_the_figures_beside_the_bars_add_up_as_printed(page, app_url, query):
    open_lab(page, app_url, f"view=Why+this+word&{query}")
    box = hold(page)
    for share in (0, 0.02, 0.13, 0.29, 0.41, 0.47, 0.5, 0.55, 0.68, 0.83, 1):
        drag_to(page, box, share)
        rows = figures(page)
        assert len(rows) >= contest.FAVOURITES
        assert rows[0][0] == 0, "the favourite's opinion is 0"
        for opinion, luck, total in filter(None, rows):
            assert opinion + luck == total
        best = page.locator(".why-row").evaluate_all(
            "rows => rows.findIndex(r => r.classList.contains('wins'))"
        )
        others = [row[2] for i, row in enumerate(rows) if row and i != best]
        assert all(rows[best][2] > other for other in others), "seen to win"
    page.mouse.up()


def test_a_close_race_gets_as_many_figures_as_it_needs(page, app_url, generator):
    first = contest.contests(generator, as_app(seed=9), 0.05, 3.0)[0]
    turn = first.turns[0][1]
    open_lab(page, app_url, f"view=Why+this+word&seed=9&temperature={turn:.3f}")
    opinion, _, total = figures(page)[0]
    assert -total.as_tuple().exponent > 2


def test_why_says_who_was_cut_off(page, app_url, generator):
    options = as_app(top_k=3, temperature=1.5)
    for seed in range(20):
        first = contest.contests(generator, options.but(seed=seed), 0.05, 3.0)[0]
        bars = [c.opinion / 1.5 + c.luck for c in first.candidates]
        longest = first.candidates[int(np.argmax(bars))]
        if longest.text.startswith(" ") and longest.coldest > 3:
            break
    open_lab(page, app_url, f"view=Why+this+word&seed={seed}&temperature=1.5&k=3")
    says = page.locator(".why-says")
    expect(says).to_contain_text(f"“{longest.text.strip()}” has the longest bar")
    expect(says).to_contain_text("but top-k 3 cut it off")
    row = page.locator(".why-row.out", has_text=longest.text.strip())
    would_be = round(longest.opinion / 1.5, 2) + round(longest.luck, 2)
    expect(row.first).to_contain_text(f"cut off (would be {would_be:.2f})")
    assert "no other word's luck" not in says.inner_text()


def test_another_word_of_the_headline_can_be_asked_about(page, app_url, generator):
    open_lab(page, app_url, "view=Why+this+word&seed=9&t=0.7")
    found = contest.contests(generator, as_app(seed=9, temperature=0.7), 0.05, 3.0)
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
        (plain,) = generator.generate(as_app(seed=9, max_words=8, temperature=t))
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
        page.wait_for_url(re.compile(r"\bt=2"))
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


def test_a_lesson_keeps_its_place_when_the_page_is_loaded_again(page, app_url):
    open_lab(page, app_url, "lesson=temperature")
    page.get_by_role("button", name="Show me").click()
    page.wait_for_url(re.compile("done=1"), timeout=WAIT)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("Step 2 of 8")).to_be_visible(timeout=WAIT)
    page.wait_for_url(re.compile("step=2"), timeout=WAIT)
    settled(page)
    page.reload()
    expect(page.get_by_text("Step 2 of 8")).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("●○○○○○○○")).to_be_visible()
    settled(page)


def test_a_game_keeps_its_answers_but_hands_them_to_nobody(page, app_url):
    page.goto(f"{app_url}/temperature?view=Guess&game=4&answers=0.5,,1.3")
    button = page.get_by_role("button", name="That is my guess")
    expect(page.get_by_text("Question 2 of 10")).to_be_visible(timeout=WAIT)
    button.click()
    page.wait_for_url(re.compile(r"answers=0\.5(,|%2C)0\.7(,|%2C)1\.3"), timeout=WAIT)
    settled(page)
    page.reload()
    expect(page.get_by_text("Question 4 of 10")).to_be_visible(timeout=WAIT)
    settled(page)
    page.get_by_role("button", name="Share this setup").click()
    code = page.locator("[data-testid=stCode]")
    expect(code).to_contain_text("game=4", timeout=WAIT)
    assert "answers" not in code.inner_text()


def test_why_calls_the_favourite_what_it_is_under_a_repetition_penalty(
    page, app_url, generator
):
    """The first bar need not be the model's own favourite, which may be penalised."""
    options = as_app(prompt="It's _", seed=7, repetition_penalty=1.5)
    first = contest.contests(generator, options, 0.05, 3.0)[0]
    assert first.candidates[0].rank > 1
    open_lab(page, app_url, "view=Why+this+word&seed=7&rep=1.5&prompt=It%27s+_")
    said = page.locator(".why-says")
    expect(said).to_contain_text("once repetition is penalised", timeout=WAIT)
    expect(said).not_to_contain_text("the model's favourite")
