"""The network, in backend-neutral Keras 3: the one that learns.

token + category embedding -> GRU (or LSTM, SimpleRNN) layers -> projection -> softmax
over the same embedding (tied weights: Press & Wolf, arXiv:1608.05859; Inan et al.,
arXiv:1611.01462).
"""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from textgen.corpus.tokenizer import PAD
from textgen.model.config import ModelConfig
from textgen.training import recurrence
from textgen.training.recurrence import Tensor

# XLA on a CPU compiles every batch shape anew and gains nothing (TensorFlow).
JIT_COMPILE = "auto" if keras.backend.backend() == "jax" else False
_CELLS = {
    "gru": keras.layers.GRU,
    "lstm": keras.layers.LSTM,
    "rnn": keras.layers.SimpleRNN,
}


class HeadlineNetwork(keras.Model):
    """Predicts each next token of a headline from the ones before it.

    Called with ``{"tokens": (batch, time), "category": (batch,)}`` (int32; category 0
    is "any"), it returns *queries* ``(batch, time, embedding)``; :meth:`logits` turns
    them into ``(batch, time, vocabulary)``. The two are apart because training rarely
    needs the whole vocabulary: with ``"candidates"`` among the inputs,
    :meth:`compute_loss` is a sampled softmax (Jean et al., arXiv:1412.2007) in which
    every logit is lowered by the logarithm of how often its token is expected among
    the candidates, so that it aims at the full softmax. In training the recurrent
    layers run in :mod:`textgen.training.recurrence`.

    Args:
        config: the shape.
        precision: of training's products, see :class:`textgen.model.config.Recipe`.
    """

    def __init__(self, config: ModelConfig, precision: str = "float32") -> None:
        super().__init__(name="headlines")
        self.precision = precision
        self.config = config
        width = config.embedding
        self.embedding = keras.layers.Embedding(
            config.vocabulary_size, width, name="embedding"
        )
        self.category = keras.layers.Embedding(
            len(config.categories) + 1, width, name="category"
        )
        self.dropout_in = keras.layers.Dropout(config.dropout)
        self.dropout_out = keras.layers.Dropout(config.dropout)
        self.dropout_recurrent = keras.layers.Dropout(config.recurrent_dropout)
        self.recurrent = [
            _CELLS[config.cell](config.units, return_sequences=True, name=f"layer_{i}")
            for i in range(config.layers)
        ]
        self.projection = keras.layers.Dense(width, name="projection")
        self.output_bias = self.add_weight(
            shape=(config.vocabulary_size, 1), initializer="zeros", name="output_bias"
        )
        self({"tokens": np.zeros((1, 2), "int32"), "category": np.zeros(1, "int32")})

    def call(self, inputs: dict[str, Tensor], training: bool = False) -> Tensor:
        x = self.embedding(inputs["tokens"])  # (batch, time, embedding)
        x = x + ops.expand_dims(self.category(inputs["category"]), 1)
        x = self.dropout_in(x, training=training)
        # No mask is passed on: padding comes after the text, and a recurrent network
        # does not look ahead. The loss leaves padding out.
        for layer in self.recurrent:
            if training:
                # Dropping connections rather than states: DropConnect, as in Merity
                # et al., arXiv:1708.02182.
                recurrent = self.dropout_recurrent(
                    ops.copy(layer.cell.recurrent_kernel), training=True
                )
                x = recurrence.run(layer, x, recurrent, self.precision)
            else:
                x = layer(x)  # (batch, time, units)
        x = self.dropout_out(x, training=training)
        if not training:
            return self.projection(x)
        kernel = ops.convert_to_tensor(self.projection.kernel)
        return recurrence.product(x, kernel, self.precision) + self.projection.bias

    def logits(self, queries: Tensor) -> Tensor:
        """Opinions on every token: ``(…, embedding) -> (…, vocabulary)``."""
        return (
            ops.matmul(queries, ops.transpose(self.embedding.embeddings))
            + self.output_bias[:, 0]
        )

    def token_losses(self, queries: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Negative log-probability of each target over the whole vocabulary.

        Args:
            queries: ``(n, embedding)``.
            targets: ``(n,)`` token ids.

        Returns:
            The losses in nats ``(n,)`` and whether each target was the favourite.
        """
        logits = self.logits(queries)
        chosen = ops.take_along_axis(logits, targets[:, None], axis=1)[:, 0]
        losses = ops.logsumexp(logits, axis=1) - chosen
        # The same as comparing argmax, which is slow over long rows on a CPU.
        return losses, chosen >= ops.max(logits, axis=1)

    def _sampled_losses(
        self, queries: Tensor, targets: Tensor, inputs: dict[str, Tensor]
    ) -> Tensor:
        candidates = inputs["candidates"]  # (sampled,)
        table = self.embedding.embeddings
        chosen = (
            ops.sum(queries * ops.take(table, targets, axis=0), axis=-1)
            + ops.take(self.output_bias, targets, axis=0)[:, 0]
            - ops.reshape(inputs["target_log_expected"], (-1,))
        )
        drawn = recurrence.product(
            queries, ops.transpose(ops.take(table, candidates, axis=0)), self.precision
        ) + (
            ops.take(self.output_bias, candidates, axis=0)[:, 0]
            - inputs["candidate_log_expected"]
        )
        drawn = ops.logsumexp(drawn, axis=1)
        # A target that was drawn stands among them already.
        once = ops.reshape(inputs["target_drawn"], (-1,))
        return ops.where(once, drawn, ops.logaddexp(drawn, chosen)) - chosen

    def compute_loss(
        self,
        x: dict[str, Tensor],
        y: Tensor = None,
        y_pred: Tensor = None,
        sample_weight: Tensor = None,
        training: bool = True,
    ) -> Tensor:
        """Mean loss in nats over the targets that are not padding."""
        queries = ops.reshape(y_pred, (-1, self.config.embedding))
        targets = ops.reshape(y, (-1,))
        if "candidates" in x:
            losses = self._sampled_losses(queries, targets, x)
        else:
            losses, _ = self.token_losses(queries, targets)
        real = ops.cast(targets != PAD, losses.dtype)
        return ops.sum(losses * real) / ops.sum(real)


def weights_of(network: HeadlineNetwork) -> dict[str, np.ndarray]:
    """Copy the weights out under the names that a bundle uses.

    Returns:
        float32 arrays: ``embedding`` (vocabulary, d), ``category`` (1 + categories, d),
        per layer ``layers.i.kernel`` (inputs, g·units), ``.recurrent_kernel``
        (units, g·units), ``.bias`` (gru: (2, 3·units); lstm: (4·units,); rnn:
        (units,)), ``projection.kernel`` (units, d), ``projection.bias`` (d,),
        ``output_bias`` (vocabulary,). g is 3, 4 or 1; Keras' gate order.
    """
    return {
        name: ops.convert_to_numpy(variable).reshape(shape).astype("float32")
        for name, (variable, shape) in _named(network).items()
    }


def set_weights(network: HeadlineNetwork, weights: dict[str, np.ndarray]) -> None:
    """Put weights from :func:`weights_of` back into a network of the same shape."""
    for name, (variable, _) in _named(network).items():
        variable.assign(np.asarray(weights[name]).reshape(variable.shape))


def network_from(
    config: ModelConfig, weights: dict[str, np.ndarray]
) -> HeadlineNetwork:
    """Build a network and give it trained weights."""
    network = HeadlineNetwork(config)
    set_weights(network, weights)
    return network


def _named(network: HeadlineNetwork) -> dict:
    named = {
        "embedding": network.embedding.embeddings,
        "category": network.category.embeddings,
    }
    for i, layer in enumerate(network.recurrent):
        named[f"layers.{i}.kernel"] = layer.cell.kernel
        named[f"layers.{i}.recurrent_kernel"] = layer.cell.recurrent_kernel
        named[f"layers.{i}.bias"] = layer.cell.bias
    named["projection.kernel"] = network.projection.kernel
    named["projection.bias"] = network.projection.bias
    named = {
        name: (variable, tuple(variable.shape)) for name, variable in named.items()
    }
    named["output_bias"] = (network.output_bias, (network.config.vocabulary_size,))
    return named
