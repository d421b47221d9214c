"""Recurrent cells in plain NumPy, gates included: one step each.

Conventions are Keras': the update gate z *keeps* (h = z·h + (1-z)·h̃) and the reset gate
acts after the recurrent product (``reset_after``, as in cuDNN).
"""

from __future__ import annotations

import numpy as np

STATES_PER_LAYER = {"gru": 1, "lstm": 2, "rnn": 1}


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
