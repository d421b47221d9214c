"""Texts as HTML: set like print, every character of theirs escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from textgen.corpus.corpus import Noun
from textgen.corpus.language import Language
from textgen.explain.compare import Strand
from textgen.views.palette import temperature_colour
from textgen.writing.prompt import PromptReport
from textgen.writing.text import Text, Word

#: The face that headlines are set in. A word longer than its column breaks: prompts
#: may be one word of hundreds of letters, and some languages set no spaces.
SERIF = (
    "font-family:'Source Serif','Source Serif 4',Georgia,serif;overflow-wrap:anywhere;"
)
LEAD = f"{SERIF}font-weight:700;font-size:clamp(1.7rem,3.1vw,2.7rem);line-height:1.16;"
STORY = f"{SERIF}font-weight:600;font-size:1.22rem;line-height:1.28;"
SMALL = "font-size:.86rem;opacity:.75;margin-top:.25rem;"


def headline(item: Text, *, lead: bool = False) -> str:
    """Set one finished headline.

    Args:
        item: the headline.
        lead: large.

    Returns:
        HTML, all text escaped.
    """
    text = item.language.join.join(_word(word, item.language) for word in item.words)
    cut = "" if item.ended else '<span style="opacity:.6"> …</span>'
    style, tag = (LEAD, "h2") if lead else (STORY, "h3")
    return (
        f'<{tag} dir="auto"{_lang(item.language)} style="{style}margin:0;padding:0;">'
        f"{text}{cut}</{tag}>"
    )


def _lang(language: Language) -> str:
    """The attribute that has characters drawn and read out as theirs, if need be."""
    return f' lang="{language.tag}"' if language.tag else ""


def _given(language: Language) -> str:
    # Characters of China and Japan have no slanted form.
    return "opacity:.65;" + ("font-style:italic;" if language.spaced else "")


def _word(word: Word, language: Language) -> str:
    given, rest = escape(word.text[: word.given]), escape(word.text[word.given :])
    return f'<span style="{_given(language)}">{given}</span>{rest}' if given else rest


# A band rather than a box: backgrounds of neighbouring lines must not overlap.
_MARKER = (
    "background:linear-gradient(transparent 14%,rgba(255,214,64,.35) 14%,"
    "rgba(255,214,64,.35) 90%,transparent 90%);"
)


def gap() -> str:
    """White space between two headlines."""
    return '<div style="height:.8rem"></div>'


def columns(
    strands: Sequence[Strand], temperatures: Sequence[float], *, large: bool = False
) -> str:
    """Headlines of the same luck side by side, a column for each temperature.

    On a narrow page the columns of a headline stand below each other.

    Args:
        strands: from :func:`textgen.explain.compare.compare`.
        temperatures: of the columns.
        large: for the back of the room.

    Returns:
        HTML, all text escaped.
    """
    size, least = ("1.5rem", "9rem") if large else ("1.12rem", "8.5rem")
    rows = []
    for strand in strands:
        cells = []
        for t, item, departs in zip(
            temperatures, strand.headlines, strand.departs, strict=True
        ):
            cells.append(
                f'<div style="border-top:4px solid {temperature_colour(t)};'
                'padding:.25rem 0 .5rem;">'
                f'<div style="{SMALL}margin:0;">T = {t:g}</div>'
                f'<p dir="auto"{_lang(item.language)} style="{SERIF}font-weight:600;'
                f'font-size:{size};line-height:1.25;margin:0;">'
                f"{_departing(item, departs)}</p></div>"
            )
        rows.append(
            '<div class="luck" style="display:grid;gap:0 1.1rem;margin-bottom:.7rem;'
            f'grid-template-columns:repeat(auto-fit,minmax({least},1fr));">'
            + "".join(cells)
            + "</div>"
        )
    return "".join(rows)


def _departing(item: Text, departs: int | None) -> str:
    """A headline with a mark on the first unit that differs from its left neighbour."""
    words = [escape(word.text) for word in item.words]
    note = (
        f"The first {item.language.unit} that differs from the text at the "
        "temperature before"
    )
    mark = f'<mark title="{note}" style="{_MARKER}color:inherit;">'
    if departs is not None:
        # Where the neighbour went on and this one stops, the end is what differs.
        words[departs:] = [
            f"{mark}{(words + ['∎'])[departs]}</mark>",
            *words[departs + 1 :],
        ]
    cut = "" if item.ended else '<span style="opacity:.6"> …</span>'
    return item.language.join.join(words) + cut


_NAMED = 4  # words that a note names


def _short(word: str, most: int = 30) -> str:
    return word if len(word) <= most else f"{word[: most - 1]}…"


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence lists them."""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _reading(pieces: Sequence[str], bytewise: bool, most: int = 12) -> str:
    """How a word is read, in plain words."""
    if not pieces and not bytewise:
        return "something unknown, since it has no piece for these characters"
    if not pieces:
        return "single bytes, since it has no piece for these characters"
    return " · ".join(pieces[:most]) + (" …" if len(pieces) > most else "")


def prompt_notes(report: PromptReport, noun: Noun) -> list[str]:
    """What a person should know about their prompt, in plain words (not HTML).

    Args:
        report: from :meth:`textgen.writing.generator.Generator.read_prompt`.
        noun: what the model calls a text.
    """
    notes = []
    if report.shortened:
        notes.append(
            f"The prompt was long; the model reads its first {len(report.text)} "
            "characters."
        )
    if report.changed:
        notes.append("Control characters, which cannot be shown, were taken out.")
    if report.unseen:
        shown = [f"“{_short(word)}”" for word in report.unseen[:_NAMED]]
        if len(report.unseen) > _NAMED:
            shown.append(f"{len(report.unseen) - _NAMED} more")
        it = "it" if len(shown) == 1 else "them"
        ways = [_reading(way, report.bytewise) for way in report.read_as[:_NAMED]]
        notes.append(
            f"{_listed(shown)} stood in no training {noun.one}. The model reads {it} "
            f"as {_listed(list(dict.fromkeys(ways)))}; {report.language.many} that it "
            "knows steer it better."
        )
    if report.no_piece:
        signs = _listed(list(report.no_piece[:_NAMED]))
        notes.append(
            f"The model has no piece for {signs}: it reads "
            + (
                "the bytes that a computer writes there, one by one."
                if report.bytewise
                else "something unknown there."
            )
        )
    return notes


_LINK = 'target="_blank" style="color:inherit;text-decoration:underline;"'


def prose(text: str) -> str:
    """A paragraph for the back of the room, from a little Markdown.

    Args:
        text: with ``**bold**``, `` `code` `` and ``[links](https://…)``.

    Returns:
        HTML, all else escaped.
    """
    html = escape(text)
    for mark, tag in (
        (r"\*\*(.+?)\*\*", r"<b>\1</b>"),
        (r"`(.+?)`", r"<code>\1</code>"),
        (r"\[(.+?)\]\((https://[^)\s]+)\)", rf'<a href="\2" {_LINK}>\1</a>'),
    ):
        html = re.sub(mark, tag, html)
    return f'<p style="font-size:1.5rem;line-height:1.5;">{html}</p>'


def plain_markdown(text: str) -> str:
    """Escape text so that Streamlit's Markdown shows it as it is."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>$:~&])", r"\\\1", text)


def percent(probability: float) -> str:
    """A share as a person reads it: at most three digits, never a false zero."""
    value = 100 * probability
    if value >= 10:
        return f"{value:.0f} %"
    if value >= 0.1:
        return f"{value:.1f} %"
    if value >= 0.001:
        return f"{value:.3f} %"
    return "below 0.001 %"


def film_frame(record: dict) -> str:
    """What a model wrote at one epoch and temperature.

    Args:
        record: from :func:`textgen.study.film.frames`.
    """
    temperature = record["temperature"]
    colour = temperature_colour(temperature)
    name = (
        "Greedy (T = 0): always the favourite"
        if not temperature
        else (f"T = {temperature:g}")
    )
    lines = "".join(
        f'<p dir="auto" style="{STORY}margin:.25rem 0;">{escape(line["text"])}'
        + ("" if line["ended"] else '<span style="opacity:.6"> …</span>')
        + "</p>"
        for line in record["headlines"]
    )
    left_out = record["left_out"]
    if left_out:
        lines += (
            f'<p style="{SMALL}">{left_out} left out: word for word in the dataset</p>'
        )
    return (
        f'<div style="border-left:4px solid {colour};padding-left:.9rem;">'
        f'<div style="font-weight:600;font-size:.9rem;">{name}</div>{lines}</div>'
    )
