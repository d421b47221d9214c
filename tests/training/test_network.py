"""The Keras network and what it is fed."""

import numpy as np
import pytest

from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.tokenizer import END, PAD, START
from textgen.model.cells import CELLS
from textgen.model.config import ModelConfig, Recipe
from textgen.training import batches

keras = pytest.importorskip("keras")

from textgen.training.network import HeadlineNetwork, set_weights, weights_of  # noqa: E402

CONFIG = ModelConfig(12, ("A", "B"), units=8, embedding=6, dropout=0.0)


def some_tokens(rows=3, time=5, seed=0):
    return np.random.default_rng(seed).integers(4, 12, (rows, time)).astype("int32")


def test_targets_are_shifted_by_exactly_one():
    inputs, targets = batches.pad([[5, 6, 7], [8]])
    assert inputs.tolist() == [[START, 5, 6, 7], [START, 8, PAD, PAD]]
    assert targets.tolist() == [[5, 6, 7, END], [8, END, PAD, PAD]]
    # What a position is asked for is what the next position is given.
    real = targets[:, :-1] != END
    assert (inputs[:, 1:] == targets[:, :-1])[real & (targets[:, :-1] != PAD)].all()


def test_padding_counts_for_nothing():
    network = HeadlineNetwork(CONFIG)
    x = {"tokens": some_tokens(2, 4), "category": np.array([1, 2], "int32")}
    y = some_tokens(2, 4, seed=1)
    queries = network(x)
    plain = float(network.compute_loss(x, y, queries))
    wider = {**x, "tokens": np.pad(x["tokens"], ((0, 0), (0, 3)))}
    padded = float(
        network.compute_loss(wider, np.pad(y, ((0, 0), (0, 3))), network(wider))
    )
    assert padded == pytest.approx(plain, rel=1e-6)


def test_the_network_does_not_look_ahead():
    network = HeadlineNetwork(CONFIG)
    tokens = some_tokens(1, 6)
    category = np.array([0], "int32")
    before = np.array(network({"tokens": tokens, "category": category}))
    changed = tokens.copy()
    changed[0, 4] = 4 + (changed[0, 4] - 3) % 8
    after = np.array(network({"tokens": changed, "category": category}))
    assert np.array_equal(before[0, :4], after[0, :4])
    assert not np.allclose(before[0, 4], after[0, 4])


def test_the_category_changes_the_opinion():
    network = HeadlineNetwork(CONFIG)
    tokens = some_tokens(1, 3)
    one, two = (
        np.array(network({"tokens": tokens, "category": np.array([c], "int32")}))
        for c in (1, 2)
    )
    assert not np.allclose(one, two)


def test_output_is_tied_to_the_embedding():
    network = HeadlineNetwork(CONFIG)
    queries = np.random.default_rng(0).normal(size=(2, 6)).astype("float32")
    expected = queries @ weights_of(network)["embedding"].T
    assert np.array(network.logits(queries)) == pytest.approx(expected, abs=1e-5)


def sampler_of(sampled_words):
    letters = "aaaaaaaaaaaabbbbbbcccdefgh"
    data = batches.encode([letters] * 4, None, (), CharacterTokenizer("abcdefgh"))
    return data, batches.CandidateSampler(data, 12, sampled_words)


def test_sampling_every_word_is_the_full_softmax():
    data, sampler = sampler_of(12)
    network = HeadlineNetwork(CONFIG)
    inputs, targets = batches.pad(data.ids)
    x = {"tokens": inputs, "category": data.categories}
    queries = network(x)
    full = float(network.compute_loss(x, targets, queries))
    x |= sampler.inputs(targets, np.random.default_rng(0))
    sampled = float(network.compute_loss(x, targets, queries))
    assert sampled == pytest.approx(full, rel=1e-5)


def test_candidates_are_distinct_and_come_as_often_as_stated():
    _, sampler = sampler_of(5)
    random = np.random.default_rng(0)
    seen = np.zeros(12)
    draws = 20_000
    for _ in range(draws):
        drawn = sampler.draw(random)
        assert len(set(drawn.tolist())) == len(drawn)
        seen[drawn] += 1
    assert sampler.chances.max() == 1.0
    assert sampler.chances.sum() == pytest.approx(5)
    assert seen / draws == pytest.approx(sampler.chances, abs=0.015)


def test_the_sampled_loss_is_least_where_the_full_loss_is():
    """At the true distribution the sampled loss has no slope, for frequent words too.

    (With candidates drawn with replacement it has: it pushes frequent words up.)
    """
    _, sampler = sampler_of(5)
    truth = np.arange(1, 13) ** 2.0
    truth[4], truth[5] = 300.0, 150.0
    truth /= truth.sum()
    log_chances = np.log(sampler.chances)
    random = np.random.default_rng(1)
    slope = np.zeros(12)
    draws = 40_000
    for target in random.choice(12, draws, p=truth):
        words = np.union1d(sampler.draw(random), [target])
        shares = np.exp(np.log(truth[words]) - log_chances[words])
        slope[words] += shares / shares.sum()
        slope[target] -= 1
    assert slope / draws == pytest.approx(np.zeros(12), abs=0.01)


@pytest.mark.parametrize("cell", CELLS)
def test_weights_travel_by_name(cell):
    config = ModelConfig(12, ("A",), cell=cell, units=8, embedding=6, layers=2)
    first, second = HeadlineNetwork(config), HeadlineNetwork(config)
    set_weights(second, weights_of(first))
    x = {"tokens": some_tokens(), "category": np.zeros(3, "int32")}
    assert np.array_equal(np.array(first(x)), np.array(second(x)))


def test_epochs_use_every_headline_once_in_another_order():
    data = batches.encode(
        ["ab" * (i % 9 + 1) for i in range(300)], None, (), CharacterTokenizer("ab")
    )
    recipe = Recipe(batch_size=16, longest=12)
    one, two = (batches.epoch_batches(data, recipe, epoch) for epoch in (1, 2))
    short = [i for i, row in enumerate(data.ids) if len(row) <= 12]
    assert sorted(np.concatenate(one)) == sorted(np.concatenate(two)) == short
    assert not all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))
    again = batches.epoch_batches(data, recipe, 1)
    assert all(np.array_equal(a, b) for a, b in zip(one, again, strict=True))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"cell": "tree"}, "cell='tree'"), ({"dropout": 1.0}, "dropout=1.0")],
)
def test_a_wrong_shape_is_named(wrong, said):
    with pytest.raises(ValueError, match=said):
        ModelConfig(12, **wrong)


def test_a_wrong_recipe_is_named():
    with pytest.raises(ValueError, match="learning_rate=0"):
        Recipe(learning_rate=0)
