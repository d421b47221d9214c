"""What the command line shows of a run, and how signals end one."""

import os
import signal

import pytest

pytest.importorskip("tqdm")

from textgen.cli.progress import Bar, Stop, duration
from textgen.training.events import Epoch, Finished, Step, Wrote


def epoch(number, figure):
    return Epoch(number, 50 * number, 1, 1, 1, 1, 1, 1, figure, 1, 0, 75.0, 300.0)


def step(number, seconds):
    return Step(number, 100, 1, 2, 2.5, 1234.0, 0.001, seconds)


def test_the_bar_says_where_the_run_is_and_how_long_it_will_take(capsys):
    bar = Bar([epoch(0, 4.5)])
    bar(step(10, 5.0))
    assert "best 4.5000 bits/char" in capsys.readouterr().err
    bar(step(20, 65.0))
    shown = capsys.readouterr().err
    # Six seconds a step, and eighty steps to do.
    for words in ("epoch 1/2", "20 of 100, loss 2.500", "1,234 tokens/s", "in 8 min"):
        assert words in shown
    bar(epoch(1, 3.25))
    bar(Wrote(1, 0.7, [{"text": "Owls sing", "ended": True}], 0))
    bar(Wrote(1, 1.0, [{"text": "Owls dance", "ended": True}], 0))
    bar(Finished(1, 1, 3.25, 70.0))
    shown = capsys.readouterr().err
    assert "epoch 1: 3.2500 bits/char on validation, learnt in 1 min" in shown
    assert "T = 0.7  Owls sing" in shown and "dance" not in shown


def test_a_run_that_writes_nothing_is_shown_as_well(capsys):
    bar = Bar()
    bar(Wrote(0, 0.0, [], 3))
    bar(Finished(0, 0, 3.25, 70.0))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (59.2, "59 s"), (90, "2 min"), (7499, "2 h 05 min"), (3600, "1 h 00")],
)
def test_durations_are_said_in_words(seconds, words):
    assert duration(seconds).startswith(words)


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_the_first_signal_asks_and_the_second_ends_at_once(capsys):
    stop, before = Stop(), signal.getsignal(signal.SIGINT)
    with stop.listening():
        with pytest.raises(KeyboardInterrupt):  # nothing to save yet
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(SystemExit) as ended:
            signal.raise_signal(signal.SIGTERM)
        assert ended.value.code == 128 + signal.SIGTERM
        assert not stop()
        signal.raise_signal(signal.SIGTERM)
        assert stop() and stop.number == signal.SIGTERM
        assert "saving; once more stops at once" in capsys.readouterr().err
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before
