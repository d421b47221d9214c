"""The unrolled layers against Keras' own, in values and in gradients."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")
tf = pytest.importorskip("tensorflow")

from textgen.model.config import ModelConfig, Recipe  # noqa: E402
from textgen.training import recurrence  # noqa: E402
from textgen.training.network import HeadlineNetwork  # noqa: E402

LAYERS = list(recurrence._CELLS)
BATCH, TIME, INPUTS, UNITS = 3, 6, 4, 7


@pytest.fixture
def built(request):
    layer = request.param(
        UNITS,
        return_sequences=True,
        bias_initializer=keras.initializers.RandomNormal(stddev=0.3, seed=1),
    )
    layer.build((BATCH, TIME, INPUTS))
    return layer


def values_and_gradients(layer, function):
    """Of a weighted sum of all states, by the input and by every weight."""
    random = np.random.default_rng(0)
    x = tf.constant(random.normal(size=(BATCH, TIME, INPUTS)).astype("float32"))
    shares = random.normal(size=(BATCH, TIME, UNITS)).astype("float32")
    weights = [variable.value for variable in layer.trainable_variables]
    with tf.GradientTape() as tape:
        tape.watch(x)
        states = function(x)
        total = tf.reduce_sum(states * shares)
    found = tape.gradient(total, [x, *weights])
    return states.numpy(), [slope.numpy() for slope in found]


@pytest.mark.parametrize("built", LAYERS, indirect=True)
def test_equals_keras(built):
    states, slopes = values_and_gradients(built, built)
    ours, our_slopes = values_and_gradients(built, lambda x: recurrence.run(built, x))
    assert ours == pytest.approx(states, abs=1e-6)
    assert len(our_slopes) == 4
    for one, other in zip(our_slopes, slopes, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


@pytest.mark.parametrize("built", LAYERS, indirect=True)
def test_bfloat16_is_near(built):
    states, slopes = values_and_gradients(built, built)
    ours, our_slopes = values_and_gradients(
        built, lambda x: recurrence.run(built, x, precision="bfloat16")
    )
    assert ours.dtype == np.float32
    assert not np.array_equal(ours, states)  # it was used
    assert ours == pytest.approx(states, abs=0.02)
    for one, other in zip(our_slopes, slopes, strict=True):
        assert np.linalg.norm(one - other) < 0.03 * np.linalg.norm(other)


@pytest.mark.parametrize("built", LAYERS, indirect=True)
def test_recurrent_weights_may_be_others(built):
    """As if the layer itself had them; the gradient goes on to where they come from."""
    kernel = built.cell.recurrent_kernel
    kept = (np.random.default_rng(2).random(kernel.shape) < 0.5).astype("float32")

    def dropped(x):
        return recurrence.run(built, x, kernel.value * kept)

    ours, our_slopes = values_and_gradients(built, dropped)
    kernel.assign(kernel.value * kept)
    states, slopes = values_and_gradients(built, built)
    assert ours == pytest.approx(states, abs=1e-6)
    for i, (one, other) in enumerate(zip(our_slopes, slopes, strict=True)):
        assert one == pytest.approx(other * kept if i == 2 else other, abs=1e-5)


def test_training_drops_recurrent_weights_and_prediction_does_not():
    config = ModelConfig(
        12, ("A",), units=8, embedding=6, dropout=0.0, recurrent_dropout=0.5
    )
    network = HeadlineNetwork(config)
    x = {"tokens": np.array([[4, 5, 6, 7]], "int32"), "category": np.zeros(1, "int32")}
    still = [np.array(network(x)) for _ in range(2)]
    moved = [np.array(network(x, training=True)) for _ in range(2)]
    assert np.array_equal(*still)
    assert not np.allclose(*moved)
    # The first step has no past to drop.
    assert moved[0][:, 0] == pytest.approx(still[0][:, 0], abs=1e-6)


def test_an_unknown_precision_is_named():
    with pytest.raises(ValueError, match="precision='float8'"):
        Recipe(precision="float8")
