"""Fit a network: checkpoints, resume, events.

A run lives in one folder. ``last.safetensors`` holds all of its state (weights,
optimizer, random states, place in the epoch) and is replaced in one move, so a run that
is killed at any moment continues from its last checkpoint and ends as if it had never
stopped. What happens is told in ``events.jsonl`` (:mod:`textgen.training.events`), and
``history.csv`` is what it says of epochs.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
from keras import ops

from textgen.corpus.tokenizer import PAD
from textgen.errors import SettingError, TrainingError
from textgen.model.config import ModelConfig, Recipe
from textgen.training.batches import (
    BEFORE_HEADLINE,
    CandidateSampler,
    EncodedTexts,
    epoch_batches,
    pad,
)
from textgen.training.checkpoint import (
    BEST,
    EPOCHS,
    HISTORY,
    STATE,
    check_folder,
    check_same,
    load,
    save,
    write_history,
)
from textgen.training.events import (
    EVENTS,
    Epoch,
    Event,
    Finished,
    Step,
    Wrote,
    append,
    cut,
    damaged,
    failed,
    length,
    read,
)
from textgen.training.meter import Meter, measure
from textgen.training.network import JIT_COMPILE, HeadlineNetwork, weights_of
from textgen.training.optimizer import optimizer

CHECKPOINT_SECONDS = float(os.environ.get("TEXTGEN_CHECKPOINT_SECONDS", "180"))
EVENT_SECONDS = 0.3  # between two records of steps, at least
TRAIN_SAMPLE = 3_000  # train headlines on which the train figures are measured


@dataclass
class Progress:
    """Where a run is; goes into the checkpoint beside the weights."""

    epoch: int = 0  # epochs finished
    step: int = 0  # steps done in the epoch under way
    epoch_seconds: float = 0.0  # time spent in it
    epoch_tokens: int = 0  # target tokens seen in it
    total_seconds: float = 0.0  # in the epochs before it, measuring included
    best: float = math.inf  # lowest validation bits per character
    best_epoch: int = 0
    finished: bool = False
    told: int = 0  # bytes of the events until here


@dataclass
class _Since:
    """What was done in an epoch since a :class:`Step` was told."""

    epoch: int
    steps: int = 0
    tokens: int = 0
    loss: float = 0.0
    seconds: float = 0.0


class _Stopped(Exception):
    """Somebody asked the run to stop, and its state is saved."""


class Run:
    """One training run in one folder.

    Args:
        folder: created when missing.
        config: the network's shape.
        recipe: how to train.
        train: the train split, encoded; descriptions may follow the headlines.
        validation: the validation split, encoded.
        origin: what else the run must have in common with the one it continues.
        resume: continue the run that is there.
        sample: called with ``(weights, epoch)`` after every epoch, and with epoch 0
            before the first; gives the fields of :class:`Wrote` records.

    Raises:
        TrainingError: the folder holds a run already and ``resume`` is False, or none
            and it is True; the run in it began with other settings, or is damaged.
    """

    def __init__(
        self,
        folder: str | Path,
        config: ModelConfig,
        recipe: Recipe,
        train: EncodedTexts,
        validation: EncodedTexts,
        *,
        origin: Mapping[str, str] | None = None,
        resume: bool = False,
        sample: Callable[[dict[str, np.ndarray], int], Iterable[Mapping]] | None = None,
    ) -> None:
        self.folder = Path(folder)
        self.config, self.recipe = config, recipe
        self.train_data, self.validation = train, validation
        self._origin, self._sample = dict(origin or {}), sample
        self._report: Callable[[Event], object] = lambda event: None
        self._stop: Callable[[], bool] = lambda: False
        self.progress = Progress()
        check_folder(self.folder, resume)
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
            raise SettingError("no text is so short", longest=recipe.longest)
        self.network.compile(
            optimizer=optimizer(recipe, self._steps[-1]), jit_compile=JIT_COMPILE
        )
        self.network.optimizer.build(self.network.trainable_variables)
        if resume:
            self._restore()
        cut(self.events, self.progress.told)
        self._epochs = [e for e in read(self.events) if isinstance(e, Epoch)]
        if len(self._epochs) != self.progress.epoch + bool(self._epochs):
            raise damaged(self.events)
        if self._epochs:  # a run that was killed may not have come to this
            write_history(self.folder / HISTORY, self._epochs)
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

    @property
    def events(self) -> Path:
        """The file that tells what happens; see :mod:`textgen.training.events`."""
        return self.folder / EVENTS

    def fit(
        self,
        report: Callable[[Event], object] | None = None,
        stop: Callable[[], bool] | None = None,
    ) -> bool:
        """Train to the end of the recipe, or until validation stops improving.

        Args:
            report: called with each record after it was written to the events.
            stop: asked between steps, and between the batches of a measurement. Where
                it says True the state is saved and training ends; the run can be
                resumed.

        Returns:
            False when ``stop`` ended it, otherwise True.
        """
        self._report = report or self._report
        self._stop = stop or self._stop
        progress = self.progress
        with self.telling():
            try:
                if not self._epochs:
                    self._end_epoch(0)
                while not progress.finished:
                    self._train_epoch(progress.epoch + 1)
            except _Stopped:
                return False
        self._tell(
            Finished(
                progress.epoch,
                progress.best_epoch,
                progress.best,
                progress.total_seconds,
            )
        )
        return True

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Tell of an error inside the block, as the run's end, and raise it."""
        try:
            yield
        except Exception as error:
            with suppress(OSError):  # the disk may be what failed
                self._tell(failed(error))
            raise

    def _tell(self, event: Event) -> None:
        append(self.events, event)
        self._report(event)

    def _pause(self, since: _Since | None = None) -> None:
        if self._stop():
            if since is not None and since.steps:
                self._tell_step(since)
            self._save_state()
            raise _Stopped

    def _train_epoch(self, epoch: int) -> None:
        progress = self.progress
        batches = epoch_batches(self.train_data, self.recipe, epoch)
        last_save = mark = time.monotonic()
        since = _Since(epoch)
        for step in range(progress.step, len(batches)):
            self._pause(since)
            loss, tokens = self._train_step(batches[step], epoch, step)
            self._check_loss(loss, epoch, step + 1)
            now = time.monotonic()
            progress.step = step + 1
            progress.epoch_tokens += tokens
            progress.epoch_seconds += now - mark
            since.steps, since.tokens = since.steps + 1, since.tokens + tokens
            since.loss, since.seconds = since.loss + loss, since.seconds + now - mark
            mark = now
            if since.seconds > EVENT_SECONDS or step + 1 == len(batches):
                self._tell_step(since)
                since = _Since(epoch)
            if now - last_save > CHECKPOINT_SECONDS:
                self._save_state()
                last_save = mark = time.monotonic()
        self._end_epoch(epoch)

    def _tell_step(self, since: _Since) -> None:
        progress, epoch = self.progress, since.epoch
        self._tell(
            Step(
                step=self._steps[epoch - 1] + progress.step,
                steps=self._steps[-1],
                epoch=epoch,
                epochs=self.recipe.epochs,
                loss=since.loss / since.steps,
                tokens_per_second=since.tokens / max(since.seconds, 1e-9),
                learning_rate=self._learning_rate(),
                seconds=progress.total_seconds + progress.epoch_seconds,
            )
        )

    def _learning_rate(self) -> float:
        return float(ops.convert_to_numpy(self.network.optimizer.learning_rate))

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
        """Measure, write weights, tell, and save the state."""
        progress = self.progress
        started = time.monotonic()
        train = measure(self._meter, self._train_sample, between=self._pause)
        validation = measure(self._meter, self.validation, between=self._pause)
        self._check_loss(validation["loss"], epoch, progress.step)
        ended = Epoch(
            epoch=epoch,
            step=self._steps[epoch],
            **{f"train_{name}": value for name, value in train.items()},
            **{f"validation_{name}": value for name, value in validation.items()},
            learning_rate=self._learning_rate(),
            seconds=progress.epoch_seconds,
            tokens_per_second=progress.epoch_tokens / max(progress.epoch_seconds, 1e-9),
        )
        weights = weights_of(self.network)
        save(self.folder / EPOCHS / f"{epoch:03d}.safetensors", weights, {})
        figure = ended.validation_bits_per_character
        if figure < progress.best:
            progress.best, progress.best_epoch = figure, epoch
            save(self.folder / BEST, weights, {"epoch": epoch})
        self._epochs.append(ended)
        self._tell(ended)
        for written in self._sample(weights, epoch) if self._sample else ():
            self._tell(Wrote(**written))
        progress.total_seconds += progress.epoch_seconds + time.monotonic() - started
        progress.epoch, progress.step = epoch, 0
        progress.epoch_seconds, progress.epoch_tokens = 0.0, 0
        progress.finished = (
            epoch >= self.recipe.epochs
            or epoch - progress.best_epoch >= self.recipe.patience
        )
        self._save_state()
        write_history(self.folder / HISTORY, self._epochs)

    def _variables(self) -> dict:
        named = {f"network.{i}": v for i, v in enumerate(self.network.variables)}
        optimizer = self.network.optimizer.variables
        return named | {f"optimizer.{i}": v for i, v in enumerate(optimizer)}

    def _save_state(self) -> None:
        self.progress.told = length(self.events)
        arrays = {
            name: np.array(ops.convert_to_numpy(variable), order="C")
            for name, variable in self._variables().items()
        }
        state = {"progress": vars(self.progress), **self._settings()}
        save(self._state_file, arrays, state)

    def _settings(self) -> dict[str, dict]:
        return {
            "config": self.config.to_dict(),
            "recipe": self.recipe.to_dict(),
            "origin": self._origin,
        }

    def _restore(self) -> None:
        state, arrays = load(self._state_file)
        check_same(self.folder, state, self._settings())
        for name, variable in self._variables().items():
            variable.assign(arrays[name].reshape(variable.shape))
        self.progress = Progress(**state["progress"])
