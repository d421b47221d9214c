"""The glass box: the trained network's forward pass in plain NumPy, gates included.

This is the reference that the fast engine is tested against, and what the app opens
up for a learner. What a layer does in one step is in :mod:`textgen.model.cells`.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping

import numpy as np
from threadpoolctl import threadpool_limits

from textgen.model.cells import CELLS, Gates, Operate, States, Weights
from textgen.model.config import ModelConfig
from textgen.model.engine import State

BLAS = threading.Lock()  # one at a time, see GlassBox.explain


class GlassBox:
    """The network in NumPy, one token at a time.

    Args:
        config: the network's shape.
        weights: arrays under the names of :func:`textgen.training.network.weights_of`.
        operate: changes the gates of every layer before they act; see
            :mod:`textgen.model.cells`.
    """

    def __init__(
        self,
        config: ModelConfig,
        weights: Mapping[str, np.ndarray],
        operate: Operate | None = None,
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
    ) -> tuple[np.ndarray, State, list[Gates]]:
        """Like :meth:`step`, with the gates of each layer as a third answer."""
        # Two BLAS threads beside a busy neighbour can be 80 times slower than one.
        with BLAS, threadpool_limits(1, user_api="blas"):
            return self._explain(np.asarray(tokens), state)

    def _explain(
        self, tokens: np.ndarray, state: State
    ) -> tuple[np.ndarray, State, list[Gates]]:
        x = self.inputs(tokens, state.category)
        count = CELLS[self.config.cell].states
        hidden: list[np.ndarray] = []
        gates: list[Gates] = []
        for i in range(self.config.layers):
            before = [state.hidden[:, i * count + j] for j in range(count)]
            kept, opened = self.layer(i, x, tuple(before))
            x = kept[0]
            hidden += kept
            gates.append(opened)
        return self._logits(x), State(state.category, np.stack(hidden, axis=1)), gates

    def inputs(self, tokens: np.ndarray, category: np.ndarray) -> np.ndarray:
        """The vectors that the first layer reads ``(batch, embedding)``."""
        return self._weights["embedding"][tokens] + self._weights["category"][category]

    def layer_weights(self, layer: int) -> Weights:
        """Kernel, recurrent kernel and bias of a layer; see
        :func:`textgen.model.cells.gru_step`."""
        w, name = self._weights, f"layers.{layer}"
        return w[f"{name}.kernel"], w[f"{name}.recurrent_kernel"], w[f"{name}.bias"]

    def layer(self, layer: int, x: np.ndarray, states: States) -> tuple[States, Gates]:
        """One step of one layer; see :class:`textgen.model.cells.Cell`."""
        step = CELLS[self.config.cell].step
        return step(x, states, self.layer_weights(layer), self._operate)

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
