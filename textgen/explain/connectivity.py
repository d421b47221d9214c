"""How much each prediction hangs on each word before it: gradients through the cells.

By backpropagation, written out in NumPy.
"""

from __future__ import annotations

import numpy as np
from threadpoolctl import threadpool_limits

from textgen.explain.trace import Trace
from textgen.model.cells import Weights
from textgen.model.glass_box import BLAS, GlassBox


def connectivity(box: GlassBox, read: Trace) -> np.ndarray:
    """How much each prediction hangs on each word before it.

    The length of the gradient of a token's log-probability with respect to the vector
    of each token read before (Madsen, "Visualizing memorization in RNNs", distill
    2019), by backpropagation through the cells, written out.

    Args:
        box: the network.
        read: from :func:`trace`.

    Returns:
        ``(read, read)``: row i for the prediction of ``read.judged[i]``, column j for
        the token j that was read; 0 above the diagonal.
    """
    return np.linalg.norm(gradients(box, read), axis=-1)


def gradients(box: GlassBox, read: Trace) -> np.ndarray:
    """Gradients of each judged token's log-probability by each vector read.

    Returns:
        ``(read, read, embedding)`` float32; see :func:`connectivity`.
    """
    with BLAS, threadpool_limits(1, user_api="blas"):
        return _gradients(box, read)


def _gradients(box: GlassBox, read: Trace) -> np.ndarray:
    steps, layers = len(read.ids), box.config.layers
    forward = [_forward(box, layer, read) for layer in range(layers)]
    logits_to_state = box.output_gradient(
        forward[-1]["h"][1:], np.array([token.id for token in read.judged])
    )
    # One row per prediction; row i joins when the walk back reaches token i.
    rows = [np.zeros((steps, box.config.units), np.float32) for _ in range(layers)]
    found = np.zeros((steps, steps, box.config.embedding), dtype=np.float32)
    for t in range(steps - 1, -1, -1):
        rows[-1][t] += logits_to_state[t]
        down = None
        for layer in range(layers - 1, -1, -1):
            if down is not None:
                rows[layer] += down
            down, rows[layer] = _cell_backward(
                {name: values[t] for name, values in forward[layer].items()},
                box.layer_weights(layer),
                rows[layer],
            )
        found[:, t] = down
    return found


def _forward(box: GlassBox, layer: int, read: Trace) -> dict[str, np.ndarray]:
    """What the backward pass needs of one layer, token by token."""
    units = box.config.units
    h = np.zeros(units, dtype=np.float32)
    below = read.inputs if layer == 0 else _forward(box, layer - 1, read)["h"][1:]
    kernel, recurrent, bias = box.layer_weights(layer)
    kept: dict[str, list[np.ndarray]] = {name: [] for name in ("z", "r", "c", "a")}
    states = [h]
    for x in below:
        (h,), gates = box.layer(layer, x[None], (states[-1][None],))
        kept["z"].append(gates["update"][0])
        kept["r"].append(gates["reset"][0])
        kept["c"].append(gates["candidate"][0])
        past = states[-1] @ recurrent[:, 2 * units :] + bias[1, 2 * units :]
        kept["a"].append(past)
        states.append(h[0])
    return {name: np.array(values) for name, values in kept.items()} | {
        "h": np.array(states)
    }


def _cell_backward(
    step: dict[str, np.ndarray], weights: Weights, grown: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """One GRU cell backwards (see :func:`textgen.model.cells.gru_step` for the
    forward).

    Args:
        step: gates ``z``, ``r``, ``c``, the state's part of the candidate ``a``, and
            the state before, ``h``; each ``(units,)``.
        weights: kernel, recurrent kernel, bias.
        grown: gradients by the state after ``(predictions, units)``.

    Returns:
        Gradients by the input ``(predictions, inputs)`` and by the state before
        ``(predictions, units)``.
    """
    kernel, recurrent, _ = weights
    z, r, c, a, h = (step[name] for name in ("z", "r", "c", "a", "h"))
    by_z = grown * (h - c) * z * (1 - z)
    by_c = grown * (1 - z) * (1 - c**2)
    by_r = by_c * a * r * (1 - r)
    by_input = np.concatenate([by_z, by_r, by_c], axis=-1) @ kernel.T
    from_state = np.concatenate([by_z, by_r, by_c * r], axis=-1) @ recurrent.T
    return by_input, grown * z + from_state
