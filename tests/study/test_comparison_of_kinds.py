"""The model beside other kinds of models: rows and words are the bundle's facts."""

import pytest

from textgen.study import comparison, verdicts
from textgen.study.comparison import Comparison
from textgen.views import tables


def facts(**bits):
    """A bundle's facts with peers: name, told or not, bits per character."""
    return {
        "name": "gru",
        "figures": {"test_bits_per_character_without_category": 2.0},
        "peers": [
            {
                "model": name,
                "parameters": 1_000_000,
                "training_seconds": 90,
                "cores": "" if told else "1 of 2",
                "descriptions": told,
                "told_category": told,
                "test_bits_per_character": figure,
            }
            for name, (told, figure) in bits.items()
        ],
    }


def test_ours_stands_there_told_and_not_told():
    table = comparison.peers(facts(gru=(True, 1.5), ngram=(False, 1.8)))
    assert list(table["model"]) == ["gru", "ngram", "gru"]
    assert list(table["ours"]) == [True, False, True]
    assert list(table["told"]) == [True, False, False]
    assert list(table["minutes"]) == [1.5] * 3


@pytest.mark.parametrize(
    ("others", "said"),
    [
        # Not told, so against ours not told (2.0), not against ours told (1.5).
        ({"ngram": (False, 1.9)}, "The ngram does better than the GRU: told as much, "
         "it needs 5.0% fewer bits, by one run each."),
        ({"ngram": (False, 2.2), "net": (True, 1.8)}, "The ngram comes closest: told "
         "as much, it needs 10.0% more bits, by one run each."),
        ({"ngram": (False, 1.9), "net": (True, 1.2)}, "The net does better than the "
         "GRU, the best of 2 that do: told as much, it needs 20.0% fewer bits, by one "
         "run each."),
        ({"net": (True, 1.503)}, "Nobody here does better than the GRU. The net comes "
         "closest: told as much, it needs 0.20% more bits, by one run each."),
    ],
)  # fmt: skip
def test_words_compare_like_with_like(others, said):
    assert verdicts.peers(comparison.peers(facts(gru=(True, 1.5), **others))).endswith(
        said
    )


@pytest.mark.parametrize(
    ("highest", "said"),
    [
        (2.02, "the small GRU by 1.0% and the small LSTM by 0.05%, so the seed may be"),
        (2.002, "the small GRU by 0.10% and the small LSTM by 0.05%, less than this"),
    ],
)
def test_what_a_small_difference_is_worth_rests_on_repeated_runs(highest, said):
    runs = {
        "headlines-gru-small": [2.0, 2.001, highest],
        "headlines-lstm": [2.0, 2.001],
        "headlines-rnn": [2.0, 3.0],  # without gates: no measure for the large ones
    }
    rows = comparison.peers(facts(gru=(True, 1.5), net=(True, 1.503)))
    assert f"Seeds alone spread {said}" in verdicts.peers(rows, Comparison(runs=runs))


def test_without_peers_nothing_is_said():
    alone = comparison.peers({"name": "gru"})
    assert alone.empty and verdicts.peers(alone) == ""


def test_names_are_escaped_and_bars_are_in_proportion():
    html = tables.peers(
        comparison.peers(facts(gru=(True, 1.0), **{"<b>": (False, 4.0)}))
    )
    assert "&lt;b&gt;" in html and "<b>" not in html
    assert html.index("width:25.0%") < html.index("width:50.0%")
    assert "width:100.0%" in html and "2 min of training on 1 of 2 cores" in html
    assert html.count("on 1 of 2 cores") == 1
    assert html.count("read the descriptions too") == 2


def test_the_shipped_bundle_names_them(bundle):
    table = comparison.peers(bundle.facts)
    assert {"headlines-gru", "Kneser-Ney 5-gram"} <= {*table["model"]}
    assert not {*comparison.MODELS} & {*table["model"]}
    (row,) = table[table["model"] == "Kneser-Ney 5-gram"].itertuples()
    assert not row.told
    assert {row.cores for row in table.itertuples() if "character" in row.model} == {
        "1 of 2"
    }
    words = verdicts.peers(table, comparison.load())
    for name in ("headlines-gru-small", "headlines-lstm"):
        figures = comparison.load().runs[name]
        assert f"{100 * (max(figures) / min(figures) - 1):.2f}%" in words
