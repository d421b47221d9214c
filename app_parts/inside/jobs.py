"""Inside, Jobs: units that keep track of something with a name."""

from __future__ import annotations

import streamlit as st

from app_parts.inside.specimen import Specimen, number
from app_parts.opening import note, offer_figure, prose
from textgen.corpus import news
from textgen.corpus.corpus import readable
from textgen.study import probes
from textgen.views import typeset, typeset_gates


def show(specimen: Specimen) -> None:
    """Which units keep track of something that has a name."""
    corpus = specimen.bundle.corpus
    facts, noun, language = probes.load(specimen.bundle), corpus.noun, corpus.language
    gone_by = probes.gone_by(language)
    if facts is None and corpus.name != news.NAME:
        st.info(
            "This model's units have not been probed: probes read the headlines of the "
            f"{news.NAME}, and this model learnt from other texts."
        )
        return
    if facts is None:
        st.info(
            "This model's units have not been probed yet: "
            "`python -m textgen probe --data FILE` does it."
        )
        return
    prose(
        "Five things that a unit might keep track of were probed. "
        f"**{facts['without']} of {facts['units']}** units pass none of these five "
        "probes; what else they do is not said. A unit passes if its value alone, on "
        f"{noun.many} that the probe was not fitted on, sorts the places where "
        "something is so from those where it is not: not always rightly, but clearly "
        f"better than the number of {gone_by} does (or, for that number itself, if "
        "a straight line through the unit explains enough of it).",
        large=specimen.projector,
    )
    with st.grid(1 if specimen.projector else 2, min_column_width=300, gap="medium"):
        for name, (_, score) in probes.JOBS.items():
            with st.container():
                _one_job(name, score, facts, specimen)
    note(
        "AUC: how often a place where it is so has the higher value than one where it "
        f"is not; 0.5 is a coin toss, 1 always. A job begins at {probes.LEAST['other']}"
        f", and at {typeset.percent(probes.WAY)} of the way from what the number of "
        f"{gone_by} reaches to 1. To say yes or no, a unit needs a cut; at the best "
        "one (by F1, on the fitted half) precision is how often it is right when it "
        "says yes, recall how much of what is so it finds. R²: the share of the "
        "variation that a straight line through the unit explains; from "
        f"{probes.LEAST['position']}. Probed on {facts['headlines']:,} validation "
        f"{noun.many}: fitted on one half, measured on the other.",
        large=specimen.projector,
    )
    offer_figure(
        "jobs",
        lambda figures: figures.jobs(
            facts, specimen.bundle.config, specimen.model, language
        ),
        "model_figures",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="browse"):
        unit = number("Look up a unit", facts["units"] - 1, 0, "job_unit", 160)
        found = [
            f"{probes.meaning(name, language).lower()}"
            + (f" ({_category(entry)})" if "category" in entry else "")
            + f", {probes.JOBS[name][1]} {entry['score']:.3f}"
            + (
                f", precision {typeset.percent(entry['precision'])}, recall "
                f"{typeset.percent(entry['recall'])}"
                if "precision" in entry
                else ""
            )
            for name, entries in facts["all"].items()
            for entry in entries
            if entry["unit"] == unit
        ]
        prose(
            f"Unit {probes.unit_name(unit, specimen.bundle.config)}: "
            + ("; ".join(found) if found else "passes none of the five probes."),
            large=specimen.projector,
        )


def _category(entry: dict) -> str:
    return typeset.plain_markdown(readable(entry["category"]))


def _one_job(name: str, score: str, facts: dict, specimen: Specimen) -> None:
    """The units that pass one probe, beside what the units gone by alone tell."""
    noun, language = specimen.bundle.corpus.noun, specimen.bundle.corpus.language
    gone_by = probes.gone_by(language)
    entries, known = facts["jobs"][name], facts["by_position"].get(name, {})
    so = f", so at {typeset.percent(known['share'])} of the tokens" if known else ""
    prose(
        f"**{probes.meaning(name, language)}**{so}. {facts['counts'][name]} units pass"
        + (
            f"; the best {len(entries)}:"
            if facts["counts"][name] > len(entries)
            else ""
        ),
        large=specimen.projector,
    )
    if entries:
        labels = [
            probes.unit_name(entry["unit"], specimen.bundle.config)
            + (f" · {readable(entry['category'])}" if "category" in entry else "")
            for entry in entries
        ]
        st.html(
            typeset_gates.job(
                entries,
                labels,
                score,
                known,
                gone_by=gone_by,
                large=specimen.projector,
            )
        )
    if name == "category" and entries:
        most = max(entry["position"] for entry in entries)
        note(
            f"So at: the share of the tokens that stand in such {noun.a}. The number "
            f"of {gone_by} reaches an AUC of {most:.3f} at most.",
            large=specimen.projector,
        )
