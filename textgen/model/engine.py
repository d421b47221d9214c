"""What runs a network: an engine, and what it remembers between two tokens.

An engine is anything with ``start(categories) -> state`` and
``step(tokens, state) -> logits, state``: the step graph
(:class:`textgen.model.onnx_engine.OnnxEngine`) and the glass box
(:class:`textgen.model.glass_box.GlassBox`) are two.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

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
