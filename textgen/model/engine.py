"""What runs a network: an engine, what it remembers, and how it is fed texts.

An engine is anything with ``start(categories) -> state`` and
``step(tokens, state) -> logits, state``: the step graph
(:class:`textgen.model.onnx_engine.OnnxEngine`) and the glass box
(:class:`textgen.model.glass_box.GlassBox`) are two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from textgen.model.cells import CELLS
from textgen.model.config import ModelConfig


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
        rows = config.layers * CELLS[config.cell].states
        shape = (len(categories), rows, config.units)
        return cls(categories, np.zeros(shape, dtype=np.float32))

    def take(self, rows: np.ndarray) -> State:
        """The state of some headlines of the batch, in the order of ``rows``."""
        return State(self.category[rows], self.hidden[rows])


class Engine(Protocol):
    """What a generator needs of a network."""

    config: ModelConfig

    def start(self, categories: np.ndarray) -> State: ...

    def step(self, tokens: np.ndarray, state: State) -> tuple[np.ndarray, State]: ...


class Fed(NamedTuple):
    """What an engine answered when it had read one more token of some texts.

    Attributes:
        rows: which of the texts had a token to read ``(rows,)``, in ascending order.
        logits: for the token after it ``(rows, vocabulary)``.
        state: what is remembered after it.
    """

    rows: np.ndarray
    logits: np.ndarray
    state: State


def feed(
    engine: Engine,
    texts: Sequence[Sequence[int] | np.ndarray],
    categories: Sequence[int],
) -> Iterator[Fed]:
    """Feed an engine texts token by token, side by side.

    A text that is read to its end leaves the batch.

    Args:
        engine: runs the network.
        texts: the ids that are read of each, the start token's included.
        categories: the number of each text's category; 0 is "any".

    Yields:
        An answer per place in the texts, from the first on.
    """
    lengths = np.array([len(ids) for ids in texts], dtype=np.int64)
    table = np.zeros((len(texts), lengths.max(initial=0)), dtype=np.int64)
    for row, ids in enumerate(texts):
        table[row, : len(ids)] = ids
    rows = np.arange(len(texts))
    state = engine.start(np.asarray(categories, dtype=np.int64))
    for place in range(table.shape[1]):
        going = lengths[rows] > place
        if not going.all():
            rows, state = rows[going], state.take(going)
        logits, state = engine.step(table[rows, place], state)
        yield Fed(rows, logits, state)
