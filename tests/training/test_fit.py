"""Fitting, watched from outside: what it tells, and that it stops when asked."""

import csv
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("keras")

from textgen.corpus.levels import CharacterTokenizer
from textgen.errors import ResumeError, TrainingError
from textgen.model.config import ModelConfig, Recipe
from textgen.training import batches, checkpoint, events
from textgen.training import run as runs
from textgen.training.events import Epoch, Failed, Finished, Step, Wrote
from textgen.training.run import Run

LETTERS = CharacterTokenizer("abcdefgh ")
TEXTS = [f"{a}{b} {c}ab" for a in "abcdefgh" for b in "abcdefgh" for c in "abc"]
CONFIG = ModelConfig(LETTERS.vocabulary_size, units=8, embedding=4)
RECIPE = Recipe(epochs=2, batch_size=16, sampled_words=0, warmup_steps=4, longest=20)
STEPS = len(TEXTS) // 16


def run_in(folder, *, resume=False, recipe=RECIPE, sample=None, **more):
    data = batches.encode(TEXTS, None, (), LETTERS)
    few = data.take(np.arange(32))
    return Run(folder, CONFIG, recipe, data, few, resume=resume, sample=sample, **more)


def written(weights, epoch):
    return [{"epoch": epoch, "temperature": 0.7, "headlines": [], "left_out": 0}]


def shape_of(stream):
    """What a stream says that does not depend on the clock."""
    return [
        event.epoch if isinstance(event, Epoch) else type(event)
        for event in stream
        if not isinstance(event, Step)
    ]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A run that was never stopped, and what it reported."""
    folder, told = tmp_path_factory.mktemp("whole"), []
    assert run_in(folder, sample=written).fit(told.append)
    return folder, told


def test_what_is_reported_is_what_the_file_says(whole):
    folder, told = whole
    assert told == events.read(folder / events.EVENTS)
    assert shape_of(told) == [0, Wrote, 1, Wrote, 2, Wrote, Finished]
    steps = [event for event in told if isinstance(event, Step)]
    assert [event.step for event in steps] == sorted({event.step for event in steps})
    last = steps[-1]
    assert (last.step, last.steps, last.epoch, last.epochs) == (
        2 * STEPS,
        2 * STEPS,
        2,
        2,
    )
    assert 0 < last.loss < np.log(CONFIG.vocabulary_size) + 1
    assert last.tokens_per_second > 0
    assert steps[0].learning_rate > last.learning_rate == 0  # along its cosine
    epochs = [event for event in told if isinstance(event, Epoch)]
    done = told[-1]
    assert done.epoch == 2 and done.seconds >= last.seconds
    assert done.best == min(e.validation_bits_per_character for e in epochs)
    assert epochs[done.best_epoch].validation_bits_per_character == done.best


def test_the_history_is_what_the_events_say_of_epochs(whole):
    folder, told = whole
    with (folder / checkpoint.HISTORY).open(newline="") as file:
        rows = [*csv.DictReader(file)]
    epochs = [vars(event) for event in told if isinstance(event, Epoch)]
    assert len(rows) == len(epochs) == 3
    for row, event in zip(rows, epochs, strict=True):
        assert row.keys() == event.keys()
        for name, value in row.items():
            assert float(value) == pytest.approx(event[name], rel=1e-5)


def test_steps_are_told_a_few_times_a_second(tmp_path, monkeypatch):
    clock = iter(np.arange(0, 1e6, 0.01))
    monkeypatch.setattr(runs.time, "monotonic", lambda: float(next(clock)))
    told = []
    run_in(tmp_path, recipe=replace(RECIPE, batch_size=1, epochs=1)).fit(told.append)
    steps = [event.step for event in told if isinstance(event, Step)]
    # A hundredth of a second a step: 31 of them make more than EVENT_SECONDS.
    assert {*np.diff([0, *steps[:-1]])} <= {30, 31, 32}
    assert steps[-1] == len(TEXTS)


@pytest.mark.parametrize("asked", [0, 1, 2, 9, 16, 20, 30])
def test_a_run_stops_when_asked_and_ends_as_if_never_stopped(whole, tmp_path, asked):
    """At whichever question: in the first measurement, in an epoch, at its end."""
    questions = iter(range(1000))
    told = []
    stopped = run_in(tmp_path, sample=written)
    assert not stopped.fit(told.append, lambda: next(questions) >= asked)
    assert told == events.read(tmp_path / events.EVENTS)
    assert not any(isinstance(event, Finished | Failed) for event in told)
    assert run_in(tmp_path, sample=written, resume=True).fit(told.append)
    assert told == events.read(tmp_path / events.EVENTS)
    assert shape_of(told) == shape_of(whole[1])
    numbers = Counter(event.step for event in told if isinstance(event, Step))
    assert max(numbers.values()) == 1
    one, two = (checkpoint.best_weights(folder) for folder in (whole[0], tmp_path))
    for name in one:
        np.testing.assert_allclose(one[name], two[name], atol=2e-6)


def test_stopping_tells_the_steps_since_the_last_record(tmp_path, monkeypatch):
    monkeypatch.setattr(runs, "EVENT_SECONDS", 1e9)
    run = run_in(tmp_path)
    assert not run.fit(stop=lambda: run.progress.step >= 5)
    *_, last = events.read(tmp_path / events.EVENTS)
    assert isinstance(last, Step) and last.step == 5


def test_an_error_ends_the_stream_in_words_and_is_raised(tmp_path):
    def broken(weights, epoch):
        if epoch == 1:
            raise RuntimeError("the pen broke\n  at this line\n  and that")
        return written(weights, epoch)

    with pytest.raises(RuntimeError, match="the pen broke"):
        run_in(tmp_path, sample=broken).fit()
    told = events.read(tmp_path / events.EVENTS)
    assert told[-1] == Failed("the pen broke")
    assert shape_of(told) == [0, Wrote, 1, Failed]
    # What failed is done again: the failure is not part of the run that went on.
    assert run_in(tmp_path, sample=written, resume=True).fit()
    told = events.read(tmp_path / events.EVENTS)
    assert shape_of(told) == [0, Wrote, 1, Wrote, 2, Wrote, Finished]


def test_a_loss_that_is_no_number_ends_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(Run, "_train_step", lambda *_: (float("nan"), 16))
    with pytest.raises(TrainingError, match="the loss became nan in epoch 1, step 1"):
        run_in(tmp_path).fit()
    assert "Lower the learning rate" in events.read(tmp_path / events.EVENTS)[-1].reason


def test_ctrl_c_in_a_step_is_no_failure(tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "_train_step", interrupted)
    with pytest.raises(KeyboardInterrupt):
        run_in(tmp_path).fit()
    assert shape_of(events.read(tmp_path / events.EVENTS)) == [0]


def test_a_finished_run_that_is_resumed_says_so_again_and_once(whole, tmp_path):
    run_in(tmp_path, sample=written).fit()
    assert run_in(tmp_path, resume=True).fit()
    assert shape_of(events.read(tmp_path / events.EVENTS)) == shape_of(whole[1])


def test_a_run_without_its_events_is_damaged(tmp_path):
    run_in(tmp_path).fit(stop=lambda: (tmp_path / checkpoint.STATE).exists())
    (tmp_path / events.EVENTS).unlink()
    with pytest.raises(TrainingError, match=r"events\.jsonl: is not what"):
        run_in(tmp_path, resume=True)


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"recipe": replace(RECIPE, epochs=3)}, "epochs was 2, is 3"),
        ({"recipe": replace(RECIPE, level="word")}, "level was 'subword', is 'word'"),
        ({"origin": {"data": "9 texts"}}, "data was '7 texts', is '9 texts'"),
        ({"origin": {"data": "7 texts", "tea": "hot"}}, "another version of textgen"),
    ],
)
def test_other_settings_are_refused_and_nothing_is_changed(tmp_path, more, named):
    run_in(tmp_path, origin={"data": "7 texts"}).fit(stop=lambda: True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(TrainingError, match=named) as caught:
        run_in(tmp_path, **{"origin": {"data": "7 texts"}} | more, resume=True)
    assert isinstance(caught.value, ResumeError) == ("version" not in named)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_run_goes_on_only_where_one_is(tmp_path):
    with pytest.raises(TrainingError, match="there is no run to resume"):
        run_in(tmp_path / "new", resume=True)
    assert not (tmp_path / "new").exists()
    run_in(tmp_path).fit(stop=lambda: True)
    with pytest.raises(TrainingError, match="holds a run already"):
        run_in(tmp_path)
