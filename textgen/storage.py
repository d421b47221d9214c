"""What ships, where a person's own things live, and how a file is written whole.

What ships (models, facts about the dataset, the app itself) lies in the checkout's own
folders, and in an installed package under ``textgen/_shipped``, in the same order. What
a person makes never lies among them: it has a home of its own.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_shipped"
#: The folder that holds all that ships.
ROOT = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
DATA = ROOT / "data"
MODELS = ROOT / "assets" / "models"
WEB = ROOT / "web"
RESULTS = ROOT / "benchmarks" / "results"
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
