"""Fit a network: checkpoints, resume, history.

A run lives in one folder. ``last.safetensors`` holds all of its state (weights,
optimizer, random states, history, place in the epoch) and is replaced in one move, so
a run that is killed at any moment continues from its last checkpoint and ends as if
it had never stopped.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import keras
import numpy as np
from keras import ops
from tqdm import tqdm

from textgen.corpus.tokenizer import PAD
from textgen.errors import ResumeError, SettingError, TrainingError
from textgen.model.config import ModelConfig, Recipe
from textgen.training.batches import (
    BEFORE_HEADLINE,
    CandidateSampler,
    EncodedTexts,
    epoch_batches,
    pad,
)
from textgen.training.checkpoint import (
    HISTORY_COLUMNS,
    STATE,
    load,
    save,
    write_history,
)
from textgen.training.meter import Meter, measure
from textgen.training.network import JIT_COMPILE, HeadlineNetwork, weights_of
from textgen.training.optimizer import optimizer

CHECKPOINT_SECONDS = float(os.environ.get("TEXTGEN_CHECKPOINT_SECONDS", "180"))
TRAIN_SAMPLE = 3_000  # train headlines on which the train figures are measured


@dataclass
class Progress:
    """Where a run is; goes into the checkpoint beside the weights."""

    epoch: int = 0  # epochs finished
    step: int = 0  # steps done in the epoch under way
    epoch_seconds: float = 0.0  # time spent in it
    epoch_tokens: int = 0  # target tokens seen in it
    total_seconds: float = 0.0
    best: float = math.inf  # lowest validation bits per character
    best_epoch: int = 0
    finished: bool = False
    history: list[dict] = field(default_factory=list)


class Run:
    """One training run in one folder.

    Args:
        folder: created when missing.
        config: the network's shape.
        recipe: how to train.
        train: the train split, encoded; descriptions may follow the headlines.
        validation: the validation split, encoded.
        resume: continue from ``last.safetensors`` if there is one.
        on_epoch: called with ``(weights, epoch)`` after every epoch, and with epoch 0
            before the first.

    Raises:
        TrainingError: the folder holds a run already and ``resume`` is False, or the
            run in it has another shape or recipe, or its checkpoint is damaged.
    """

    def __init__(
        self,
        folder: str | Path,
        config: ModelConfig,
        recipe: Recipe,
        train: EncodedTexts,
        validation: EncodedTexts,
        *,
        resume: bool = False,
        on_epoch: Callable[[dict[str, np.ndarray], int], None] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.config, self.recipe = config, recipe
        self.train_data, self.validation = train, validation
        self.on_epoch = on_epoch
        self.progress = Progress()
        self.folder.mkdir(parents=True, exist_ok=True)
        keras.utils.set_random_seed(recipe.seed)
        self.network = HeadlineNetwork(config, recipe.precision)
        # Steps before the end of each epoch, from epoch 0 on.
        self._steps = [0]
        for epoch in range(1, recipe.epochs + 1):
            self._steps.append(
                self._steps[-1] + len(epoch_batches(train, recipe, epoch))
            )
        if not self._steps[-1]:
            raise SettingError("no headline is so short", longest=recipe.longest)
        self.network.compile(
            optimizer=optimizer(recipe, self._steps[-1]), jit_compile=JIT_COMPILE
        )
        self.network.optimizer.build(self.network.trainable_variables)
        if self._state_file.exists():
            if not resume:
                raise TrainingError(
                    f"{self.folder}: holds a run already. Continue it with --resume, "
                    "or choose another --output."
                )
            self._restore()
        self._compiled: dict[int, Callable] = {}
        random = np.random.default_rng(recipe.seed)
        headlines = np.flatnonzero(train.before == BEFORE_HEADLINE)
        rows = random.permutation(headlines)[:TRAIN_SAMPLE]
        self._train_sample = train.take(np.sort(rows))
        self._meter = Meter(self.network)
        self._candidates = (
            CandidateSampler(train, config.vocabulary_size, recipe.sampled_words)
            if recipe.sampled_words
            else None
        )

    @property
    def _state_file(self) -> Path:
        return self.folder / STATE

    def fit(self, *, progress_bar: bool = True) -> list[dict]:
        """Train to the end of the recipe, or until validation stops improving.

        Returns:
            The history, one record per epoch, epoch 0 (untrained) first.
        """
        progress = self.progress
        if not progress.history:
            self._end_epoch(0)
        while not progress.finished:
            self._train_epoch(progress.epoch + 1, progress_bar)
        return progress.history

    def _train_epoch(self, epoch: int, progress_bar: bool) -> None:
        progress, recipe = self.progress, self.recipe
        batches = epoch_batches(self.train_data, recipe, epoch)
        bar = tqdm(
            total=len(batches),
            initial=progress.step,
            desc=f"epoch {epoch}/{recipe.epochs}",
            disable=not progress_bar,
            unit="step",
            smoothing=0.05,
        )
        last_save = mark = time.monotonic()
        average = None
        for step in range(progress.step, len(batches)):
            loss, tokens = self._train_step(batches[step], epoch, step)
            now = time.monotonic()
            progress.step = step + 1
            progress.epoch_tokens += tokens
            progress.epoch_seconds += now - mark
            mark = now
            average = loss if average is None else 0.98 * average + 0.02 * loss
            self._check_loss(average, epoch, step + 1)
            bar.update()
            speed = progress.epoch_tokens / max(progress.epoch_seconds, 1e-9)
            steps = self._steps[-1] - self._steps[epoch - 1] - step - 1
            left = steps * progress.epoch_seconds / progress.step
            bar.set_postfix_str(
                f"loss {average:.3f}, validation {progress.best:.4f} bits/char, "
                f"{speed:,.0f} tokens/s, all done in {_duration(left)}",
                refresh=False,
            )
            if now - last_save > CHECKPOINT_SECONDS:
                self._save_state()
                last_save = mark = time.monotonic()
        bar.close()
        self._end_epoch(epoch)

    def _check_loss(self, loss: float, epoch: int, step: int) -> None:
        if not math.isfinite(loss):
            raise TrainingError(
                f"{self.folder}: the loss became {loss} in epoch {epoch}, step {step}. "
                f"Lower the learning rate ({self.recipe.learning_rate}) and start "
                "again."
            )

    def _train_step(self, rows: np.ndarray, epoch: int, step: int) -> tuple[float, int]:
        # Drawn anew from (seed, epoch, step), so that a resumed run sees the same.
        random = np.random.default_rng((self.recipe.seed, epoch, step))
        data = self.train_data
        inputs, targets = pad([data.ids[i] for i in rows], data.before[rows])
        category = data.categories[rows].copy()
        category[random.random(len(rows)) < self.recipe.category_dropout] = 0
        x = {"tokens": inputs, "category": category}
        if self._candidates is not None:
            x |= self._candidates.inputs(targets, random)
        # Keras keeps one step for all shapes, but each length is unrolled on its own.
        network, time = self.network, targets.shape[1]
        network.train_function = self._compiled.get(time)
        loss = network.train_on_batch(x, targets)
        self._compiled[time] = network.train_function
        return float(loss), int((targets != PAD).sum())

    def _end_epoch(self, epoch: int) -> None:
        """Measure, write history and weights, and save the state."""
        progress = self.progress
        started = time.monotonic()
        train = measure(self._meter, self._train_sample)
        validation = measure(self._meter, self.validation)
        self._check_loss(validation["loss"], epoch, progress.step)
        record: dict[str, float] = {"epoch": epoch, "step": self._steps[epoch]}
        for name, figures in (("train", train), ("validation", validation)):
            record |= {f"{name}_{key}": value for key, value in figures.items()}
        record |= {
            "learning_rate": float(
                ops.convert_to_numpy(self.network.optimizer.learning_rate)
            ),
            "seconds": progress.epoch_seconds,
            "tokens_per_second": progress.epoch_tokens
            / max(progress.epoch_seconds, 1e-9),
        }
        progress.history.append({key: record[key] for key in HISTORY_COLUMNS})
        weights = weights_of(self.network)
        save(self.folder / "epochs" / f"{epoch:03d}.safetensors", weights, {})
        figure = record["validation_bits_per_character"]
        if figure < progress.best:
            progress.best, progress.best_epoch = figure, epoch
            save(self.folder / "best.safetensors", weights, {"epoch": epoch})
        write_history(self.folder / "history.csv", progress.history)
        if self.on_epoch is not None:
            self.on_epoch(weights, epoch)
        progress.total_seconds += progress.epoch_seconds + time.monotonic() - started
        progress.epoch, progress.step = epoch, 0
        progress.epoch_seconds, progress.epoch_tokens = 0.0, 0
        progress.finished = (
            epoch >= self.recipe.epochs
            or epoch - progress.best_epoch >= self.recipe.patience
        )
        self._save_state()

    def _variables(self) -> dict:
        named = {f"network.{i}": v for i, v in enumerate(self.network.variables)}
        optimizer = self.network.optimizer.variables
        return named | {f"optimizer.{i}": v for i, v in enumerate(optimizer)}

    def _save_state(self) -> None:
        arrays = {
            name: np.array(ops.convert_to_numpy(variable), order="C")
            for name, variable in self._variables().items()
        }
        state = {
            "progress": vars(self.progress),
            "config": self.config.to_dict(),
            "recipe": self.recipe.to_dict(),
        }
        save(self._state_file, arrays, state)

    def _restore(self) -> None:
        state, arrays = load(self._state_file)
        for name, mine in (("config", self.config), ("recipe", self.recipe)):
            theirs = state[name]
            differing = {
                key: (theirs.get(key), value)
                for key, value in json.loads(json.dumps(mine.to_dict())).items()
                if theirs.get(key) != value
            }
            if differing:
                raise ResumeError(self.folder, differing)
        for name, variable in self._variables().items():
            variable.assign(arrays[name].reshape(variable.shape))
        self.progress = Progress(**state["progress"])


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
