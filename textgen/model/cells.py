"""Recurrent cells: what each is called, what it remembers, and one step of it in NumPy.

The steps open every gate to view. Conventions are Keras': the update gate z *keeps*
(h = z·h + (1-z)·h̃) and the reset gate acts after the recurrent product
(``reset_after``, as in cuDNN). Keras, ONNX and the drawings have tables of their own
(NumPy is independent of what it checks); tests hold each of them to :data:`CELLS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

States: TypeAlias = tuple[np.ndarray, ...]
Gates: TypeAlias = dict[str, np.ndarray]
#: Kernel, recurrent kernel and bias.
Weights: TypeAlias = tuple[np.ndarray, np.ndarray, np.ndarray]
#: Changes the gates of a step, in the order of the record, before they act.
Operate: TypeAlias = Callable[..., tuple[np.ndarray, ...]]


@dataclass(frozen=True)
class Cell:
    """A recurrent cell.

    Attributes:
        key: as configurations, bundles and the command line name it.
        name: as tables and drawings name it.
        said: the same in a sentence, with its article.
        states: how many vectors a layer remembers; the hidden state is the first.
        gates: what is worked out before the new state, the candidate included, in the
            order of the columns of the weights; none for a cell without gates.
        biases: of each unit, per gate.
        step: ``step(x, states, weights, operate=None) -> states, gates``: x
            ``(batch, inputs)``, each state and gate ``(batch, units)``, the weights as
            :func:`gru_step` describes them.
    """

    key: str
    name: str
    said: str
    states: int
    gates: tuple[str, ...]
    biases: int
    step: Callable[..., tuple[States, Gates]]

    @property
    def noun(self) -> str:
        """The name in a sentence, without its article."""
        return self.said.partition(" ")[2]

    def parameters(self, units: int, inputs: int) -> int:
        """Weights and biases of one layer, as Keras counts them.

        Args:
            units: width of each state.
            inputs: width of what it reads.
        """
        return max(1, len(self.gates)) * units * (inputs + units + self.biases)


def sigmoid(x: np.ndarray) -> np.ndarray:
    """1 / (1 + e^-x), finite for every x."""
    return 0.5 * (1.0 + np.tanh(0.5 * x))


def rnn_step(
    x: np.ndarray, states: States, weights: Weights, operate: Operate | None = None
) -> tuple[States, Gates]:
    """One step of a simple recurrent network (Elman, 1990); no gates to change.

    Shapes as in :func:`gru_step`, with 1·units, and one bias ``(units,)``.
    """
    (h,) = states
    kernel, recurrent_kernel, bias = weights
    h = np.tanh(x @ kernel + h @ recurrent_kernel + bias)
    return (h,), {}


def gru_step(
    x: np.ndarray, states: States, weights: Weights, operate: Operate | None = None
) -> tuple[States, Gates]:
    """One step of a gated recurrent unit (Cho et al., arXiv:1406.1078).

    The reset gate acts after the state's weights, as in Keras with ``reset_after`` and
    in cuDNN; the paper's third version, and many books, let it act before them.

    Args:
        x: inputs ``(batch, inputs)``.
        states: the hidden state before ``(batch, units)``.
        weights: kernel ``(inputs, 3·units)``, in the order update, reset, candidate;
            recurrent kernel ``(units, 3·units)``, likewise; bias ``(2, 3·units)``:
            added to the inputs' and to the state's part.
        operate: changes the gates before they act: a function from (z, r) to (z, r).

    Returns:
        The new hidden state and the gates ``{"update", "reset", "candidate"}``, each
        ``(batch, units)``.
    """
    (h,) = states
    kernel, recurrent_kernel, bias = weights
    from_x = np.split(x @ kernel + bias[0], 3, axis=-1)
    from_h = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z = sigmoid(from_x[0] + from_h[0])  # update gate: 1 keeps, 0 overwrites
    r = sigmoid(from_x[1] + from_h[1])  # reset gate: how much past the candidate sees
    if operate is not None:
        z, r = operate(z, r)
    candidate = np.tanh(from_x[2] + r * from_h[2])
    h = z * h + (1.0 - z) * candidate
    return (h,), {"update": z, "reset": r, "candidate": candidate}


def lstm_step(
    x: np.ndarray, states: States, weights: Weights, operate: Operate | None = None
) -> tuple[States, Gates]:
    """One step of a long short-term memory (Hochreiter & Schmidhuber, 1997).

    Shapes as in :func:`gru_step`, with 4·units in the order input, forget, candidate,
    output, and one bias ``(4·units,)``. It remembers h, then c; ``operate`` is a
    function from (i, f, o) to (i, f, o).
    """
    h, c = states
    kernel, recurrent_kernel, bias = weights
    i, f, g, o = np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)
    i, f, g, o = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
    if operate is not None:
        i, f, o = operate(i, f, o)
    c = f * c + i * g
    h = o * np.tanh(c)
    return (h, c), {"input": i, "forget": f, "candidate": g, "output": o}


RNN = Cell("rnn", "SimpleRNN", "a simple RNN", 1, (), 1, rnn_step)
GRU = Cell("gru", "GRU", "a GRU", 1, ("update", "reset", "candidate"), 2, gru_step)
LSTM = Cell(
    "lstm",
    "LSTM",
    "an LSTM",
    2,
    ("input", "forget", "candidate", "output"),
    1,
    lstm_step,
)
#: By key, from the plainest on.
CELLS = {cell.key: cell for cell in (RNN, GRU, LSTM)}
