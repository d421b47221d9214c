"""How well a model predicts texts, measured."""

import math

import pytest

from textgen.corpus import news
from textgen.study import likelihood


def test_bits_per_character_is_the_documented_sum(generator):
    texts = ["Why Owls Sing", "A Bridge", "7 Soups (PHOTOS)"]
    measured = likelihood.measure(generator, texts)
    scores = generator.score(texts)
    nats = -sum(score.log_probability for score in scores)
    assert measured.bits_per_character == pytest.approx(
        nats / math.log(2) / sum(len(text) + 1 for text in texts)
    )
    assert measured.tokens == sum(len(score.tokens) for score in scores)
    assert measured.perplexity == pytest.approx(math.exp(nats / measured.tokens))


def test_order_does_not_matter(generator):
    texts = [f"Owl Number {i} Speaks" for i in range(70)]
    one = likelihood.measure(generator, texts, ["ARTS"] * 70)
    two = likelihood.measure(generator, texts[::-1], ["ARTS"] * 70)
    assert one.bits_per_character == pytest.approx(two.bits_per_character)


def test_nothing_to_measure_is_refused(generator):
    with pytest.raises(ValueError, match="nothing to measure"):
        likelihood.measure(generator, [])


@pytest.mark.dataset
def test_the_shipped_figures_are_what_evaluate_gives(bundle, generator, real_file):
    texts = news.corpus(real_file)
    measured = likelihood.evaluate(
        generator, texts.part("validation"), texts.part("test")
    )
    for name, value in bundle.facts["figures"].items():
        assert measured[name] == pytest.approx(value, rel=1e-4), name
