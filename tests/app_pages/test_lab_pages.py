"""The temperature lab's page, without a browser."""

import json

import pytest
from conftest import ROOT, as_app
from streamlit.testing.v1 import AppTest
from test_pages import html

from app_parts import desk, lab, lessons, opening, rounds, share
from textgen.explain import lens
from textgen.explain import path as temperature
from textgen.model.bundle import Bundle
from textgen.study import probes, sweep
from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.rules import RULES

VIEWS = ["Lens", "Why this word", "Same luck", "Path", "In the large", "Guess"]

BOTH = "real words only, fit for a class"


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
        for headline in generator.generate(as_app(temperature=t, seed=5, count=2)):
            for word in headline.text.split():
                if word.isalnum():
                    assert word in page
    assert page.count("<mark") == 2


def captions(app):
    return "\n".join(caption.value for caption in app.caption)


def test_the_path_says_whose_it_is_and_what_was_cut(generator):
    app = open_lab(view="Path", seed="62", words="8")
    parts = temperature.path(generator, as_app(seed=62, max_words=8), 0.05, 3.0)
    different = len({part.headline.text for part in parts})
    said = f"first headline of seed 62 can become exactly {different} different texts"
    assert said in captions(app)
    assert f"(headlines-gru, at most 8 words of its own, {BOTH})" in captions(app)
    app = open_lab(view="Path", seed="62", words="8", k="5", model="headlines-rnn")
    held = f"(headlines-rnn, at most 8 words of its own, {BOTH}, top-k 5)"
    assert held in captions(app)


def test_same_luck_says_what_is_held_fixed():
    app = open_lab(view="Same luck", p="0.9", minp="0.01", model="headlines-lstm")
    held = f"headlines-lstm, at most 16 words of its own, {BOTH}, top-p 0.9, min-p 0.01"
    assert f"luck ({held})" in captions(app)


@pytest.mark.parametrize("view", ["Path", "Why this word"])
def test_a_rule_that_is_not_exact_is_said_and_can_be_switched_off(view):
    app = open_lab(view=view, typicalp="0.9", words="3")
    assert len(app.info) == 1
    assert app.info[0].value.startswith("With typical-p there is nothing exact to show")
    assert "exactly" not in captions(app)
    app.button(key="switch_off").click().run()
    assert not app.exception
    assert not app.info
    assert app.session_state["typicalp"] == 1.0


def test_every_rule_has_a_slider_and_shows_in_the_lens(generator):
    app = open_lab(view="Lens", prompt="Why")
    sliders = {slider.key: slider for slider in app.slider}
    assert [rule.option for rule in desk.CUTS.values()] == [r.option for r in RULES]
    for name, rule in desk.CUTS.items():
        assert sliders[name].value == rule.off
        assert sliders[name].min < sliders[name].max
        assert rule.name.capitalize() == sliders[name].label
        sent = lab.lens_data(lens.look(generator, Options()), Options())["limits"]
        assert sent[rule.option] == rule.off


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


def test_a_game_goes_on_where_its_address_says():
    app = open_lab(view="Guess", game="4", answers="0.7,1.3")
    assert "Question 3 of 10" in str(app.get("progress")[0].proto)
    app.select_slider(key="guess").set_value(0.5)
    app.button(key="game_guess").click().run()
    assert app.session_state["answers"] == "0.7,1.3,0.5"
    app.button(key="game_next").click().run()
    assert "Question 4 of 10" in str(app.get("progress")[0].proto)
    ended = open_lab(view="Guess", game="4", answers=",".join(["0.7"] * 10))
    assert "of 1000 points" in ended.header[0].value


def test_a_hundred_points_in_every_question_are_a_thousand():
    asked = rounds.rounds(4, Bundle().config.categories)
    right = rounds.write_answers([one.temperature for one in asked])
    app = open_lab(view="Guess", game="4", answers=right)
    assert app.header[0].value == "1000 of 1000 points"


@pytest.mark.parametrize(
    ("answers", "kept", "question"),
    [
        ("inf,abc", "", 1),
        ("0.7,inf,1.3", "0.7,-,1.3", 2),
        ("zzz,0.7", "-,0.7", 1),
        (",".join(["0.7"] * 500), ",".join(["0.7"] * 10), None),
        ("-1", "", 1),
        ("0.7,0.71", "0.7", 2),
    ],
)
def test_odd_answers_in_the_address_lose_nothing_else(answers, kept, question):
    app = open_lab(view="Guess", game="4", answers=answers, projector="true")
    assert app.session_state["answers"] == kept
    assert app.session_state["game"] == 4
    assert app.toggle(key="projector").value
    if question:
        assert f"Question {question} of 10" in str(app.get("progress")[0].proto)
    else:
        assert "of 1000 points" in app.header[0].value
    said = "it may hold up to 10 temperatures"
    assert (f"(in part; {said}" if kept else f"({said}") in captions(app)


def test_questions_may_be_skipped_as_older_links_do():
    app = open_lab(view="Guess", game="4", answers="0.7,,1.3")
    assert app.session_state["answers"] == "0.7,-,1.3"
    assert "Not taken" not in captions(app)


def test_another_game_has_other_answers_and_remembers_the_first():
    app = open_lab(view="Guess", game="4", answers="0.7,1.3")
    app.button(key="game_guess").click().run()
    app.number_input(key="game").set_value(5).run()
    assert app.session_state["answers"] == ""
    assert "Question 1 of 10" in str(app.get("progress")[0].proto)
    app.number_input(key="game").set_value(4).run()
    assert app.session_state["answers"] == "0.7,1.3,0.7"


def test_the_game_is_played_with_the_model_that_was_chosen():
    small = "headlines-gru-small"
    one = rounds.rounds(4, Bundle(small).config.categories, as_app())[0]
    page = html(open_lab(view="Guess", game="4", model=small))
    for headline in Generator.load(small).generate(one.options):
        for word in headline.text.split():
            if word.isalnum():
                assert word in page


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
        title = opening.open_bundle().corpus.noun.fill(step.title)
        assert f"Step {number + 1} of {len(steps)}: {title}" in said(app)
        # It can be done by hand, or be shown: what was done stays done.
        if step.view != app.segmented_control(key="view").value:
            app.segmented_control(key="view").set_value(step.view).run()
        for t in BY_HAND.get(number + 1, ()):
            app.number_input(key="t").set_value(t).run()
        if step.view == "Guess":
            app.button(key="game_guess").click().run()
        if step.title.startswith("Click a word"):
            assert not ticked(app)
            app.button(key="lesson_show").click().run()
        assert ":green[:material/check_circle:]" in said(app), step.title
        if number < len(steps) - 1:
            app.button(key="lesson_next").click().run()
    assert "Well done" in said(app)


#: Temperatures by which the steps of the lesson are done by hand.
BY_HAND = {1: [0.25], 2: [1.6], 3: [1.0], 5: [1.6, 0.1], 7: [1.3, 0.3, 0.8]}


def ticked(app):
    return ":green[:material/check_circle:]" in said(app)


def test_show_me_does_every_step():
    app = open_lab(lesson="temperature")
    steps = lessons.LESSONS["temperature"]
    for number in range(1, len(steps) + 1):
        assert not ticked(app)
        app.button(key="lesson_show").click().run()
        assert not app.exception
        assert ticked(app), number
        assert app.segmented_control(key="view").value == steps[number - 1].view
        if number < len(steps):
            app.button(key="lesson_next").click().run()
    assert "Well done" in said(app)
    assert app.session_state["done"] == "1,2,3,4,5,6,7,8"
    assert "It was T = " in app.subheader[0].value, "the guess was made, and answered"


def test_a_lesson_goes_on_where_its_address_says():
    app = open_lab(lesson="temperature", step="5", done="1,2,3", view="Why this word")
    assert "Step 5 of 8" in said(app)
    assert "●●●○○○○○" in captions(app)
    app.button(key="lesson_next").click().run()
    assert app.session_state["step"] == 6


def test_the_end_of_a_lesson_says_which_steps_are_open():
    app = open_lab(lesson="temperature", step="8", done="1,2,3,4,6,8", view="Guess")
    assert "Still open:" in said(app)
    assert "Well done" not in said(app)
    names = [b.label for b in app.button if b.key.startswith("lesson_open")]
    assert names == ["Step 5: See why a word was picked", "Step 7: Walk the path"]
    app.button(key="lesson_open_7").click().run()
    assert "Step 7 of 8" in said(app)
    assert "Still open" not in said(app)


@pytest.mark.parametrize(
    ("query", "step", "done"),
    [
        ({"step": "99"}, 1, ""),
        ({"step": "-1", "done": "1,2"}, 1, "1,2"),
        ({"step": "inf", "done": "inf,abc,-3,2,99"}, 1, "2"),
        ({"step": "3", "done": ",".join(["1"] * 500)}, 3, "1"),
        ({"step": "1.5", "done": "<script>"}, 1, ""),
    ],
    ids=str,
)
def test_odd_places_in_the_address_lose_nothing_else(query, step, done):
    app = open_lab(lesson="temperature", prompt="Why", seed="5", view="Path", **query)
    assert app.session_state["step"] == step
    assert app.session_state["done"] == done
    assert "taken from the address" in captions(app)
    assert app.session_state["prompt"] == "Why"
    assert app.session_state["seed"] == 5
    assert app.segmented_control(key="view").value == "Path"


def test_a_shared_link_hands_nobody_elses_answers_on():
    app = open_lab(
        view="Guess", game="4", answers="0.7", lesson="temperature", step="3", done="1"
    )
    assert not app.exception
    settings = {
        "view": "Guess",
        "game": "4",
        "answers": "0.7",
        "step": "3",
        "done": "1",
    }
    assert share.for_others(settings) == {"view": "Guess", "game": "4"}


def said(app):
    return "\n".join(m.value for m in app.markdown)


def test_a_lesson_goes_on_until_it_is_put_away():
    app = open_lab(lesson="temperature", step="2", prompt="Why")
    app.run()
    assert "Step 2 of" in said(app)
    app.button(key="lesson_end").click().run()
    assert "Step " not in said(app)
    assert app.query_params == {"prompt": "Why"}


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
    real, learnt = facts["real"], sweep.as_varied(facts["records"], facts["real"])
    assert f"{real['bleu']:.3f} against others by people" in said(app)
    assert f"{learnt['bleu']:.3f}" in said(app)
    assert f"{real['recognised']:.1%} of these {facts['headlines']:,} real" in said(app)
    whole = probes.load(bundle)["category_accuracy"]
    rate, count = whole["tfidf_logistic_regression"], whole["test_headlines"]
    assert f"({rate:.1%} of all {count:,})" in said(app)
    alt = next(str(c.proto) for c in app.get("vega_lite_chart"))
    assert "the curve passes above them" in alt


def test_a_model_that_was_not_measured_says_so(monkeypatch):
    monkeypatch.setattr(sweep, "load", lambda bundle: None)
    app = open_lab(view="In the large")
    assert "evaluate --sweep" in app.info[0].value


def test_the_projector_reaches_the_page_in_the_large():
    def sizes(app):
        specs = [json.loads(chart.proto.spec) for chart in app.get("vega_lite_chart")]
        return [spec["config"]["axis"].get("labelFontSize") for spec in specs]

    plain = open_lab(view="In the large")
    assert not any(sizes(plain))
    assert "font-size:1.5rem" not in html(plain)
    large = open_lab(view="In the large", projector="true")
    assert sizes(large) == [18] * (1 + len(sweep.MEASURES))
    # What is said first, each measure, what the switches change, and three notes.
    assert html(large).count("font-size:1.5rem") == 5 + len(sweep.MEASURES)


def test_a_word_that_the_model_goes_on_with_is_not_called_given(generator):
    """The tree begins where the texts can part: inside a word that was begun."""
    for prompt, words in (("Wh", 0), ("How To", 2), ("The Whit", 1)):
        options = Options(prompt=prompt, top_k=5, max_words=4)
        parts = temperature.path(generator, options, lab.COLDEST, lab.HOTTEST)
        given = lab.path_data(parts, options)["given"]
        assert given == words
        beginnings = {tuple(p.headline.text.split(" ")[:given]) for p in parts}
        assert beginnings == {tuple(prompt.split()[:given])}


@pytest.mark.parametrize("ts", ["a,b,99", "0.7,inf", "1,nan", "4", ",,,"])
def test_temperatures_that_an_address_cannot_have_fall_back_with_one_quiet_line(ts):
    app = open_lab(view="Same luck", ts=ts)
    assert not app.error
    assert app.text_input(key="ts").value == "0, 0.3, 0.7, 1, 1.5"
    assert [c.value for c in app.caption if "Not taken" in c.value and "ts" in c.value]
    app.text_input(key="ts").set_value("0.7, hot").run()
    assert "hot" in app.error[0].value  # what is typed is answered where it stands
    assert app.text_input(key="ts").value == "0.7, hot"
