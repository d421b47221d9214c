"""Three cells of one size: the table is the bundles', the words are the table's."""

import json

import pandas as pd
import pytest

from textgen.model.bundle import available
from textgen.study import siblings
from textgen.views import model_charts, tables
from textgen.writing.generator import Generator

SPEEDS = {
    "machine": "a machine",
    "models": {
        name: {"train_tokens_per_second": 1000 * (i + 1), "generation_milliseconds": i}
        for i, name in enumerate(siblings.MODELS)
    },
}


@pytest.fixture(scope="module")
def shipped():
    return siblings.shipped()


def recipe_but_for_the_rate(bundle):
    return bundle.facts["recipe"] | {"learning_rate": None}


def test_the_three_ship_and_are_small_and_equal(shipped):
    assert tuple(b.name for b in shipped) == siblings.MODELS
    assert {b.config.cell for b in shipped} == {"gru", "lstm", "rnn"}
    counts = [b.facts["training"]["parameters"] for b in shipped]
    assert max(counts) / min(counts) < 1.01
    for bundle in shipped:
        stored = sum(path.stat().st_size for path in bundle.folder.iterdir())
        assert stored < 8e6
        assert recipe_but_for_the_rate(bundle) == recipe_but_for_the_rate(shipped[0])
    assert {*siblings.MODELS} < {*available()}


def test_the_table_is_the_bundles(shipped):
    table = siblings.table(shipped)
    assert "tokens_per_second" not in table
    for row, bundle in zip(table.itertuples(), shipped, strict=True):
        figure = bundle.facts["figures"]["test_bits_per_character"]
        assert row.bits_per_character == figure
        assert f"{figure:.4f}" in bundle.model_card()
    fast = siblings.table(shipped, SPEEDS)
    assert list(fast["tokens_per_second"]) == [1000, 2000, 3000]
    html = tables.siblings(fast)
    assert "<th" in html and "1,000" in html
    assert "font-weight:700" not in html, "nobody knows the range of one seed"


def test_bold_is_what_no_seed_of_another_reaches(shipped):
    names = [bundle.name for bundle in shipped]
    far = {names[0]: [1.6, 1.62], names[1]: [1.7, 1.72], names[2]: [1.8, 1.9]}
    table = siblings.table(shipped, SPEEDS, far)
    assert siblings.clear_winner(table) == "GRU"
    html = tables.siblings(table)
    assert html.count("font-weight:700") == 1
    assert 'font-weight:700;">1.610' in html
    near = far | {names[1]: [1.61, 1.7]}
    table = siblings.table(shipped, SPEEDS, near)
    assert siblings.clear_winner(table) is None
    assert "font-weight:700" not in tables.siblings(table)


def test_seeds_give_a_mean_and_a_range(shipped, tmp_path):
    path = tmp_path / "quality.csv"
    path.write_text(
        "model,test_bits_per_character\n"
        "headlines-gru-small,1.76\nheadlines-gru-small,1.74\nheadlines-lstm,1.8\n"
    )
    found = siblings.runs(path)
    assert found == {"headlines-gru-small": [1.74, 1.76], "headlines-lstm": [1.8]}
    table = siblings.table(shipped, None, found)
    assert list(table["seeds"]) == [2, 1, 1]
    assert table["bits_per_character"][0] == pytest.approx(1.75)
    assert (table["lowest"][0], table["highest"][0]) == (1.74, 1.76)
    assert tables.siblings(table).count("1.740–1.760") == 1
    assert siblings.runs(tmp_path / "none.csv") == {}
    assert "GRU 2, LSTM 1, SimpleRNN 1" in siblings.seeds_in_words(table)
    assert siblings.seeds_in_words(siblings.table(shipped)) == "One seed each."


def test_learning_rates_are_the_best_of_those_tried(shipped, tmp_path):
    for bundle in shipped:
        if tried := siblings.pilots().get(bundle.name):
            assert bundle.facts["recipe"]["learning_rate"] == min(tried, key=tried.get)
    rows = siblings.table(shipped)
    path = tmp_path / "pilots.csv"
    assert siblings.pilots(path) == {}
    assert "not chosen for each" in siblings.rates_in_words(rows, {})
    lines = [
        f"{row.model},{rate},{bits}"
        for row in rows.itertuples()
        for rate, bits in ((row.learning_rate, 1.8), (0.5, 1.9))
    ]
    path.write_text(
        "\n".join(
            [
                "model,learning_rate,validation_bits_per_character",
                *lines,
                "transformer,1,1",
            ]
        )
    )
    found = siblings.pilots(path)
    assert {*found} == {*siblings.MODELS}
    assert found["headlines-lstm"][0.5] == 1.9
    rate = rows["learning_rate"][0]
    assert (
        f"at least 2 that were tried for it in one pass over the headlines (GRU {rate}"
    ) in siblings.rates_in_words(rows, found)
    assert "highest" not in siblings.rates_in_words(rows, found)
    found["headlines-lstm"].pop(0.5)
    assert "For LSTM that was the highest" in siblings.rates_in_words(rows, found)
    found["headlines-rnn"][0.5] = 1.7
    assert "not chosen for each" in siblings.rates_in_words(rows, found)


def test_how_often_the_test_split_was_asked_is_counted_in_the_log(tmp_path):
    path = tmp_path / "runs.csv"
    assert siblings.judged("a", path) == 0
    path.write_text("model,test_bits_per_character\na,1.5\nb,1.6\na,\na,1.4\n")
    assert siblings.judged("a", path) == 2
    # Each run that ships was one of them.
    assert all(siblings.judged(name) >= 1 for name in available())


def test_the_seeds_of_the_shipped_are_among_the_runs(shipped):
    found = siblings.runs()
    for bundle in shipped:
        figure = bundle.facts["figures"]["test_bits_per_character"]
        assert any(abs(figure - run) < 5e-5 for run in found[bundle.name])


def test_curves_follow_the_histories(shipped):
    learnt = siblings.curves(shipped, SPEEDS)
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
    assert "minutes" not in siblings.curves(shipped)


@pytest.mark.parametrize("over", ["epoch", "minutes"])
def test_the_chart_names_each_line_once_and_apart(shipped, over):
    drawn = model_charts.sibling_curves(siblings.curves(shipped, SPEEDS), over)
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
    words = siblings.in_words(rows)
    assert said in words
    assert "10% fewer tokens per second" in words
    assert siblings.in_words(rows.head(1)) == ""


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
    assert said in siblings.in_words(rows)
    assert "gates" not in siblings.in_words(rows.head(2))


def test_speeds_that_were_not_measured_are_none(tmp_path):
    assert siblings.speeds(tmp_path / "none.json") is None
    measured = siblings.speeds()
    assert {*measured["models"]} == {*siblings.MODELS}


@pytest.mark.parametrize("name", siblings.MODELS)
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
    assert siblings.minutes_in_words(siblings.curves(shipped)) == ""
    learnt = pd.DataFrame({"cell": ["GRU", "GRU", "LSTM"], "minutes": [7.0, 15, 16.5]})
    assert (
        "15.0 to 16.5 minutes: equally many passes are equal time within 10%."
        in siblings.minutes_in_words(learnt)
    )
