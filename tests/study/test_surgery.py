"""Gates held by hand, and the category read backwards."""

import numpy as np
import pytest

from textgen.explain import posterior
from textgen.explain.trace import trace
from textgen.study import probes, surgery
from textgen.study.surgery import Operation
from textgen.writing.generator import Generator


@pytest.fixture(scope="module")
def glass(bundle):
    return Generator.from_bundle(bundle, "reference")


@pytest.fixture(scope="module")
def keeping(glass):
    return surgery.keeping(glass)


def test_holding_a_gate_holds_it(bundle, keeping):
    kept = surgery.operate(bundle, Operation(update=1.0), keeping)
    read = trace(kept, "Why Owls Sing")
    assert (read.update == 1).all()
    assert (read.state == 0).all()  # nothing was ever written
    cut = surgery.operate(bundle, Operation(reset=0.0, share=0.5), keeping)
    zeros = (trace(cut, "Why Owls Sing").reset == 0).mean(axis=1)
    assert zeros == pytest.approx(0.5)


@pytest.mark.parametrize("order", surgery.ORDERS)
def test_the_share_and_the_order_are_kept(bundle, keeping, order):
    operated = surgery.operate(bundle, Operation(0.25, None, 0.1, order), keeping)
    held = (trace(operated, "Why").update == 0.25).all(axis=0)
    assert held.sum() == round(0.1 * bundle.config.units) == 77
    if order == "slow":
        assert keeping[held].min() >= keeping[~held].max()
    if order == "fast":
        assert keeping[held].max() <= keeping[~held].min()


def test_an_operation_on_nobody_changes_nothing(bundle, glass, keeping):
    same = surgery.operate(bundle, Operation(0.0, 0.0, share=0.0), keeping)
    assert surgery.bits(same) == pytest.approx(surgery.bits(glass), abs=1e-6)
    ours = [h.text for h in same.generate(count=3, seed=5)]
    assert ours == [h.text for h in glass.generate(count=3, seed=5)]


def test_forgetting_all_costs_bits_and_leaves_the_model_alone(bundle, glass, keeping):
    before = surgery.bits(glass)
    overwrite = surgery.operate(bundle, Operation(update=0.0), keeping)
    assert surgery.bits(overwrite) > before + 0.1
    assert surgery.bits(glass) == before


@pytest.mark.parametrize(
    ("values", "field"),
    [({"update": 1.5}, "update"), ({"share": -1}, "share"), ({"order": "x"}, "order")],
)
def test_impossible_operations_are_refused(values, field):
    with pytest.raises(ValueError, match=field):
        Operation(**values)


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


def test_bayes_rule(generator):
    weights = posterior.prior(generator.categories)
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
def test_the_page_and_the_measured_accuracy_weigh_categories_alike(
    bundle, real_frame, generator
):
    """By the headlines trained on: those held out must not tell how many they are."""
    counts = real_frame[real_frame["split"] == "train"]["category"].value_counts()
    wanted = posterior.prior(generator.categories, counts.to_dict())
    np.testing.assert_allclose(posterior.prior(generator.categories), wanted)
    stored = probes.load(bundle)["category_accuracy"]["train_counts"]
    assert stored == counts.to_dict()
