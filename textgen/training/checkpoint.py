"""The files of a run: its state, its weights and its history, each written whole."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from textgen.errors import ResumeError, TrainingError
from textgen.storage import whole_file
from textgen.training.events import Epoch

STATE = "last.safetensors"
HISTORY = "history.csv"
BEST = "best.safetensors"
EPOCHS = "epochs"  # a folder: the weights after each


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
    with _opened(path) as (stored, state):
        return state, {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118


def load_state(folder: Path) -> dict:
    """Read the record of a run's checkpoint, without its arrays.

    Raises:
        TrainingError: the file is damaged.
    """
    with _opened(folder / STATE) as (_, state):
        return state


@contextmanager
def _opened(path: Path) -> Iterator[tuple]:
    try:
        with safe_open(path, framework="numpy") as stored:
            yield stored, json.loads(stored.metadata()["state"])
    except (SafetensorError, OSError, KeyError, ValueError, TypeError) as error:
        raise TrainingError(
            f"{path}: the checkpoint is damaged ({error}). "
            "Remove the folder and train again."
        ) from error


def check_folder(folder: Path, resume: bool) -> None:
    """Make sure that a folder has a run to resume, or none where one is to begin.

    Raises:
        TrainingError: it is the other way round.
    """
    there = (folder / STATE).is_file()
    if resume and not there:
        raise TrainingError(
            f"{folder}: there is no run to resume (no {STATE}). Leave --resume out to "
            "begin one."
        )
    if there and not resume:
        raise TrainingError(
            f"{folder}: holds a run already. Continue it with --resume, "
            "or choose another --output."
        )


def check_same(folder: Path, state: Mapping, now: Mapping[str, Mapping]) -> None:
    """Make sure that a run is resumed with the settings that it began with.

    Args:
        folder: the run's.
        state: what its checkpoint says, see :func:`load_state`.
        now: the settings, by the name of the record that they are in.

    Raises:
        ResumeError: some differ.
        TrainingError: the checkpoint lacks some, since another version saved it.
    """
    differing = {}
    for record, settings in now.items():
        was = state.get(record, {})
        for name, value in json.loads(json.dumps(settings)).items():
            if name not in was:
                raise TrainingError(
                    f"{folder}: another version of textgen began this run (it says "
                    f"nothing of {name}). Train again in another --output."
                )
            if was[name] != value:
                differing[name] = (was[name], value)
    if differing:
        raise ResumeError(folder, differing)


def best_weights(folder: str | Path) -> dict[str, np.ndarray]:
    """Read the best weights of a run, under the names of a bundle."""
    with safe_open(Path(folder) / BEST, framework="numpy") as stored:
        return {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118


def write_history(path: Path, epochs: Sequence[Epoch]) -> None:
    """Write the figures of all epochs as CSV, all at once or not at all."""
    with (
        whole_file(path) as partial,
        partial.open("w", newline="", encoding="utf-8") as file,
    ):
        writer = csv.DictWriter(file, [column.name for column in fields(Epoch)])
        writer.writeheader()
        for epoch in epochs:
            writer.writerow(
                {
                    key: f"{value:.6g}" if isinstance(value, float) else value
                    for key, value in asdict(epoch).items()
                }
            )
