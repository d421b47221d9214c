"""Gradients through the cells are those of Keras."""

import numpy as np
import pytest

from textgen.explain import connectivity, trace
from textgen.model.config import ModelConfig
from textgen.model.glass_box import GlassBox
from textgen.writing.generator import Generator

TEXTS = [
    "Why The Moon Refuses To Comment On Tuesday",
    "‘I Was A Teenage Lighthouse’ (PHOTOS)",
    "",
]


@pytest.fixture(scope="module")
def glass(bundle) -> Generator:
    return Generator.from_bundle(bundle, "reference")


def keras_states_and_gradients(config, weights, read):
    tf = pytest.importorskip("tensorflow")
    from textgen.training.network import network_from

    network = network_from(config, weights)
    x = tf.constant(read.inputs[None])
    ids = [token.id for token in read.judged]
    found = []
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        h = x
        for layer in network.recurrent:
            h = layer(h)
        logits = network.logits(network.projection(h))[0]
        chosen = [tf.nn.log_softmax(logits[i])[t] for i, t in enumerate(ids)]
    for value in chosen:
        found.append(tape.gradient(value, x)[0].numpy())
    return h[0].numpy(), np.array(found)


@pytest.mark.parametrize("text", TEXTS)
def test_states_and_gradients_are_keras(bundle, glass, text):
    read = trace.trace(glass, text, "SCIENCE")
    states, wanted = keras_states_and_gradients(bundle.config, bundle.weights, read)
    np.testing.assert_allclose(read.state, states, atol=1e-5)
    found = connectivity.gradients(glass.engine, read)
    np.testing.assert_allclose(found, wanted, atol=2e-4 * np.abs(wanted).max())
    lengths = connectivity.connectivity(glass.engine, read)
    assert (np.triu(lengths, 1) == 0).all()
    assert (np.diag(lengths) > 0).all()


def test_gradients_through_two_layers(bundle):
    config = ModelConfig(40, ("A",), units=7, embedding=5, layers=2)
    random = np.random.default_rng(1)

    def draw(*shape):
        return random.normal(0, 0.5, shape).astype(np.float32)

    weights = {"embedding": draw(40, 5), "category": draw(2, 5)}
    for i, width in enumerate((5, 7)):
        weights[f"layers.{i}.kernel"] = draw(width, 21)
        weights[f"layers.{i}.recurrent_kernel"] = draw(7, 21)
        weights[f"layers.{i}.bias"] = draw(2, 21)
    weights |= {"projection.kernel": draw(7, 5), "projection.bias": draw(5)}
    weights["output_bias"] = draw(40)

    class Letters:
        def encode(self, text):
            return [4 + ord(c) % 30 for c in text]

        def spelling(self, i):
            return chr(97 + i % 26)

        def data(self, i):
            return self.spelling(i).encode()

    made = Generator(GlassBox(config, weights), Letters())
    read = trace.trace(made, "abcab", "A", layer=1)
    states, wanted = keras_states_and_gradients(config, weights, read)
    np.testing.assert_allclose(read.state, states, atol=1e-5)
    found = connectivity.gradients(made.engine, read)
    np.testing.assert_allclose(found, wanted, atol=1e-5)
