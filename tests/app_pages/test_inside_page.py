"""The page that opens the GRU, without a browser."""

from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT
from streamlit.testing.v1 import AppTest
from test_pages import html

from app_parts import opening
from textgen.explain import posterior, trace
from textgen.model.bundle import Bundle
from textgen.study import comparison, probes
from textgen.views import typeset_gates
from textgen.views.typeset import percent
from textgen.writing.generator import Generator

VIEWS = ["Gates", "Memory", "Surgery", "Jobs", "Category", "Cells"]


def open_inside(**query):
    path = str(ROOT / "app_pages" / "inside.py")
    app = AppTest.from_file(path, default_timeout=60)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception
    return app


@pytest.fixture(scope="module")
def glass(bundle):
    return Generator.from_bundle(bundle, "reference")


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("projector", ["false", "true"])
def test_every_view_opens_by_link(view, projector):
    app = open_inside(inside_view=view, projector=projector)
    assert app.segmented_control(key="inside_view").value == view


@pytest.mark.parametrize("view", ["Jobs", "Surgery"])
def test_the_projector_enlarges_all_that_jobs_and_surgery_say(view):
    small = open_inside(inside_view=view)
    large = open_inside(inside_view=view, projector="true")
    said = [part.value for part in (*small.markdown, *small.caption)]
    assert len(said) >= 2
    assert not [part.value for part in (*large.markdown, *large.caption)]
    assert html(large).count("font-size:1.5rem") >= len(said)


@pytest.mark.parametrize(
    "text",
    ["", "🦉🦉", "word " * 2000, "<script>alert(1)</script>", "a\x00b", "$x$ *y* `z`"],
    ids=["empty", "emoji", "long", "html", "control", "markdown"],
)
@pytest.mark.parametrize("view", ["Gates", "Memory", "Category"])
def test_strange_texts_break_no_view(view, text):
    app = open_inside(inside_view=view)
    app.text_input(key="headline").set_value(text).run()
    assert not app.exception
    assert "<script>" not in html(app)


def test_the_equations_are_those_of_the_model(glass):
    app = open_inside(headline="Owls Sing", token="2", unit="31")
    read = trace.trace(glass, "Owls Sing")
    worked = trace.equations(glass.engine, read, 2, 31)
    page = html(app)
    for value in (worked.update, worked.reset, worked.candidate, worked.after):
        assert f"<b>{typeset_gates.shown(value)}</b>" in page


def test_a_shorter_text_keeps_the_page_whole():
    app = open_inside(token="8")
    assert app.number_input(key="token").value == 8
    app.text_input(key="headline").set_value("Owls").run()
    assert not app.exception
    token = app.number_input(key="token")
    assert token.value == token.max < 8


def test_surgery_on_nobody_changes_nothing():
    app = open_inside(inside_view="Surgery", share="0")
    assert app.metric[0].value == app.metric[1].value
    assert any("even the intact headlines" in one.value for one in app.caption)
    app.slider(key="share").set_value(100).run()
    assert float(app.metric[1].value) > float(app.metric[0].value) + 0.1


def test_the_category_is_the_posterior(bundle, generator):
    app = open_inside(inside_view="Category", headline="Easy Chicken Soup Recipes")
    weights = posterior.prior(generator.categories, bundle.corpus.labels)
    chances = posterior.posterior(generator, ["Easy Chicken Soup Recipes"], weights)[0]
    best = generator.categories[int(np.argmax(chances))]
    assert f"reads it as {best.title()}".replace("&", "&amp;") in html(app).replace(
        "& ", "&amp; "
    )


def test_jobs_are_the_bundles_with_what_the_words_gone_by_tell(bundle):
    facts = probes.load(bundle)
    app = open_inside(inside_view="Jobs")
    text = "\n".join(m.value for m in app.markdown)
    assert f"{facts['without']} of {facts['units']}" in text
    assert "pass none of these five probes" in text
    assert "tells the answer" not in text
    assert "a person could name" not in text
    for name in probes.FLAGS:
        assert f"so at {percent(facts['by_position'][name]['share'])}" in text
    page = html(app)
    assert page.count(">words gone by</th>") == len(probes.FLAGS)
    for known in facts["by_position"].values():
        assert f"<b>{known['score']:.3f}</b>" in page
    for entries in facts["jobs"].values():
        for entry in entries:
            assert f"<b>{entry['score']:.3f}</b>" in page
            for key in ("precision", "recall", "share"):
                assert key not in entry or f">{percent(entry[key])}<" in page
    busy = {e["unit"] for entries in facts["all"].values() for e in entries}
    idle = next(unit for unit in range(facts["units"]) if unit not in busy)
    app.number_input(key="job_unit").set_value(idle).run()
    assert "passes none" in "\n".join(m.value for m in app.markdown)
    best = facts["jobs"]["bracket"][0]
    app.number_input(key="job_unit").set_value(best["unit"]).run()
    found = "\n".join(m.value for m in app.markdown if m.value.startswith("Unit"))
    assert "a bracket is open" in found
    assert f"precision {percent(best['precision'])}" in found


def test_the_category_view_says_what_the_model_was_told_and_the_whole_sample(bundle):
    facts = probes.load(bundle)["category_accuracy"]
    text = "\n".join(m.value for m in open_inside(inside_view="Category").markdown)
    hidden = bundle.facts["recipe"]["category_dropout"]
    assert f"told the category in {1 - hidden:.0%} of its readings" in text
    assert "Never trained" not in text
    for rate in ("model", "tfidf_logistic_regression"):
        assert f"**{facts[rate]:.1%}**" in text
    assert f"of all {facts['test_headlines']:,} test headlines" in text


def test_the_category_view_weighs_by_what_the_model_was_trained_on(
    monkeypatch, generator
):
    counts = dict.fromkeys(generator.categories, 1) | {"WEDDINGS": 10**6}

    def told(name):
        bundle = Bundle(name)
        bundle.corpus = replace(bundle.corpus, labels=counts)
        return bundle

    monkeypatch.setattr(opening, "Bundle", told)
    opening.open_bundle.clear()
    app = open_inside(inside_view="Category", headline="Owls")
    opening.open_bundle.clear()
    assert "reads it as Weddings" in html(app)


def test_a_model_that_was_not_probed_says_so(monkeypatch):
    monkeypatch.setattr(probes, "load", lambda bundle: None)
    app = open_inside(inside_view="Jobs")
    assert "textgen probe" in app.info[0].value


def test_the_cells_come_with_their_measured_figures():
    page = html(open_inside(inside_view="Cells"))
    for value in comparison.cells(comparison.shipped())["bits_per_character"]:
        assert f"{value:.3f}" in page
