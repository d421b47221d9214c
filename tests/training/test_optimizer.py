"""A token that comes ten times in a batch is still one weight with one gradient."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from textgen.model.config import ModelConfig  # noqa: E402
from textgen.training.network import HeadlineNetwork, set_weights, weights_of  # noqa: E402
from textgen.training.optimizer import AdamW  # noqa: E402

CONFIG = ModelConfig(30, ("A", "B"), embedding=8, units=8, dropout=0.0)
RATE = 0.01


def after_one_step(**options):
    network = HeadlineNetwork(CONFIG)
    network.compile(
        optimizer=AdamW(RATE, weight_decay=0.0, **options), jit_compile=False
    )
    random = np.random.default_rng(0)
    network.optimizer.build(network.trainable_variables)
    before = {
        name: random.normal(size=value.shape).astype("float32")
        for name, value in sorted(weights_of(network).items())
    }
    set_weights(network, before)
    tokens = random.integers(3, 30, (10, 6)).astype("int32")
    x = {
        "tokens": tokens,
        "category": np.ones(10, dtype="int32"),
        "candidates": np.arange(20, dtype="int32"),
        "candidate_log_expected": np.zeros(20, "float32"),
        "target_log_expected": np.zeros((10, 6), "float32"),
        "target_drawn": tokens < 20,
    }
    network.train_on_batch(x, tokens)
    return before, weights_of(network)


def test_the_first_step_is_as_long_as_the_rate():
    """Adam's first step is rate · g / |g|, however often a row was read (§2.1 of
    Kingma and Ba, arXiv:1412.6980)."""
    before, after = after_one_step()
    for name in ("category", "embedding"):
        moved = np.abs(after[name] - before[name])
        # Less only where a gradient is as small as Adam's ε.
        assert moved.max() == pytest.approx(RATE, rel=0.001), name
        assert np.median(moved[moved > 0]) == pytest.approx(RATE, rel=0.001), name
