"""How a model's writing changes with temperature, over thousands of headlines."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

import pandas as pd

from textgen.corpus.language import Language
from textgen.errors import SettingError
from textgen.model.bundle import Bundle
from textgen.study import classifier, diversity
from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.text import Text

FILE = "sweep.json"
TEMPERATURES = (
    *(0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
    *(1.1, 1.2, 1.3, 1.4, 1.5, 1.7, 2.0, 2.5, 3.0),
)
HEADLINES = 2000  # per temperature
SEED = 100  # luck of the first category; the next ones use the seeds after it
SHARE = 5 / 4  # of the length that is usual: 20 words

#: What is measured: its name for people, and what it means, to be filled with the
#: model's :class:`textgen.corpus.corpus.Noun`.
MEASURES = {
    "recognised": (
        "Category recognised",
        "How often a classifier that never saw the model names the category that was "
        "asked for",
    ),
    "ended": ("Ends properly", "{Many} that the model ended by itself"),
    "copied": ("Copied", "{Many} that stand word for word in the training set"),
    "distinct_2": (
        "Different word pairs",
        "Different pairs of neighbouring words among all such pairs (distinct-2)",
    ),
    "self_bleu": (
        "Shared with one another",
        "Runs of up to four words that {a} shares with the others written at "
        "this temperature (self-BLEU)",
    ),
    "bleu": (
        "Shared with real ones",
        "Runs of up to four words that {a} shares with {many} that people "
        "wrote and the model never saw (BLEU)",
    ),
    "bits_per_word": (
        "Surprise per word",
        "How unlikely the model itself finds what it wrote, in bits",
    ),
}


def sweep(
    generator: Generator,
    frame: pd.DataFrame,
    temperatures: Sequence[float] = TEMPERATURES,
    headlines: int = HEADLINES,
    show: Callable[[str], None] = lambda line: None,
    recognise: Callable[[list[str]], Sequence[str]] | None = None,
) -> dict:
    """Write headlines at every temperature, and measure them.

    The categories asked for are those of the first ``headlines`` test headlines, so
    that the real ones can be measured in the same way beside them.

    Args:
        generator: the model.
        frame: from :func:`textgen.corpus.news.load`.
        temperatures: what to measure at.
        headlines: how many to write at each, at most as many as the test split has.
        show: told about progress, a line at a time.
        recognise: a classifier of categories that is trained already, from
            :func:`textgen.study.classifier.fit`; None trains one.

    Returns:
        ``headlines``, ``real`` (the measures of real test headlines) and ``records``,
        one per temperature: ``temperature`` and the keys of :data:`MEASURES`.
    """
    if headlines < 2:
        raise SettingError("must be at least 2", headlines=headlines)
    splits = {name: rows for name, rows in frame.groupby("split")}
    if recognise is None:
        show("training the classifier of categories")
        recognise = classifier.fit(splits["train"])
    test = splits["test"]
    chosen = test.head(headlines)
    # Real headlines are compared with the others of test, never with themselves.
    others = list(test["headline"].iloc[len(chosen) :]) or list(test["headline"])
    texts, categories = list(chosen["headline"]), list(chosen["category"])
    real = _shared_measures(generator, texts, categories, others, recognise)
    records = []
    for temperature in temperatures:
        written = list(write(generator, chosen["category"], temperature))
        texts = [headline.text for headline, _ in written]
        categories = [category for _, category in written]
        record = {
            "temperature": temperature,
            "ended": _share(headline.ended for headline, _ in written),
            "copied": _share(headline.copied for headline, _ in written),
            **_shared_measures(generator, texts, categories, others, recognise),
        }
        records.append({key: round(value, 5) for key, value in record.items()})
        show(f"T = {temperature}: {records[-1]}")
    return {
        "headlines": len(chosen),
        "real": {key: round(value, 5) for key, value in real.items()},
        "records": records,
    }


def as_varied(records: Sequence[dict], real: dict) -> dict:
    """The record whose headlines share as much with one another as real ones do.

    Args:
        records: of :func:`sweep`.
        real: the same measures of real headlines.
    """
    return min(records, key=lambda row: abs(row["self_bleu"] - real["self_bleu"]))


def longest(language: Language) -> int:
    """How many units (words) a text of the sweep may have."""
    return round(SHARE * language.lengths[1])


def write(
    generator: Generator, categories: pd.Series, temperature: float
) -> Iterator[tuple[Text, str]]:
    """Write one headline for each category asked for.

    Args:
        generator: the model.
        categories: one name per headline wanted.
        temperature: of all of them.

    Yields:
        A headline and the category that it was asked for.
    """
    for i, (name, count) in enumerate(categories.value_counts().items()):
        category = str(name)
        # Options allow a hundred at a time; each hundred has luck of its own.
        for block in range(math.ceil(count / 100)):
            options = Options(
                temperature=temperature,
                max_words=longest(generator.language),
                category=category,
                count=min(100, count - 100 * block),
                seed=SEED + i + 1000 * block,
            )
            for headline in generator.generate(options):
                yield headline, category


def _shared_measures(
    generator: Generator,
    texts: list[str],
    categories: list[str],
    references: list[str],
    recognise: Callable[[list[str]], Sequence[str]],
) -> dict[str, float]:
    """What can be measured of any texts, whoever wrote them."""
    nats = words = 0.0
    for start in range(0, len(texts), 64):
        part = slice(start, start + 64)
        for score in generator.score(texts[part], categories[part]):
            nats -= score.log_probability
            words += generator.language.count(score.text)
    named = recognise(texts)
    return {
        "bits_per_word": nats / math.log(2) / max(words, 1),
        "distinct_2": diversity.distinct(texts, 2, generator.language),
        "self_bleu": diversity.self_bleu(texts, generator.language),
        "bleu": diversity.bleu(texts, references, generator.language),
        "recognised": _share(a == b for a, b in zip(named, categories, strict=True)),
    }


def _share(flags: Iterable[bool]) -> float:
    flags = list(flags)
    return sum(flags) / len(flags)


def load(bundle: Bundle) -> dict | None:
    """What :func:`sweep` found for a bundle, or None if it was never run.

    Raises:
        BundleError: the file was altered, or is of another version.
    """
    return bundle.read_facts(FILE, ("headlines", "real", "records"))


def save(bundle: Bundle, facts: dict) -> Bundle:
    """Put the facts into the bundle, checksum and all; returns it, opened again."""
    return bundle.with_facts(FILE, facts)
