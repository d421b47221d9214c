"""The News Category Dataset: find it, read it, clean it, split it, sum it up.

Rishabh Misra, "News Category Dataset", arXiv:2209.11429; Kaggle
``rmisra/news-category-dataset``. JSON lines, one HuffPost headline each.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from textgen.errors import DatasetError
from textgen.paths import DATA, whole_file
from textgen.tokenizer import normalise

KAGGLE_HANDLE = "rmisra/news-category-dataset"
FIELDS = ("headline", "category", "short_description", "date")
SPLITS = ("train", "validation", "test")


_WORD = re.compile(r"\S+")
_HOW_TO_GET = (
    "Get it with `python -m textgen dataset download`, or put Kaggle's file "
    "(.json, .json.gz or .zip) into data/."
)


def locate(folder: str | Path | None = None) -> Path | None:
    """Find Kaggle's file in a folder.

    Args:
        folder: where to look; the project's ``data/`` when not given.

    Returns:
        The newest version found (v3 before v2; plain before compressed), or None.
    """
    folder = Path(folder) if folder is not None else DATA
    for stem in ("News_Category_Dataset_v3", "News_Category_Dataset_v2"):
        for ending in (".json", ".json.gz", ".json.zip", ".zip"):
            if (path := folder / f"{stem}{ending}").is_file():
                return path
    archive = folder / "news-category-dataset.zip"
    return archive if archive.is_file() else None


def read(path: str | Path) -> pd.DataFrame:
    """Read the dataset as Kaggle ships it.

    Args:
        path: ``.json`` (lines), ``.json.gz`` or the ``.zip`` as downloaded; v2 or v3.

    Returns:
        One row per line of the file, in its order, with the columns ``headline``,
        ``category``, ``short_description`` (str) and ``date`` (datetime64).

    Raises:
        DatasetError: the file is missing, empty or something else, or a line is
            broken; names the file, the line and the field.
    """
    path = Path(path)
    if not path.is_file():
        raise DatasetError(f"{path}: no such file. {_HOW_TO_GET}")
    columns: dict[str, list[str]] = {field: [] for field in FIELDS}
    number = 0
    try:
        for number, line in enumerate(_lines(path), start=1):
            if not line.strip():
                continue
            for field, value in _parse(line, path, number).items():
                columns[field].append(value)
    except UnicodeDecodeError as error:
        raise DatasetError(
            f"{path}: line {number + 1} is not UTF-8 text ({error.reason}). "
            "Is this the dataset's file, undamaged? Download it again."
        ) from error
    except (EOFError, gzip.BadGzipFile, zipfile.BadZipFile, OSError) as error:
        raise DatasetError(
            f"{path}: cannot be unpacked after line {number} ({error}). "
            "The download is probably incomplete: fetch it again."
        ) from error
    if not columns["headline"]:
        raise DatasetError(f"{path}: the file is empty. {_HOW_TO_GET}")
    frame = pd.DataFrame(columns)
    dates = pd.to_datetime(frame["date"], errors="coerce", format="mixed")
    if dates.isna().any():
        row = int(np.flatnonzero(dates.isna())[0])
        raise DatasetError(
            f"{path}: headline {row + 1}: field 'date' is {frame['date'][row]!r}, "
            "which is no date. Expected a form like 2022-09-23."
        )
    frame["date"] = dates
    return frame


def _lines(path: Path) -> Iterator[str]:
    """Yield the text lines of a plain, gzipped or zipped file."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic[:2] == b"\x1f\x8b":
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from lines
    elif magic == b"PK\x03\x04" or path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".json")]
            if not names:
                raise DatasetError(
                    f"{path}: the archive holds no .json file "
                    f"(it holds: {', '.join(archive.namelist()) or 'nothing'})."
                )
            with archive.open(sorted(names)[-1]) as raw:
                yield from io.TextIOWrapper(raw, encoding="utf-8")
    else:
        with path.open(encoding="utf-8") as lines:
            yield from lines


def _parse(line: str, path: Path, number: int) -> dict[str, str]:
    """Turn one JSON line into the fields we use, or say what is wrong with it."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        hint = (
            "The file must hold one JSON object per line, as Kaggle ships it."
            if number == 1
            else "Was the download cut off? Delete this line or fetch the file again."
        )
        raise DatasetError(
            f"{path}: line {number} is not JSON ({error.msg}, column {error.colno}). "
            f"{hint}"
        ) from error
    if not isinstance(row, dict):
        raise DatasetError(
            f"{path}: line {number} is a JSON {type(row).__name__}, not an object. "
            "The file must hold one JSON object per line, as Kaggle ships it."
        )
    for field in FIELDS:
        if field not in row:
            raise DatasetError(
                f"{path}: line {number}: field {field!r} is missing "
                f"(found: {', '.join(map(str, row)) or 'none'})."
            )
        if not isinstance(row[field], str):
            raise DatasetError(
                f"{path}: line {number}: field {field!r} is "
                f"{type(row[field]).__name__}, expected text."
            )
    return {field: row[field] for field in FIELDS}


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Normalise headlines; drop empty ones and repeats (by lower case, first kept).

    Args:
        frame: what :func:`read` returns; not changed.

    Returns:
        A new frame with the index 0 … n-1.
    """
    frame = frame.assign(headline=[normalise(text) for text in frame["headline"]])
    frame = frame[frame["headline"] != ""]
    repeated = frame["headline"].str.lower().duplicated(keep="first")
    return frame[~repeated].reset_index(drop=True)


def split_of(headline: str) -> str:
    """Say which split a headline belongs to, for ever and on every machine.

    Args:
        headline: a normalised headline; case does not matter.

    Returns:
        ``"train"`` (90 %), ``"validation"`` (5 %) or ``"test"`` (5 %), by SHA-256.
    """
    digest = hashlib.sha256(headline.lower().encode()).hexdigest()
    bucket = int(digest, 16) % 100
    return "train" if bucket < 90 else "validation" if bucket < 95 else "test"


def load(path: str | Path) -> pd.DataFrame:
    """Read, clean and split: the frame that models and benchmarks start from.

    Args:
        path: see :func:`read`.

    Returns:
        The cleaned frame with one more column, ``split``.

    Raises:
        DatasetError: see :func:`read`.
    """
    frame = clean(read(path))
    return frame.assign(split=[split_of(text) for text in frame["headline"]])


def descriptions(frame: pd.DataFrame) -> pd.DataFrame:
    """The train split's short descriptions, as more text to learn from.

    Each word gets a capital, as most headlines have it: so the model meets the same
    tokens in both. A description that quotes a validation or test headline is left
    out, whatever its capitals: the figures must stay fair.

    Args:
        frame: what :func:`load` returns.

    Returns:
        A frame with the columns ``text`` and ``category``; no text twice.
    """
    train = frame[frame["split"] == "train"]
    texts = [normalise(text) for text in train["short_description"]]
    found = pd.DataFrame({"text": texts, "category": train["category"].to_numpy()})
    found = found[found["text"] != ""].drop_duplicates("text")
    held_out = _Quotations(frame.loc[frame["split"] != "train", "headline"])
    fair = np.array([not held_out.quoted(text) for text in found["text"]], dtype=bool)
    found = found[fair]
    capitals = [
        " ".join(word[:1].upper() + word[1:] for word in text.split())
        for text in found["text"]
    ]
    return found.assign(text=capitals).reset_index(drop=True)


class _Quotations:
    """Finds headlines inside longer texts, by their first words."""

    LEAD = 3  # words

    def __init__(self, headlines: Iterable[str]) -> None:
        self._by_lead: dict[tuple[str, ...], list[list[str]]] = {}
        for headline in headlines:
            parts = headline.lower().split()
            self._by_lead.setdefault(tuple(parts[: self.LEAD]), []).append(parts)

    def quoted(self, text: str) -> bool:
        parts = text.lower().split()
        for start in range(len(parts)):
            for length in range(1, self.LEAD + 1):
                lead = tuple(parts[start : start + length])
                for headline in self._by_lead.get(lead, ()):
                    # One or two words are a quotation only when they are all there is.
                    whole = parts == headline
                    inside = parts[start : start + len(headline)] == headline
                    if whole or (inside and len(headline) >= self.LEAD):
                        return True
        return False


def download(folder: str | Path | None = None) -> Path:
    """Fetch the dataset from Kaggle with ``kagglehub`` and put it into ``data/``.

    Args:
        folder: where to put it; the project's ``data/`` when not given.

    Returns:
        The path of the file.

    Raises:
        DatasetError: kagglehub is not installed, or Kaggle could not be reached.
    """
    folder = Path(folder) if folder is not None else DATA
    by_hand = (
        f"Or download it by hand from kaggle.com/datasets/{KAGGLE_HANDLE} "
        f"and put the file into {folder}/."
    )
    try:
        import kagglehub
    except ImportError as error:
        raise DatasetError(
            f"kagglehub is not installed: pip install kagglehub. {by_hand}"
        ) from error
    try:
        fetched = Path(kagglehub.dataset_download(KAGGLE_HANDLE))
    except Exception as error:  # kagglehub raises whatever its HTTP stack raises
        raise DatasetError(
            f"Kaggle could not be reached: {error}. {by_hand}"
        ) from error
    source = locate(fetched)
    if source is None:
        raise DatasetError(f"{fetched}: no dataset file in the download. {by_hand}")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / source.name
    with whole_file(target) as partial:
        partial.write_bytes(source.read_bytes())
    return target


def words(text: str) -> list[str]:
    """Split text into words: runs of anything that is not white space."""
    return _WORD.findall(text)
