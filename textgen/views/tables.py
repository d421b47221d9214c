"""Tables of models side by side, as HTML, all text escaped."""

from __future__ import annotations

from html import escape

import pandas as pd

from textgen.study import verdicts
from textgen.views.typeset import SMALL


def cells(table: pd.DataFrame) -> str:
    """The cells of one size side by side.

    The bits of :func:`textgen.study.verdicts.winner` stand in bold. Of times no
    range is known, so none of them does.

    Args:
        table: from :func:`textgen.study.comparison.cells`.

    Returns:
        HTML.
    """
    columns = {
        "bits_per_character": ("bits per character", "{:.3f}"),
        "tokens_per_second": ("tokens/s", "{:,.0f}"),
        "generation_milliseconds": ("ms to write", "{:.0f}"),
        "parameters": ("weights", "{:,.0f}"),
    }
    shown = {key: value for key, value in columns.items() if key in table}
    cell = "padding:.3rem .6rem .3rem 0;text-align:right;"
    head = "".join(
        f'<th scope="col" style="{cell}{SMALL}font-weight:400;">{title}</th>'
        for title, _ in shown.values()
    )
    rows = []
    winner = verdicts.winner(table)
    for row in table.to_dict("records"):
        name = escape(row["cell"])
        line = f'<th scope="row" style="{cell}text-align:left;">{name}</th>'
        for key, (_, form) in shown.items():
            best = key == "bits_per_character" and row["cell"] == winner
            weight = 700 if best else 400
            text = form.format(row[key])
            if key == "bits_per_character" and row["seeds"] > 1:
                spread = f"{row['lowest']:.3f}–{row['highest']:.3f}"
                text += f'<div style="{SMALL}font-weight:400;">{spread}</div>'
            line += f'<td style="{cell}font-weight:{weight};">{text}</td>'
        rows.append(f"<tr>{line}</tr>")
    return (
        '<div style="overflow-x:auto;"><table style="border-collapse:collapse;'
        'font-variant-numeric:tabular-nums;">'
        f"<thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
        "</table></div>"
    )


def peers(table: pd.DataFrame) -> str:
    """Models by their bits per character, a bar each from zero.

    Args:
        table: from :func:`textgen.study.comparison.peers`.

    Returns:
        HTML, all text escaped.
    """
    longest = table["bits_per_character"].max()
    rows = []
    for row in table.itertuples():
        weight, opacity = (700, 1) if row.ours else (400, 0.45)
        width = 100 * row.bits_per_character / longest
        known = "told the category" if row.told else "not told the category"
        if row.descriptions:
            known += " · read the descriptions too"
        where = f" on {row.cores} cores" if row.cores else ""
        rows.append(
            f'<li style="margin:0 0 .8rem;font-weight:{weight};">'
            '<div style="display:flex;justify-content:space-between;gap:1rem;">'
            f"<span>{escape(row.model)}</span>"
            '<span style="font-variant-numeric:tabular-nums;">'
            f"{row.bits_per_character:.3f}</span></div>"
            f'<div style="height:.5rem;width:{width:.1f}%;background:currentColor;'
            f'opacity:{opacity};margin:.15rem 0;"></div>'
            f'<div style="{SMALL}margin-top:0;font-weight:400;">{known} · '
            f"{row.parameters / 1e6:.2f} million parameters · "
            f"{_minutes(row.minutes)} of training{where}</div></li>"
        )
    return (
        '<ol style="list-style:none;margin:0;padding:0;max-width:42rem;">'
        f"{''.join(rows)}</ol>"
    )


def _minutes(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes >= 1 else f"{60 * minutes:.0f} s"
