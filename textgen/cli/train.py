"""The command that trains."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from textgen.cli.common import (
    FILE_HELP,
    add_fields,
    command_of,
    data_file,
    shown,
    some_path,
    some_text,
)
from textgen.errors import SettingError
from textgen.model.config import ModelConfig, Recipe
from textgen.storage import MODELS, own_models, own_runs

if TYPE_CHECKING:
    from textgen.cli.common import Commands

#: What a person may choose of a network's shape; its texts say the rest.
SHAPE = ("cell", "embedding", "units", "layers", "dropout", "recurrent_dropout")


def add_command(commands: Commands) -> None:
    """Add the command to the parser's."""
    command = command_of(
        commands, "train", _train, "train a model and write its bundle"
    )
    add_options(command)


def add_options(command: argparse.ArgumentParser) -> None:
    """Add the options of ``train``."""
    command.add_argument("--data", type=some_path, help=FILE_HELP)
    command.add_argument(
        "--name", type=some_text, default="my-headlines", help="the model's name"
    )
    command.add_argument(
        "--output",
        type=some_path,
        help="folder of the run (default: runs/NAME among your own things)",
    )
    command.add_argument(
        "--bundle",
        type=some_path,
        help="folder of the model (default: models/NAME among your own things)",
    )
    command.add_argument(
        "--resume", action="store_true", help="continue the run in --output"
    )
    command.add_argument(
        "--note",
        type=some_text,
        default="",
        help="what the model card should say about this run",
    )
    add_fields(command.add_argument_group("the network"), ModelConfig, *SHAPE)
    add_fields(command.add_argument_group("the recipe"), Recipe)


def _train(chosen: argparse.Namespace) -> None:
    # What is wrong with the options is said at once: TensorFlow takes seconds to load.
    options = vars(chosen)
    shape = {name: options[name] for name in SHAPE}
    recipe = Recipe.from_dict(options)
    ModelConfig(recipe.vocabulary_size, **shape)
    _check_name(chosen)
    data = data_file(chosen)
    # TensorFlow's start-up notes would bury the progress bar.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Where TensorFlow leaves oneDNN's products off (AMD, AVX2) they save a tenth.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    from textgen.cli.progress import Bar, Stop
    from textgen.training import events, workflow

    folder = chosen.output or own_runs() / chosen.name
    bar = Bar(events.read(folder / events.EVENTS) if chosen.resume else ())
    stop = Stop()

    def report(event: events.Event) -> None:
        stop.asked = not isinstance(event, events.Finished)
        bar(event)

    with stop.listening():
        finished = workflow.train(
            data,
            folder,
            chosen.bundle or own_models() / chosen.name,
            model=shape,
            recipe=recipe,
            resume=chosen.resume,
            command=training_command(chosen),
            note=chosen.note,
            report=report,
            stop=stop,
        )
    if finished is None:
        bar.close()
        again = command_line(chosen, but={"resume": True})
        print(f"Stopped, and saved in {shown(folder)}. To go on:\n{again}")
        raise SystemExit(128 + stop.number)
    figure = finished.facts["figures"]["test_bits_per_character"]
    print(f"{shown(finished.folder)}: {figure:.4f} bits per character on test")


def _check_name(chosen: argparse.Namespace) -> None:
    """Refuse a name that is none, and one that would take another model's place."""
    name = chosen.name
    if Path(name).name != name or name in ("", ".", ".."):
        raise SettingError("must be the name of a folder", name=name)
    taken = ""
    if (MODELS / name).exists():
        taken = "a model of that name ships"
    elif (own_models() / name).exists() and not chosen.resume:
        taken = "you have a model of that name"
    if taken and chosen.bundle is None:
        raise SettingError(
            f"{taken}; choose another, or say with --bundle where yours should lie",
            name=name,
        )


def command_line(
    chosen: argparse.Namespace,
    leave_out: Collection[str] = (),
    but: Mapping[str, object] | None = None,
) -> str:
    """The shortest command line that says the same.

    Args:
        chosen: the options as they were read.
        leave_out: names of options that do not matter.
        but: values that some options should have instead.
    """
    fresh = argparse.ArgumentParser()
    add_options(fresh)
    values = {**vars(chosen), **(but or {})}
    words = ["python", "-m", "textgen", "train"]
    for action in fresh._actions:
        value = values.get(action.dest, action.default)
        if action.dest in leave_out or value == action.default:
            continue
        option = action.option_strings[-1]
        words += [option] if value is True else [option, str(value)]
    return shlex.join(words)


def training_command(chosen: argparse.Namespace) -> str:
    """The shortest command line that trains the same model again."""
    return command_line(chosen, ("resume", "output", "bundle", "data", "note"))
