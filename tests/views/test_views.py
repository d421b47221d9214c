"""Charts, figures, typesetting and files to take along."""

import json

import matplotlib.text
import pytest

from textgen.corpus import news, summary
from textgen.corpus.corpus import Noun
from textgen.model.bundle import Bundle, available
from textgen.views import (
    charts,
    corpus_charts,
    figures,
    ink,
    model_charts,
    palette,
    typeset,
)
from textgen.writing.generator import Generator
from textgen.writing.text import Text, Token

NOUN = news.FACTS.noun


def token(text, rank=1, given=False, log_probability=-1.0):
    return Token(5, text, log_probability, rank, given, text.encode())


def headline(*tokens, ended=True, novelty=None):
    text = "".join(t.text for t in tokens).strip()
    return Text(0, text, "", tokens, ended, novelty)


@pytest.fixture(scope="module")
def table():
    return summary.load()


def test_the_category_chart_is_sorted_and_can_be_clicked(table):
    spec = corpus_charts.categories(table.categories, NOUN).to_dict()
    order = spec["layer"][0]["encoding"]["y"]["sort"]
    assert order == list(table.categories["category"])
    assert order[0] == "POLITICS"
    assert spec["params"][0]["name"] == "category"


@pytest.mark.parametrize("measure", list(charts.CURVES))
def test_curves_show_the_history(bundle, measure):
    history = bundle.history()
    table = charts.curve_table(history, measure)
    key = measure if measure == "learning_rate" else f"validation_{measure}"
    split = "" if measure == "learning_rate" else "never seen"
    shown = table[table["split"] == split]["value"]
    assert list(shown) == [row[key] for row in history]
    assert charts.training_curve(history, measure).to_dict()["height"] == 300


def test_the_lengths_say_how_many_have_the_median_or_fewer(table):
    words = table.lengths[table.lengths["unit"] == "words"]
    raw = words.set_index("length")["count"]
    share = f"{raw[raw.index <= 10].sum() / raw.sum():.0%}"
    assert share == "61%", "10 is the median, but half would be too few"
    spec = json.dumps(corpus_charts.lengths(words, 10.0, NOUN).to_dict())
    assert f"the median: {share} have 10 or fewer" in spec
    assert f"({raw[raw.index > 25].sum()} have more than 25)" in spec
    figure = figures.lengths(words, 10.0, news.FACTS)
    (axes,) = figure.axes
    assert figure.get_suptitle() == f"{share} of the headlines have 10 words or fewer"
    assert "have more than 25" in axes.get_xlabel()


def test_as_many_share_the_rest_as_there_are_others(table):
    assert (
        "41 others" in figures.categories(table.categories, news.FACTS).get_suptitle()
    )


def test_the_epoch_that_ships_is_marked_in_every_curve():
    for name in available():
        model = Bundle(name)
        ships = model.facts["training"]["best_epoch"]
        assert charts.shipped_epoch(model.history()) == ships
    history = Bundle().history()
    for measure in charts.CURVES:
        spec = json.dumps(charts.training_curve(history, measure).to_dict())
        assert "epoch 13 ships" in spec
        texts = figures.training_curve(history, measure, "any", news.FACTS).findobj(
            matplotlib.text.Text
        )
        assert "epoch 13 ships" in [text.get_text() for text in texts]


@pytest.mark.parametrize(
    ("measure", "said"),
    [
        ("bits_per_character", "0.133 bits per character"),
        ("loss", "0.376 nats per token"),
        ("perplexity", "22.8 equally likely tokens"),
        ("accuracy", "2.6 percentage points"),
    ],
)
def test_the_gap_between_seen_and_never_seen_is_that_of_the_epoch_that_ships(
    bundle, measure, said
):
    assert charts.gap_in_words(bundle.history(), measure) == said


def test_whatever_a_model_writes_is_escaped():
    item = headline(token(" <script>alert(1)</script>"), token(' "&'))
    for lead in (False, True):
        html = typeset.headline(item, lead=lead)
        assert "<script>" not in html
        assert "&lt;script&gt;" in html


def test_prompt_is_set_apart_even_inside_a_word():
    item = headline(token(" Tru", given=True), token("mpet"), token(" Solo"))
    html = typeset.headline(item)
    assert "Tru</span>mpet" in html
    assert html.count("italic") == 1


@pytest.mark.parametrize(
    ("share", "shown"),
    [(1, "100 %"), (0.314, "31 %"), (0.0123, "1.2 %"), (1e-5, "0.001 %"), (0, "below")],
)
def test_shares_are_short_and_never_falsely_zero(share, shown):
    assert typeset.percent(share).startswith(shown)


def test_markdown_shows_text_as_it_is():
    assert typeset.plain_markdown("*a* $x$ :bug:") == r"\*a\* \$x\$ \:bug\:"


def test_temperature_goes_from_blue_through_grey_to_red():
    def channels(t):
        colour = palette.temperature_colour(t)
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]

    cold, neutral, hot = channels(0), channels(1), channels(4)
    assert cold[2] > cold[0] + 60
    assert max(neutral) - min(neutral) < 20
    assert hot[0] > hot[2] + 60
    assert channels(100) == hot


def test_headline_dict_is_plain_json(generator):
    found = json.loads(json.dumps(generator.generate(seed=2)[0].to_dict()))
    assert {"text", "log_probability", "tokens", "copied"} <= set(found)


def test_film_frames_are_escaped_and_coloured():
    record = {
        "epoch": 0,
        "temperature": 0.2,
        "headlines": [{"text": "<b>Owl", "ended": False}],
        "left_out": 2,
    }
    html = typeset.film_frame(record)
    assert "&lt;b&gt;Owl" in html
    assert palette.temperature_colour(0.2) in html
    assert "2 left out" in html


def test_notes_about_a_prompt(generator):
    assert isinstance(generator, Generator)
    notes = typeset.prompt_notes(
        generator.read_prompt("zorblaxian\x07 " + "w " * 400), Noun("line", "lines")
    )
    assert len(notes) == 3
    assert "stood in no training line." in notes[2]
    assert "first 4" in notes[0] or "first 3" in notes[0]
    assert "zorblaxian" in notes[2]
    assert typeset.prompt_notes(generator.read_prompt("Why"), NOUN) == []


@pytest.mark.parametrize(
    ("prompt", "said"),
    [
        (
            "Zorblaxian",
            "“Zorblaxian” stood in no training headline. The model reads it",
        ),
        ("Zürgelplatz", " · ü"),
        (
            "東京塔",
            "“東京塔” stood in no training headline. The model reads it as single",
        ),
        ("A 🦉", "The model has no piece for 🦉: it reads the bytes that a computer"),
        (
            "zorb qwuzzle",
            "“zorb” and “qwuzzle” stood in no training headline. The model reads",
        ),
        ("zorb qwuz yblom quorv xuul fnorp", " and 2 more stood in no"),
        ("q" * 300, "…” stood in no training headline"),
    ],
)
def test_a_note_on_strange_words_can_be_read_by_a_person(generator, prompt, said):
    (note,) = typeset.prompt_notes(generator.read_prompt(prompt), NOUN)
    assert said in note
    assert not any(sign in note for sign in "�⟨␣")
    assert len(note) < 260


def test_type_for_the_back_row_is_half_as_large_again(table):
    def sizes(spec, name):
        if isinstance(spec, dict):
            for key, value in spec.items():
                if key == name and isinstance(value, int | float):
                    yield value
                else:
                    yield from sizes(value, name)
        elif isinstance(spec, list):
            for one in spec:
                yield from sizes(one, name)

    chart = corpus_charts.categories(table.categories, NOUN)
    assert ink.sized(chart, large=False) is chart
    before, after = chart.to_dict(), ink.sized(chart, large=True).to_dict()
    assert chart.to_dict() == before
    for name in ("labelLimit", "dx", "step"):
        grown = [1.5 * size for size in sizes(before, name)]
        assert grown
        assert [n for n in sizes(after, name)][-len(grown) :] == grown
    assert after["config"]["axis"]["labelFontSize"] == 1.5 * 12
    assert after["config"]["axis"]["titleFontSize"] == 1.5 * 14
    assert after["data"] == before["data"]
    assert after["datasets"] == before["datasets"]


def test_axes_have_the_ink_of_the_page(table, bundle):
    spec = charts.training_curve(bundle.history(), "loss").to_dict()
    assert spec["config"]["axis"]["labelColor"] == "currentColor"
    spec = model_charts.posterior(["ARTS"], [1.0]).to_dict()
    assert spec["config"]["axis"]["titleColor"] == "currentColor"


def test_large_prose_is_a_little_markdown_and_nothing_else():
    html = typeset.prose("**All** of `it` <b> [there](https://example.org/a)")
    assert "<b>All</b> of <code>it</code> &lt;b&gt; <a href=" in html
    assert ">there</a>" in html
    assert "<a" not in typeset.prose("[x](javascript:alert(1))")
