"""Inside the GRU: what the network did at each word, from the real weights."""

from html import escape

import numpy as np
import streamlit as st

from app_parts import desk, guard
from app_parts.opening import (
    choice,
    generator_or_stop,
    offer_figure,
    on_phone,
    open_bundle,
    projector_switch,
    small_print,
)
from app_parts.strips import STRIPS, strips
from textgen.explain import posterior, trace
from textgen.model.bundle import available
from textgen.model.config import CELL_NAMES
from textgen.storage import DEFAULT_MODEL
from textgen.study import probes, siblings, surgery
from textgen.views import cell_drawings, ink, model_charts, typeset, typeset_gates
from textgen.writing.generator import Generator
from textgen.writing.options import Options

#: Those that show a GRU's gates, units or state; the others work for every model.
OF_A_GRU = ("Gates", "Memory", "Surgery", "Jobs")
LONGEST = 40  # tokens that are opened
#: How units can be sorted: what stands first and last, and by what.
SORTS = {
    "keeps longest": (
        ("keep longest", "forget first"),
        lambda read: -read.update.mean(axis=0),
    ),
    "most active": (
        ("most active", "least active"),
        lambda read: -np.abs(read.state).mean(axis=0),
    ),
    "forgets first": (
        ("forget first", "keep longest"),
        lambda read: read.update.mean(axis=0),
    ),
    "number": (
        ("first unit", "last unit"),
        lambda read: np.arange(read.state.shape[1]),
    ),
}
HOLD = {
    "always keep (z = 1)": {"update": 1.0},
    "half and half (z = 0.5)": {"update": 0.5},
    "always overwrite (z = 0)": {"update": 0.0},
    "hide the past (r = 0)": {"reset": 0.0},
    "show all the past (r = 1)": {"reset": 1.0},
}
WHICH = {
    "those that keep longest": "slow",
    "those that forget first": "fast",
    "evenly, any": "spread",
}

desk.enter(
    "inside",
    *desk.DESK,
    *("inside_view", "projector", "headline", "sort", "all_units", "token", "unit"),
    *("hold", "share", "which", "job_unit"),
)
model = desk.model()
generator = generator_or_stop(model)
bundle = open_bundle(model)


@st.cache_resource(show_spinner=False)
def glass(model: str) -> Generator:
    """The same model in NumPy, gates open."""
    return Generator.from_bundle(open_bundle(model), "reference")


@st.cache_data(show_spinner=False, max_entries=64)
def trace_of(text: str, category: str | None, model: str) -> trace.Trace:
    return trace.trace(glass(model), text, category)


@st.cache_data(show_spinner=False, max_entries=64)
def connectivity_of(text: str, category: str | None, model: str) -> np.ndarray:
    return trace.connectivity(glass(model).engine, trace_of(text, category, model))


@st.cache_data(show_spinner=False, max_entries=4)
def keeping_of(model: str) -> np.ndarray:
    return surgery.keeping(glass(model))


@st.cache_data(show_spinner="Operating", max_entries=64)
def operated(
    operation: surgery.Operation | None, options: Options, model: str
) -> tuple:
    """Bits per character on the made-up headlines, and headlines of the same luck."""
    patient = (
        glass(model)
        if operation is None
        else surgery.operate(open_bundle(model), operation, keeping_of(model))
    )
    return surgery.bits(patient), patient.generate(options)


@st.cache_data(show_spinner=False, max_entries=12)
def cell_image(cell: str, units: int, inputs: int, dark: bool) -> bytes:
    from textgen.views import figures  # here, since only this view needs it

    shade = cell_drawings.DARK if dark else cell_drawings.LIGHT
    return figures.render(cell_drawings.draw(units, inputs, (cell,), shade), "png")


@guard.callback
def take_square() -> None:
    """A square of the strips was clicked: its token and unit are shown below."""
    picked = st.session_state.strips["picked"]
    st.session_state.token = int(picked["token"])
    st.session_state.unit = int(picked["unit"])


@guard.callback
def take_model(name: str) -> None:
    st.session_state.model = name


def number(label: str, last: int, default: int, key: str, width: int = 130) -> int:
    """A number field from 0 to ``last``."""
    guard.fit(key, 0, last, default)
    return st.number_input(label, 0, last, width=width, **guard.field(key))


with st.container(horizontal=True, vertical_alignment="center", key="inside_head"):
    view = choice(desk.SETTINGS["inside_view"].options(), "inside_view")
    projector = projector_switch("Large type")
    with st.popover("Model", icon=":material/tune:", type="tertiary"):
        desk.model_setting()
if view in OF_A_GRU and bundle.config.cell != "gru":
    others = [name for name in available() if open_bundle(name).config.cell == "gru"]
    st.info(
        f"{model} is {desk.CELLS[bundle.config.cell]}: it has none of the gates and "
        "units of a GRU that this view shows. Category and Cells work for every model."
    )
    with st.container(horizontal=True):
        for name in others:
            st.button(
                f"Open {name}", key=f"open_{name}", on_click=take_model, args=(name,)
            )
    st.stop()
if model != DEFAULT_MODEL:
    st.caption(f"The model opened here: **{model}**, {desk.CELLS[bundle.config.cell]}.")

text, category = "", None
if view in ("Gates", "Memory", "Category"):
    with st.container(horizontal=True, vertical_alignment="bottom", key="specimen"):
        given = st.text_input(
            "Headline to open",
            help="Any text. Yours, or one that the model wrote.",
            **guard.field("headline"),
        )
        if view != "Category":
            desk.category_setting(generator.categories)
            category = desk.category_or_none(generator.categories)
    text = desk.read(generator, given).text
    pieces = generator.tokenizer.encode(text)
    if len(pieces) > LONGEST:
        text = generator.tokenizer.decode(pieces[:LONGEST])
        st.caption(f"The text is long: its first {LONGEST} tokens are shown.")


def first_layer() -> str:
    """Which layer is opened, where there are several."""
    layers = bundle.config.layers
    return f" The first of the model's {layers} layers is shown." if layers > 1 else ""


def gates_view() -> None:
    read = trace_of(text, category, model)
    last, units = len(read.ids) - 1, read.state.shape[1]
    with st.container(horizontal=True, vertical_alignment="bottom", key="strip_desk"):
        shown = st.pills(
            "Strips",
            list(STRIPS),
            default=list(STRIPS)[:1] if on_phone() or projector else list(STRIPS),
            selection_mode="multi",
            format_func=lambda name: STRIPS[name][0],
            key="gates",
            label_visibility="collapsed",
            wrap=True,
        )
        by = st.selectbox(
            "Sort units by", list(SORTS), width=180, **guard.field("sort")
        )
        every = st.toggle(
            f"All {units} units",
            help="Every unit, in strips that scroll sideways",
            **guard.field("all_units"),
        )
    ends, weigh = SORTS[by]
    order = np.argsort(weigh(read), kind="stable")
    # The fields below the strips say what is marked in them, so they come first.
    strips_slot = st.container()
    st.caption(
        "Keras' convention: h = z · h before + (1 − z) · h̃, so z = 1 keeps and z = 0 "
        "overwrites (some books swap the two). A square is one unit at one token: "
        "colour is above 0, grey below. The number beside a token is the mean over all "
        f"{units} units; for h̃ and h of the absolute values (|h|, the size without the "
        "sign), since values above and below 0 would cancel out." + first_layer()
    )
    st.subheader("One unit, worked out by hand", anchor=False)
    busiest = int(np.abs(read.state).mean(axis=0).argmax())
    with st.container(horizontal=True, vertical_alignment="bottom", key="unit_desk"):
        token = number("Token", last, min(1, last), "token")
        unit = number("Unit", units - 1, busiest, "unit")
        st.markdown(f"at **{typeset.plain_markdown(read.names[token])}**")
    worked = trace.equations(glass(model).engine, read, token, unit)
    st.html(typeset_gates.equations(worked, large=projector))
    if shown:
        with strips_slot:
            strips(
                read,
                shown,
                order,
                ends,
                token=token,
                unit=unit,
                key="strips",
                all_units=every,
                projector=projector,
                on_pick=take_square,
            )


def memory_view() -> None:
    read = trace_of(text, category, model)
    lengths = connectivity_of(text, category, model)
    names = read.judged_names
    key = f"predicted_{len(names)}"
    index = st.select_slider(
        "Predicted word",
        range(len(names)),
        len(names) - 1,
        format_func=lambda i: f"{i + 1}: {names[i]}",
        key=key,
    )
    st.html(typeset_gates.connected(read, lengths[index], index, large=projector))
    labels = [f"{j}: {name}" for j, name in enumerate(read.names)]
    st.altair_chart(
        ink.sized(
            model_charts.connectivity(lengths[index, : index + 1], labels[: index + 1]),
            large=projector,
        ),
        alt=f"Gradient of the chance of {names[index]} by each earlier word; most by "
        + labels[int(lengths[index].argmax())],
    )
    small_print(
        "The length of the gradient of the word's log-probability with respect to the "
        "vector of each word read (Madsen, [Visualizing memorization in RNNs]"
        "(https://distill.pub/2019/memorization-in-rnns/)), by backpropagation through "
        "the gates. A large value far back is long memory.",
        large=projector,
    )
    offer_figure(
        "memory",
        lambda figures: figures.connectivity(
            lengths[index, : index + 1],
            labels[: index + 1],
            names[index],
            f"textgen, {model} · {category or 'any category'} · {text}",
        ),
        "model_figures",
    )


def surgery_view() -> None:
    st.markdown(
        "Hold a gate still and see what the memory was good for. Same luck, same "
        "settings: what differs is the operation."
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="theatre"):
        hold = st.selectbox("Hold", list(HOLD), **guard.field("hold"))
        share = st.slider("Share of units, %", 0, 100, step=5, **guard.field("share"))
        which = st.selectbox("Which units", list(WHICH), **guard.field("which"))
    with st.container(horizontal=True, vertical_alignment="bottom", key="patient"):
        desk.prompt_setting()
        desk.category_setting(generator.categories)
        desk.temperature_setting()
        desk.seed_setting()
        desk.luck_button()
    report = desk.read(generator, desk.value("prompt"))
    operation = surgery.Operation(**HOLD[hold], share=share / 100, order=WHICH[which])
    count = 1 if desk.value("t") == 0 else 4
    options = desk.options(generator, report.text, count=count)
    whole, before = operated(None, options, model)
    cut, after = operated(operation, options, model)
    sides = (("Intact", whole, before), (f"{share} % held", cut, after))
    with st.grid(2, min_column_width=300, gap="medium"):
        for name, bits, written in sides:
            with st.container():
                st.metric(
                    f"{name}: bits per character",
                    f"{bits:.3f}",
                    None if bits is whole else f"{bits - whole:+.3f}",
                    delta_color="inverse",
                    help=f"On {len(surgery.PATIENTS)} made-up headlines; fewer is "
                    "better.",
                )
                for headline in written:
                    html = typeset.headline(headline, lead=projector)
                    st.html(html + typeset.gap())
    st.caption(
        f"At temperature {options.temperature:.3g}, on the NumPy engine. The other "
        "pages write with a faster one that rounds more, so even the intact headlines "
        "may differ from theirs. Which units keep longest is their mean update gate "
        "over the made-up headlines."
    )


def jobs_view() -> None:
    facts = probes.load(bundle)
    if facts is None:
        st.info(
            "This model's units have not been probed yet: "
            "`python -m textgen probe --data FILE` does it."
        )
        return
    st.markdown(
        "Five things that a unit might keep track of were probed. "
        f"**{facts['without']} of {facts['units']}** units pass none of these five "
        "probes; what else they do is not said. A unit passes if its value alone, on "
        "headlines that the probe was not fitted on, sorts the places where something "
        "is so from those where it is not: not always rightly, but clearly better "
        "than the number of words gone by does (or, for that number itself, if a "
        "straight line through the unit explains enough of it)."
    )
    with st.grid(1 if projector else 2, min_column_width=300, gap="medium"):
        for name, (meaning, score) in probes.JOBS.items():
            with st.container():
                one_job(name, meaning, score, facts)
    st.caption(
        "AUC: how often a place where it is so has the higher value than one where it "
        f"is not; 0.5 is a coin toss, 1 always. A job begins at {probes.LEAST['other']}"
        f", and at {typeset.percent(probes.WAY)} of the way from what the number of "
        "words gone by reaches to 1. To say yes or no, a unit needs a cut; at the best "
        "one (by F1, on the fitted half) precision is how often it is right when it "
        "says yes, recall how much of what is so it finds. R²: the share of the "
        "variation that a straight line through the unit explains; from "
        f"{probes.LEAST['position']}. Probed on {facts['headlines']:,} validation "
        "headlines: fitted on one half, measured on the other."
    )
    offer_figure(
        "jobs",
        lambda figures: figures.jobs(facts, bundle.config, model),
        "model_figures",
    )
    with st.container(horizontal=True, vertical_alignment="bottom", key="browse"):
        unit = number("Look up a unit", facts["units"] - 1, 0, "job_unit", 160)
        found = [
            f"{probes.JOBS[name][0].lower()}"
            + (f" ({entry['category'].title()})" if "category" in entry else "")
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
        st.markdown(
            f"Unit {probes.unit_name(unit, bundle.config)}: "
            + ("; ".join(found) if found else "passes none of the five probes.")
        )


def one_job(name: str, meaning: str, score: str, facts: dict) -> None:
    """The units that pass one probe, beside what the words gone by alone tell."""
    entries, known = facts["jobs"][name], facts["by_position"].get(name, {})
    so = f", so at {typeset.percent(known['share'])} of the tokens" if known else ""
    st.markdown(
        f"**{meaning}**{so}. {facts['counts'][name]} units pass"
        + (
            f"; the best {len(entries)}:"
            if facts["counts"][name] > len(entries)
            else ""
        )
    )
    if entries:
        labels = [
            probes.unit_name(entry["unit"], bundle.config)
            + (f" · {entry['category'].title()}" if "category" in entry else "")
            for entry in entries
        ]
        st.html(typeset_gates.job(entries, labels, score, known, large=projector))
    if name == "category" and entries:
        most = max(entry["position"] for entry in entries)
        st.caption(
            "So at: the share of the tokens that stand in such a headline. The number "
            f"of words gone by reaches an AUC of {most:.3f} at most."
        )


def category_view() -> None:
    names = generator.categories
    if not names:
        st.info(
            f"{bundle.name} knows no categories, so there is none that it could name."
        )
        return
    facts = probes.load(bundle)
    rates = facts["category_accuracy"] if facts else {}
    weights = posterior.prior(names, rates.get("train_counts"))
    chances = posterior.posterior(generator, [text], weights)[0]
    order = np.argsort(-chances)[:10]
    st.html(
        f'<p style="{typeset.SERIF}font-size:1.7rem;font-weight:700;margin:.2rem 0;">'
        f"The model reads it as {escape(names[order[0]].title())} "
        f"({typeset.percent(chances[order[0]])})</p>"
    )
    st.altair_chart(
        ink.sized(
            model_charts.posterior([names[i] for i in order], chances[order]),
            large=projector,
        ),
        alt="Chance of each category: "
        + ", ".join(f"{names[i]} {chances[i]:.0%}" for i in order[:4]),
    )
    offer_figure(
        "category",
        lambda figures: figures.category(
            [names[i] for i in order], chances[order], text, model
        ),
        "model_figures",
    )
    even = np.ptp(weights) == 0
    st.caption(
        f"{len(names)} readings in one batch, one for each category: how probable "
        "would this text be there? Times how frequent the category is among the "
        "headlines that it was trained on (Bayes' rule)"
        + ("; how frequent is not known here, so all count alike." if even else ".")
    )
    hidden = bundle.facts["recipe"]["category_dropout"]
    sentence = (
        f"It was trained to write, and told the category in {1 - hidden:.0%} of its "
        "readings of a headline; it was never asked to name one."
    )
    if rates:
        sentence += (
            f" Turned round like this, it names the right one of {len(names)} for "
            f"**{rates['model']:.1%}** of all {rates['test_headlines']:,} test "
            "headlines. A classifier built for it (TF-IDF and logistic regression), "
            "trained on the same headlines, gets "
            f"**{rates['tfidf_logistic_regression']:.1%}** of them."
        )
    st.markdown(sentence)


def cells_view() -> None:
    st.markdown(
        "The same notation for all three: **x** is the word read, **h** what is "
        "remembered. The simple network rewrites everything at every word. The GRU "
        "adds two gates and mixes old and new. The LSTM has three gates and a second "
        "memory, **c**. Where **r** acts is a matter of version. In the GRU as "
        "published ([Cho et al., 2014, version 3](https://arxiv.org/abs/1406.1078v3)), "
        "and in many books, it acts on **h** before the weights **U**; in [Keras]"
        "(https://keras.io/api/layers/recurrent_layers/gru/), NVIDIA's cuDNN and this "
        "model after them, as drawn. That is why it has two biases per unit and gate."
    )
    units, inputs = bundle.config.units, bundle.config.embedding
    dark = st.context.theme.type == "dark"
    key = f"cells_{'dark' if dark else 'light'}"  # print.css turns dark ones round
    with st.grid(3, min_column_width=300, gap="medium", key=key):
        for cell, name in CELL_NAMES.items():
            st.image(
                cell_image(cell, units, inputs, dark),
                alt=f"Diagram of the {name} cell, with "
                f"{cell_drawings.parameters(cell, units, inputs):,} parameters",
            )
    st.caption(cell_drawings.legend(units, inputs))
    offer_figure("cells", lambda _: cell_drawings.draw(units, inputs))
    relatives = siblings.shipped()
    if relatives:
        table = siblings.table(relatives, siblings.speeds(), siblings.runs())
        st.subheader("Trained and measured", anchor=False)
        st.markdown(siblings.in_words(table))
        st.html(typeset.siblings(table))
        st.caption(
            "About as many weights each, the same headlines, and one recipe but for "
            "the learning rate. "
            f"{siblings.seeds_in_words(table)} Bits per character on test headlines: "
            "fewer is better. The curves are on the Training page; under More on "
            "Generate you can let each of them write."
        )


{
    "Gates": gates_view,
    "Memory": memory_view,
    "Surgery": surgery_view,
    "Jobs": jobs_view,
    "Category": category_view,
    "Cells": cells_view,
}[view]()
