"""Every page runs, shows what it should, and survives what people do to it."""

import base64
import json
import zlib

import pytest
from conftest import ROOT, as_app
from streamlit.testing.v1 import AppTest

from app_parts.desk import SETTINGS
from textgen.study import comparison, verdicts
from textgen.views import charts
from textgen.writing.generator import Generator


def open_page(name="generate", **query):
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    if name != "generate":
        app.switch_page(f"app_pages/{name}.py").run()
    assert not app.exception, app.exception
    return app


def html(app):
    return "\n".join(str(element.proto) for element in app.get("html"))


def sent(app, component):
    """What a component of the page was sent."""
    (found,) = (
        json.loads(element.proto.json)
        for element in app.get("bidi_component")
        if element.proto.component_name == component
    )
    return json.loads(found["json"]) if "json" in found else found


def written(app):
    """The headlines of the first page."""
    return [" ".join(one["words"]) for one in sent(app, "front_page")["texts"]]


def unpacked(app):
    """The paths of the first page's headlines."""
    packed = base64.b64decode(sent(app, "front_paths")["packed"])
    return json.loads(zlib.decompress(packed))


def test_headlines_are_there_without_a_click(generator):
    app = open_page()
    assert len(written(app)) == 9
    page = sent(app, "front_page")
    assert (page["count"], page["seed"]) == (9, SETTINGS["seed"].default)
    assert page["t"] == sent(app, "front_dial")["t"] == 0.7


def test_the_page_shows_what_the_library_generates(generator):
    app = open_page(t="0.50", seed="21", category="ARTS")
    wanted = generator.generate(
        as_app(temperature=0.5, seed=21, category="ARTS", count=9)
    )
    assert written(app) == [headline.text for headline in wanted]


def test_the_paths_lead_through_what_the_page_shows():
    app = open_page(t="0.50", seed="21", n="4", words="8")
    paths = unpacked(app)
    assert len(paths) == 4
    assert sent(app, "front_paths")["key"] == sent(app, "front_page")["key"]
    for shown, parts in zip(written(app), paths, strict=True):
        assert [parts[0]["low"], parts[0]["high"], parts[1]["low"]] == [0, 0, 0.05]
        here = next(part for part in parts if part["high"] >= 0.5)
        assert " ".join(here["words"]) == shown


def test_where_no_path_is_exact_none_is_sent_and_the_dial_says_so():
    app = open_page(typicalp="0.9")
    names = [one.proto.component_name for one in app.get("bidi_component")]
    assert "front_paths" not in names
    assert not sent(app, "front_dial")["exact"]
    assert sent(open_page(p="0.9"), "front_dial")["exact"]


def test_what_belongs_together_has_one_key():
    key = sent(open_page(t="0.5"), "front_page")["key"]
    assert sent(open_page(t="1.5"), "front_page")["key"] == key
    for other in ({"seed": "1"}, {"n": "3"}, {"model": "headlines-rnn"}, {"k": "5"}):
        assert sent(open_page(t="0.5", **other), "front_page")["key"] != key


def test_new_luck_changes_the_seed_and_nothing_else():
    app = open_page(t="0.9", prompt="Why")
    before = written(app)
    app.button(key="new_luck").click().run()
    assert app.number_input(key="seed").value != 9
    assert sent(app, "front_dial")["t"] == 0.9
    assert app.text_input(key="prompt").value == "Why"
    assert written(app) != before


def test_at_temperature_zero_there_is_one_headline():
    app = open_page(t="0")
    assert len(written(app)) == 1
    assert sent(app, "front_page")["count"] == len(unpacked(app)) == 9


def test_bad_values_in_the_address_fall_back():
    app = open_page(t="hot", seed="-3", n="9999", category="NONSENSE", k="x", p="7")
    assert sent(app, "front_dial")["t"] == 0.7
    assert app.number_input(key="seed").value == SETTINGS["seed"].default
    assert app.selectbox(key="category").value == "Any"


@pytest.mark.parametrize(
    "prompt",
    [
        "🦉🦉",
        "مرحبا بالعالم",
        "word " * 2000,
        "<script>alert(1)</script><img src=x onerror=alert(2)>",
        "a\x00b\x1b[31mc",
        "$x$ *y* :bug: [z](javascript:alert(3))",
        "=SUM(A1)",
    ],
    ids=["emoji", "rtl", "long", "html", "control", "markdown", "formula"],
)
def test_strange_prompts_never_break_the_page(prompt):
    app = open_page()
    app.text_input(key="prompt").set_value(prompt).run()
    assert not app.exception
    assert len(written(app)) == 9
    page = html(app)
    assert "<script>" not in page
    assert "<img" not in page


def test_a_word_never_seen_is_said():
    app = open_page(prompt="Zorblaxian")
    assert any(
        "stood in no training headline" in caption.value for caption in app.caption
    )


def test_ranks_and_marks_on_demand():
    app = open_page()
    assert sent(app, "front_page")["steps"] is None
    app.toggle(key="ranks").set_value(True).run()
    assert len(sent(app, "front_page")["steps"]) == 4
    assert not sent(app, "front_page")["mark"]
    app.toggle(key="seen").set_value(True).run()
    assert sent(app, "front_page")["mark"]


def test_advanced_settings_are_passed_on(generator):
    app = open_page(k="1", t="1.5", n="3")
    greedy = generator.generate(temperature=0)[0].text.split()[0]
    assert [text.split(" ")[0] for text in written(app)] == [greedy] * 3


def test_a_damaged_model_is_said_plainly(monkeypatch, tmp_path):
    from app_parts import opening
    from textgen.model.bundle import Bundle

    opening.open_bundle.clear()
    opening.open_generator.clear()
    monkeypatch.setattr(opening, "Bundle", lambda model: Bundle(tmp_path / "gone"))
    try:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        assert not app.exception
        assert "The model cannot be opened" in app.error[0].value
    finally:
        opening.open_bundle.clear()
        opening.open_generator.clear()


def test_the_training_page_plays_the_film(bundle):
    app = open_page("training")
    # It opens on the epoch that ships, which is not the last one.
    ships = bundle.facts["training"]["best_epoch"]
    assert app.slider(key="epoch").value == ships
    shown = f"{bundle.history()[ships]['validation_bits_per_character']:.3f}"
    assert app.metric[0].value == shown
    assert f"after **epoch {ships}**" in "\n".join(m.value for m in app.markdown)
    after = html(app)
    app.slider(key="epoch").set_value(0).run()
    before = html(app)
    assert before != after
    assert before.count("border-left:4px") == 4
    untrained = [f for f in bundle.samples() if f["epoch"] == 0]
    assert len(untrained) == 4
    assert (
        app.metric[0].value
        == f"{bundle.history()[0]['validation_bits_per_character']:.3f}"
    )


@pytest.mark.parametrize("measure", ["loss", "perplexity", "accuracy", "learning_rate"])
def test_every_curve_can_be_chosen_by_link(measure):
    app = open_page("training", measure=charts.CURVES[measure][0])
    assert app.segmented_control(key="measure").value == measure
    assert not app.exception


def test_the_dataset_page_counts_and_attributes():
    app = open_page("dataset")
    text = "\n".join(m.value for m in app.markdown)
    assert "209,527 headlines" in text
    assert "Near-twins" in text
    assert "Rishabh Misra" in text
    assert "The headlines are HuffPost's" in text


def test_the_dataset_page_says_what_the_test_split_was_used_for(bundle):
    text = "\n".join(m.value for m in open_page("dataset").markdown)
    judged = comparison.load().judged[bundle.name]
    assert judged > 1
    assert f"to judge finished runs by (of {bundle.name}, {judged} so far)" in text
    assert "once." not in text.split("learn from")[1].split("\n")[0]
    pieces = bundle.facts["tokenizer"]["vocabulary_size"]
    assert f"with {pieces:,} pieces" in text


def test_the_dataset_page_counts_a_file_of_the_users(monkeypatch, tmp_path):
    from conftest import made_up_dataset

    from textgen.corpus import news

    path = made_up_dataset(tmp_path)
    monkeypatch.setattr(news, "locate", lambda: path)
    app = open_page("dataset")
    text = "\n".join(m.value for m in app.markdown)
    assert "240 headlines" in text
    assert "not the file that the models" in app.info[0].value
    # Nothing is said of the published file that is not so in this one.
    assert "Politics has no headline before" not in text
    assert "Near-twins" not in text and "thins out" not in text
    assert "leads with 33% of the headlines" in app.subheader[0].value
    path.write_text("{broken", encoding="utf-8")
    app = open_page("dataset")
    assert "line 1 is not JSON" in app.error[0].value
    assert "209,527 headlines" in "\n".join(m.value for m in app.markdown)


@pytest.mark.parametrize("name", ["headlines-lstm", "headlines-rnn"])
def test_another_model_writes_other_headlines(name):
    wanted = Generator.load(name).generate(as_app(seed=21, count=9))
    assert wanted != Generator.load().generate(as_app(seed=21, count=9))
    app = open_page(model=name, seed="21")
    assert written(app) == [headline.text for headline in wanted]


def test_the_model_is_part_of_how_to_reproduce_it():
    app = open_page(model="headlines-lstm")
    code = "\n".join(block.value for block in app.code)
    assert "Generator.load('headlines-lstm')" in code
    assert "--model headlines-lstm" in code
    assert "an LSTM" in "\n".join(caption.value for caption in app.caption)


def test_a_model_that_is_not_there_is_the_default_one():
    app = open_page(model="../../etc")
    assert app.selectbox(key="model").value == "headlines-gru"
    assert written(app) == written(open_page())


def test_training_compares_the_three_cells():
    app = open_page("training")
    table = comparison.cells(comparison.shipped(), comparison.load())
    page = html(app)
    for value in table["bits_per_character"]:
        assert f"{value:.3f}" in page
    text = "\n".join(block.value for block in app.markdown)
    assert verdicts.cells(table) in text
