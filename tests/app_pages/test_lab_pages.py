"""The temperature lab's page, without a browser."""

import pytest
from conftest import ROOT
from streamlit.testing.v1 import AppTest
from test_pages import html

from app_pages import share
from textgen import lessons, probes, sweep, temperature
from textgen.options import Options

VIEWS = ["Lens", "Why this word", "Same luck", "Path", "In the large", "Guess"]


def open_lab(**query):
    """The page by itself, as its address opens it."""
    path = str(ROOT / "app_pages" / "temperature.py")
    app = AppTest.from_file(path, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("projector", ["false", "true"])
def test_every_view_opens_by_link(view, projector):
    app = open_lab(view=view, projector=projector, prompt="Why", seed="3")
    assert not app.exception
    assert app.segmented_control(key="view").value == view


@pytest.mark.parametrize(
    "prompt",
    ["🦉🦉", "word " * 2000, "<script>alert(1)</script>", "a\x00b", "$x$ *y*"],
    ids=["emoji", "long", "html", "control", "markdown"],
)
@pytest.mark.parametrize("view", ["Lens", "Why this word", "Same luck", "Path"])
def test_strange_prompts_break_no_view(view, prompt):
    app = open_lab(view=view)
    app.text_input(key="prompt").set_value(prompt).run()
    assert not app.exception
    assert "<script>" not in html(app)


def test_columns_are_what_the_library_compares(generator):
    page = html(open_lab(view="Same luck", ts="0, 1.2", rows="2", seed="5"))
    for t in (0, 1.2):
        for headline in generator.generate(temperature=t, seed=5, count=2):
            for word in headline.text.split():
                if word.isalnum():
                    assert word in page
    assert page.count("<mark") == 2


def captions(app):
    return "\n".join(caption.value for caption in app.caption)


def test_the_path_says_whose_it_is_and_what_was_cut(generator):
    app = open_lab(view="Path", seed="62", words="8")
    parts = temperature.path(generator, Options(seed=62, max_words=8), 0.05, 3.0)
    different = len({part.headline.text for part in parts})
    said = f"first headline of seed 62 can become exactly {different} different texts"
    assert said in captions(app)
    assert "(headlines-gru, at most 8 words of its own)" in captions(app)
    app = open_lab(view="Path", seed="62", words="8", k="5", model="headlines-rnn")
    assert "(headlines-rnn, at most 8 words of its own, top-k 5)" in captions(app)


def test_same_luck_says_what_is_held_fixed():
    app = open_lab(view="Same luck", p="0.9", minp="0.01", model="headlines-lstm")
    held = "headlines-lstm, at most 16 words of its own, top-p 0.9, min-p 0.01"
    assert f"luck ({held})" in captions(app)


@pytest.mark.parametrize("bad", ["warm", "0.3, 9", "", "0,1,2,0,1,2,0"])
def test_bad_columns_are_said_and_the_usual_ones_shown(bad):
    app = open_lab(view="Same luck")
    app.text_input(key="ts").set_value(bad).run()
    assert len(app.error) == 1
    assert html(app).count("T = 0.7") >= 4


def test_a_game_is_played_to_its_end():
    app = open_lab(view="Guess", game="4")
    for question in range(10):
        bar = app.get("progress")[0]
        assert f"Question {question + 1} of 10" in str(bar.proto)
        app.button(key="game_guess").click().run()
        assert "It was T = " in app.subheader[0].value
        app.button(key="game_next").click().run()
        assert not app.exception
    assert "of 1000 points" in app.header[0].value
    app.button(key="replay").click().run()
    assert app.button(key="game_guess")


def test_the_same_game_asks_everybody_the_same():
    assert html(open_lab(view="Guess", game="4")) == html(
        open_lab(view="Guess", game="4")
    )
    assert html(open_lab(view="Guess", game="4")) != html(
        open_lab(view="Guess", game="5")
    )


def test_a_teacher_can_hide_controls():
    app = open_lab(
        view="Why this word", hide="prompt,seed,more,nonsense", prompt="How", seed="77"
    )
    assert not app.text_input
    assert not [w for w in app.number_input if w.key == "seed"]
    assert not [w for w in app.button if w.key == "new_luck"]
    app = open_lab(view="Path", hide="views,sharing")
    assert not app.segmented_control


def test_a_lesson_ticks_itself_off():
    app = open_lab(lesson="temperature")
    steps = lessons.LESSONS["temperature"]
    for number, step in enumerate(steps):
        assert f"Step {number + 1} of {len(steps)}: {step.title}" in said(app)
        if step.view != app.segmented_control(key="view").value or step.set:
            app.button(key="lesson_show").click().run()
        if step.view == "Guess":
            app.button(key="game_guess").click().run()
        if step.view == "Path":
            for t in (0.3, 0.8):
                app.number_input(key="t").set_value(t).run()
        if step.title.startswith("See why"):
            app.number_input(key="t").set_value(0.1).run()
        assert ":green[:material/check_circle:]" in said(app), step.title
        if number < len(steps) - 1:
            app.button(key="lesson_next").click().run()
    assert "Well done" in said(app)


def said(app):
    return "\n".join(m.value for m in app.markdown)


def test_an_unknown_lesson_is_ignored():
    assert "Step 1" not in said(open_lab(lesson="nonsense"))


def test_the_link_holds_settings_and_nothing_empty():
    link = share.link(
        "http://class.example:8501/temperature?old=1",
        {"prompt": "Why & how", "hide": "", "seed": "7"},
    )
    assert link == "http://class.example:8501/temperature?prompt=Why+%26+how&seed=7"


def test_a_qr_code_is_an_image_or_a_clear_error():
    assert share.qr_svg("http://localhost/").startswith("<svg")
    with pytest.raises(ValueError, match="too long"):
        share.qr_svg("x" * 5000)


def test_figures_in_the_large_are_the_bundles(bundle):
    facts = sweep.load(bundle)
    app = open_lab(view="In the large")
    assert f"{facts['headlines']:,} headlines at each" in said(app)
    captions = "\n".join(caption.value for caption in app.caption)
    real, learnt = facts["real"], sweep.as_varied(facts["records"], facts["real"])
    assert f"{real['bleu']:.3f} against others by people" in captions
    assert f"{learnt['bleu']:.3f}" in captions
    assert f"{real['recognised']:.1%} of these {facts['headlines']:,} real" in captions
    whole = probes.load(bundle)["category_accuracy"]
    rate, count = whole["tfidf_logistic_regression"], whole["test_headlines"]
    assert f"({rate:.1%} of all {count:,})" in captions
    alt = next(str(c.proto) for c in app.get("vega_lite_chart"))
    assert "the curve passes above them" in alt


def test_a_model_that_was_not_measured_says_so(monkeypatch):
    monkeypatch.setattr(sweep, "load", lambda bundle: None)
    app = open_lab(view="In the large")
    assert "evaluate --sweep" in app.info[0].value
