"""The category read backwards: Bayes' rule on what the model says of a text."""

import numpy as np
import pytest

from textgen.explain import posterior


def test_likelihoods_are_those_of_score(generator):
    texts = ["Why Owls Sing At Night", "Senate Passes Bill", ""]
    found = posterior.log_likelihoods(generator, texts)
    assert found.shape == (3, 42)
    for column in (0, 7, 41):
        name = generator.categories[column]
        scores = generator.score(texts, name)
        np.testing.assert_allclose(
            found[:, column], [s.log_probability for s in scores], atol=2e-3
        )


def test_bayes_rule(bundle, generator):
    weights = posterior.prior(generator.categories, bundle.corpus.labels)
    assert weights.sum() == pytest.approx(1)
    assert generator.categories[int(weights.argmax())] == "POLITICS"
    texts = ["Senate Republicans Block Obama Nominee", "Easy Chicken Soup Recipes"]
    chances = posterior.posterior(generator, texts, weights)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    named = [generator.categories[i] for i in chances.argmax(axis=1)]
    assert named[0] == "POLITICS"
    assert named[1] in ("FOOD & DRINK", "TASTE")
    joint = posterior.log_likelihoods(generator, texts) + np.log(weights)
    ratio = np.log(chances[0, 3] / chances[0, 8])
    assert ratio == pytest.approx(joint[0, 3] - joint[0, 8], abs=1e-9)


def test_a_prior_that_does_not_fit_is_even():
    assert posterior.prior(("A", "B"), {"A": 5}) == pytest.approx([0.5, 0.5])
    assert posterior.prior(("A", "B"), {"A": 5, "B": 15}) == pytest.approx([0.25, 0.75])


@pytest.mark.dataset
def test_categories_are_weighed_by_the_headlines_trained_on(bundle, real_frame):
    """By the headlines trained on: those held out must not tell how many they are."""
    counts = real_frame[real_frame["split"] == "train"]["category"].value_counts()
    assert bundle.corpus.labels == counts.to_dict()
