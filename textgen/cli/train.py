"""The command that trains."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from textgen.cli.common import (
    FILE_HELP,
    command_of,
    data_file,
    number,
    shown,
    some_path,
    some_text,
    whole_number,
)
from textgen.errors import SettingError
from textgen.model.cells import CELLS, GRU
from textgen.model.config import ModelConfig, Recipe
from textgen.storage import MODELS, own_models, own_runs

if TYPE_CHECKING:
    from textgen.cli.common import Commands

_TYPES: dict[type, Callable[[str], object]] = {
    int: whole_number,
    float: number,
    str: str,
}
_SHAPE = ("cell", "embedding", "units", "layers", "dropout", "recurrent_dropout")


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
        "--limit",
        type=whole_number,
        default=0,
        help="train on so many headlines only; 0: all",
    )
    command.add_argument(
        "--note",
        type=some_text,
        default="",
        help="what the model card should say about this run",
    )
    shape = command.add_argument_group("the network")
    shape.add_argument("--cell", choices=CELLS, default=GRU.key, help="recurrent cell")
    shape.add_argument(
        "--embedding", type=whole_number, default=256, help="width of a token"
    )
    shape.add_argument(
        "--units", type=whole_number, default=640, help="width of the state"
    )
    shape.add_argument(
        "--layers", type=whole_number, default=1, help="recurrent layers"
    )
    shape.add_argument("--dropout", type=number, default=0.2, help="share silenced")
    shape.add_argument(
        "--recurrent-dropout",
        type=number,
        default=0.0,
        help="share of recurrent weights silenced in each step",
    )
    shape.add_argument(
        "--level",
        choices=("subword", "character", "word"),
        default="subword",
        help="what a token is",
    )
    shape.add_argument(
        "--vocabulary", type=whole_number, default=8192, help="tokens in all, at most"
    )
    how = command.add_argument_group("the recipe")
    glosses = {
        "epochs": "passes over the train split",
        "batch_size": "headlines per step",
        "learning_rate": "at its peak; falls to zero along a cosine",
        "warmup_steps": "steps in which it rises",
        "weight_decay": "AdamW's",
        "clip_norm": "largest length of the gradient",
        "category_dropout": "share of headlines trained as any category",
        "sampled_words": "softmax candidates per step; 0: the whole vocabulary",
        "longest": "longer headlines (in tokens) are not trained on",
        "description_epochs": "so many first epochs read descriptions as well",
        "description_share": "of all descriptions, in each of those epochs",
        "patience": "epochs without a better validation figure before stopping",
        "precision": "of products: float32, or bfloat16 where that is faster",
        "seed": "of weights, order, dropout and candidates",
    }
    for f in fields(Recipe):
        how.add_argument(
            f"--{f.name.replace('_', '-')}",
            type=_TYPES[type(f.default)],
            default=f.default,
            help=glosses[f.name],
        )


def _train(chosen: argparse.Namespace) -> None:
    # What is wrong with the options is said at once: TensorFlow takes seconds to load.
    options = vars(chosen)
    shape = {name: options[name] for name in _SHAPE}
    ModelConfig(chosen.vocabulary, **shape)
    recipe = Recipe.from_dict(options)
    if Path(chosen.name).name != chosen.name or chosen.name in ("", ".", ".."):
        raise SettingError("must be the name of a folder", name=chosen.name)
    if chosen.bundle is None and (MODELS / chosen.name).exists():
        raise SettingError(
            "a model of that name ships; choose another, or say with --bundle where "
            "yours should lie",
            name=chosen.name,
        )
    data = data_file(chosen)
    # TensorFlow's start-up notes would bury the progress bar.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    # Where TensorFlow leaves oneDNN's products off (AMD, AVX2) they save a tenth.
    os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    from textgen.training import workflow

    finished = workflow.train(
        data,
        chosen.output or own_runs() / chosen.name,
        chosen.bundle or own_models() / chosen.name,
        level=chosen.level,
        vocabulary_size=chosen.vocabulary,
        model=shape,
        recipe=recipe,
        resume=chosen.resume,
        limit=chosen.limit,
        command=training_command(chosen),
        note=chosen.note,
    )
    figure = finished.facts["figures"]["test_bits_per_character"]
    print(f"{shown(finished.folder)}: {figure:.4f} bits per character on test")


def training_command(chosen: argparse.Namespace) -> str:
    """The shortest command line that trains the same model again."""
    fresh = argparse.ArgumentParser()
    add_options(fresh)
    default = vars(fresh.parse_args([]))
    words = ["python", "-m", "textgen", "train"]
    for name, value in vars(chosen).items():
        if name in ("resume", "output", "bundle", "data", "note"):
            continue
        if name in default and value != default[name]:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)
