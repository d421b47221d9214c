"""The fast engine: the step graph, run by ONNX Runtime."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime

from textgen.errors import BundleError
from textgen.model.config import ModelConfig
from textgen.model.engine import State


class OnnxEngine:
    """A step graph in one session, safe to share between threads.

    Args:
        path: the ``.onnx`` file.
        config: the network's shape.
        threads: processor cores to use.

    Raises:
        BundleError: the file is no step graph of this shape.
    """

    def __init__(self, path: str | Path, config: ModelConfig, threads: int = 2) -> None:
        self.config = config
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # the runtime's exceptions share no base class
            raise BundleError(f"{path}: is not a step graph ({error}).") from error
        names = {value.name for value in self._session.get_inputs()}
        if names != {"tokens", "category", "hidden"}:
            raise BundleError(f"{path}: is not a step graph (its inputs are {names}).")

    def start(self, categories: np.ndarray) -> State:
        """The state before the first token; see :meth:`State.zero`."""
        return State.zero(self.config, categories)

    def step(self, tokens: np.ndarray, state: State) -> tuple[np.ndarray, State]:
        """Read one token per headline; as
        :meth:`textgen.model.glass_box.GlassBox.step`."""
        logits, hidden = self._session.run(
            ["logits", "next_hidden"],
            {
                "tokens": np.asarray(tokens, dtype=np.int64),
                "category": state.category,
                "hidden": state.hidden,
            },
        )
        return logits, State(state.category, hidden)
