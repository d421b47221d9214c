"""The News Category Dataset: find it, read it, clean it, split it, sum it up.

JSON lines, one HuffPost headline each. Whose it is, and where: :data:`LINKS`.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from textgen.corpus import files
from textgen.corpus.corpus import (
    PREPARED,
    Corpus,
    CorpusFacts,
    Noun,
    check_splits,
    split_of,
)
from textgen.corpus.language import SPACED
from textgen.corpus.quotations import Quotations
from textgen.errors import DatasetError
from textgen.storage import DATA, is_checkout, own_texts, whole_file

NAME = "News Category Dataset"
ARXIV = "2209.11429"
KAGGLE_HANDLE = "rmisra/news-category-dataset"
FIELDS = ("headline", "category", "short_description", "date")

#: Whose texts they are, as a sentence about them goes on.
PUBLISHED = "that HuffPost published"
#: What a model that learnt from it carries along.
FACTS = CorpusFacts(
    name=NAME,
    noun=Noun("headline", "headlines"),
    about=f"{NAME} by Rishabh Misra (arXiv:{ARXIV}): headlines {PUBLISHED} from 2012 "
    "to 2022",
    whose="HuffPost's headlines of 2012 to 2022",
    prepared=PREPARED,
    extra=Noun("description", "descriptions"),
    extra_about="short descriptions of train articles, each word with a capital (none "
    "that quotes a validation or test headline)",
    credits=f'Rishabh Misra, "{NAME}", arXiv:{ARXIV}',
    licence="The headlines are HuffPost's. The dataset's licence is reported as CC BY "
    "4.0 by secondary sources; we have not been able to confirm it from the "
    "publisher's page.",
    caution="names are real, events are not",
    limits=(
        "Names of real people appear in sentences that nobody wrote. Do not publish "
        "its output as news.",
        "It knows nothing after September 2022, little after 2018 (96 % of the "
        "headlines are from 2018 or before), and no language but English.",
    ),
)
#: Where to find it, for a page.
LINKS = (
    f"{NAME}, Rishabh Misra, [arXiv:{ARXIV}](https://arxiv.org/abs/{ARXIV}), Kaggle "
    f"[{KAGGLE_HANDLE}](https://www.kaggle.com/datasets/{KAGGLE_HANDLE}). The "
    "headlines are HuffPost's; licence reported as CC BY 4.0, not confirmed from the "
    "publisher's page."
)
#: Labels that mean nearly the same (Misra's paper, and the counts by year).
NEAR_TWINS = (
    ("ARTS", "ARTS & CULTURE", "CULTURE & ARTS"),
    ("THE WORLDPOST", "WORLDPOST", "WORLD NEWS"),
    *(("PARENTING", "PARENTS"), ("STYLE & BEAUTY", "STYLE")),
    *(("FOOD & DRINK", "TASTE"), ("WELLNESS", "HEALTHY LIVING")),
    ("GREEN", "ENVIRONMENT"),
)
THINS_OUT = ("May 2018", 2019)  # after when, and the first year of which it is so

_SURROGATE = re.compile("[\ud800-\udfff]")  # half of a character, or a stray byte


def usual_folder() -> Path:
    """Where Kaggle's file is: ``data/`` in a working copy, else a person's texts."""
    return DATA if is_checkout() else own_texts()


def _how_to_get() -> str:
    get = "Get it with `python -m textgen dataset download`, or put Kaggle's file"
    return f"{get} (.json, .json.gz or .zip) into {usual_folder()}."


def locate(folder: str | Path | None = None) -> Path | None:
    """Find Kaggle's file in a folder.

    Args:
        folder: where to look; :func:`usual_folder` when not given.

    Returns:
        The newest version found (v3 before v2; plain before compressed); else a zip
        archive that holds one; else the only file there, whatever its name, whose first
        line is one of the dataset's; else None. Capital letters do not matter, nor the
        ``(1)`` that a browser adds.
    """
    folder = Path(folder) if folder is not None else usual_folder()
    if not folder.is_dir():
        return None
    names = [path.name for path in folder.iterdir() if path.is_file()]
    if name := _newest(names):
        return folder / name
    # Kaggle's site calls the download archive.zip, its program after the dataset.
    archives = sorted(name for name in names if name.lower().endswith(".zip"))
    for name in archives:
        if _holds(folder / name):
            return folder / name
    renamed = _renamed(folder)
    return renamed[0] if len(renamed) == 1 else None


def _renamed(folder: Path) -> list[Path]:
    """Files of another name that begin as the dataset does."""
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name.lower().endswith(files.ENDINGS)
        and path.is_file()
        and _begins_well(path)
    ]


def _begins_well(path: Path) -> bool:
    try:
        for number, line in enumerate(files.text_lines(path, _newest), start=1):
            if line.strip():
                return bool(_parse(line, path, number))
    except DatasetError:
        pass
    return False


_NAME = re.compile(
    r"news_category_dataset(?:_v(?P<version>\d+))?(?P<copy> ?\(\d+\))?"
    r"\.(?P<ending>json|json\.gz|json\.zip|zip)",
    re.IGNORECASE,
)
_ENDINGS = ("json", "json.gz", "json.zip", "zip")


def _newest(names: Iterable[str]) -> str | None:
    """The best of the names that are the dataset's; None where none is."""
    found = {}
    for name in names:
        if match := _NAME.fullmatch(name.rpartition("/")[2]):
            ending = _ENDINGS.index(match["ending"].lower())
            version = int(match["version"] or 1)
            found[name] = (-version, ending, bool(match["copy"]), name)
    return min(found, key=found.__getitem__, default=None)


def _holds(path: Path) -> bool:
    """True if an archive holds the dataset, or is so damaged that reading must say."""
    try:
        with zipfile.ZipFile(path) as archive:
            return _newest(files.members(archive)) is not None
    except (zipfile.BadZipFile, OSError):
        return True


def find(path: str | Path) -> Path:
    """The dataset's file: the path itself, or the one that lies in it.

    Args:
        path: a file, or a folder that :func:`locate` looks into.

    Raises:
        DatasetError: there is none.
    """
    path = Path(path)
    if path.is_dir():
        found = locate(path)
        if found is None:
            if several := [one.name for one in _renamed(path)]:
                raise DatasetError(
                    f"{path}: several files could be it ({files.listed(several)}): "
                    "give the one you mean."
                )
            raise DatasetError(
                f"{path}: no dataset file in this folder (looked for "
                "News_Category_Dataset_v3 as .json, .json.gz or .zip). If it has "
                f"another name, give the file itself. {_how_to_get()}"
            )
        return found
    if not path.is_file():
        raise DatasetError(f"{path}: no such file. {_how_to_get()}")
    return path


def read(path: str | Path) -> pd.DataFrame:
    """Read the dataset as Kaggle ships it, or as a computer has changed it.

    Args:
        path: ``.json`` (lines), ``.json.gz`` or the ``.zip`` as downloaded, or a folder
            with one of them; v2 or v3; UTF-8 or UTF-16, with or without a byte-order
            mark; any line ends.

    Returns:
        One row per line of the file, in its order, with the columns ``headline``,
        ``category``, ``short_description`` (str) and ``date`` (datetime64).

    Raises:
        DatasetError: the file is missing, empty or something else, or a line is
            broken; names the file, the line and the field. Text in an encoding that can
            only be guessed at is not read: a wrong guess would alter the headlines.
    """
    path = find(path)
    columns: dict[str, list[str]] = {field: [] for field in FIELDS}
    places = []
    for number, line in enumerate(files.text_lines(path, _newest), start=1):
        if not line.strip():
            continue
        places.append(number)
        for field, value in _parse(line, path, number).items():
            columns[field].append(value)
    if not places:
        raise DatasetError(f"{path}: the file is empty. {_how_to_get()}")
    frame = pd.DataFrame(columns)
    dates = pd.to_datetime(frame["date"], errors="coerce", format="mixed", utc=True)
    if dates.isna().any():
        row = int(np.flatnonzero(dates.isna())[0])
        raise DatasetError(
            f"{path}: line {places[row]}: field 'date' is {frame['date'][row]!r}, "
            "which is no date. Expected a form like 2022-09-23."
        )
    frame["date"] = dates.dt.tz_localize(None)
    return frame


def _parse(line: str, path: Path, number: int) -> dict[str, str]:
    """Turn one JSON line into the fields we use, or say what is wrong with it."""
    place = f"{path}: line {number}"
    try:
        row = json.loads(line)
    # A ValueError as such: a number of more digits than Python reads.
    except (ValueError, RecursionError) as error:
        if stray := files.STRAY_BYTE.search(line):
            at = len(line[: stray.start()].encode("utf-8", "surrogateescape")) + 1
            what = f"byte {at:,}, {files.not_utf8(stray[0])}"
            raise DatasetError(f"{place}: {what}") from error
        hint = (
            "The file must hold one JSON object per line, as Kaggle ships it."
            if number == 1
            else "Was the download cut off? Delete this line or fetch the file again."
        )
        what = (
            f"{error.msg}, column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else str(error)
        )
        raise DatasetError(f"{place} is not JSON ({what}). {hint}") from error
    if not isinstance(row, dict):
        raise DatasetError(
            f"{place} is a JSON {type(row).__name__}, not an object. "
            "The file must hold one JSON object per line, as Kaggle ships it."
        )
    for field in FIELDS:
        if field not in row:
            raise DatasetError(
                f"{place}: field {field!r} is missing "
                f"(found: {', '.join(map(str, row)) or 'none'})."
            )
        text = row[field]
        if not isinstance(text, str):
            kind = "null" if text is None else type(text).__name__
            raise DatasetError(f"{place}: field {field!r} is {kind}, expected text.")
        if not text.isascii() and (half := _SURROGATE.search(text)):
            say = files.not_utf8 if half[0] in line else files.half_character
            at = half.start() + 1
            raise DatasetError(
                f"{place}: field {field!r}, character {at:,}: {say(half[0])}"
            )
    return {field: row[field] for field in FIELDS}


def clean(frame: pd.DataFrame) -> pd.DataFrame:
    """Normalise headlines; drop empty ones and repeats (by lower case, first kept).

    Args:
        frame: what :func:`read` returns; not changed.

    Returns:
        A new frame with the index 0 … n-1.
    """
    frame = frame.assign(
        headline=[SPACED.normalise(text) for text in frame["headline"]]
    )
    frame = frame[frame["headline"] != ""]
    repeated = frame["headline"].str.lower().duplicated(keep="first")
    return frame[~repeated].reset_index(drop=True)


def load(path: str | Path) -> pd.DataFrame:
    """Read, clean and split: the frame that models and benchmarks start from.

    Args:
        path: see :func:`read`.

    Returns:
        The cleaned frame with one more column, ``split``.

    Raises:
        DatasetError: see :func:`read`; or a split is empty.
    """
    frame = clean(read(path))
    splits = [split_of(text) for text in frame["headline"]]
    check_splits(splits, FACTS.noun, path)
    return frame.assign(split=splits)


def corpus(path: str | Path, *, described: bool = False) -> Corpus:
    """The dataset as models learn from it.

    Args:
        path: see :func:`read`.
        described: with :func:`descriptions` as texts of another kind.

    Raises:
        DatasetError: see :func:`load`.
    """
    frame = load(path)
    texts, labels, splits = (list(frame[n]) for n in ("headline", "category", "split"))
    if not described:
        return Corpus(texts, labels, splits, FACTS)
    more = descriptions(frame)
    extra = list(more["text"]), list(more["category"])
    return Corpus(texts, labels, splits, FACTS, *extra)


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
    texts = [SPACED.normalise(text) for text in train["short_description"]]
    found = pd.DataFrame({"text": texts, "category": train["category"].to_numpy()})
    found = found[found["text"] != ""].drop_duplicates("text")
    held_out = Quotations(frame.loc[frame["split"] != "train", "headline"])
    fair = np.array([not held_out.quoted(text) for text in found["text"]], dtype=bool)
    found = found[fair]
    capitals = [
        " ".join(word[:1].upper() + word[1:] for word in text.split())
        for text in found["text"]
    ]
    return found.assign(text=capitals).reset_index(drop=True)


def download(folder: str | Path | None = None) -> Path:
    """Fetch the dataset from Kaggle with ``kagglehub``.

    Args:
        folder: where to put it; :func:`usual_folder` when not given.

    Returns:
        The path of the file.

    Raises:
        DatasetError: kagglehub is not installed, or Kaggle could not be reached.
    """
    folder = Path(folder) if folder is not None else usual_folder()
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
