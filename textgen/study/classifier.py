"""Which category a text was filed under: a classifier, and the model in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from textgen.explain import posterior
from textgen.model.bundle import Bundle
from textgen.writing.generator import Generator

HEADLINES_AT_ONCE = 12


def fit(train: pd.DataFrame) -> Callable[[list[str]], Sequence[str]]:
    """TF-IDF and logistic regression (scikit-learn), the usual baseline.

    Args:
        train: ``headline`` and ``category``.

    Returns:
        A function from headlines to the names of their categories.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True),
        LogisticRegression(C=5.0, max_iter=300),
    )
    model.fit(train["headline"], train["category"])
    return model.predict


def accuracy(
    generator: Generator,
    frame: pd.DataFrame,
    weights: np.ndarray,
    show: Callable[[int], object] = lambda done: None,
) -> float:
    """How often the likeliest category is the one a headline was filed under.

    Args:
        generator: the model.
        frame: ``headline`` and ``category``.
        weights: from :func:`prior`.
        show: told how many are done.
    """
    texts, names = list(frame["headline"]), np.array(generator.categories)
    right = 0
    # Headlines of like length side by side, so that few wait for the longest.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    truth = list(frame["category"])
    for start in range(0, len(order), HEADLINES_AT_ONCE):
        rows = order[start : start + HEADLINES_AT_ONCE]
        chances = posterior.posterior(generator, [texts[i] for i in rows], weights)
        named = names[chances.argmax(axis=1)]
        right += sum(truth[i] == name for i, name in zip(rows, named, strict=True))
        if start // HEADLINES_AT_ONCE % 50 == 0 or start + len(rows) == len(order):
            show(start + len(rows))
    return right / len(texts)


def accuracies(
    bundle: Bundle, frame: pd.DataFrame, show: Callable[[str], None]
) -> dict:
    """How well a model tells categories, beside the classifier.

    Args:
        bundle: the model.
        frame: from :func:`textgen.corpus.news.load`.
        show: told about progress.

    Returns:
        The shares of test headlines whose category the ``model`` and
        ``tfidf_logistic_regression`` name, and how many ``test_headlines``.
    """
    splits = {name: rows for name, rows in frame.groupby("split")}
    show("training the TF-IDF classifier")
    named = fit(splits["train"])(list(splits["test"]["headline"]))
    baseline = float(np.mean(np.asarray(named) == splits["test"]["category"]))
    generator = Generator.from_bundle(bundle)
    weights = posterior.prior(generator.categories, bundle.corpus.labels)
    ours = accuracy(
        generator,
        splits["test"],
        weights,
        lambda done: show(f"categories of {done} of {len(splits['test'])}"),
    )
    return {
        "test_headlines": len(splits["test"]),
        "model": round(ours, 4),
        "tfidf_logistic_regression": round(baseline, 4),
    }
