"""Facts about the dataset that may ship without it: counts, never sentences."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from textgen.corpus import news
from textgen.corpus.corpus import SPLITS, split_of
from textgen.errors import DatasetError, FactsError
from textgen.storage import DATA, read_facts, whole_file, write_facts

TABLES = ("categories", "category_years", "lengths", "vocabulary")
FACTS = "facts.json"
TOP_WORDS = 300


@dataclass(frozen=True)
class Summary:
    """What the app shows of the dataset.

    Attributes:
        categories: ``category``, ``count``, ``train`` (headlines of it that models are
            trained on), ``share``, ``first_year``, ``last_year`` (the years between
            which the middle 90 % of its rows lie), by count.
        category_years: ``category``, ``year``, ``count``.
        lengths: ``unit`` (words or characters), ``length``, ``count``.
        vocabulary: ``word``, ``count`` of the most frequent words of train.
        facts: totals.
    """

    categories: pd.DataFrame
    category_years: pd.DataFrame
    lengths: pd.DataFrame
    vocabulary: pd.DataFrame
    facts: dict


def summarise(frame: pd.DataFrame) -> Summary:
    """Count the dataset.

    Args:
        frame: from :func:`textgen.corpus.news.read`, whole and uncleaned.

    Returns:
        Tables over the whole file; lengths, vocabulary and splits over the cleaned one.
    """
    cleaned = news.clean(frame)
    splits = pd.Series([split_of(text) for text in cleaned["headline"]])
    train = cleaned[splits.to_numpy() == "train"]
    years = frame["date"].dt.year
    by_category = years.groupby(frame["category"])
    categories = pd.DataFrame(
        {
            "count": by_category.size(),
            "train": train.groupby("category").size(),
            "share": by_category.size() / len(frame),
            "first_year": by_category.quantile(0.05, interpolation="nearest"),
            "last_year": by_category.quantile(0.95, interpolation="nearest"),
        }
    )
    categories = (
        categories.fillna({"train": 0})
        .astype({"train": int})
        .sort_values("count", ascending=False, kind="stable")
        .rename_axis("category")
        .reset_index()
    )
    category_years = (
        frame.assign(year=years)
        .groupby(["category", "year"])
        .size()
        .rename("count")
        .reset_index()
    )
    language = news.FACTS.language
    measures = {
        language.many: cleaned["headline"].map(language.count),
        "characters": cleaned["headline"].str.len(),
    }
    lengths = pd.concat(
        values.value_counts()
        .sort_index()
        .rename_axis("length")
        .rename("count")
        .reset_index()
        .assign(unit=unit)
        for unit, values in measures.items()
    )[["unit", "length", "count"]]
    words = Counter(
        word for text in train["headline"] for word in language.filled(text)
    )
    vocabulary = pd.DataFrame(
        sorted(words.items(), key=lambda item: (-item[1], item[0]))[:TOP_WORDS],
        columns=["word", "count"],
    )
    facts = {
        "rows": len(frame),
        "headlines": len(cleaned),
        "first_date": str(frame["date"].min().date()),
        "last_date": str(frame["date"].max().date()),
        "splits": {name: int((splits == name).sum()) for name in SPLITS},
        "words": int(measures[language.many].sum()),
        "characters": int(measures["characters"].sum()),
        "median_words": float(measures[language.many].median()),
        "median_characters": float(measures["characters"].median()),
        "longest_words": int(measures[language.many].max()),
        "train_words": int(sum(words.values())),
        "train_distinct_words": len(words),
        "train_words_seen_once": sum(1 for count in words.values() if count == 1),
    }
    return Summary(categories, category_years, lengths, vocabulary, facts)


def share_up_to(table: pd.DataFrame, length: float) -> float:
    """The share of headlines that have a length or less.

    Args:
        table: ``length`` and ``count`` of one unit.
        length: the longest that counts.
    """
    return float(table["count"][table["length"] <= length].sum() / table["count"].sum())


def year_order(table: pd.DataFrame) -> list[str]:
    """Categories from those that end early to those that begin late.

    Args:
        table: ``category``, ``year``, ``count``.
    """
    weighted = table.assign(product=table["year"] * table["count"])
    sums = weighted.groupby("category")[["product", "count"]].sum()
    return list((sums["product"] / sums["count"]).sort_values(kind="stable").index)


def save(summary: Summary, folder: str | Path = DATA) -> list[Path]:
    """Write the tables as CSV and the facts as JSON; returns the paths."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in TABLES:
        path = folder / f"{name}.csv"
        with whole_file(path) as partial:
            getattr(summary, name).to_csv(partial, index=False, float_format="%.6g")
        paths.append(path)
    path = folder / FACTS
    write_facts(path, summary.facts)
    return [*paths, path]


def load(folder: str | Path = DATA) -> Summary:
    """Read what :func:`save` wrote.

    Raises:
        DatasetError: a table is missing or damaged.
    """
    folder = Path(folder)
    try:
        tables = {
            name: pd.read_csv(folder / f"{name}.csv", keep_default_na=False)
            for name in TABLES
        }
        facts = read_facts(folder / FACTS)
    except (OSError, ValueError, FactsError) as error:
        raise DatasetError(
            f"{folder}: the dataset's summary cannot be read ({error}). Make it again "
            "with `python -m textgen dataset summary`."
        ) from error
    return Summary(facts=facts, **tables)
