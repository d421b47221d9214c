"""What the commands of the command line share."""

from __future__ import annotations

import argparse
import io
import json
import re
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

from textgen.errors import LONGEST_VALUE, ResumeError, SettingError, TextgenError
from textgen.fields import About, described
from textgen.model.cells import GRU
from textgen.model.config import ModelConfig
from textgen.model.engines import ENGINES, FAST
from textgen.storage import DEFAULT_MODEL

FILE_HELP = (
    "the dataset's file: .json, .json.gz or .zip, or a folder with it (default: "
    "the one in data/ of a working copy, or among your texts)"
)


#: Options whose name is not their setting's, as a person may type them.
_OPTIONS = {
    "count": ("--count", "-n"),
    "low": ("--from",),
    "high": ("--to",),
    "vocabulary_size": ("--vocabulary",),
}


_SURROGATE = re.compile("[\ud800-\udfff]")
_PATHS = ("model", "data", "output", "bundle", "folder", "words_to_avoid")


class Parser(argparse.ArgumentParser):
    """A parser that says what is wrong in one line, as the commands do."""

    def error(self, message: str) -> NoReturn:
        if message.endswith("expected one argument"):
            option = message.split()[1].rstrip(":").split("/")[-1]
            message += f" (one that begins with a dash is joined to it: {option}=-…)"
        self.exit(2, f"textgen: {message}. `{self.prog} --help` explains.\n")


if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[Parser]


def whole_number(text: str) -> int:
    """Read a whole number that a person typed."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{_shortened(text)!r} is not a whole number"
        ) from None


def number(text: str) -> float:
    """Read a number that a person typed."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{_shortened(text)!r} is not a number"
        ) from None


def some_text(text: str) -> str:
    """Read text that a person typed; bytes that are none would be lost on the way."""
    if lost := _SURROGATE.search(text):
        code = ord(lost[0])
        stray = 0xDC80 <= code <= 0xDCFF  # Python's "surrogateescape"
        what = f"the byte {code - 0xDC00:#x}" if stray else "half a character"
        raise argparse.ArgumentTypeError(
            f"{_shortened(text)!r} holds {what}, which is no UTF-8"
        )
    return text


def some_path(text: str) -> Path:
    """Read a path that a person typed."""
    if not text:
        raise argparse.ArgumentTypeError("'' is not a path")
    return Path(text)


def explained(
    error: Exception, chosen: argparse.Namespace, arguments: Sequence[str]
) -> str:
    """Say what is wrong in the words that a person typed.

    The library names its own fields, ``max_words=99``; at the command line that is
    ``--max-words 99``.

    Args:
        error: what the library said.
        chosen: the options as they were read.
        arguments: the words after ``python -m textgen``.
    """
    if isinstance(error, ResumeError):
        return error.told(lambda name: (*_options_of(name, chosen), name)[0])
    if isinstance(error, SettingError):
        if not all(_options_of(name, chosen) for name in error.settings):
            return str(error)
        words = (
            _typed(name, chosen, arguments)
            or f"{_options_of(name, chosen)[0]} {shlex.quote(str(value))}"
            for name, value in error.settings.items()
        )
        return f"{' '.join(words)}: {error.allowed}"
    message = str(error)
    if isinstance(error, OSError) and error.filename is not None:
        in_the_way = isinstance(error, FileExistsError | NotADirectoryError)
        why = "a file stands where a folder is needed" if in_the_way else error.strerror
        message = f"{error.filename}: {why}"
    # A message about a path begins with it.
    for name in _PATHS:
        value = getattr(chosen, name, None)
        typed = _typed(name, chosen, arguments)
        if typed and message.startswith(f"{value}: "):
            return typed + message.removeprefix(str(value))
    return message


def _options_of(name: str, chosen: argparse.Namespace) -> tuple[str, ...]:
    """What may be typed for a setting; nothing where the command has no such option."""
    options = _OPTIONS.get(name, (f"--{name.replace('_', '-')}",))
    known = (name, options[0].removeprefix("--"))
    return options if any(hasattr(chosen, key) for key in known) else ()


def _typed(
    name: str, chosen: argparse.Namespace, arguments: Sequence[str]
) -> str | None:
    """An option and its value as they were typed, or None."""
    found = None
    for word, following in zip(arguments, [*arguments[1:], ""], strict=True):
        option, joined, value = word.partition("=")
        if option in _options_of(name, chosen):
            value = value if joined else following
            # A path is always given whole, or it would name nothing.
            value = value if name in _PATHS else _shortened(value)
            found = f"{option}{joined or ' '}{shlex.quote(value)}"
    return found


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


class _Help(argparse.ArgumentDefaultsHelpFormatter):
    """Says the default of each option that has one."""

    def _get_help_string(self, action: argparse.Action) -> str | None:
        if action.default in (None, ""):
            return action.help
        return super()._get_help_string(action)


def command_of(
    commands: Commands,
    name: str,
    run: Callable[[argparse.Namespace], None],
    summary: str,
) -> argparse.ArgumentParser:
    """Add a command.

    Args:
        commands: the parser's.
        name: of the command.
        run: does it.
        summary: says what it does; no full stop.
    """
    command = commands.add_parser(
        name,
        help=summary,
        description=summary[0].upper() + summary[1:] + ".",
        formatter_class=_Help,
    )
    command.set_defaults(run=run, json=False, rest=[])
    return command


def add_fields(
    command: argparse._ActionsContainer, record: type, *names: str, **defaults: object
) -> None:
    """Add an option for each field of a record that says what it is.

    What is allowed is the record's to check, when it is made: it names the value as it
    was typed (:func:`explained`), whichever option or address it came from.

    Args:
        command: or a group of its options.
        record: see :mod:`textgen.fields`.
        *names: of the fields, in the order of the help; by default all.
        **defaults: of this command, where they are not the record's own.
    """
    about = described(record)
    for name in names or about:
        field = about[name]
        default = defaults.get(name, field.default)
        options = _OPTIONS.get(name, (f"--{name.replace('_', '-')}",))
        command.add_argument(
            *sorted(options, key=len),
            dest=name,
            default=default,
            help=_help_of(field, default),
            **_READ[field.kind],
        )


#: How options of each kind are read.
_READ: dict[str, dict] = {
    "whole": {"type": whole_number},
    "number": {"type": number},
    "choice": {"type": some_text},
    "text": {"type": some_text},
    "switch": {"action": argparse.BooleanOptionalAction},
}


def _help_of(field: About, default: object) -> str:
    """The gloss, then the range and the default."""
    notes = []
    if field.kind in ("whole", "number"):
        notes.append(field.span)
    elif field.kind == "choice":
        notes.append(field.allowed)
    if default not in (None, ""):
        notes.append("default %(default)s")
    gloss, note = field.gloss.replace("%", "%%"), "; ".join(notes)
    return f"{gloss} {note[0].upper()}{note[1:]}." if note else gloss


def add_model_and_output(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )
    command.add_argument(
        "--engine",
        choices=ENGINES,
        default=FAST,
        help="int8 graph, or the NumPy reference",
    )


def data_file(chosen: argparse.Namespace) -> Path:
    from textgen.corpus import news

    if chosen.data is not None:
        return news.find(chosen.data)
    path = news.locate()
    if path is None:
        raise TextgenError(
            f"no dataset in {news.usual_folder()}/. Give one with --data FILE, or "
            "fetch it with `python -m textgen dataset download`."
        )
    return path


def only_gru(chosen: argparse.Namespace, config: ModelConfig) -> None:
    """Refuse a model without a GRU's gates."""
    if config.cell != GRU.key:
        raise SettingError("must be a GRU, and is not one", model=chosen.model)


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
def _changed(
    stream: TextIO | None, encoding: str | None = None, errors: str | None = None
) -> Iterator[None]:
    """Change a stream, and change it back; a stream that is no file stays as it is."""
    if not isinstance(stream, io.TextIOWrapper):
        yield
        return
    before = (stream.encoding, stream.errors)
    stream.reconfigure(encoding=encoding, errors=errors)
    try:
        yield
    finally:
        # What could not be written has been reported.
        with suppress(OSError):
            stream.reconfigure(encoding=before[0], errors=before[1])


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
