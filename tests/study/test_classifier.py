"""Who tells which category a headline was filed under, and how often rightly."""

import pandas as pd

from textgen.explain import posterior
from textgen.study import classifier


def test_accuracy_counts_what_is_right(bundle, generator):
    weights = posterior.prior(generator.categories, bundle.corpus.labels)
    frame = pd.DataFrame(
        {
            "headline": ["Senate Republicans Block Obama Nominee"] * 2,
            "category": ["POLITICS", "WEDDINGS"],
        }
    )
    assert classifier.accuracy(generator, frame, weights) == 0.5
