"""The opened network as HTML: equations with their numbers, what words matter, and what
single units keep track of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from textgen.corpus.tokenizer import added, piece_name
from textgen.explain.trace import Equations, Trace
from textgen.views.palette import GATES
from textgen.views.typeset import SERIF, SMALL, percent

_LINE = "margin:.15rem 0 .1rem;font-size:{size};font-variant-numeric:tabular-nums;"
_PLAIN = "margin:0 0 .7rem;opacity:.78;font-size:.92rem;"


def shown(value: float) -> str:
    """A number with three places and a true minus sign, as the strips print it."""
    text = f"{value:.3f}".replace("-", "−")
    return "0.000" if text == "−0.000" else text


def adding_up(parts: Sequence[float], total: float | None = None) -> list[float]:
    """Round to three places so that the rounded parts add up to the rounded sum.

    Those that lose most by rounding down are rounded up (the largest-remainder method);
    no part is off by a whole unit of the last place.

    Args:
        parts: of a sum that is printed with :func:`shown`.
        total: what they sum to, where it is printed from another source.
    """
    scaled = [1000 * part for part in parts]
    whole = [math.floor(part) for part in scaled]
    short = round(1000 * (sum(parts) if total is None else total)) - sum(whole)
    by_loss = sorted(range(len(parts)), key=lambda i: whole[i] - scaled[i])
    for i in by_loss[:short]:
        whole[i] += 1
    return [part / 1000 for part in whole]


def _ink(name: str, text: str) -> str:
    # The dark rule below carries the hue where the letters alone would be too faint.
    return (
        f'<b style="border-bottom:3px solid {GATES[name]};padding:0 .1em;">{text}</b>'
    )


def equations(e: Equations, *, large: bool = False) -> str:
    """The four equations of a unit, its own numbers in them, and in plain words.

    Args:
        e: from :func:`textgen.explain.trace.equations`.
        large: for the back of the room.
    """
    z, r = _ink("update", "z"), _ink("reset", "r")
    c, h = _ink("candidate", "h̃"), _ink("state", "h")
    seen = adding_up((e.candidate_sums[0], e.candidate_sums[1] * e.reset))
    mixed = adding_up((e.update * e.before, (1 - e.update) * e.candidate), e.after)
    lines = [
        (
            f"{z} = {_of_sum('σ', e.update_sums)} = <b>{shown(e.update)}</b>",
            "from the word and its category (their vectors are added), from the "
            "memory, and the unit's own habit (bias): "
            f"it keeps {percent(e.update)} of what it held",
        ),
        (
            f"{r} = {_of_sum('σ', e.reset_sums)} = <b>{shown(e.reset)}</b>",
            f"the new idea may see {percent(e.reset)} of what the memory says",
        ),
        (
            f"{c} = tanh({shown(seen[0])} + {r} · {_bracket(e.candidate_sums[1])}) = "
            f"{_of_sum('tanh', seen)} = <b>{shown(e.candidate)}</b>",
            "the new idea: from the word and its category, and from as much of the "
            "memory as the reset gate lets through",
        ),
        (
            f"{h} = {z} · {_bracket(e.before)} + (1 − {z}) · {_bracket(e.candidate)} = "
            f"{_plus(mixed)} = <b>{shown(e.after)}</b>",
            f"the old value {shown(e.before)} and the new idea {shown(e.candidate)}, "
            "mixed by the update gate",
        ),
    ]
    line = _LINE.format(size="1.5rem" if large else "1.12rem")
    return "".join(
        f'<p style="{SERIF}{line}">{formula}</p><p style="{_PLAIN}">{plain}</p>'
        for formula, plain in lines
    ) + (f'<div style="{SMALL}">Three places, rounded so that the sums add up.</div>')


def _of_sum(function: str, parts: Sequence[float]) -> str:
    """A function of a sum, and of what the sum comes to."""
    parts = adding_up(parts)
    return f"{function}({_plus(parts)}) = {function}({shown(sum(parts))})"


def _plus(parts: Sequence[float]) -> str:
    return " + ".join([shown(parts[0]), *map(_bracket, parts[1:])])


def _bracket(value: float) -> str:
    text = shown(value)
    return f"({text})" if text.startswith("−") else text


def connected(
    read: Trace,
    lengths: np.ndarray,
    index: int,
    *,
    piece: str = "word",
    large: bool = False,
) -> str:
    """A text with every word inked by how much a later one hung on it.

    Args:
        read: the trace.
        lengths: a row of :func:`textgen.explain.connectivity.connectivity` ``(read,)``.
        index: which prediction.
        piece: what a token is called.
        large: for the back of the room.

    Returns:
        HTML, all text escaped.
    """
    most = max(float(lengths[: index + 1].max()), 1e-12)
    total = max(float(lengths[: index + 1].sum()), 1e-12)
    out = []
    for j, text in enumerate(read.texts[: index + 1]):
        share = float(lengths[j]) / total
        tint = 0.04 + 0.72 * float(lengths[j]) / most
        label = escape(piece_name(text)) if j else "▸"
        space = " " if j == 0 or text.startswith(" ") else ""
        tip = f"{percent(share)} of the gradient"
        out.append(
            f'{space}<span title="{tip}" style="background:rgba(168,132,28,{tint:.2f});'
            f'border-radius:.15em;padding:0 .12em;">{label}</span>'
        )
    target = read.judged[index]
    word = escape(read.judged_names[index])
    rest = escape("".join(added(token.data for token in read.judged)[index + 1 :]))
    size = "2.4rem" if large else "1.7rem"
    return (
        f'<p dir="auto" style="{SERIF}font-weight:700;font-size:{size};'
        f'line-height:1.35;margin:.3rem 0;">{"".join(out)} '
        f'<span style="box-shadow:inset 0 -.14em {GATES["candidate"]};">{word}</span>'
        f'<span style="opacity:.6">{rest}</span></p>'
        f'<div style="{SMALL}">The darker a {piece}, the more the chance of “{word}” '
        f"({percent(target.probability)}, rank {target.rank:,}) would change if that "
        f"{piece} were a little different. ▸ is the start sign. The category's vector "
        "is added to every token read, “any” has one too.</div>"
    )


def job(
    entries: Sequence[Mapping],
    labels: Sequence[str],
    score: str,
    by_position: Mapping | None = None,
    *,
    gone_by: str = "words gone by",
    large: bool = False,
) -> str:
    """The units that do a job best, a row each; last, what the units gone by tell.

    Args:
        entries: from :func:`textgen.study.probes.probe`, best first.
        labels: what to call each.
        score: the name of the score.
        by_position: the same of the number of units gone by, if it is one for all.
        gone_by: what to call that.
        large: for the back of the room.

    Returns:
        HTML, all text escaped.
    """
    told = score == "AUC"
    # A bar begins where a guess stands: an AUC of 0.5 is a coin toss, an R² of 0 too.
    floor = 0.5 if told else 0.0
    each = any("category" in entry for entry in entries)
    heads = ["unit", "", score, *(["precision", "recall"] if told else [])]
    heads += ["so at"] if each else []
    rows = [
        (label, entry, GATES["state"])
        for label, entry in zip(labels, entries, strict=True)
    ]
    if by_position and "score" in by_position:
        rows.append((gone_by, by_position, "currentColor"))
    body = []
    for label, entry, colour in rows:
        width = 100 * max(0.0, entry["score"] - floor) / (1 - floor)
        figures = [f"<b>{entry['score']:.3f}</b>"]
        figures += [percent(entry[key]) for key in ("precision", "recall") if told]
        figures += [percent(entry["share"])] if each else []
        body.append(
            f'<tr><th scope="row" style="{_CELL}{_LABEL}">'
            f'{escape(label)}</th><td style="width:99%;padding:.1rem .4rem;">'
            f'<div style="height:.7em;width:{width:.1f}%;background:{colour};'
            'print-color-adjust:exact;"></div>'
            "</td>"
            + "".join(
                f'<td style="{_CELL}text-align:right;white-space:nowrap;">{figure}</td>'
                for figure in figures
            )
            + "</tr>"
        )
    head = "".join(
        f'<th scope="col" style="{_CELL}{"text-align:right;" if i else _LABEL}'
        f'font-weight:400;opacity:.8;">{name}</th>'
        for i, name in enumerate(heads)
    )
    size = "1.25rem" if large else ".92rem"
    return (
        f'<table style="border-collapse:collapse;width:100%;font-size:{size};'
        f'font-variant-numeric:tabular-nums;"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(body)}</tbody></table>"
    )


_CELL = "padding:.1rem .35rem;border:none;line-height:1.25;"
_LABEL = "text-align:left;font-weight:400;min-width:6.6em;padding-left:0;"
