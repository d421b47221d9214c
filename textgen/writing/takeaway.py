"""Texts to take along: CSV, text, and the lines that write them again."""

from __future__ import annotations

import csv
import io
import keyword
import re
from collections.abc import Sequence
from dataclasses import fields

from textgen.corpus.corpus import Noun
from textgen.storage import DEFAULT_MODEL
from textgen.writing import shells
from textgen.writing.length import most_units
from textgen.writing.options import Options
from textgen.writing.text import Text

# OWASP, "CSV injection"; East Asian editions take full-width signs for formulas too.
_FORMULA = re.compile(r"'*(\s*[=+\-@＝＋－＠]|[\t\r\n])")
_SETTINGS = [field.name for field in fields(Options) if field.name != "count"]


def as_text(headlines: Sequence[Text]) -> str:
    """One text per line."""
    return "".join(headline.text + "\n" for headline in headlines)


def as_csv(
    headlines: Sequence[Text],
    options: Options,
    model: str = DEFAULT_MODEL,
    noun: Noun = Noun(),  # noqa: B008
) -> bytes:
    """A table with a header, for spreadsheets: UTF-8 with a byte-order mark.

    Every row holds all that made it: the model's name, each field of
    :class:`~textgen.writing.options.Options` but the count, and the headline's number.
    ``generate`` with these settings and a count above the number writes it again.

    A cell that begins like a formula is given an apostrophe, so that no spreadsheet
    runs it. So is one that begins like that after apostrophes of its own: taking one
    away from a cell of this form always gives the text.

    Args:
        headlines: written with these settings.
        options: the settings.
        model: the model's name.
        noun: what it calls a text: the name of the first column.
    """
    rows = []
    for headline in headlines:
        novelty = headline.novelty
        limit = most_units(options, headline.language)
        settings = options.but(prompt=headline.prompt, max_words=limit).to_dict()
        facts = {
            "copied": headline.copied,
            "longest_copied_run": novelty.longest_run if novelty else None,
            headline.language.many: headline.language.count(headline.text),
            "log_probability": round(headline.log_probability, 4),
            "ended": headline.ended,
            "model": model,
            "number": headline.number,
            **{name: settings[name] for name in _SETTINGS},
        }
        row = {noun.one if noun.one not in facts else Noun().one: headline.text} | facts
        rows.append({name: _harmless(cell) for name, cell in row.items()})
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, rows[0] if rows else [])
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig")


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def as_python(
    options: Options,
    model: str = DEFAULT_MODEL,
    noun: Noun = Noun(),  # noqa: B008
) -> str:
    """Three lines of Python that write the same texts."""
    plain = noun.one.isidentifier() and not keyword.iskeyword(noun.one)
    called = noun.one if plain else Noun().one
    which = "" if model == DEFAULT_MODEL else repr(model)
    settings = ", ".join(f"{k}={v!r}" for k, v in options.changed().items())
    return (
        "from textgen import Generator\n"
        f"for {called} in Generator.load({which}).generate({settings}):\n"
        f"    print({called}.text)"
    )


def as_commands(options: Options, model: str = DEFAULT_MODEL) -> dict[str, str]:
    """The command that writes the same texts, by the shells that read it so.

    Args:
        options: the settings.
        model: the model's name.

    Returns:
        Commands under the names of their shells; shells that read the same words alike
        share one.
    """
    words = ["python", "-m", "textgen", "generate"]
    if model != DEFAULT_MODEL:
        words += ["--model", model]
    # The command's own default count differs from that of the record.
    for name, value in (options.changed() | {"count": options.count}).items():
        option, text = f"--{name.replace('_', '-')}", str(value)
        if isinstance(value, bool):
            words.append(option if value else option.replace("--", "--no-", 1))
            continue
        # What begins with a dash would be taken for an option of its own.
        words += [f"{option}={text}"] if text.startswith("-") else [option, text]
    new = shells.needs_powershell_7_3(words)
    by_shell = {
        "macOS and Linux": shells.posix(words),
        f"PowerShell{' 7.3 or newer' if new else ''}": shells.powershell(words),
        "Windows Command Prompt": shells.cmd(words),
    }
    names: dict[str, list[str]] = {}
    for name, command in by_shell.items():
        names.setdefault(command, []).append(name)
    return {", ".join(alike): command for command, alike in names.items()}
