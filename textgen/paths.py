"""Where things lie in the project's folder."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
MODELS = ROOT / "assets" / "models"
RUNS = ROOT / "runs"
DEFAULT_MODEL = "headlines-gru"


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
