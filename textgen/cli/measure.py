"""Commands that measure and sum up: evaluate, probe, dataset, figures."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from textgen.cli.common import (
    FILE_HELP,
    add_model_and_output,
    command_of,
    data_file,
    only_gru,
    print_json,
    shown,
    some_path,
    whole_number,
)
from textgen.errors import SettingError
from textgen.storage import (
    DATA,
    DEFAULT_MODEL,
    is_checkout,
)

if TYPE_CHECKING:
    import pandas as pd

    from textgen.cli.common import Commands


def add_commands(commands: Commands) -> None:
    """Add these commands to the parser's."""
    _add_evaluate(commands)
    _add_probe(commands)
    _add_dataset(commands)
    _add_figures(commands)


def _add_evaluate(commands: Commands) -> None:
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
        many = bundle.corpus.noun.many
        print(f"{shown(bundle.folder / sweep.FILE)}: {found['headlines']} {many} each")


def _add_probe(commands: Commands) -> None:
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
    from textgen.corpus import news
    from textgen.model.bundle import Bundle
    from textgen.study import probes

    bundle = Bundle(chosen.model)
    only_gru(chosen, bundle.config)
    if bundle.corpus.name != news.NAME:
        raise SettingError(
            f"must have learnt from the {news.NAME}, which probes read",
            model=chosen.model,
        )
    found = probes.probe(
        bundle,
        _frame(chosen),
        chosen.headlines,
        lambda line: print(line, file=sys.stderr),
    )
    probes.save(bundle, found)
    print_json(found)


def _add_dataset(commands: Commands) -> None:
    command = command_of(
        commands, "dataset", _dataset, "fetch the dataset, or sum it up"
    )
    command.add_argument(
        "action",
        choices=("download", "summary"),
        help="download: fetch the published file; summary: write the tables and the "
        "novelty index that the app ships (into a working copy of the project)",
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
    from textgen.corpus.trie import Trie
    from textgen.model.bundle import NOVELTY, WORDS

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
    for kind, name in ((NoveltyIndex, NOVELTY), (Trie, WORDS)):
        kind.build(train).save(folder / name)
        paths.append(folder / name)
    for path in paths:
        print(shown(path))


def _add_figures(commands: Commands) -> None:
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
