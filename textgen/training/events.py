"""What happens in a run, as it happens: ``events.jsonl``, one JSON object a line.

A run tells (:func:`append`), whoever watches reads (:func:`read`, :func:`follow`):
the command line, a test, a page. None of them needs Keras for it.

Nothing is told twice. Each checkpoint notes how long the stream was when it was saved
(:func:`length`), and a run that is resumed cuts off what came later (:func:`cut`),
since it does those steps again. A line that a killed run left half written is behind
its last checkpoint too.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from io import BufferedRandom, FileIO
from pathlib import Path

from textgen.errors import TrainingError

EVENTS = "events.jsonl"
LONGEST_REASON = 400  # characters


@dataclass(frozen=True)
class Step:
    """Some steps were done; told a few times a second, not for each of them."""

    step: int  # steps done in all epochs together
    steps: int  # steps to do, unless validation stops improving before
    epoch: int  # under way; 1 is the first
    epochs: int  # to do, at most
    loss: float  # nats per token, the mean since the last record
    tokens_per_second: float  # since the last record
    learning_rate: float  # of the next step
    seconds: float  # spent in all, pauses left out


@dataclass(frozen=True)
class Epoch:
    """An epoch has ended and the network was measured; a row of ``history.csv``."""

    epoch: int  # 0: untrained
    step: int  # steps done in all epochs together
    train_loss: float  # nats per token, on a sample of the train split
    train_perplexity: float
    train_bits_per_character: float
    train_accuracy: float  # share of tokens that were the favourite
    validation_loss: float
    validation_perplexity: float
    validation_bits_per_character: float
    validation_accuracy: float
    learning_rate: float
    seconds: float  # that its steps took
    tokens_per_second: float


@dataclass(frozen=True)
class Wrote:
    """What the network wrote at an epoch's end; see :mod:`textgen.study.film`."""

    epoch: int
    temperature: float
    headlines: tuple[Mapping, ...]  # {"text", "ended"} each
    left_out: int  # texts that stand in the dataset

    def __post_init__(self) -> None:
        object.__setattr__(self, "headlines", tuple(self.headlines))


@dataclass(frozen=True)
class Finished:
    """The run is at its end: of the recipe, or of what patience allowed."""

    epoch: int  # the last
    best_epoch: int  # whose weights are kept
    best: float  # its validation bits per character
    seconds: float  # spent in all, pauses left out


@dataclass(frozen=True)
class Failed:
    """The run broke off."""

    reason: str  # in words


Event = Step | Epoch | Wrote | Finished | Failed
_KINDS = {
    kind.__name__.lower(): kind for kind in (Step, Epoch, Wrote, Finished, Failed)
}


def failed(error: Exception) -> Failed:
    """What the stream says of an error: its first line, without a traceback."""
    if isinstance(error, MemoryError):
        return Failed("there is not enough memory for this")
    lines = str(error).strip().splitlines()
    reason = lines[0] if lines else type(error).__name__
    return Failed(reason[:LONGEST_REASON])


def append(path: Path, event: Event) -> None:
    """Write a record behind the others, in one go.

    What a full disk left of another line is closed first.
    """
    record = {"event": type(event).__name__.lower()} | asdict(event)
    line = json.dumps(record, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    with path.open("a+b", buffering=0) as file:
        if not _at_line_end(file, file.seek(0, os.SEEK_END)):
            line = b"\n" + line
        file.write(line)


def length(path: Path) -> int:
    """The stream's bytes, after making sure that they are on the disk."""
    with path.open("ab") as file:
        os.fsync(file.fileno())
        return file.tell()


def cut(path: Path, size: int) -> None:
    """Keep the first ``size`` bytes, which a checkpoint noted; 0 begins a stream.

    Raises:
        TrainingError: the stream is shorter, or has a line where none ended.
    """
    with path.open("a+b") as file:
        if file.seek(0, os.SEEK_END) < size or not _at_line_end(file, size):
            raise damaged(path)
        file.truncate(size)


def damaged(path: Path) -> TrainingError:
    """The error of a stream that does not fit its run's checkpoint."""
    return TrainingError(
        f"{path}: is not what the run's checkpoint knows of. Remove the folder and "
        "train again."
    )


def _at_line_end(file: FileIO | BufferedRandom, place: int) -> bool:
    file.seek(max(place - 1, 0))
    return place == 0 or file.read(1) == b"\n"


def read(path: Path) -> list[Event]:
    """Read what was told so far; nothing where there is no stream.

    A line that cannot be read is left out: it is being written, or its writer was
    killed.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return []
    return [event for line in lines[:-1] if (event := _parsed(line))]


def follow(
    path: Path, stop: Callable[[], bool] = lambda: False, pause: float = 0.2
) -> Iterator[Event]:
    """Read what was told and go on as more is told, until the run is at its end.

    When a run is resumed its stream goes back to a checkpoint: a record then takes the
    place of those before it that are of its step or epoch, or of a later one.

    Args:
        path: the stream; it need not be there yet.
        stop: asked after each look; ends the reading.
        pause: seconds between two looks.
    """
    seen: list[bytes] = []  # whole lines, in order
    size = 0  # bytes that they take up
    while True:
        new = _lines_after(path, size, seen[-1] if seen else b"")
        if new is None:  # it was cut: go on where it differs from what was seen
            lines = _lines_after(path, 0, b"") or []
            same = 0
            while same < min(len(seen), len(lines)) and seen[same] == lines[same]:
                same += 1
            seen, new = lines[:same], lines[same:]
            size = sum(map(len, seen))
        for line in new:
            seen.append(line)
            size += len(line)
            event = _parsed(line)
            if event:
                yield event
            if isinstance(event, Finished | Failed):
                return
        if stop():
            return
        time.sleep(pause)


def _lines_after(path: Path, size: int, last: bytes) -> list[bytes] | None:
    """The whole lines after so many bytes; None if ``last`` is not what ends there."""
    try:
        with path.open("rb") as file:
            file.seek(size - len(last))
            if file.read(len(last)) != last:
                return None
            return [line for line in file if line.endswith(b"\n")]
    except FileNotFoundError:
        return [] if not size else None


def _parsed(line: bytes) -> Event | None:
    try:
        values = json.loads(line)
        return _KINDS[values.pop("event")](**values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None
