"""Text files as they come: plain, gzipped or zipped; UTF-8 or UTF-16; any line ends.

A byte that is no UTF-8 does not stop the reading: it stays in its line, marked, so that
whoever knows what the line means can say which line and which part of it is broken.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from textgen.errors import DatasetError

#: A byte that is no UTF-8, marked as Python's "surrogateescape" does.
STRAY_BYTE = re.compile("[\udc80-\udcff]")
#: How a file is called that may hold the dataset.
ENDINGS = (".json", ".json.gz", ".zip")
_GZIP = b"\x1f\x8b"
_ZIP = b"PK"
_MOST_LAYERS = 3  # of packing; a file can be made that unpacks to itself
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile)


def text_lines(
    path: Path, choose: Callable[[Sequence[str]], str | None]
) -> Iterator[str]:
    r"""Yield a file's lines.

    Args:
        path: plain text, or compressed by gzip or zip, one in the other too (told by
            what is in the file, not by its name).
        choose: picks the file to read among the names in a zip archive; None where it
            cannot tell.

    Yields:
        Lines with their ends, which are ``\n`` whatever they were. What was no text is
        found by :data:`STRAY_BYTE`.

    Raises:
        DatasetError: the file cannot be read or unpacked; says after which line.
    """
    number = 0
    try:
        with _opened(path, choose) as stream:
            encoding = _encoding(stream.read(4))
            stream.seek(0)
            # What is no UTF-16 becomes an escape sequence that JSON does not have.
            errors = "surrogateescape" if "8" in encoding else "backslashreplace"
            for line in io.TextIOWrapper(stream, encoding, errors):
                number += 1
                yield line
    except _DAMAGED as error:
        raise DatasetError(
            f"{path}: cannot be unpacked{_after(number)} ({error}). "
            "The download is probably incomplete: fetch it again."
        ) from error
    except OSError as error:
        raise DatasetError(
            f"{path}: cannot be read{_after(number)} ({error.strerror or error})."
        ) from error


def _after(number: int) -> str:
    return f" after line {number:,}" if number else ""


@contextmanager
def _opened(
    path: Path, choose: Callable[[Sequence[str]], str | None]
) -> Iterator[IO[bytes]]:
    """The text's bytes, whatever they are packed in."""
    with ExitStack() as stack:
        stream: IO[bytes] = stack.enter_context(path.open("rb"))
        for layer in range(_MOST_LAYERS + 1):
            magic = stream.read(2)
            stream.seek(0)
            if magic == _GZIP:
                unpacked = cast(IO[bytes], gzip.GzipFile(mode="rb", fileobj=stream))
            elif magic == _ZIP or (not layer and path.suffix.lower() == ".zip"):
                if layer:  # a zip is read from its end, where its directory is
                    whole = stack.enter_context(tempfile.TemporaryFile())
                    shutil.copyfileobj(stream, whole)
                    stream = whole
                archive = stack.enter_context(zipfile.ZipFile(stream))
                name = _chosen(path, members(archive), choose)
                unpacked = _member(path, archive, name)
            else:
                yield stream
                return
            stream = stack.enter_context(unpacked)
        raise DatasetError(
            f"{path}: packed more than {_MOST_LAYERS} times. Unpack it, and give the "
            ".json file."
        )


def members(archive: zipfile.ZipFile) -> list[str]:
    """The names of an archive's files, without those that a Mac or an editor hides."""
    names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
    return [
        name
        for name in names
        if not any(
            part == "__MACOSX" or part.startswith(".")
            for part in PurePosixPath(name).parts
        )
    ]


def _chosen(
    path: Path, names: list[str], choose: Callable[[Sequence[str]], str | None]
) -> str:
    texts = [name for name in names if name.lower().endswith(ENDINGS)]
    if not texts:
        raise DatasetError(
            f"{path}: the archive holds no .json file (it holds: {listed(names)})."
        )
    name = texts[0] if len(texts) == 1 else choose(texts)
    if name is None:
        raise DatasetError(
            f"{path}: the archive holds several files that could be it "
            f"({listed(texts)}), and none has the dataset's name. Unpack it, and give "
            "the one you mean."
        )
    return name


def listed(names: Sequence[str], most: int = 5) -> str:
    """The first of some names, and how many more there are."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return (", ".join(names[:most]) or "nothing") + more


def _member(path: Path, archive: zipfile.ZipFile, name: str) -> IO[bytes]:
    try:
        return archive.open(name)
    except (RuntimeError, NotImplementedError) as error:
        # A password (RuntimeError), or a method that Python's zipfile does not know.
        secret = archive.getinfo(name).flag_bits & 1
        why = "needs a password" if secret else f"cannot be unpacked ({error})"
        raise DatasetError(
            f"{path}: {name} in it {why}. Unpack the archive with the program that "
            "made it, and give the .json file."
        ) from error


def _encoding(start: bytes) -> str:
    """Tell an encoding by a text's first bytes; the mark, if any, is not text."""
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Without a mark: JSON begins with a character of ASCII (RFC 4627, section 3).
    if start[1:2] == b"\x00":
        return "utf-16-le"
    return "utf-16-be" if start[:1] == b"\x00" else "utf-8"


def not_utf8(mark: str) -> str:
    """What to say of a byte that is no UTF-8, marked as :data:`STRAY_BYTE` finds it."""
    byte = mark.encode("utf-8", "surrogateescape")
    guess = byte.decode("cp1252", "replace")
    return (
        f"0x{byte.hex().upper()} is not UTF-8 text (in Windows-1252 it would be "
        f"{guess!r}). Save the file as UTF-8 with the program that wrote it, or fetch "
        "it again."
    )


def half_character(surrogate: str) -> str:
    """What to say of a surrogate that stands alone."""
    return (
        f"\\u{ord(surrogate):04x} is half of a character, and the other half is "
        "missing. Correct or delete this line, or fetch the file again."
    )
