"""Headlines to take along: CSV, text, and the lines that write them again."""

from __future__ import annotations

import csv
import io
import shlex
from collections.abc import Sequence

from textgen.headline import Headline
from textgen.options import Options
from textgen.paths import DEFAULT_MODEL

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def as_text(headlines: Sequence[Headline]) -> str:
    """One headline per line."""
    return "".join(headline.text + "\n" for headline in headlines)


def as_csv(headlines: Sequence[Headline], options: Options) -> str:
    """A table with a header, safe to open in a spreadsheet.

    A cell that begins like a formula is given an apostrophe, so that no spreadsheet
    runs it (OWASP, "CSV injection").
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(
        [
            "headline",
            "copied",
            "longest_copied_run",
            "words",
            "log_probability",
            "ended",
            "number",
            "temperature",
            "category",
            "prompt",
            "seed",
        ]
    )
    for headline in headlines:
        novelty = headline.novelty
        writer.writerow(
            [
                _plain(headline.text),
                headline.copied,
                novelty.longest_run if novelty else "",
                len(headline.text.split()),
                f"{headline.log_probability:.4f}",
                headline.ended,
                headline.number,
                options.temperature,
                _plain(options.category or ""),
                _plain(headline.prompt),
                options.seed,
            ]
        )
    return buffer.getvalue()


def _plain(cell: str) -> str:
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


def as_python(options: Options, model: str = DEFAULT_MODEL) -> str:
    """Three lines of Python that write the same headlines."""
    which = "" if model == DEFAULT_MODEL else repr(model)
    settings = ", ".join(f"{k}={v!r}" for k, v in options.changed().items())
    return (
        "from textgen import HeadlineGenerator\n"
        f"for headline in HeadlineGenerator.load({which}).generate({settings}):\n"
        "    print(headline.text)"
    )


def as_command(options: Options, model: str = DEFAULT_MODEL) -> str:
    """The command that writes the same headlines."""
    words = ["python", "-m", "textgen", "generate"]
    if model != DEFAULT_MODEL:
        words += ["--model", model]
    # The command's own default count differs from that of the record.
    for name, value in (options.changed() | {"count": options.count}).items():
        words += [f"--{name.replace('_', '-')}", str(value)]
    return shlex.join(words)
