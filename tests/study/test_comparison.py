"""Three cells of one size: the table is the bundles', the words are the table's."""

import json
from dataclasses import replace

import pandas as pd
import pytest

from textgen.errors import FactsError
from textgen.model.bundle import available
from textgen.model.cells import CELLS
from textgen.study import comparison, verdicts
from textgen.study.comparison import Comparison
from textgen.views import model_charts, tables
from textgen.writing.generator import Generator

SPEEDS = Comparison(
    machine="a machine",
    speeds={
        name: {"train_tokens_per_second": 1000 * (i + 1), "generation_milliseconds": i}
        for i, name in enumerate(comparison.MODELS)
    },
)


@pytest.fixture(scope="module")
def shipped():
    return comparison.shipped()


def recipe_but_for_the_rate(bundle):
    return bundle.facts["recipe"] | {"learning_rate": None}


def test_the_three_ship_and_are_small_and_equal(shipped):
    assert tuple(b.name for b in shipped) == comparison.MODELS
    assert {b.config.cell for b in shipped} == {*CELLS}
    counts = [b.facts["training"]["parameters"] for b in shipped]
    assert max(counts) / min(counts) < 1.01
    for bundle in shipped:
        stored = sum(path.stat().st_size for path in bundle.folder.iterdir())
        assert stored < 8e6
        assert recipe_but_for_the_rate(bundle) == recipe_but_for_the_rate(shipped[0])
    assert {*comparison.MODELS} < {*available()}


def test_the_table_is_the_bundles(shipped):
    table = comparison.cells(shipped)
    assert "tokens_per_second" not in table
    for row, bundle in zip(table.itertuples(), shipped, strict=True):
        figure = bundle.facts["figures"]["test_bits_per_character"]
        assert row.bits_per_character == figure
        assert f"{figure:.4f}" in bundle.model_card()
    fast = comparison.cells(shipped, SPEEDS)
    assert list(fast["tokens_per_second"]) == [1000, 2000, 3000]
    html = tables.cells(fast)
    assert "<th" in html and "1,000" in html
    assert "font-weight:700" not in html, "nobody knows the range of one seed"


def test_bold_is_what_no_seed_of_another_reaches(shipped):
    names = [bundle.name for bundle in shipped]
    far = {names[0]: [1.6, 1.62], names[1]: [1.7, 1.72], names[2]: [1.8, 1.9]}
    table = comparison.cells(shipped, replace(SPEEDS, runs=far))
    assert verdicts.winner(table) == "GRU"
    html = tables.cells(table)
    assert html.count("font-weight:700") == 1
    assert 'font-weight:700;">1.610' in html
    near = far | {names[1]: [1.61, 1.7]}
    table = comparison.cells(shipped, replace(SPEEDS, runs=near))
    assert verdicts.winner(table) is None
    assert "font-weight:700" not in tables.cells(table)


def test_seeds_give_a_mean_and_a_range(shipped):
    found = {"headlines-gru-small": [1.74, 1.76], "headlines-lstm": [1.8]}
    table = comparison.cells(shipped, Comparison(runs=found))
    assert list(table["seeds"]) == [2, 1, 1]
    assert table["bits_per_character"][0] == pytest.approx(1.75)
    assert (table["lowest"][0], table["highest"][0]) == (1.74, 1.76)
    assert tables.cells(table).count("1.740–1.760") == 1
    assert "GRU 2, LSTM 1, SimpleRNN 1" in verdicts.seeds(table)
    assert verdicts.seeds(comparison.cells(shipped)) == "One seed each."


def test_learning_rates_are_the_best_of_those_tried(shipped):
    measured = comparison.load()
    for bundle in shipped:
        tried = measured.pilots[bundle.name]
        assert bundle.facts["recipe"]["learning_rate"] == min(tried, key=tried.get)
    rows = comparison.cells(shipped)
    assert "not chosen for each" in verdicts.rates(rows, Comparison())
    found = {row.model: {row.learning_rate: 1.8, 0.5: 1.9} for row in rows.itertuples()}
    rate = rows["learning_rate"][0]
    words = verdicts.rates(rows, Comparison(pilots=found))
    assert (
        f"at least 2 that were tried for it in one pass over the headlines (GRU {rate}"
    ) in words
    assert "highest" not in words
    found["headlines-lstm"].pop(0.5)
    words = verdicts.rates(rows, Comparison(pilots=found))
    assert "For LSTM that was the highest" in words
    found["headlines-rnn"][0.5] = 1.7
    assert "not chosen for each" in verdicts.rates(rows, Comparison(pilots=found))


def test_how_often_the_test_split_was_asked_is_said_of_every_model():
    # Each run that ships was one of them.
    judged = comparison.load().judged
    assert all(judged[name] >= 1 for name in available())


def test_what_was_measured_is_read_as_it_was_written(tmp_path):
    measured = comparison.load()
    path = tmp_path / "comparison.json"
    assert comparison.load(path) == Comparison()
    comparison.save(measured, path)
    assert comparison.load(path) == measured
    assert measured.pilots["headlines-lstm"][0.016] < 2


@pytest.mark.parametrize("text", ["", "{", "[]", '{"machine": ""}'])
def test_a_damaged_comparison_is_named(tmp_path, text):
    path = tmp_path / "comparison.json"
    path.write_text(text)
    with pytest.raises(FactsError, match=r"comparison\.json: (cannot|is not|has no)"):
        comparison.load(path)


def test_the_seeds_of_the_shipped_are_among_the_runs(shipped):
    found = comparison.load().runs
    for bundle in shipped:
        figure = bundle.facts["figures"]["test_bits_per_character"]
        assert any(abs(figure - run) < 5e-5 for run in found[bundle.name])


def test_curves_follow_the_histories(shipped):
    learnt = comparison.curves(shipped, SPEEDS)
    for bundle in shipped:
        history = bundle.history()
        rows = learnt[learnt["cell"].str.lower().str.endswith(bundle.config.cell)]
        assert list(rows["epoch"]) == list(range(1, len(history)))
        assert rows["bits_per_character"].iloc[-1] == pytest.approx(
            history[-1]["validation_bits_per_character"]
        )
        assert rows["minutes"].is_monotonic_increasing
    # The same headlines, so minutes are inversely as the speeds.
    last = learnt.groupby("cell")["minutes"].max()
    assert last["GRU"] / last["LSTM"] == pytest.approx(2, rel=1e-3)
    assert "minutes" not in comparison.curves(shipped)


@pytest.mark.parametrize("over", ["epoch", "minutes"])
def test_the_chart_names_each_line_once_and_apart(shipped, over):
    drawn = model_charts.sibling_curves(comparison.curves(shipped, SPEEDS), over)
    spec = json.loads(drawn.to_json())
    (names,) = [
        rows
        for rows in spec["datasets"].values()
        if rows and "place" in rows[0] and len(rows) == 3
    ]
    places = sorted(row["place"] for row in names)
    assert all(b - a > 0.05 for a, b in zip(places, places[1:], strict=False))
    assert {row["cell"] for row in names} == {"GRU", "LSTM", "SimpleRNN"}


@pytest.mark.parametrize(
    ("gru", "lstm", "spread", "said"),
    [
        (1.5, 1.53, 0.01, "2.0% more bits. Over 3 seeds each the two never overlap"),
        (1.53, 1.5, 0.03, "2.0% fewer bits. Over 3 seeds each the two overlap"),
    ],
)
def test_the_claim_is_judged_by_the_figures(gru, lstm, spread, said):
    rows = pd.DataFrame(
        {
            "cell": ["GRU", "LSTM"],
            "bits_per_character": [gru, lstm],
            "seeds": [3, 3],
            "lowest": [gru - 0.01, lstm - 0.01],
            "highest": [gru + spread, lstm + spread],
            "tokens_per_second": [900.0, 1000.0],
        }
    )
    words = verdicts.cells(rows)
    assert said in words
    assert "10% fewer tokens per second" in words
    assert verdicts.cells(rows.head(1)) == ""


@pytest.mark.parametrize(
    ("plain", "said"),
    [
        (2.5, "SimpleRNN, which has no gates, needs 25% more bits"),
        (2.0, "no more bits"),
    ],
)
def test_the_cell_without_gates_is_judged_as_well(plain, said):
    rows = pd.DataFrame(
        {
            "cell": ["GRU", "LSTM", "SimpleRNN"],
            "bits_per_character": [2.0, 2.2, plain],
            "seeds": 1,
        }
    )
    assert said in verdicts.cells(rows)
    assert "gates" not in verdicts.cells(rows.head(2))


def test_speeds_were_measured_of_all_three():
    assert {*comparison.load().speeds} == {*comparison.MODELS}


@pytest.mark.parametrize("name", comparison.MODELS)
def test_each_writes_and_its_engines_agree(name):
    from textgen.model.bundle import Bundle

    bundle = Bundle(name)
    fast = Generator.from_bundle(bundle)
    exact = Generator.from_bundle(bundle, "reference")
    written = fast.generate(count=4, seed=3, temperature=0.7)
    assert all(item.text and item.novelty is not None for item in written)
    text = "Why Owls Sing At Night"
    (one,), (two,) = fast.score(text), exact.score(text)
    assert one.bits_per_character == pytest.approx(two.bits_per_character, rel=0.02)


def test_how_equal_the_times_were(shipped):
    assert verdicts.minutes(comparison.curves(shipped)) == ""
    learnt = pd.DataFrame({"cell": ["GRU", "GRU", "LSTM"], "minutes": [7.0, 15, 16.5]})
    assert (
        "15.0 to 16.5 minutes: equally many passes are equal time within 10%."
        in verdicts.minutes(learnt)
    )
