"""Commands that write and read texts: generate, path, score, explain."""

from __future__ import annotations

import argparse
from dataclasses import fields
from typing import TYPE_CHECKING

from textgen.cli.common import (
    add_fields,
    add_model_and_output,
    command_of,
    number,
    only_gru,
    print_json,
    some_path,
    some_text,
)
from textgen.fields import described
from textgen.storage import DEFAULT_MODEL
from textgen.writing.options import Options

if TYPE_CHECKING:
    from textgen.cli.common import Commands
    from textgen.writing.generator import Generator


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser's."""
    _add_generate(commands)
    _add_path(commands)
    _add_score(commands)
    _add_explain(commands)


def _add_generate(commands: Commands) -> None:
    command = command_of(commands, "generate", _generate, "write texts")
    add_fields(command, Options, "temperature", "count", count=5)
    _add_options(command)
    add_model_and_output(command)


def _add_options(command: argparse.ArgumentParser) -> None:
    own = ("temperature", "count")
    add_fields(command, Options, *(n for n in described(Options) if n not in own))
    command.add_argument(
        "--words-to-avoid",
        type=some_path,
        metavar="FILE",
        help="a list in place of data/words_to_avoid.txt, in the same form; turns "
        "--class-safe on",
    )


def _options(chosen: argparse.Namespace) -> Options:
    names = {f.name for f in fields(Options)}
    options = Options(**{k: v for k, v in vars(chosen).items() if k in names})
    return options.but(class_safe=True) if chosen.words_to_avoid else options


def _generator(chosen: argparse.Namespace) -> Generator:
    from textgen.corpus.avoid import WordsToAvoid
    from textgen.writing.generator import Generator

    generator = Generator.load(chosen.model, chosen.engine)
    if file := getattr(chosen, "words_to_avoid", None):
        generator.word_lists.avoid = WordsToAvoid.load(file)
    return generator


def _generate(chosen: argparse.Namespace) -> None:
    headlines = _generator(chosen).generate(_options(chosen))
    if chosen.json:
        print_json([headline.to_dict() for headline in headlines])
        return
    for headline in headlines:
        note = "  [copied from the training set]" if headline.copied else ""
        cut = "" if headline.ended else " …"
        print(f"{headline.text}{cut}{note}")


def _add_path(commands: Commands) -> None:
    command = command_of(
        commands,
        "path",
        _path,
        "list all that a seed's first text becomes over a range of temperatures",
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


def _add_score(commands: Commands) -> None:
    command = command_of(
        commands,
        "score",
        _score,
        "say how probable texts are, in the pieces that the model reads them in",
    )
    _add_texts(command, "texts", nargs="+")
    add_model_and_output(command)


def _add_texts(
    command: argparse.ArgumentParser, name: str, nargs: str | None = None
) -> None:
    """What is to be read, and as which category."""
    command.add_argument(
        name, nargs=nargs, type=some_text, metavar="TEXT", help="any text"
    )
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


def _add_explain(commands: Commands) -> None:
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
