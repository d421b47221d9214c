"""Write a trained network as an ONNX step graph: ``tokens, state -> logits, state``.

The int8 graph multiplies in integers with *fixed* scales, never with scales taken
from the batch (as dynamic quantization does), so a headline does not depend on its
neighbours. Each input of a product has a scale of its own, chosen so that inputs and
weights share the rounding error (SmoothQuant: Xiao et al., arXiv:2211.10438).
Processors without VNNI add products of unsigned and signed bytes in pairs of 16 bits,
so neighbouring weights are kept small enough for any pair to fit. Integer sums are then
exact, and the same on every processor.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from textgen.model.cells import CELLS
from textgen.model.config import ModelConfig
from textgen.model.engine import feed
from textgen.model.glass_box import GlassBox
from textgen.storage import whole_file

OPSET = 21
WEIGHT_LIMIT = 127
PAIR_LIMIT = 128  # 255 · 128 still fits into 16 bits
ACTIVATION_ZERO = 128
ACTIVATION_LIMIT = 127


class _Graph:
    """Collects nodes and constants under made-up names."""

    def __init__(self) -> None:
        self.nodes: list = []
        self.constants: list = []
        self._count = 0

    def constant(self, array: np.ndarray) -> str:
        self._count += 1
        name = f"c{self._count}"
        self.constants.append(numpy_helper.from_array(np.array(array, order="C"), name))
        return name

    def node(
        self, op: str, *inputs: str, output: str | None = None, **attributes: Any
    ) -> str:
        self._count += 1
        output = output or f"n{self._count}"
        self.nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output

    def split(self, value: str, parts: int) -> list[str]:
        self._count += 1
        names = [f"n{self._count}_{i}" for i in range(parts)]
        node = helper.make_node("Split", [value], names, axis=1, num_outputs=parts)
        self.nodes.append(node)
        return names


class _Float:
    """Dense products in float32."""

    def __init__(self, graph: _Graph, weights: Mapping[str, np.ndarray]) -> None:
        self.graph = graph
        self._table = graph.constant(weights["embedding"])  # (vocabulary, d)

    def embed(self, tokens: str) -> str:
        return self.graph.node("Gather", self._table, tokens, axis=0)

    def dense(self, x: str, kernel: np.ndarray, source: str) -> str:
        return self.graph.node("MatMul", x, self.graph.constant(kernel))

    def tied(self, query: str) -> str:
        table = self.graph.node("Transpose", self._table, perm=[1, 0])
        return self.graph.node("MatMul", query, table)


class _Integer:
    """Dense products in int8 with fixed scales, one per input and one per output."""

    def __init__(
        self,
        graph: _Graph,
        weights: Mapping[str, np.ndarray],
        limits: Mapping[str, np.ndarray],
    ) -> None:
        self.graph = graph
        self._limits = limits
        self._zero = graph.constant(np.array(ACTIVATION_ZERO, dtype=np.uint8))
        self._smooth, *table = self._quantize(weights["embedding"].T, "query")
        self._table, self._table_scale = graph.constant(table[0]), table[1]

    def _quantize(
        self, kernel: np.ndarray, source: str
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The inputs' steps, and the kernel that expects inputs in these steps."""
        limit = self._limits[source]
        largest = np.maximum(np.abs(kernel).max(axis=1), 1e-6)
        share = np.sqrt(np.maximum(limit, 1e-6) / largest)
        step = share * ((limit / share).max() / ACTIVATION_LIMIT)
        step = step.astype(np.float32)
        return step, *quantize_columns(kernel * step[:, None])

    def embed(self, tokens: str) -> str:
        # The same bytes serve as input and as output table (tied weights).
        g = self.graph
        columns = g.node("Gather", self._table, tokens, axis=1)  # (d, batch)
        rows = g.node("Transpose", columns, perm=[1, 0])
        scale = g.constant(self._table_scale[:, None])
        scale = g.node("Gather", scale, tokens, axis=0)
        rows = g.node("Mul", g.node("Cast", rows, to=TensorProto.FLOAT), scale)
        return g.node("Mul", rows, g.constant(1.0 / self._smooth))

    def dense(self, x: str, kernel: np.ndarray, source: str) -> str:
        step, quantized, scale = self._quantize(kernel, source)
        return self._product(x, step, self.graph.constant(quantized), scale)

    def tied(self, query: str) -> str:
        return self._product(query, self._smooth, self._table, self._table_scale)

    def _product(self, x: str, step: np.ndarray, kernel: str, scale: np.ndarray) -> str:
        g = self.graph
        # One scale per input is slow in QuantizeLinear itself; a product is not.
        x = g.node("Mul", x, g.constant(1.0 / step))
        x = g.node(
            "QuantizeLinear", x, g.constant(np.array(1.0, np.float32)), self._zero
        )
        total = g.node("MatMulInteger", x, kernel, self._zero)
        total = g.node("Cast", total, to=TensorProto.FLOAT)
        return g.node("Mul", total, g.constant(scale))


def quantize_columns(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Round a matrix to small integers, each column on a scale of its own.

    Args:
        kernel: ``(inputs, outputs)`` float.

    Returns:
        int8 values and the scales ``(outputs,)`` float32, so that ``values · scales``
        is close to ``kernel``. Two neighbouring inputs never weigh more than 128
        together in one direction.
    """
    inputs, outputs = kernel.shape
    even = np.zeros((inputs + inputs % 2, outputs), dtype=np.float32)
    even[:inputs] = kernel
    pairs = even.reshape(-1, 2, outputs)
    # Rounding may add half a step to each of the two.
    positive = np.maximum(pairs, 0).sum(axis=1).max(axis=0)
    negative = np.maximum(-pairs, 0).sum(axis=1).max(axis=0)
    scale = np.maximum(
        np.maximum(positive, negative) / (PAIR_LIMIT - 1.0),
        np.abs(kernel).max(axis=0) / WEIGHT_LIMIT,
    )
    scale = np.where(scale == 0, 1.0, scale).astype(np.float32)
    values = np.clip(np.rint(kernel / scale), -WEIGHT_LIMIT, WEIGHT_LIMIT)
    return values.astype(np.int8), scale


def activation_limits(
    config: ModelConfig, weights: Mapping[str, np.ndarray], texts: list[list[int]]
) -> dict[str, np.ndarray]:
    """The largest value of each input of each product; what is beyond is clipped.

    Embeddings are bounded by their tables. States lie in [-1, 1], and most in less:
    theirs, and the projection's output, are the largest met in real headlines.

    Args:
        config: the network's shape.
        weights: its weights.
        texts: token ids of some train headlines, start included.

    Returns:
        ``embedding`` (d,), ``state.i`` (units,) for each layer, ``query`` (d,).
    """
    box = GlassBox(config, weights)
    bound = np.abs(weights["embedding"]).max(axis=0)
    limits = {"embedding": bound + np.abs(weights["category"]).max(axis=0)}

    def meet(name: str, values: np.ndarray) -> None:
        largest = np.abs(values).max(axis=0)
        limits[name] = np.maximum(limits.get(name, largest), largest)

    per_layer = CELLS[config.cell].states
    categories = [i % (len(config.categories) + 1) for i in range(len(texts))]
    for _, _, state in feed(box, texts, categories):
        for i in range(config.layers):
            meet(f"state.{i}", state.hidden[:, i * per_layer])
        query = state.hidden[:, -per_layer] @ weights["projection.kernel"]
        meet("query", query + weights["projection.bias"])
    return limits


def write(
    path: str | Path,
    config: ModelConfig,
    weights: Mapping[str, np.ndarray],
    limits: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Write the step graph.

    Args:
        path: the ``.onnx`` file; written all at once or not at all.
        config: the network's shape.
        weights: its weights, under the names of a bundle.
        limits: from :func:`activation_limits` for int8; None for float32.
    """
    g = _Graph()
    w = {name: np.asarray(array, dtype=np.float32) for name, array in weights.items()}
    products = _Float(g, w) if limits is None else _Integer(g, w, limits)
    category = g.node("Gather", g.constant(w["category"]), "category", axis=0)
    x, source = g.node("Add", products.embed("tokens"), category), "embedding"
    per_layer = CELLS[config.cell].states
    rows = config.layers * per_layer
    zero_axis = g.constant(np.array([1], dtype=np.int64))
    before = [
        g.node("Gather", "hidden", g.constant(np.array(i)), axis=1) for i in range(rows)
    ]
    after = []
    for i in range(config.layers):
        parameters = [w[f"layers.{i}.{n}"] for n in ("kernel", "recurrent_kernel")]
        kept = _CELLS[config.cell](
            g,
            products.dense(x, parameters[0], source),
            products.dense(before[i * per_layer], parameters[1], f"state.{i}"),
            w[f"layers.{i}.bias"],
            before[i * per_layer : (i + 1) * per_layer],
        )
        after += kept
        x, source = kept[0], f"state.{i}"
    query = products.dense(x, w["projection.kernel"], source)
    query = g.node("Add", query, g.constant(w["projection.bias"]))
    logits = products.tied(query)
    logits = g.node("Add", logits, g.constant(w["output_bias"]))
    g.node("LogSoftmax", logits, output="logits", axis=-1)
    stacked = [g.node("Unsqueeze", h, zero_axis) for h in after]
    g.node("Concat", *stacked, output="next_hidden", axis=1)

    def info(name: str, kind: int, *shape: int | str) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, list(shape))

    graph = helper.make_graph(
        g.nodes,
        f"{config.cell} step",
        [
            info("tokens", TensorProto.INT64, "batch"),
            info("category", TensorProto.INT64, "batch"),
            info("hidden", TensorProto.FLOAT, "batch", rows, config.units),
        ],
        [
            info("logits", TensorProto.FLOAT, "batch", config.vocabulary_size),
            info("next_hidden", TensorProto.FLOAT, "batch", rows, config.units),
        ],
        g.constants,
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10
    )
    onnx.checker.check_model(model)
    path = Path(path)
    with whole_file(path) as partial:
        partial.write_bytes(model.SerializeToString())


def _gru(
    g: _Graph, from_x: str, from_h: str, bias: np.ndarray, states: list[str]
) -> list[str]:
    xz, xr, xc = g.split(g.node("Add", from_x, g.constant(bias[0])), 3)
    hz, hr, hc = g.split(g.node("Add", from_h, g.constant(bias[1])), 3)
    z = g.node("Sigmoid", g.node("Add", xz, hz))
    r = g.node("Sigmoid", g.node("Add", xr, hr))
    candidate = g.node("Tanh", g.node("Add", xc, g.node("Mul", r, hc)))
    # candidate + z · (h - candidate), the same as z · h + (1 - z) · candidate
    kept = g.node("Mul", z, g.node("Sub", states[0], candidate))
    return [g.node("Add", candidate, kept)]


def _lstm(
    g: _Graph, from_x: str, from_h: str, bias: np.ndarray, states: list[str]
) -> list[str]:
    total = g.node("Add", g.node("Add", from_x, from_h), g.constant(bias))
    i, f, candidate, o = g.split(total, 4)
    i, f, o = (g.node("Sigmoid", gate) for gate in (i, f, o))
    new = g.node("Mul", i, g.node("Tanh", candidate))
    c = g.node("Add", g.node("Mul", f, states[1]), new)
    return [g.node("Mul", o, g.node("Tanh", c)), c]


def _rnn(
    g: _Graph, from_x: str, from_h: str, bias: np.ndarray, states: list[str]
) -> list[str]:
    total = g.node("Add", g.node("Add", from_x, from_h), g.constant(bias))
    return [g.node("Tanh", total)]


_CELLS = {"gru": _gru, "lstm": _lstm, "rnn": _rnn}
