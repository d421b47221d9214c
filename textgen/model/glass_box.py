"""The glass box: the trained network's forward pass in plain NumPy, gates included.

This is the reference that the fast engine is tested against, and what the app opens
up for a learner. What a layer does in one step is in :mod:`textgen.model.cells`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

import numpy as np
from threadpoolctl import threadpool_limits

from textgen.model.cells import gru_cell, lstm_cell, rnn_cell
from textgen.model.config import ModelConfig
from textgen.model.engine import State

BLAS = threading.Lock()  # one at a time, see GlassBox.explain


class GlassBox:
    """The network in NumPy, one token at a time.

    Args:
        config: the network's shape.
        weights: arrays under the names of :func:`textgen.training.network.weights_of`.
        operate: changes a GRU's gates; see :func:`textgen.model.cells.gru_cell`.
    """

    def __init__(
        self,
        config: ModelConfig,
        weights: Mapping[str, np.ndarray],
        operate: Callable | None = None,
    ) -> None:
        self.config = config
        self._operate = operate
        self._weights = {
            name: np.asarray(array, dtype=np.float32) for name, array in weights.items()
        }

    def start(self, categories: np.ndarray) -> State:
        """The state before the first token; see :meth:`State.zero`."""
        return State.zero(self.config, categories)

    def step(self, tokens: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Read one token per headline.

        Args:
            tokens: ``(batch,)`` ids.
            state: what was remembered.

        Returns:
            Logits for the next token ``(batch, vocabulary)`` float32, normalised so
            that they are log-probabilities, and the state.
        """
        logits, state, _ = self.explain(tokens, state)
        return logits, state

    def explain(
        self, tokens: np.ndarray, state: State
    ) -> tuple[np.ndarray, State, list[dict[str, np.ndarray]]]:
        """Like :meth:`step`, with the gates of each layer as a third answer."""
        # Two BLAS threads beside a busy neighbour can be 80 times slower than one.
        with BLAS, threadpool_limits(1, user_api="blas"):
            return self._explain(np.asarray(tokens), state)

    def _explain(self, tokens, state):
        x = self.inputs(tokens, state.category)
        hidden, gates = [], []
        for i in range(self.config.layers):
            x, kept, opened = self._layer(i, x, state.hidden)
            hidden += kept
            gates.append(opened)
        return self._logits(x), State(state.category, np.stack(hidden, axis=1)), gates

    def inputs(self, tokens: np.ndarray, category: np.ndarray) -> np.ndarray:
        """The vectors that the first layer reads ``(batch, embedding)``."""
        return self._weights["embedding"][tokens] + self._weights["category"][category]

    def layer_weights(self, layer: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Kernel, recurrent kernel and bias of a layer; see
        :func:`textgen.model.cells.gru_cell`."""
        names = ("kernel", "recurrent_kernel", "bias")
        return tuple(self._weights[f"layers.{layer}.{name}"] for name in names)

    def cell(self, layer: int, x: np.ndarray, h: np.ndarray):
        """One step of one layer of a GRU or a simple recurrent network."""
        if self.config.cell == "gru":
            return gru_cell(x, h, *self.layer_weights(layer), self._operate)
        return rnn_cell(x, h, *self.layer_weights(layer))

    def output_gradient(self, hidden: np.ndarray, tokens: np.ndarray) -> np.ndarray:
        """Gradients of tokens' log-probabilities by the last layer's state.

        Args:
            hidden: states ``(batch, units)``.
            tokens: the id whose log-probability is asked, for each ``(batch,)``.

        Returns:
            ``(batch, units)``.
        """
        w = self._weights
        logits = self._logits(hidden)
        # The gradient of a log-softmax: the token itself less all by their chances.
        by_query = w["embedding"][tokens] - np.exp(logits) @ w["embedding"]
        return by_query @ w["projection.kernel"].T

    def _logits(self, hidden: np.ndarray) -> np.ndarray:
        w = self._weights
        query = hidden @ w["projection.kernel"] + w["projection.bias"]  # (batch, d)
        logits = query @ w["embedding"].T + w["output_bias"]  # (batch, vocabulary)
        logits -= logits.max(axis=-1, keepdims=True)
        logits -= np.log(np.exp(logits).sum(axis=-1, keepdims=True))
        return logits

    def _layer(self, i, x, hidden):
        if self.config.cell == "lstm":
            h, c, gates = lstm_cell(
                x, hidden[:, 2 * i], hidden[:, 2 * i + 1], *self.layer_weights(i)
            )
            return h, [h, c], gates
        h, gates = self.cell(i, x, hidden[:, i])
        return h, [h], gates
