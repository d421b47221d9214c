"""The opened network as HTML: equations with their numbers, and what words matter."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from textgen.inside import Equations, Trace
from textgen.palette import GATES
from textgen.typeset import SERIF, SMALL, percent

_LINE = "margin:.15rem 0 .1rem;font-size:{size};font-variant-numeric:tabular-nums;"
_PLAIN = "margin:0 0 .7rem;opacity:.78;font-size:.92rem;"


def shown(value: float) -> str:
    """A number with two places and a true minus sign."""
    text = f"{value:.2f}".replace("-", "−")
    return "0.00" if text == "−0.00" else text


def _ink(name: str, text: str) -> str:
    # The dark rule below carries the hue where the letters alone would be too faint.
    return (
        f'<b style="border-bottom:3px solid {GATES[name]};padding:0 .1em;">{text}</b>'
    )


def equations(e: Equations, *, large: bool = False) -> str:
    """The four equations of a unit, its own numbers in them, and in plain words.

    Args:
        e: from :func:`textgen.inside.equations`.
        large: for the back of the room.
    """
    z, r = _ink("update", "z"), _ink("reset", "r")
    c, h = _ink("candidate", "h̃"), _ink("state", "h")
    seen = e.candidate_sums[1] * e.reset
    lines = [
        (
            f"{z} = σ({_sum(e.update_sums)}) = σ({shown(sum(e.update_sums))}) = "
            f"<b>{shown(e.update)}</b>",
            "from the word and its category (their vectors are added), from the "
            "memory, and the unit's own habit (bias): "
            f"it keeps {percent(e.update)} of what it held",
        ),
        (
            f"{r} = σ({_sum(e.reset_sums)}) = σ({shown(sum(e.reset_sums))}) = "
            f"<b>{shown(e.reset)}</b>",
            f"the new idea may see {percent(e.reset)} of what the memory says",
        ),
        (
            f"{c} = tanh({shown(e.candidate_sums[0])} + {r} · "
            f"{_bracket(e.candidate_sums[1])}) = "
            f"tanh({shown(e.candidate_sums[0] + seen)}) = <b>{shown(e.candidate)}</b>",
            "the new idea: from the word and its category, and from as much of the "
            "memory as the reset gate lets through",
        ),
        (
            f"{h} = {z} · {_bracket(e.before)} + (1 − {z}) · {_bracket(e.candidate)} = "
            f"{shown(e.update * e.before)} + "
            f"{_bracket((1 - e.update) * e.candidate)} = <b>{shown(e.after)}</b>",
            f"the old value {shown(e.before)} and the new idea {shown(e.candidate)}, "
            "mixed by the update gate",
        ),
    ]
    line = _LINE.format(size="1.5rem" if large else "1.12rem")
    return "".join(
        f'<p style="{SERIF}{line}">{formula}</p><p style="{_PLAIN}">{plain}</p>'
        for formula, plain in lines
    )


def _sum(parts: Sequence[float]) -> str:
    return " + ".join([shown(parts[0]), *map(_bracket, parts[1:])])


def _bracket(value: float) -> str:
    text = shown(value)
    return f"({text})" if text.startswith("−") else text


def connected(
    read: Trace, lengths: np.ndarray, index: int, *, large: bool = False
) -> str:
    """A text with every word inked by how much a later one hung on it.

    Args:
        read: the trace.
        lengths: a row of :func:`textgen.inside.connectivity` ``(read,)``.
        index: which prediction.
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
        label = escape(text.strip() or "␣") if j else "▸"
        space = " " if j == 0 or text.startswith(" ") else ""
        tip = f"{percent(share)} of the gradient"
        out.append(
            f'{space}<span title="{tip}" style="background:rgba(168,132,28,{tint:.2f});'
            f'border-radius:.15em;padding:0 .12em;">{label}</span>'
        )
    target = read.judged[index]
    word = escape(read.judged_names[index])
    rest = "".join(escape(text) for text in read.texts[index + 2 :])
    size = "2.4rem" if large else "1.7rem"
    return (
        f'<p dir="auto" style="{SERIF}font-weight:700;font-size:{size};'
        f'line-height:1.35;margin:.3rem 0;">{"".join(out)} '
        f'<span style="box-shadow:inset 0 -.14em {GATES["candidate"]};">{word}</span>'
        f'<span style="opacity:.35">{rest}</span></p>'
        f'<div style="{SMALL}">The darker a word, the more the chance of “{word}” '
        f"({percent(target.probability)}, rank {target.rank:,}) would change if that "
        "word were a little different. ▸ is the start sign. The category's vector is "
        "added to every token read, “any” has one too.</div>"
    )
