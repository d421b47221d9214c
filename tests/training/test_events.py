"""The stream of a run's events: told once, torn, cut, followed."""

import subprocess
import sys
import threading

import pytest
from conftest import ROOT

from textgen.errors import SettingError, TrainingError
from textgen.training import events
from textgen.training.events import Epoch, Failed, Finished, Step, Wrote


def step(number, loss=2.0):
    return Step(number, 100, 1, 3, loss, 900.0, 0.001, number / 10)


def epoch(number):
    return Epoch(number, 50 * number, *[1.5] * 10, 300.0)


TOLD = [
    epoch(0),
    Wrote(0, 0.7, [{"text": "Owl’s “boat”\u2028 sings", "ended": True}], 1),
    step(7),
    epoch(1),
    Finished(1, 1, 1.5, 12.0),
    Failed("the disk is full"),
]


@pytest.fixture
def stream(tmp_path):
    return tmp_path / events.EVENTS


def tell(path, *records):
    for record in records:
        events.append(path, record)


def test_what_was_told_is_read_again(stream):
    assert events.read(stream) == []
    tell(stream, *TOLD)
    assert events.read(stream) == TOLD
    assert len(stream.read_text(encoding="utf-8").split("\n")) == len(TOLD) + 1


def test_events_need_no_keras():
    probe = (
        "import sys, textgen.training.events\n"
        "print(*{name.split('.')[0] for name in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True
    )
    loaded = {*done.stdout.split()}
    assert "textgen" in loaded
    assert not loaded & {
        "keras",
        "tensorflow",
        "numpy",
        "pandas",
        "tqdm",
        "safetensors",
    }


def test_every_way_to_tear_the_last_line_leaves_the_others(stream):
    """Whatever of a line a killed run has written, what stands before it is read."""
    tell(stream, *TOLD)
    whole = stream.read_bytes()
    start = whole[:-1].rfind(b"\n") + 1
    for end in range(start, len(whole)):
        stream.write_bytes(whole[:end])
        assert events.read(stream) == TOLD[:-1], end


@pytest.mark.parametrize(
    "line",
    [
        b'{"event": "step", "st',
        b"\0" * 200,
        b"\xff\xfe",
        b"[1, 2]",
        b"7",
        b"[" * 100_000,
        b'{"event": "dance"}',
        b'{"event": "step"}',
        b'{"event": ["step"]}',
        b'{"step": 3}',
    ],
)
def test_a_line_that_cannot_be_read_is_left_out(stream, line):
    tell(stream, step(1))
    with stream.open("ab") as file:
        file.write(line)  # and no end
    tell(stream, step(2))
    assert events.read(stream) == [step(1), step(2)]


def test_a_figure_that_is_no_number_is_not_told(stream):
    tell(stream, step(1))
    with pytest.raises(ValueError):
        events.append(stream, step(2, loss=float("nan")))
    assert events.read(stream) == [step(1)]


def test_a_resumed_run_cuts_what_its_checkpoint_does_not_know(stream):
    tell(stream, epoch(0), step(3))
    mark = events.length(stream)
    tell(stream, step(6), epoch(1))
    with stream.open("ab") as file:
        file.write(b'{"event": "epo')
    events.cut(stream, mark)
    tell(stream, step(5), step(8))
    assert events.read(stream) == [epoch(0), step(3), step(5), step(8)]
    events.cut(stream, 0)
    assert stream.read_bytes() == b""


@pytest.mark.parametrize("size", [1, 30, 10_000])
def test_a_stream_that_does_not_fit_its_checkpoint_is_named(stream, size):
    tell(stream, step(3))
    before = stream.read_bytes()
    with pytest.raises(TrainingError, match=r"events\.jsonl: is not what the run's"):
        events.cut(stream, size)
    assert stream.read_bytes() == before


def test_a_follower_sees_each_record_and_the_way_back(stream):
    seen, looked = [], []

    def look():
        """Between two looks of the follower, the run goes on."""
        looked.append(1)
        turn = len(looked)
        if turn == 1:
            tell(stream, epoch(0), step(3))
        elif turn == 2:
            with stream.open("ab") as file:
                file.write(b'{"event": "st')  # half of a line: waited for
        elif turn == 3:
            # Killed and resumed, and already longer than before.
            events.cut(stream, events.read(stream) and mark_after_epoch())
            tell(stream, step(2), step(4), step(6, loss=1.25))
        elif turn == 4:
            stream.unlink()  # begun anew
        elif turn == 5:
            tell(stream, epoch(0), Finished(0, 0, 1.5, 1.0))
        return turn > 9

    def mark_after_epoch():
        return stream.read_bytes().index(b"\n") + 1

    for event in events.follow(stream, look, pause=0):
        seen.append(event)
    assert seen == [
        *(epoch(0), step(3)),
        *(step(2), step(4), step(6, loss=1.25)),
        *(epoch(0), Finished(0, 0, 1.5, 1.0)),
    ]
    assert len(looked) == 5


def test_a_follower_in_another_thread_misses_nothing(stream):
    records = [step(i) for i in range(1, 300)]
    writer = threading.Thread(target=tell, args=(stream, *records, Failed("enough")))
    writer.start()
    seen = [*events.follow(stream, pause=0.001)]
    writer.join()
    assert seen == [*records, Failed("enough")]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (SettingError("must be less", longest=3), "longest=3: must be less"),
        (MemoryError(), "there is not enough memory for this"),
        (RuntimeError("graph broke\n  at node 7\n  Traceback"), "graph broke"),
        (RuntimeError("x" * 5000), "x" * events.LONGEST_REASON),
        (KeyError(), "KeyError"),
    ],
)
def test_a_failure_is_told_in_words(error, reason):
    assert events.failed(error) == Failed(reason)
