"""Texts as HTML: set like print, every character of theirs escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from textgen.corpus.corpus import Noun
from textgen.corpus.language import SPACED, Language
from textgen.corpus.novelty import Novelty
from textgen.explain.compare import Strand
from textgen.views.palette import temperature_colour
from textgen.writing.prompt import PromptReport
from textgen.writing.text import CHANCE, Text, Word

#: The face that headlines are set in. A word longer than its column breaks: prompts
#: may be one word of hundreds of letters, and some languages set no spaces.
SERIF = (
    "font-family:'Source Serif','Source Serif 4',Georgia,serif;overflow-wrap:anywhere;"
)
LEAD = f"{SERIF}font-weight:700;font-size:clamp(1.7rem,3.1vw,2.7rem);line-height:1.16;"
STORY = f"{SERIF}font-weight:600;font-size:1.22rem;line-height:1.28;"
SMALL = "font-size:.86rem;opacity:.75;margin-top:.25rem;"

#: Ranks up to each limit: colour of the tint and the mark that goes with it.
RANK_STEPS = (
    (10, "the 10 likeliest", "rgba(63,160,90,.20)", "none"),
    (100, "up to 100", "rgba(214,170,30,.30)", "solid"),
    (1000, "up to 1,000", "rgba(214,96,58,.34)", "dotted"),
    (None, "beyond", "rgba(140,80,180,.36)", "wavy"),
)


def headline(
    item: Text, *, lead: bool = False, ranks: bool = False, mark: bool = False
) -> str:
    """Set one finished headline.

    Args:
        item: the headline.
        lead: large, as the first on the page.
        ranks: colour words by rank, chances in the tooltip.
        mark: highlight the longest run of words that stands in the training set.

    Returns:
        HTML, all text escaped.
    """
    run = [False] * len(item.words)
    if mark and item.novelty is not None and item.novelty.longest_run:
        run = _in_run(item, item.novelty)
    inked = [
        _word(word, ranks, marked, item.language)
        for word, marked in zip(item.words, run, strict=True)
    ]
    cut = "" if item.ended else '<span style="opacity:.6"> …</span>'
    return _box(item.language.join.join(inked) + cut, lead, item.language)


def growing(text: str, given: str, language: Language = SPACED) -> str:
    """Set a headline that is still being written, with a cursor at its end.

    Args:
        text: so far, prompt included.
        given: the prompt.
        language: of both.
    """
    cursor = '<span style="opacity:.6">▍</span>'
    style = _given(language)
    first = f'<span style="{style}">{escape(given)}</span>' if given else ""
    return _box(first + escape(text[len(given) :]) + cursor, True, language)


def _given(language: Language) -> str:
    # Characters of China and Japan have no slanted form.
    return "opacity:.65;" + ("font-style:italic;" if language.spaced else "")


def _tint(colour: str) -> str:
    # A band rather than a box: backgrounds of neighbouring lines must not overlap.
    band = f"transparent 14%,{colour} 14%,{colour} 90%,transparent 90%"
    return f"background:linear-gradient({band});"


#: As strong as the text on it can still be read, on black too.
_MARKER = _tint("rgba(255,214,64,.35)")


def _box(body: str, lead: bool, language: Language = SPACED) -> str:
    style, tag = (LEAD, "h2") if lead else (STORY, "h3")
    return (
        f'<{tag} dir="auto"{_lang(language)} style="{style}margin:0;padding:0;">'
        f"{body}</{tag}>"
    )


def _lang(language: Language) -> str:
    """The attribute that has characters drawn and read out as theirs, if need be."""
    return f' lang="{language.tag}"' if language.tag else ""


def _word(word: Word, ranks: bool, marked: bool, language: Language) -> str:
    given, rest = escape(word.text[: word.given]), escape(word.text[word.given :])
    text = f'<span style="{_given(language)}">{given}</span>{rest}' if given else rest
    # One colour under a word: in a run its rank keeps its line.
    if not ranks:
        return f'<span style="{_MARKER}">{text}</span>' if marked else text
    colour, line = next(
        (colour, line)
        for limit, _, colour, line in RANK_STEPS
        if limit is None or word.rank <= limit
    )
    under = "" if line == "none" else f"text-decoration:underline {line} 2px;"
    room = "padding:0 .12em;" if language.spaced else ""
    tip = f"{percent(word.probability)} likely, rank {word.rank:,}"
    return (
        f'<span title="{tip}" style="{_MARKER if marked else _tint(colour)}{under}'
        f'text-underline-offset:.18em;{room}">{text}</span>'
    )


def _in_run(item: Text, novelty: Novelty) -> list[bool]:
    """Which words stand in the longest run, which is counted in what is compared."""
    first, last = novelty.run
    place, out = 0, []
    for word in item.words:
        parts = len(item.language.compared(word.text))
        inside = parts > 0 and first <= place and place + parts <= last
        # Between characters a comma stands alone; in a run it is marked with them.
        inside |= not item.language.spaced and first < place < last
        out.append(inside)
        place += parts
    return out


def legend(language: Language = SPACED) -> str:
    """What the four rank colours and marks mean, on the units of a language."""
    parts = []
    for _, label, colour, line in RANK_STEPS:
        under = "" if line == "none" else f"text-decoration:underline {line} 2px;"
        parts.append(
            f'<span style="{_tint(colour)}{under}text-underline-offset:.18em;'
            f'padding:0 .3em;">{label}</span>'
        )
    return (
        f'<div style="{SMALL}">Where each {language.unit} stood in the model’s order: '
        + " ".join(parts)
        + f". Point at a {language.unit} for its chance.</div>"
    )


def byline(item: Text) -> str:
    """One line of facts under a headline."""
    if item.copied:
        badge = (
            '<span style="background:#96200f;color:#fff;'
            'padding:.05em .45em;border-radius:.25em;font-weight:600;">copied</span>'
        )
    elif item.novelty is not None:
        badge = (
            f'<span title="{_run_text(item, item.novelty)}" '
            'style="border:1px solid currentColor;padding:0 .4em;'
            'border-radius:.25em;">new</span>'
        )
    else:
        badge = ""
    log_probability = f"{item.log_probability:.1f}".replace("-", "−")
    facts = [
        badge,
        f'<span title="Natural logarithm of {CHANCE}">log p {log_probability}</span>',
    ]
    if item.novelty is not None and not item.copied:
        run = item.language.counted(item.novelty.longest_run)
        facts.append(f"longest run seen: {run}")
    if not item.ended:
        facts.append("cut at the length limit")
    return f'<div style="{SMALL}">' + " · ".join(filter(None, facts)) + "</div>"


def kicker(temperature: float, category: str | None, seed: int) -> str:
    """The line above the first headline: what was asked for, in the colour of T."""
    colour = temperature_colour(temperature)
    parts = [escape(category) if category else "ANY CATEGORY"]
    parts += [f"TEMPERATURE {temperature:.2f}", f"SEED {seed}"]
    return (
        f'<div style="border-top:4px solid {colour};padding-top:.4rem;'
        'font-size:.78rem;letter-spacing:.06em;opacity:.8;margin-bottom:.35rem;">'
        + " &nbsp;·&nbsp; ".join(parts)
        + "</div>"
    )


def rule() -> str:
    """A thin line between the first headline and the rest."""
    line = "border-top:1px solid currentColor;opacity:.25;margin-top:1rem;"
    return f'<div style="{line}"></div>'


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


def _run_text(item: Text, novelty: Novelty) -> str:
    run = novelty.longest_run
    return (
        f"Not in the training set. Its longest run of {item.language.many} that is: "
        f"{run} of {novelty.words}"
    )


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
