"""Commands that train and measure: evaluate, probe, train, dataset, figures."""

from __future__ import annotations

import argparse
import logging
import os
import shlex
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from textgen.cli.common import (
    FILE_HELP,
    add_model_and_output,
    command_of,
    data_file,
    number,
    only_gru,
    print_json,
    shown,
    some_path,
    some_text,
    whole_number,
)
from textgen.errors import SettingError
from textgen.model.cells import CELLS, GRU
from textgen.model.config import ModelConfig, Recipe
from textgen.storage import (
    DATA,
    DEFAULT_MODEL,
    MODELS,
    is_checkout,
    own_models,
    own_runs,
)

if TYPE_CHECKING:
    import pandas as pd

_TYPES = {int: whole_number, float: number, str: str}
_SHAPE = ("cell", "embedding", "units", "layers", "dropout", "recurrent_dropout")


def add_commands(commands) -> None:
    """Add these commands to the parser's."""
    _add_evaluate(commands)
    _add_probe(commands)
    _add_train(commands)
    _add_dataset(commands)
    _add_figures(commands)


def _add_evaluate(commands) -> None:
    command = command_of(
        commands, "evaluate", _evaluate, "measure a model on validation and test"
    )
    command.add_argument("--data", type=some_path, help=FILE_HELP)
    command.add_argument(
        "--sweep",
        action="store_true",
        help="measure what the model writes at every temperature instead, and keep "
        "the figures in its folder",
    )
    command.add_argument(
        "--headlines",
        type=whole_number,
        default=2000,
        help="with --sweep: how many to write at each temperature",
    )
    add_model_and_output(command)


def _evaluate(chosen: argparse.Namespace) -> None:
    from textgen.corpus import news
    from textgen.study import likelihood
    from textgen.writing.generator import Generator

    if chosen.sweep:
        _sweep(chosen)
        return
    generator = Generator.load(chosen.model, chosen.engine)
    texts = news.corpus(data_file(chosen))
    figures = likelihood.evaluate(
        generator, texts.part("validation"), texts.part("test")
    )
    figures |= {"model": chosen.model, "engine": chosen.engine}
    if chosen.json:
        print_json(figures)
        return
    for name, value in figures.items():
        text = f"{value:.4f}" if isinstance(value, float) else value
        print(f"{name:44} {text}")


def _frame(chosen: argparse.Namespace) -> pd.DataFrame:
    """The dataset, cleaned and split."""
    from textgen.corpus import news

    return news.load(data_file(chosen))


def _sweep(chosen: argparse.Namespace) -> None:
    from textgen.model.bundle import Bundle
    from textgen.study import sweep
    from textgen.writing.generator import Generator

    bundle = Bundle(chosen.model)
    found = sweep.sweep(
        Generator.from_bundle(bundle, chosen.engine),
        _frame(chosen),
        headlines=chosen.headlines,
        show=lambda line: print(line, file=sys.stderr),
    )
    sweep.save(bundle, found)
    if chosen.json:
        print_json(found)
    else:
        print(
            f"{shown(bundle.folder / sweep.FILE)}: {found['headlines']} headlines each"
        )


def _add_probe(commands) -> None:
    command = command_of(
        commands,
        "probe",
        _probe,
        "find units with a job and how well categories are told, and keep the figures "
        "in the model's folder",
    )
    command.add_argument("--data", type=some_path, help=FILE_HELP)
    command.set_defaults(json=True)
    command.add_argument(
        "--headlines", type=whole_number, default=10_000, help="how many to probe on"
    )
    command.add_argument(
        "--model", default=DEFAULT_MODEL, help="a model that ships, or a folder"
    )


def _probe(chosen: argparse.Namespace) -> None:
    from textgen.model.bundle import Bundle
    from textgen.study import probes

    bundle = Bundle(chosen.model)
    only_gru(chosen, bundle.config)
    found = probes.probe(
        bundle,
        _frame(chosen),
        chosen.headlines,
        lambda line: print(line, file=sys.stderr),
    )
    probes.save(bundle, found)
    print_json(found)


def _add_train(commands) -> None:
    command = command_of(
        commands, "train", _train, "train a model and write its bundle"
    )
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
    from textgen.cli.main import parser

    default = vars(parser().parse_args(["train"]))
    words = ["python", "-m", "textgen", "train"]
    for name, value in vars(chosen).items():
        if name in ("command", "run", "resume", "output", "bundle", "data", "note"):
            continue
        if value != default[name]:
            words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)


def _add_dataset(commands) -> None:
    command = command_of(
        commands, "dataset", _dataset, "fetch the dataset, or sum it up"
    )
    command.add_argument(
        "action",
        choices=("download", "summary"),
        help="download: fetch Kaggle's file; summary: write the tables and the novelty "
        "index that the app ships (into a working copy of the project)",
    )
    command.add_argument("--data", type=some_path, help=FILE_HELP)
    command.add_argument(
        "--folder",
        type=some_path,
        help="where the results go (default: data/ of a working copy, else the texts "
        "in your own folder)",
    )


def _dataset(chosen: argparse.Namespace) -> None:
    from textgen.corpus import news, summary
    from textgen.corpus.corpus import split_of
    from textgen.corpus.novelty import NoveltyIndex
    from textgen.model.bundle import NOVELTY

    if chosen.action == "download":
        print(shown(news.download(chosen.folder)))
        return
    frame = news.read(data_file(chosen))
    folder = chosen.folder
    if folder is None:
        if not is_checkout():
            raise SettingError(
                "must be given: what is installed is not written to", folder=""
            )
        folder = DATA
    paths = summary.save(summary.summarise(frame), folder)
    cleaned = news.clean(frame)["headline"]
    train = [text for text in cleaned if split_of(text) == "train"]
    index = NoveltyIndex.build(train)
    index.save(folder / NOVELTY)
    for path in [*paths, folder / NOVELTY]:
        print(shown(path))


def _add_figures(commands) -> None:
    command = command_of(
        commands,
        "figures",
        _figures,
        "draw all figures that the app offers for slides, as its pages open",
    )
    command.add_argument(
        "--output", type=some_path, default=Path("figures"), help="folder to write to"
    )
    command.add_argument("--model", default=DEFAULT_MODEL, help="whose charts")


def _figures(chosen: argparse.Namespace) -> None:
    from textgen.model.bundle import Bundle
    from textgen.views import figures, gallery

    chosen.output.mkdir(parents=True, exist_ok=True)
    for name, figure in gallery.draw(Bundle(chosen.model)):
        for kind in ("png", "svg"):
            path = chosen.output / f"{name}.{kind}"
            path.write_bytes(figures.render(figure, kind))
            print(shown(path))
