"""The dataset in numbers."""

import pandas as pd
import pytest
from conftest import ROOT, made_up_dataset

from textgen.corpus import news, summary
from textgen.errors import DatasetError


@pytest.fixture
def made_up(tmp_path):
    return summary.summarise(news.read(made_up_dataset(tmp_path)))


def test_counts_add_up(made_up):
    assert made_up.facts["rows"] == 240
    assert made_up.categories["count"].sum() == 240
    assert made_up.categories["share"].sum() == pytest.approx(1)
    assert made_up.categories["count"].is_monotonic_decreasing
    assert made_up.categories["train"].sum() == made_up.facts["splits"]["train"]
    assert made_up.category_years["count"].sum() == 240
    for unit in ("words", "characters"):
        rows = made_up.lengths[made_up.lengths["unit"] == unit]
        assert rows["count"].sum() == made_up.facts["headlines"]
        assert (rows["length"] * rows["count"]).sum() == made_up.facts[unit]
    assert sum(made_up.facts["splits"].values()) == made_up.facts["headlines"]


def test_saved_tables_read_back(made_up, tmp_path):
    summary.save(made_up, tmp_path / "facts")
    again = summary.load(tmp_path / "facts")
    assert again.facts == made_up.facts
    for name in ("category_years", "lengths", "vocabulary"):
        left = getattr(made_up, name).reset_index(drop=True).astype(str)
        pd.testing.assert_frame_equal(left, getattr(again, name).astype(str))
    assert list(again.categories["category"]) == list(made_up.categories["category"])


def test_missing_tables_say_how_to_make_them(tmp_path):
    with pytest.raises(DatasetError, match="dataset summary"):
        summary.load(tmp_path)


def test_what_ships_are_the_published_facts():
    shipped = summary.load(ROOT / "data")
    counts = dict(
        zip(shipped.categories["category"], shipped.categories["count"], strict=True)
    )
    assert counts["POLITICS"] == 35_602
    assert counts["EDUCATION"] == 1_014
    assert len(counts) == 42
    assert shipped.categories["train"].sum() == shipped.facts["splits"]["train"]
    by_year = shipped.category_years.groupby("year")["count"].sum()
    assert by_year[2012] == 31_355
    assert by_year[2022] == 1_398
    assert shipped.facts["median_words"] == 10
    assert shipped.facts["longest_words"] == 44
    for twins in news.NEAR_TWINS:
        assert set(twins) <= set(counts)


@pytest.mark.dataset
def test_what_ships_is_what_the_command_counts(real_file):
    fresh = summary.summarise(news.read(real_file))
    shipped = summary.load(ROOT / "data")
    assert fresh.facts == shipped.facts
    for column in ("category", "count", "train", "first_year", "last_year"):
        assert list(fresh.categories[column]) == list(shipped.categories[column])
    for name in ("category_years", "lengths", "vocabulary"):
        left = getattr(fresh, name).reset_index(drop=True).astype(str)
        pd.testing.assert_frame_equal(left, getattr(shipped, name).astype(str))


def test_the_share_up_to_a_length_counts_that_length():
    table = pd.DataFrame({"length": [1, 2, 3, 9], "count": [1, 2, 3, 4]})
    assert summary.share_up_to(table, 2) == pytest.approx(0.3)
    assert summary.share_up_to(table, 2.5) == pytest.approx(0.3)
    assert summary.share_up_to(table, 0) == 0


@pytest.mark.dataset
def test_the_collection_thins_out_after_may_2018(real_file):
    months = news.read(real_file)["date"].dt.to_period("M").value_counts()
    assert months["2017-01":"2018-05"].min() > 5 * months["2018-06":].max()


def test_years_run_from_early_to_late(made_up):
    order = summary.year_order(
        pd.DataFrame(
            {
                "category": ["B", "A", "A"],
                "year": [2020, 2012, 2014],
                "count": [1, 1, 1],
            }
        )
    )
    assert order == ["A", "B"]
