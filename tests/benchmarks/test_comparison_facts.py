"""The one file that models are compared by, and the tables that it is made of."""

from benchmarks import comparison as collecting
from textgen.study import comparison
from textgen.study.comparison import Comparison


def test_the_facts_that_ship_are_what_the_tables_say():
    assert comparison.load() == collecting.collected(), (
        "run: python -m benchmarks.comparison"
    )


def test_what_was_not_measured_is_left_empty(tmp_path):
    assert collecting.collected(tmp_path) == Comparison()


def test_each_table_is_read_for_what_it_holds(tmp_path):
    (tmp_path / "cells.json").write_text('{"machine": "m", "models": {"a": {"x": 1}}}')
    (tmp_path / "quality.csv").write_text(
        "model,test_bits_per_character\na,1.76\na,1.74\nb,1.8\n"
    )
    (tmp_path / "pilots.csv").write_text(
        "model,learning_rate,validation_bits_per_character\n"
        "headlines-lstm,0.5,1.9\ntransformer,1,1\n"
    )
    (tmp_path / "runs.csv").write_text(
        "model,test_bits_per_character\na,1.5\nb,1.6\na,\na,1.4\n"
    )
    assert collecting.collected(tmp_path) == Comparison(
        "m",
        {"a": {"x": 1}},
        {"a": [1.74, 1.76], "b": [1.8]},
        {"headlines-lstm": {0.5: 1.9}},
        {"a": 2, "b": 1},
    )
