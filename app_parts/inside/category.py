"""Inside, Category: which one the model takes a text for."""

from __future__ import annotations

from html import escape

import numpy as np
import streamlit as st

from app_parts.inside.specimen import Specimen
from app_parts.opening import offer_figure
from textgen.corpus.corpus import readable
from textgen.explain import posterior
from textgen.study import probes
from textgen.views import ink, model_charts, typeset

MOST = 10  # categories that are drawn


def show(specimen: Specimen) -> None:
    """The model turned round: which category does it take a text for?"""
    names, noun = specimen.generator.categories, specimen.bundle.corpus.noun
    if not names:
        st.info(
            f"{specimen.bundle.name} knows no categories, so there is none that it "
            "could name."
        )
        return
    facts = probes.load(specimen.bundle)
    rates = facts["category_accuracy"] if facts else {}
    weights = posterior.prior(names, specimen.bundle.corpus.labels)
    chances = posterior.posterior(specimen.generator, [specimen.text], weights)[0]
    order = np.argsort(-chances)[:MOST]
    st.html(
        f'<p style="{typeset.SERIF}font-size:1.7rem;font-weight:700;margin:.2rem 0;">'
        f"The model reads it as {escape(readable(names[order[0]]))} "
        f"({typeset.percent(chances[order[0]])})</p>"
    )
    st.altair_chart(
        ink.sized(
            model_charts.posterior([names[i] for i in order], chances[order]),
            large=specimen.projector,
        ),
        alt="Chance of each category: "
        + ", ".join(f"{names[i]} {chances[i]:.0%}" for i in order[:4]),
    )
    offer_figure(
        "category",
        lambda figures: figures.category(
            [names[i] for i in order], chances[order], specimen.text, specimen.model
        ),
        "model_figures",
    )
    even = np.ptp(weights) == 0
    st.caption(
        f"{len(names)} readings in one batch, one for each category: how probable "
        "would this text be there? Times how frequent the category is among the "
        f"{noun.many} that it was trained on (Bayes' rule)"
        + ("; how frequent is not known here, so all count alike." if even else ".")
        + (f" The {MOST} likeliest are drawn." if len(names) > MOST else "")
    )
    hidden = specimen.bundle.facts["recipe"]["category_dropout"]
    sentence = (
        f"It was trained to write, and told the category in {1 - hidden:.0%} of its "
        f"readings of {noun.a}; it was never asked to name one."
    )
    if rates:
        sentence += (
            f" Turned round like this, it names the right one of {len(names)} for "
            f"**{rates['model']:.1%}** of all {rates['test_headlines']:,} test "
            f"{noun.many}. A classifier built for it (TF-IDF and logistic regression), "
            f"trained on the same {noun.many}, gets "
            f"**{rates['tfidf_logistic_regression']:.1%}** of them."
        )
    st.markdown(sentence)
