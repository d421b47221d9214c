"""The command line: ``python -m textgen generate | score | evaluate | train | …``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from importlib.util import find_spec
from typing import TYPE_CHECKING

from textgen.cli import measure, train, write
from textgen.cli.common import (
    Parser,
    command_of,
    explained,
    losing_nothing,
    utf8_output,
)
from textgen.errors import TextgenError
from textgen.storage import ROOT

if TYPE_CHECKING:
    from textgen.cli.common import Commands


def parser() -> argparse.ArgumentParser:
    """Build the parser, help texts included."""
    top = Parser(
        prog="python -m textgen",
        description="Texts from a small recurrent language model.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    write.add_commands(commands)
    _add_app(commands)
    measure.add_commands(commands)
    train.add_command(commands)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Standard output is UTF-8 for JSON, and otherwise what the terminal or the system
    asks for; a character that its encoding lacks is written as an escape sequence.

    Args:
        arguments: the words after ``python -m textgen``; ``sys.argv`` when None.

    Returns:
        0, or 1 when something the user can put right went wrong (said on stderr).
    """
    with losing_nothing():
        arguments = sys.argv[1:] if arguments is None else arguments
        reader = parser()
        chosen, rest = reader.parse_known_args(arguments)
        if rest and chosen.command != "app":
            reader.error(f"unrecognized arguments: {' '.join(rest)}")
        chosen.rest = rest
        with utf8_output() if chosen.json else nullcontext():
            return _run(chosen, arguments)


def _run(chosen: argparse.Namespace, arguments: Sequence[str]) -> int:
    try:
        chosen.run(chosen)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read along (`| head`) has had enough; Python must not try to flush
        # what is left (see its note on SIGPIPE).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (TextgenError, ValueError, TypeError, OSError) as error:
        print(f"textgen: {explained(error, chosen, arguments)}", file=sys.stderr)
        return 1
    except MemoryError:
        print("textgen: there is not enough memory for this", file=sys.stderr)
        return 1
    except ModuleNotFoundError as error:
        print(
            f"textgen: {error.name} is not installed. Charts and tables need "
            '`pip install "textgen[views]"`, training `pip install "textgen[train]"`; '
            "in a working copy `pip install -r requirements.txt` brings everything.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\ntextgen: interrupted", file=sys.stderr)
        return 130
    return 0


def _add_app(commands: Commands) -> None:
    command = command_of(
        commands, "app", _app, "start the lab, to be opened in a browser"
    )
    command.epilog = (
        "Anything else is passed on to Streamlit: --server.address=0.0.0.0 lets a "
        "class in, --server.port=8600 chooses the port."
    )


def _app(chosen: argparse.Namespace) -> None:
    if missing := [name for name in ("streamlit", "altair") if not find_spec(name)]:
        raise TextgenError(
            f'the lab needs {" and ".join(missing)}: pip install "textgen[app,views]"'
        )
    # Streamlit reads the theme and the server's settings from where it is started.
    os.chdir(ROOT)
    words = [sys.executable, "-m", "streamlit", "run", "app.py", *chosen.rest]
    if os.name == "nt":
        raise SystemExit(subprocess.call(words))
    # In place of this process, so that whoever ends it ends the server.
    os.execv(sys.executable, words)
