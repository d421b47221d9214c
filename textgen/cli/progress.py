"""What a person at the command line sees of a run, and how they end it."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from tqdm import tqdm

from textgen.training.events import Epoch, Event, Finished, Step, Wrote

SHOWN_TEMPERATURES = (0.0, 0.7)  # of what is written after each epoch
_BAR = "{desc} {percentage:3.0f}%|{bar}| step {n_fmt} of {total_fmt}{postfix}"


class Bar:
    """A progress bar over the whole run, with a line for each epoch above it.

    Args:
        told: what the run told before it was resumed.
    """

    def __init__(self, told: Iterable[Event] = ()) -> None:
        figures = [_figure(event) for event in told if isinstance(event, Epoch)]
        self._best = min(figures, default=None)
        self._bar: tqdm | None = None
        self._first: Step | None = None

    def __call__(self, event: Event) -> None:
        """Show a record, as it comes from the run."""
        if isinstance(event, Step):
            self._step(event)
        elif isinstance(event, Epoch):
            figure = _figure(event)
            self._best = figure if self._best is None else min(self._best, figure)
            self._say(
                f"epoch {event.epoch}: {figure:.4f} bits/char on validation, "
                f"learnt in {duration(event.seconds)}"
                if event.epoch
                else f"untrained: {figure:.4f} bits/char on validation"
            )
        elif isinstance(event, Wrote) and event.temperature in SHOWN_TEMPERATURES:
            for text in event.headlines[:1]:
                self._say(f"  T = {event.temperature:<4} {text['text']}")
        elif isinstance(event, Finished):
            self.close()

    def close(self) -> None:
        """Leave the bar as it is; what is printed next stands below it."""
        if self._bar is not None:
            self._bar.close()

    def _step(self, event: Step) -> None:
        if self._bar is None:
            self._bar = tqdm(
                total=event.steps,
                bar_format=_BAR,
                initial=event.step,
                desc=f"epoch {event.epoch}/{event.epochs}",
            )
            self._first = event
        first = self._first or event
        done = event.step - first.step
        left = "?"
        if done:
            each = (event.seconds - first.seconds) / done
            left = duration(each * (event.steps - event.step))
        best = "" if self._best is None else f"best {self._best:.4f} bits/char, "
        self._bar.set_description_str(
            f"epoch {event.epoch}/{event.epochs}", refresh=False
        )
        self._bar.set_postfix_str(
            f"loss {event.loss:.3f}, {best}{event.tokens_per_second:,.0f} tokens/s, "
            f"all done in {left}",
            refresh=False,
        )
        self._bar.n = event.step
        self._bar.refresh()

    def _say(self, line: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        print(line, file=sys.stderr, flush=True)
        if self._bar is not None:
            self._bar.refresh()


def _figure(event: Epoch) -> float:
    return event.validation_bits_per_character


def duration(seconds: float) -> str:
    """A time in words: ``40 s``, ``3 min``, ``2 h 05 min``."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


class Stop:
    """Ctrl-C, or SIGTERM, ends a run at its next step; a second time at once.

    Before the run's first step, and after its last, there is nothing to save: then it
    ends the command at once as well.
    """

    def __init__(self) -> None:
        self.number = 0  # of the signal that asked for it
        self.asked = False  # whether a run is under way that can be stopped

    def __call__(self) -> bool:
        """Say whether to stop; a run asks between its steps."""
        self.asked = True
        return bool(self.number)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Take signals inside the block; in the main thread, where they arrive."""
        before = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                before[number] = signal.signal(number, self._take)
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self.number or not self.asked:
            if number == signal.SIGINT:
                raise KeyboardInterrupt
            raise SystemExit(128 + number)
        self.number = number
        print(
            "\nStopping after this step and saving; once more stops at once.",
            file=sys.stderr,
            flush=True,
        )
