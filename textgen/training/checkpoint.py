"""The files of a run: its state, its weights and its history, each written whole."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from textgen.errors import TrainingError
from textgen.storage import whole_file

STATE = "last.safetensors"
HISTORY_COLUMNS = (
    "epoch",
    "step",
    "train_loss",
    "train_perplexity",
    "train_bits_per_character",
    "train_accuracy",
    "validation_loss",
    "validation_perplexity",
    "validation_bits_per_character",
    "validation_accuracy",
    "learning_rate",
    "seconds",
    "tokens_per_second",
)


def save(path: Path, arrays: dict[str, np.ndarray], state: dict) -> None:
    """Write arrays and a record, whole and to the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with whole_file(path) as partial:
        save_file(arrays, partial, metadata={"state": json.dumps(state)})
        with partial.open("rb") as file:
            os.fsync(file.fileno())


def load(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    """Read the record and the arrays that :func:`save` wrote.

    Raises:
        TrainingError: the file is damaged.
    """
    try:
        with safe_open(path, framework="numpy") as stored:
            state = json.loads(stored.metadata()["state"])
            return state, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise TrainingError(
            f"{path}: the checkpoint is damaged ({error}). "
            "Remove the folder and train again."
        ) from error


def best_weights(folder: str | Path) -> dict[str, np.ndarray]:
    """Read the best weights of a run, under the names of a bundle."""
    with safe_open(Path(folder) / "best.safetensors", framework="numpy") as stored:
        return {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118


def write_history(path: Path, history: list[dict]) -> None:
    """Write the history as CSV, all at once or not at all."""
    with (
        whole_file(path) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, HISTORY_COLUMNS)
        writer.writeheader()
        for record in history:
            writer.writerow(
                {
                    key: f"{value:.6g}" if isinstance(value, float) else value
                    for key, value in record.items()
                }
            )
