"""The first page in a real browser: its headlines follow the dial by themselves."""

import random
import re
import urllib.parse

import pytest
from conftest import as_app
from pages import WAIT, settled
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
PHONE = "Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36"


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def opened(page, app_url, query=""):
    """The page, once it has all that the headlines can become."""
    page.goto(f"{app_url}/?{query}")
    expect(page.locator(".next")).to_contain_text("first headline", timeout=WAIT)
    settled(page)


def texts(page):
    """What stands there, as generate says it: no sign where a text was cut."""
    said = page.locator(".front h2, .front h3:visible").all_inner_texts()
    return [" ".join(text.removesuffix(" …").split()) for text in said]


def plain(headlines):
    return [" ".join(one.text.split()) for one in headlines]


def hold(page):
    """Take the dial's thumb and keep it."""
    slider = page.get_by_role("slider", name="Temperature")
    box = slider.bounding_box()
    share = slider.evaluate("e => (e.value - e.min) / (e.max - e.min)")
    page.mouse.move(box["x"] + 12 + share * (box["width"] - 24), box["y"] + 14)
    page.mouse.down()
    return box


def drag_to(page, box, share):
    x = box["x"] + 12 + share * (box["width"] - 24)
    page.mouse.move(x, box["y"] + 14, steps=3)
    return float(page.locator(".dial-value").get_attribute("data-t"))


@pytest.mark.parametrize(
    ("query", "settings"),
    [
        ("", {}),
        ("seed=3&prompt=Why+owls&category=SCIENCE", {"prompt": "Why owls"}),
        ("seed=5&p=0.9&minp=0.02&rep=1.2", {"top_p": 0.9}),
    ],
    ids=["default", "prompt", "rules"],
)
def test_dragging_shows_what_generate_gives_and_asks_nobody(
    page, app_url, generator, query, settings
):
    sent = []
    page.on("websocket", lambda ws: ws.on("framesent", lambda _: sent.append(1)))
    opened(page, app_url, query)
    said = dict(urllib.parse.parse_qsl(query))
    settings |= {"seed": int(said.get("seed", 62)), "count": 9}
    settings |= {"category": said.get("category")}
    if "rep" in said:
        settings |= {"min_p": 0.02, "repetition_penalty": 1.2}
    box = hold(page)
    page.wait_for_timeout(300)
    before = len(sent)
    rng = random.Random(7)
    reached = set()
    for share in [0.0, 1.0, *(rng.random() for _ in range(30))]:
        t = drag_to(page, box, share)
        reached.add(t)
        wanted = generator.generate(as_app(temperature=t, **settings))
        assert texts(page) == plain(wanted[:1] if t == 0 else wanted), f"T = {t}"
    assert {0.0, 3.0} < reached
    assert len(sent) == before, "the server was asked while the dial was dragged"
    page.mouse.up()
    addressed = re.compile(rf"\bt={t:g}\b")
    page.wait_for_url(addressed)
    settled(page, 150)
    assert texts(page) == plain(wanted)


def test_bylines_ranks_and_marks_follow_the_dial(page, app_url, generator):
    opened(page, app_url, "ranks=true&seen=true&seed=4")
    box = hold(page)
    for share in (0.2, 0.55, 0.8):
        t = drag_to(page, box, share)
        item = generator.generate(as_app(temperature=t, seed=4))[0]
        words = page.locator(".front h2 .set")
        tips = words.evaluate_all("all => all.map(e => e.title)")
        assert [tip.split("rank ")[1] for tip in tips] == [
            f"{word.rank:,}" for word in item.words
        ]
        line = page.locator(".lead .byline").last.inner_text()
        assert f"log p {item.log_probability:.1f}".replace("-", "−") in line
        assert (" copied" in f" {line}") == item.copied
        assert ("cut at the length limit" in line) == (not item.ended)
        assert page.locator(".front h2 .seen").count() == (
            item.novelty.run[1] - item.novelty.run[0] if item.novelty.longest_run else 0
        )
    page.mouse.up()


def test_below_the_dial_stands_where_the_first_headline_changes(
    page, app_url, generator
):
    opened(page, app_url, "t=0.7&seed=4")
    found = page.locator(".next").inner_text()
    below, above = map(float, re.findall(r"\d+\.?\d*", found))
    lead = texts(page)[0]
    for t, same in (
        (below - 0.01, False),
        (below + 0.01, True),
        (above - 0.01, True),
        (above + 0.01, False),
    ):
        (item,) = plain(generator.generate(as_app(temperature=t, seed=4)))
        assert (item == lead) == same


def test_a_word_that_changed_is_marked_and_one_that_did_not_is_not(page, app_url):
    opened(page, app_url, "t=0.3&seed=4")
    before = texts(page)[0].split(" ")
    page.get_by_role("button", name="Wild", exact=True).click()
    after = texts(page)[0].split(" ")
    marked = page.locator(".front h2 .changed").all_inner_texts()
    assert marked == [
        word for i, word in enumerate(after) if [word] != before[i : i + 1]
    ]
    assert len(marked) > 0


def test_nothing_moves_for_who_wants_no_motion(browser, app_url):
    context = browser.new_context(reduced_motion="reduce")
    try:
        page = context.new_page()
        opened(page, app_url)
        page.get_by_role("button", name="Wild", exact=True).click()
        names = page.locator(".front .set").evaluate_all(
            "all => all.map(e => getComputedStyle(e).animationName)"
        )
        assert {*names} == {"none"}
    finally:
        context.close()


def test_keys_presets_and_the_exact_value_move_the_dial(page, app_url):
    opened(page, app_url)
    slider = page.get_by_role("slider", name="Temperature")
    exact = page.get_by_role("spinbutton", name="Exact temperature")
    slider.press("ArrowRight")
    slider.press("PageDown")
    expect(exact).to_have_value("0.61")
    page.wait_for_url(re.compile(r"\bt=0\.61"))
    exact.fill("1.234")
    exact.press("Enter")
    page.wait_for_url(re.compile(r"\bt=1\.234"))
    expect(page.locator(".dial-value")).to_have_text("1.23")
    exact.fill("99")
    exact.press("Enter")
    page.get_by_role("button", name="Safe", exact=True).click()
    page.wait_for_url(re.compile(r"\bt=0\.3"))
    expect(exact).to_have_value("0.3")
    expect(page.get_by_role("button", name="Safe", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_a_word_of_the_first_headline_leads_to_why(page, app_url, generator):
    opened(page, app_url, "t=0.7&seed=4&prompt=The")
    item = generator.generate(as_app(temperature=1.3, seed=4, prompt="The"))[0]
    page.get_by_role("button", name="Wild", exact=True).click()
    word = page.locator(".front h2 button.set").nth(2)
    name = word.inner_text()
    assert name == item.words[3].text
    word.click()
    page.wait_for_url(re.compile("/temperature"), timeout=WAIT)
    expect(page.locator(".why-says")).to_be_visible(timeout=WAIT)
    settled(page, 200)
    said = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page.url).query))
    assert said["view"] == "Why this word"
    assert (said["t"], said["seed"], said["prompt"]) == ("1.3", "4", "The")
    now = page.locator(".why-headline .token.now").inner_text()
    assert name.startswith(now)


@pytest.mark.parametrize("agent", [PHONE, None], ids=["phone", "narrow window"])
def test_dial_presets_and_the_first_headline_fit_a_phones_first_screen(
    browser, app_url, agent
):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, user_agent=agent
    )
    try:
        page = context.new_page()
        opened(page, app_url)
        settled(page, 300)
        for shown in (".dial", ".presets", ".front h2", ".lead .byline >> nth=-1"):
            box = page.locator(shown).bounding_box()
            assert box["y"] + box["height"] < 844, shown
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    finally:
        context.close()


def test_a_prompt_is_only_text(page, app_url):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog), dialog.dismiss()))
    prompt = "<img src=x onerror=alert(1)>"
    opened(page, app_url, urllib.parse.urlencode({"prompt": prompt, "ranks": "true"}))
    hold(page)
    drag_to(page, page.get_by_role("slider").first.bounding_box(), 0.8)
    page.mouse.up()
    assert texts(page)[0].startswith("<img src=x")
    assert not dialogs
    assert page.locator(".front img").count() == 0
