"""How well a network does, over the whole vocabulary."""

from __future__ import annotations

import math
from collections.abc import Callable

import keras
import numpy as np
from keras import ops

from textgen.corpus.tokenizer import PAD
from textgen.training.batches import EncodedTexts, by_length, pad
from textgen.training.network import JIT_COMPILE, HeadlineNetwork
from textgen.training.recurrence import Tensor

BATCH = 64  # logits of 64 headlines over 8k tokens fit into 40 MB


class Meter(keras.Model):
    """A network together with its loss per token, so that Keras compiles both."""

    def __init__(self, network: HeadlineNetwork) -> None:
        super().__init__()
        self.network = network
        self.compile(jit_compile=JIT_COMPILE)

    def call(self, inputs: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        queries = self.network(inputs, training=False)
        flat = ops.reshape(queries, (-1, self.network.config.embedding))
        targets = inputs["targets"]
        losses, hits = self.network.token_losses(flat, ops.reshape(targets, (-1,)))
        shape = ops.shape(targets)
        return ops.reshape(losses, shape), ops.reshape(hits, shape)


def measure(
    meter: Meter,
    data: EncodedTexts,
    use_category: bool = True,
    between: Callable[[], object] = lambda: None,
) -> dict[str, float]:
    """Measure a network over the whole vocabulary, dropout off.

    Args:
        meter: of the network; keep it, since it compiles each shape once.
        data: the headlines to measure on; all are used, none is cut.
        use_category: give the network the category, or "any".
        between: called before each batch; what it raises ends the measurement.

    Returns:
        ``loss`` (mean nats per token, end token included), ``perplexity``
        (exp(loss)), ``bits_per_character`` (DATA.md: total bits over characters + 1
        each) and ``accuracy`` (share of tokens that were the favourite).
    """
    nats = right = tokens = 0.0
    for rows in by_length(data, BATCH):
        between()
        inputs, targets = pad([data.ids[i] for i in rows], data.before[rows])
        category = data.categories[rows] if use_category else np.zeros_like(rows)
        losses, hits = meter.predict_on_batch(
            {
                "tokens": inputs,
                "category": category.astype("int32"),
                "targets": targets,
            }
        )
        real = targets != PAD
        nats += float(losses[real].sum(dtype=np.float64))
        right += float(hits[real].sum())
        tokens += int(real.sum())
    loss = nats / tokens
    return {
        "loss": loss,
        "perplexity": math.exp(min(loss, 700.0)),
        "bits_per_character": nats / math.log(2) / float(data.characters.sum()),
        "accuracy": right / tokens,
    }
