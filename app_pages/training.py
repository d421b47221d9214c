"""How the model learnt: curves, the film of what it wrote, the model card."""

import streamlit as st

from app_parts import desk, guard
from app_parts.opening import choice, offer_figure, open_bundle
from textgen.errors import BundleError
from textgen.study import comparison, verdicts
from textgen.views import charts, model_charts, tables, typeset

desk.enter("training", "epoch", "measure", "over")
try:
    bundle = open_bundle()
    history, samples, card = bundle.history(), bundle.samples(), bundle.model_card()
except BundleError as error:
    st.error(f"The model cannot be opened. {error}", icon=":material/error:")
    st.stop()

epochs = [int(row["epoch"]) for row in history]

training, recipe = bundle.facts["training"], bundle.facts["recipe"]
ships = training["best_epoch"]
corpus = bundle.corpus
many = corpus.noun.many
st.header(f"From noise to {many}", anchor=False)
st.markdown(
    "The network began knowing nothing and read "
    f"{training['train_headlines']:,} {many} {epochs[-1]} times. "
    + (
        f"In the first {recipe['description_epochs']} epochs it also read "
        f"{recipe['description_share']:.0%} of the {corpus.extra.many} that go with "
        "them, a fresh draw each time. "
        if training.get("train_descriptions", 0) and corpus.extra
        else ""
    )
    + f"Texts of more than {recipe['longest']} pieces were left out. What ships is the "
    f"network as it stood after **epoch {ships}**, the best on {many} that it did "
    "not learn from. Move the slider to any moment and read what it wrote, always with "
    "the same luck."
)
guard.fit("epoch", epochs[0], epochs[-1], ships)
epoch = st.slider(
    "Epoch (passes over the training set)",
    epochs[0],
    epochs[-1],
    **guard.field("epoch"),
)
now = history[epochs.index(epoch)]
with st.grid(3, min_column_width=140):
    st.metric(
        "Bits per character",
        f"{now['validation_bits_per_character']:.3f}",
        help=f"How surprised the model is by {many} it has never seen: fewer is "
        "better. Guessing among 60 characters at random would cost 5.9.",
    )
    st.metric(
        "Perplexity per token",
        f"{now['validation_perplexity']:,.0f}",
        help="As unsure as if it had to pick among so many equally likely tokens.",
    )
    st.metric(
        "Guessed right",
        f"{now['validation_accuracy']:.1%}",
        help="How often its favourite was the next token of "
        f"{corpus.noun.a} never seen.",
    )
frames = [frame for frame in samples if frame["epoch"] == epoch]
with st.grid(2, min_column_width=300, gap="medium"):
    for frame in frames:
        st.html(typeset.film_frame(frame))

st.header("The curves", anchor=False)
measure = choice(charts.CURVES, "measure", named=lambda key: charts.CURVES[key][0])
column = measure if measure == "learning_rate" else f"validation_{measure}"
st.altair_chart(
    charts.training_curve(history, measure),
    alt=f"{charts.CURVES[measure][0]} over {epochs[-1]} epochs, from "
    f"{history[0][column]:.4g} to {history[-1][column]:.4g}; epoch {ships} ships",
)
offer_figure(
    f"training_{measure}",
    lambda figures: figures.training_curve(history, measure, bundle.name, corpus),
)
if measure == "learning_rate":
    st.caption(
        "How large the steps are: they grow for a moment, then shrink to nothing "
        "along half a cosine. Shown as it stood at the end of each epoch."
    )
else:
    st.caption(
        "Both lines use the whole vocabulary and no dropout: on a fixed sample of the "
        "training set, and on the validation split, which training never touches. "
        f"At epoch {ships} they lie {charts.gap_in_words(history, measure)} apart: the "
        f"generalisation gap, how much better the model does on {many} that it "
        "learnt from than on new ones."
    )

st.header("Three cells of one size", anchor=False)
try:
    relatives = comparison.shipped()
except BundleError as error:
    st.error(f"A small model cannot be opened. {error}", icon=":material/error:")
    relatives = []
measured = comparison.load()
if relatives:
    table, learnt = (
        comparison.cells(relatives, measured),
        comparison.curves(relatives, measured),
    )
    theirs = relatives[0].corpus
    st.markdown(
        "A GRU, an LSTM and a simple RNN with about "
        f"{table['parameters'].mean() / 1e6:.2f} million weights each, trained by one "
        f"recipe, but for the learning rate, on the same {theirs.noun.many}. "
        + verdicts.cells(table)
    )
    over = "epoch"
    if "minutes" in learnt:
        over = choice(["epoch", "minutes"], "over", label="Over")
    ends = learnt.groupby("cell", sort=False)["bits_per_character"].last()
    st.altair_chart(
        model_charts.sibling_curves(learnt, over),
        alt="Bits per character on validation by "
        + ("epoch" if over == "epoch" else "minutes of training")
        + ", one run of each; they end at "
        + ", ".join(f"{cell} {value:.3f}" for cell, value in ends.items()),
    )
    st.caption(
        "The curves: the run of each that ships, on validation "
        f"{theirs.noun.many}. The table: test {theirs.noun.many}."
    )
    offer_figure(
        f"cells_by_{over}",
        lambda figures: figures.sibling_curves(learnt, over, theirs.name),
        "model_figures",
    )
    st.html(tables.cells(table))
    st.caption(
        "Bits per character, category given; fewer is better. "
        f"{verdicts.seeds(table)} "
        + (
            "In bold: better at its worst seed than every other at its best. "
            if verdicts.winner(table)
            else ""
        )
        + verdicts.rates(table, measured)
        + (
            " Speeds are medians, taken in turns within one run "
            f"({measured.machine}): tokens per second in training, milliseconds for "
            f"32 {theirs.noun.many} of 20 tokens. " + verdicts.minutes(learnt)
            if measured.speeds
            else ""
        )
        + " Choose one under More on the other pages and compare what it writes."
    )

others = comparison.peers(bundle.facts)
if not others.empty:
    st.header("Other ways to write", anchor=False)
    st.markdown(
        "How many bits each kind of model needs per character of "
        f"{many} that it never saw, all with the same {many} to learn from: fewer is "
        "better. " + verdicts.peers(others, measured)
    )
    st.html(tables.peers(others))
    st.caption(
        "Each figure is of one run, of ours the one that ships. What was tuned for "
        "each, and what was not, stands in "
        "`benchmarks/results/quality.csv` of the project's source."
    )

with st.expander("Model card", icon=":material/description:"):
    # Code in a box that scrolls could not be reached by keyboard, so it wraps.
    for i, part in enumerate(
        card.replace("\n# ", "\n## ").removeprefix("# ").split("```")
    ):
        if i % 2:
            st.code(part.strip(), language=None, wrap_lines=True)
        else:
            st.markdown(part)
