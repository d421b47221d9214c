"""In the large: what the two switches on words change, as measured."""

from __future__ import annotations

import streamlit as st

from app_parts.opening import prose, small_print
from textgen.corpus.corpus import Noun
from textgen.study import wording
from textgen.study.wording import Wording
from textgen.views import typeset


def show(measured: Wording, noun: Noun, *, large: bool) -> None:
    """How many texts hold a word that the switches leave out, with and without them."""
    title = st.header if large else st.subheader
    title("What the two switches on words change", anchor=False)
    prose(in_words(measured, noun), large=large)
    st.markdown(table(measured, noun))
    headlines = measured.written[0]["headlines"]
    small_print(
        f"Of {noun.counted(headlines)} for each figure, counted without what the "
        "switches look at. All else in this view, bits per character too, is the "
        "model's own writing: both switches off. Measured by "
        "`python -m benchmarks.words`.",
        large=large,
    )


def in_words(measured: Wording, noun: Noun) -> str:
    """The shares in one sentence each."""
    temperatures = measured.temperatures()
    made_up = _listed(
        f"{_percent(measured.share(t, 'neither', 'unknown'))} at T = {t:g}"
        for t in temperatures
    )
    after = max(measured.share(t, "real words", "unknown") for t in temperatures)
    avoided = _listed(
        f"{_percent(measured.share(t, 'neither', 'avoided'))}" for t in temperatures
    )
    left = max(measured.share(t, "fit for a class", "avoided") for t in temperatures)
    return (
        f"**Left to itself, the model writes words that stand nowhere in the training "
        f"set**: {noun.many} with one are {made_up}. With *Real words only*: "
        f"{_percent(after)}. {noun.fill('{Many}')} with a word to avoid are {avoided}; "
        f"with *Fit for a class*: {_percent(left)}."
    )


def table(measured: Wording, noun: Noun) -> str:
    """All shares, as Markdown."""
    temperatures = measured.temperatures()
    lines = [
        f"| {noun.fill('{Many}')} with | switches on | "
        + " | ".join(f"T = {t:g}" for t in temperatures)
        + " |",
        "|---|---|" + "--:|" * len(temperatures),
    ]
    kinds = {"unknown": "a word not in the training set", "avoided": "a word to avoid"}
    for kind, called in kinds.items():
        for rules in wording.RULES:
            shares = (_percent(measured.share(t, rules, kind)) for t in temperatures)
            lines.append(f"| {called} | {rules} | {' | '.join(shares)} |")
    return "\n".join(lines)


def _percent(share: float) -> str:
    return typeset.percent(share) if share else "none"


def _listed(parts) -> str:
    *first, last = parts
    return f"{', '.join(first)} and {last}" if first else last
