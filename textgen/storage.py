"""What ships, where a person's own things live, and how files are read and written.

What ships (models, facts about the dataset, the app itself) lies in the checkout's own
folders, and in an installed package under ``textgen/_shipped``, in the same order. What
a person makes never lies among them: it has a home of its own.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from textgen.errors import FactsError

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_shipped"
#: The folder that holds all that ships.
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
DATA = ROOT / "data"
MODELS = ROOT / "assets" / "models"
WEB = ROOT / "web"
DEFAULT_MODEL = "headlines-gru"


def is_checkout() -> bool:
    """Say whether this is a working copy, in which what ships can be made again."""
    return ROOT != _INSTALLED


def home() -> Path:
    """Where a person's own things live: ``$TEXTGEN_HOME``, else their data folder.

    The data folder is the operating system's (``platformdirs``). It need not exist.
    """
    if named := os.environ.get("TEXTGEN_HOME"):
        return Path(named).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("textgen", appauthor=False)


def own_runs() -> Path:
    """Where training keeps its checkpoints, a folder a run."""
    return home() / "runs"


def own_models() -> Path:
    """Where models go that a person trained, a folder each."""
    return home() / "models"


def own_texts() -> Path:
    """Where texts go that a person fetched or brought."""
    return home() / "texts"


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Write a file all at once or not at all.

    Args:
        path: what to write; replaced when the block ends without an error.

    Yields:
        Where to write meanwhile, ``NAME.partial`` beside it; removed after an error.
    """
    path = Path(path)
    partial = path.with_name(path.name + ".partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_facts(path: str | Path, needed: Collection[str] = ()) -> dict[str, Any]:
    """Read a JSON object, a file of facts.

    Args:
        path: the file.
        needed: fields that it must have.

    Raises:
        FactsError: it is missing, damaged, or lacks a field.
    """
    path = Path(path)
    facts = _parsed(path, _text(path))
    if not isinstance(facts, dict):
        raise FactsError(f"{path}: is not a JSON object.")
    if missing := [name for name in needed if name not in facts]:
        raise FactsError(f"{path}: has no field {', '.join(map(repr, missing))}.")
    return facts


def write_facts(path: str | Path, facts: Mapping[str, Any]) -> None:
    """Write a JSON object, whole; what cannot be written as one changes nothing."""
    _write(path, json.dumps(facts, indent=2, ensure_ascii=False) + "\n")


def read_records(path: str | Path) -> list[dict[str, Any]]:
    """Read JSON objects, one a line.

    Raises:
        FactsError: the file is missing or damaged.
    """
    path = Path(path)
    found = [_parsed(path, line) for line in _text(path).split("\n") if line]
    if not all(isinstance(record, dict) for record in found):
        raise FactsError(f"{path}: has a line that is not a JSON object.")
    return found


def write_records(path: str | Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Write JSON objects, one a line, whole."""
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    _write(path, "".join(lines))


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FactsError(f"{path}: cannot be read ({error}).") from error


def _parsed(path: Path, text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FactsError(f"{path}: cannot be read ({error}).") from error


def _write(path: str | Path, text: str) -> None:
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8")
