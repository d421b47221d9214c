"""The recurrent layers of training, unrolled, with their gradients written out.

Keras' own layers step through time in a loop of the backend, which differentiates each
step: the gradient of the weights is then a sum of many small products. Here the steps
are unrolled and the backward pass is by hand (backpropagation through time), so that
each weight's gradient is one large product over all steps. Products may also run in
bfloat16, which processors with AVX512-BF16 do twice as fast; weights, states, gates
and sums stay float32. ``benchmarks/cells.py`` measures all this beside Keras' layers
and torch's.

The weights stay in Keras' layers; tests hold values and gradients to theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import keras
from keras import ops

from textgen.model.cells import CELLS, Cell

Tensor = Any  # of the backend that Keras runs on
Tensors = Sequence[Tensor]
Step = tuple[Tensors, Tensors]  # memory, and what the way back needs
Back = tuple[Tensor, Tensor, Tensors]  # by x, by r, by the memory before


def product(a: Tensor, b: Tensor, precision: str = "float32") -> Tensor:
    """``a @ b`` with factors rounded to ``precision``; float32 out."""
    if precision == "float32":
        return ops.matmul(a, b)
    return ops.cast(ops.matmul(ops.cast(a, precision), ops.cast(b, precision)), a.dtype)


def run(
    layer: keras.layers.RNN,
    x: Tensor,
    recurrent: Tensor | None = None,
    precision: str = "float32",
) -> Tensor:
    """What ``layer(x)`` with ``return_sequences=True`` gives, from a zero state.

    Args:
        layer: a built ``GRU`` (``reset_after``), ``LSTM`` or ``SimpleRNN`` with Keras'
            default activations.
        x: ``(batch, time, inputs)``; the number of steps must be known.
        recurrent: recurrent weights ``(units, g·units)`` to use instead of the
            layer's, such as some with connections dropped.
        precision: of the factors of products, see :class:`textgen.model.config.Recipe`.

    Returns:
        The hidden states ``(batch, time, units)``.
    """
    cell = _CELLS[type(layer)]
    bias = ops.convert_to_tensor(layer.cell.bias)
    if recurrent is None:
        # A copy, since a hand-written gradient must not reach for variables itself.
        recurrent = ops.copy(layer.cell.recurrent_kernel)
    # A second bias is the state's own: the GRU's lies in the reset gate's reach.
    outer, inner = (bias[0], bias[1]) if cell.what.biases == 2 else (bias, bias * 0)
    time, inputs = x.shape[1], x.shape[2]
    x = ops.reshape(ops.transpose(x, (1, 0, 2)), (-1, inputs))  # time first
    gates = product(x, ops.convert_to_tensor(layer.cell.kernel), precision) + outer
    gates = ops.reshape(gates, (time, -1, gates.shape[-1]))
    states = _unroll(cell, precision)(gates, recurrent, inner)
    return ops.transpose(states, (1, 0, 2))


class _Cell(NamedTuple):
    """One step forwards and backwards.

    ``forward(x, r, memory) -> (memory, kept)``: ``x`` and ``r`` are what the input and
    the last hidden state say to the gates, ``(batch, g·units)``; ``memory`` holds the
    hidden state first. ``backward(slopes, kept) -> (dx, dr, slopes)``: ``slopes`` are
    those of the memory after the step, then those of the memory before it, without the
    part that comes through ``r``.
    """

    what: Cell
    forward: Callable[[Tensor, Tensor, Tensors], Step]
    backward: Callable[[Tensors, Tensors], Back]


@cache
def _has_xla() -> bool:
    """Whether this is TensorFlow, built with XLA."""
    if keras.backend.backend() != "tensorflow":
        return False
    import tensorflow as tf

    double = tf.function(lambda x: x + x, jit_compile=True, autograph=False)
    try:
        with tf.init_scope():  # now, even while another function is being traced
            double(tf.zeros(1))
    except tf.errors.OpError:
        return False
    return True


def _fused(function: Callable) -> Callable:
    """The same function, in one pass over memory where TensorFlow has XLA.

    A step is a dozen small operations, each of which would read and write its arrays
    anew. jax compiles them together with everything else, torch runs them as they are.
    """
    if not _has_xla():
        return function
    import tensorflow as tf

    return tf.function(function, jit_compile=True, autograph=False)


@cache
def _unroll(cell: _Cell, precision: str) -> Callable:
    @_fused
    def forward(x: Tensor, r: Tensor, inner: Tensor, memory: Tensors) -> tuple:
        memory, kept = cell.forward(x, ops.cast(r, x.dtype) + inner, memory)
        return memory, kept, ops.cast(memory[0], precision)

    @_fused
    def backward(
        above: Tensor, passed: Tensor, slopes: Tensors, kept: Tensors
    ) -> tuple:
        dh = slopes[0] + above + ops.cast(passed, above.dtype)
        dx, dr, slopes = cell.backward((dh, *slopes[1:]), kept)
        return dx, ops.cast(dr, precision), slopes

    @ops.custom_gradient
    def unrolled(gates: Tensor, recurrent: Tensor, inner: Tensor) -> tuple:
        time = gates.shape[0]
        steps = ops.unstack(gates, time, axis=0)
        start = ops.zeros_like(steps[0][:, : recurrent.shape[0]])
        memory, h = (start,) * cell.what.states, ops.cast(start, precision)
        before, kept, states = [], [], []
        weights = ops.cast(recurrent, precision)
        for x in steps:
            before.append(h)
            memory, inside, h = forward(x, ops.matmul(h, weights), inner, memory)
            kept.append(inside)
            states.append(memory[0])

        def gradient(*arguments: Tensor, upstream: Tensor | None = None) -> Tensors:
            if upstream is None:
                (upstream,) = arguments
            slopes = (ops.zeros_like(start),) * cell.what.states
            passed = ops.zeros_like(before[0])  # through the weights, from step t + 1
            back = ops.transpose(weights)
            above = ops.unstack(upstream, time, axis=0)
            dxs: list[Tensor] = [None] * time
            drs: list[Tensor] = [None] * time
            for t in reversed(range(time)):
                dxs[t], drs[t], slopes = backward(above[t], passed, slopes, kept[t])
                if t:
                    passed = ops.matmul(drs[t], back)
            dr = ops.concatenate(drs)  # (time · batch, g·units)
            h = ops.concatenate(before)
            return (
                ops.stack(dxs),
                ops.cast(ops.matmul(ops.transpose(h), dr), upstream.dtype),
                ops.cast(ops.sum(dr, axis=0), upstream.dtype),
            )

        return ops.stack(states), gradient

    return unrolled


def _gru_forward(x: Tensor, r: Tensor, memory: Tensors) -> Step:
    (h,) = memory
    xz, xr, xh = ops.split(x, 3, axis=1)
    rz, rr, rh = ops.split(r, 3, axis=1)
    z, reset = ops.sigmoid(xz + rz), ops.sigmoid(xr + rr)
    candidate = ops.tanh(xh + reset * rh)
    return (candidate + z * (h - candidate),), (h, z, reset, candidate, rh)


def _gru_backward(slopes: Tensors, kept: Tensors) -> Back:
    (dh,) = slopes
    h, z, reset, candidate, rh = kept
    dcandidate = dh * (1 - z) * (1 - candidate * candidate)
    dz = dh * (h - candidate) * z * (1 - z)
    dreset = dcandidate * rh * reset * (1 - reset)
    dx = ops.concatenate([dz, dreset, dcandidate], axis=1)
    dr = ops.concatenate([dz, dreset, dcandidate * reset], axis=1)
    return dx, dr, (dh * z,)


def _lstm_forward(x: Tensor, r: Tensor, memory: Tensors) -> Step:
    _, c = memory
    i, f, g, o = ops.split(x + r, 4, axis=1)
    i, f, g, o = ops.sigmoid(i), ops.sigmoid(f), ops.tanh(g), ops.sigmoid(o)
    after = f * c + i * g
    bent = ops.tanh(after)
    return (o * bent, after), (c, i, f, g, o, bent)


def _lstm_backward(slopes: Tensors, kept: Tensors) -> Back:
    dh, dc = slopes
    c, i, f, g, o, bent = kept
    dc = dc + dh * o * (1 - bent * bent)
    dx = ops.concatenate(
        [
            dc * g * i * (1 - i),
            dc * c * f * (1 - f),
            dc * i * (1 - g * g),
            dh * bent * o * (1 - o),
        ],
        axis=1,
    )
    return dx, dx, (ops.zeros_like(dh), dc * f)


def _rnn_forward(x: Tensor, r: Tensor, memory: Tensors) -> Step:
    h = ops.tanh(x + r)
    return (h,), (h,)


def _rnn_backward(slopes: Tensors, kept: Tensors) -> Back:
    (dh,), (h,) = slopes, kept
    dx = dh * (1 - h * h)
    return dx, dx, (ops.zeros_like(dh),)


_CELLS = {
    keras.layers.GRU: _Cell(CELLS["gru"], _gru_forward, _gru_backward),
    keras.layers.LSTM: _Cell(CELLS["lstm"], _lstm_forward, _lstm_backward),
    keras.layers.SimpleRNN: _Cell(CELLS["rnn"], _rnn_forward, _rnn_backward),
}
