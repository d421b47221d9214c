"""The command line: ``python -m textgen generate | score | evaluate | train | …``."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import fields
from importlib.util import find_spec

from textgen.cli import study
from textgen.cli.common import (
    Parser,
    add_fields,
    add_model_and_output,
    command_of,
    explained,
    losing_nothing,
    number,
    only_gru,
    print_json,
    some_text,
    utf8_output,
)
from textgen.errors import TextgenError
from textgen.fields import described
from textgen.storage import DEFAULT_MODEL, ROOT
from textgen.writing.options import Options


def parser() -> argparse.ArgumentParser:
    """Build the parser, help texts included."""
    top = Parser(
        prog="python -m textgen",
        description="Headlines from a small recurrent language model.",
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_generate(commands)
    _add_path(commands)
    _add_score(commands)
    _add_explain(commands)
    _add_app(commands)
    study.add_commands(commands)
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


def _add_generate(commands) -> None:
    command = command_of(commands, "generate", _generate, "write headlines")
    add_fields(command, Options, "temperature", "count", count=5)
    _add_options(command)
    add_model_and_output(command)


def _add_options(command: argparse.ArgumentParser) -> None:
    own = ("temperature", "count")
    add_fields(command, Options, *(n for n in described(Options) if n not in own))


def _options(chosen: argparse.Namespace) -> Options:
    names = {f.name for f in fields(Options)}
    return Options(**{k: v for k, v in vars(chosen).items() if k in names})


def _generator(chosen: argparse.Namespace):
    from textgen.writing.generator import Generator

    return Generator.load(chosen.model, chosen.engine)


def _generate(chosen: argparse.Namespace) -> None:
    headlines = _generator(chosen).generate(_options(chosen))
    if chosen.json:
        print_json([headline.to_dict() for headline in headlines])
        return
    for headline in headlines:
        note = "  [copied from the training set]" if headline.copied else ""
        cut = "" if headline.ended else " …"
        print(f"{headline.text}{cut}{note}")


def _add_path(commands) -> None:
    command = command_of(
        commands,
        "path",
        _path,
        "list all that a seed's first headline becomes over a range of temperatures",
    )
    command.add_argument(
        "--from", dest="low", type=number, default=0.05, help="the coldest temperature"
    )
    command.add_argument(
        "--to", dest="high", type=number, default=2.0, help="the hottest temperature"
    )
    _add_options(command)
    add_model_and_output(command)


def _path(chosen: argparse.Namespace) -> None:
    from textgen.explain import path

    parts = path.path(_generator(chosen), _options(chosen), chosen.low, chosen.high)
    if chosen.json:
        print_json([part.to_dict() for part in parts])
        return
    for part in parts:
        print(f"{part.low:.4f} to {part.high:.4f}  {part.headline.text}")


def _add_score(commands) -> None:
    command = command_of(
        commands,
        "score",
        _score,
        "say how probable texts are, in the pieces that the model reads them in",
    )
    _add_texts(command, "texts", nargs="+")
    add_model_and_output(command)


def _add_texts(command: argparse.ArgumentParser, name: str, **how: str) -> None:
    """What is to be read, and as which category."""
    command.add_argument(name, type=some_text, metavar="TEXT", help="a headline", **how)
    add_fields(command, Options, "category")


def _score(chosen: argparse.Namespace) -> None:
    scores = _generator(chosen).score(chosen.texts, chosen.category)
    if chosen.json:
        print_json([score.to_dict() for score in scores])
        return
    for score in scores:
        print(
            f"{score.log_probability:9.2f} nats  {score.bits_per_character:6.3f} "
            f"bits/character  {score.text}"
        )


def _add_explain(commands) -> None:
    command = command_of(
        commands, "explain", _explain, "show what the gates did at every token"
    )
    _add_texts(command, "text")
    command.add_argument("--json", action="store_true", help="print JSON")
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )


def _explain(chosen: argparse.Namespace) -> None:
    from textgen.explain.trace import trace
    from textgen.writing.generator import Generator

    generator = Generator.load(chosen.model, "reference")
    only_gru(chosen, generator.engine.config)
    read = trace(generator, chosen.text, chosen.category)
    rows = read.to_dict()
    if chosen.json:
        print_json(rows)
        return
    print("   log p   rank  entropy   kept  past seen  token")
    for row, name in zip(rows, read.judged_names, strict=True):
        kept, seen = row["mean_update_gate"], row["mean_reset_gate"]
        gates = "   –          –" if kept is None else f"{kept:5.0%} {seen:10.0%}"
        print(
            f"{row['log_probability']:8.2f} {row['rank']:6,} {row['entropy']:8.2f}  "
            f"{gates}  {name}"
        )


def _add_app(commands) -> None:
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
