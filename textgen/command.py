"""What the commands of the command line share."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from textgen.errors import TextgenError
from textgen.paths import DATA, DEFAULT_MODEL

FILE_HELP = (
    "Kaggle's file: .json, .json.gz or .zip, or a folder with it (default: the one in "
    "data/)"
)


def command_of(commands, name: str, run, summary: str) -> argparse.ArgumentParser:
    command = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    command.set_defaults(run=run, json=False)
    return command


def add_model_and_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )
    command.add_argument(
        "--engine",
        choices=("fast", "reference"),
        default="fast",
        help="int8 graph, or the NumPy reference",
    )


def data_file(chosen: argparse.Namespace) -> Path:
    from textgen import dataset

    if chosen.data is not None:
        return dataset.find(chosen.data)
    path = dataset.locate()
    if path is None:
        raise TextgenError(
            f"no dataset in {DATA}/. Give one with --data FILE, or fetch it with "
            "`python -m textgen dataset download`."
        )
    return path


def shown(path: Path) -> str:
    """A path as a person would type it from here."""
    path = Path(path).resolve()
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


@contextmanager
def losing_nothing() -> Iterator[None]:
    """Write characters that a stream's encoding lacks as escapes, ``\\u2019``.

    Windows' code page of the country has no emoji, for one: by default printing it is
    an error, in the middle of the output, and with ``?`` instead it would be lost.
    """
    with ExitStack() as stack:
        for stream in (sys.stdout, sys.stderr):
            stack.enter_context(_changed(stream, errors="backslashreplace"))
        yield


def utf8_output() -> AbstractContextManager[None]:
    """Standard output in UTF-8, which is what JSON is written in (RFC 8259)."""
    return _changed(sys.stdout, encoding="utf-8", errors="backslashreplace")


@contextmanager
def _changed(stream: TextIO | None, **settings: str) -> Iterator[None]:
    """Change a stream, and change it back; a stream that is no file stays as it is."""
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    before = {"encoding": stream.encoding, "errors": stream.errors}
    stream.reconfigure(**settings)
    try:
        yield
    finally:
        # What could not be written has been reported.
        with suppress(OSError):
            stream.reconfigure(**before)


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
