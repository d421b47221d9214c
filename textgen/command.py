"""What the commands of the command line share."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

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
    command.set_defaults(run=run)
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


def print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))
