"""The glass box: the trained network's forward pass in plain NumPy, gates included.

This is the reference that the fast engine is tested against, and what the app opens
up for a learner. Conventions are Keras': the update gate z *keeps* (h = z·h + (1-z)·h̃)
and the reset gate acts after the recurrent product (``reset_after``, as in cuDNN).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from textgen.model.config import ModelConfig

STATES_PER_LAYER = {"gru": 1, "lstm": 2, "rnn": 1}
BLAS = threading.Lock()  # one at a time, see GlassBox.explain


@dataclass(frozen=True)
class State:
    """What a network remembers between two tokens, for a batch of headlines.

    Attributes:
        category: ``(batch,)`` int64; 0 is "any".
        hidden: ``(batch, layers · s, units)`` float32; s is 1, or 2 for an LSTM
            (hidden state, then cell state).
    """

    category: np.ndarray
    hidden: np.ndarray

    @classmethod
    def zero(cls, config: ModelConfig, categories: np.ndarray) -> State:
        """Nothing remembered yet, for headlines of these categories."""
        categories = np.asarray(categories, dtype=np.int64)
        rows = config.layers * STATES_PER_LAYER[config.cell]
        shape = (len(categories), rows, config.units)
        return cls(categories, np.zeros(shape, dtype=np.float32))

    def take(self, rows: np.ndarray) -> State:
        """The state of some headlines of the batch, in the order of ``rows``."""
        return State(self.category[rows], self.hidden[rows])


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x), finite for every x."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def gru_cell(x, h, kernel, recurrent_kernel, bias, operate=None):
    """One step of a gated recurrent unit (Cho et al., arXiv:1406.1078).

    The reset gate acts after the state's weights, as in Keras with ``reset_after`` and
    in cuDNN; the paper's third version, and many books, let it act before them.

    Args:
        x: inputs ``(batch, inputs)``.
        h: hidden state before ``(batch, units)``.
        kernel: ``(inputs, 3·units)``, in the order update, reset, candidate.
        recurrent_kernel: ``(units, 3·units)``, likewise.
        bias: ``(2, 3·units)``: added to the inputs' and to the state's part.
        operate: changes the gates before they act: a function from (z, r) to (z, r).

    Returns:
        The new hidden state and the gates ``{"update", "reset", "candidate"}``, each
        ``(batch, units)``.
    """
    from_x = np.split(x @ kernel + bias[0], 3, axis=-1)
    from_h = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z = sigmoid(from_x[0] + from_h[0])  # update gate: 1 keeps, 0 overwrites
    r = sigmoid(from_x[1] + from_h[1])  # reset gate: how much past the candidate sees
    if operate is not None:
        z, r = operate(z, r)
    candidate = np.tanh(from_x[2] + r * from_h[2])
    h = z * h + (1.0 - z) * candidate
    return h, {"update": z, "reset": r, "candidate": candidate}


def lstm_cell(x, h, c, kernel, recurrent_kernel, bias):
    """One step of a long short-term memory (Hochreiter & Schmidhuber, 1997).

    Shapes as in :func:`gru_cell`, with 4·units in the order input, forget, candidate,
    output, and one bias ``(4·units,)``. Returns the new h and c, and the gates.
    """
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return h, c, {"input": i, "forget": f, "candidate": g, "output": o}


def rnn_cell(x, h, kernel, recurrent_kernel, bias):
    """One step of a simple recurrent network (Elman, 1990); no gates."""
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return h, {}


class GlassBox:
    """The network in NumPy, one token at a time.

    Args:
        config: the network's shape.
        weights: arrays under the names of :func:`textgen.training.network.weights_of`.
        operate: changes a GRU's gates; see :func:`gru_cell`.
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
        """Kernel, recurrent kernel and bias of a layer; see :func:`gru_cell`."""
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
