"""Texts on demand: prompt, category, temperature, length, seed."""

import time

import streamlit as st

from app_parts import desk, guard
from app_parts.opening import (
    accented,
    generator_or_stop,
    headlines,
    on_phone,
    open_bundle,
)
from textgen.model.cells import CELLS
from textgen.views import typeset
from textgen.writing import takeaway

PRESETS = {"Safe": 0.3, "Balanced": 0.7, "Wild": 1.3}
SECONDS_PER_TOKEN = 0.035  # the model is faster than anyone can read

desk.enter("", *desk.DESK, "n", "ranks", "seen")
model = desk.model()
generator = generator_or_stop(model)
corpus, language = open_bundle(model).corpus, generator.language
noun = corpus.noun


@guard.callback
def set_temperature(value: float) -> None:
    st.session_state.t = value


def places(temperature: float) -> int:
    """Digits after the point; the slider needs two, the lab's dial gives three."""
    return 2 if round(temperature, 2) == temperature else desk.PLACES


def exact_key(temperature: float) -> str:
    """The name of the exact field beside a slider at this temperature.

    A field of its own for every temperature: one field that followed the slider would
    send its old value along while the slider is still moving, and so pull it back.
    """
    return f"exact_{temperature:.{places(temperature)}f}"


@guard.callback
def take_exact(key: str) -> None:
    state = st.session_state
    # The browser may still send a field that the slider has left behind, which then
    # counts as changed.
    if state[key] is not None and key == exact_key(state.t):
        state.t = state[key]


def more_settings() -> None:
    desk.length_setting()
    desk.category_setting(generator.categories)
    desk.prompt_setting()


def advanced_settings() -> None:
    desk.model_setting()
    st.slider("How many", **desk.widget("n"))
    desk.truncation_settings()


phone = on_phone()
side, paper = st.columns([0.33, 0.67], gap="medium" if phone else "large")
with side:
    with st.container(horizontal=True, vertical_alignment="bottom", wrap=False):
        temperature = st.slider(
            "Temperature",
            step=0.01,
            **desk.widget("t"),
        )
        exact = exact_key(temperature)
        st.number_input(
            "Exact temperature",
            *desk.FIELDS["t"][1:],
            temperature,
            step=0.1,
            format=f"%.{places(temperature)}f",
            key=exact,
            on_change=take_exact,
            args=(exact,),
            label_visibility="collapsed",
            width=112,
        )
    with st.container(horizontal=True, gap="xsmall"):
        for name, value in PRESETS.items():
            st.button(
                accented(name) if temperature == value else name,
                key=f"preset_{name.lower()}",
                on_click=set_temperature,
                args=(value,),
                help=f"Temperature {value}",
            )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        desk.luck_button()
        if phone:
            with st.popover("More", icon=":material/tune:"):
                desk.seed_setting()
                more_settings()
                advanced_settings()
        else:
            desk.seed_setting()
    if not phone:
        more_settings()
        with st.expander("More", icon=":material/tune:"):
            advanced_settings()

state = st.session_state
headline_slot, tool_slot = paper.container(), paper.container()
with headline_slot:
    report = desk.read(generator, desk.value("prompt"))
# At T = 0 there is no luck: every headline is the same one.
count = 1 if temperature == 0 else desk.value("n")
options = desk.options(generator, report.text, count=count)

with tool_slot.container(horizontal=True, vertical_alignment="center", key="tools"):
    ranks = st.toggle(
        f"Colour {language.many} by rank",
        help=f"How far down the model's own list each {language.unit} stood.",
        **guard.field("ranks"),
    )
    mark = st.toggle(
        "Mark what was seen",
        help=f"Highlights the longest run of {language.many} that stands in the "
        "training set.",
        **guard.field("seen"),
    )
    take_along = st.popover("Take along", icon=":material/ios_share:", type="tertiary")
    reproduce = st.popover("Reproduce this", icon=":material/replay:", type="tertiary")
    inside_slot = st.container(width="content")

with headline_slot:
    kicker = typeset.kicker(options.temperature, options.category, options.seed)
    lead = st.empty()
    if state.get("shown") != (model, options):
        tokens = []
        for token in generator.stream(options):
            tokens.append(token)
            if not token.given:
                text = generator.text_of(tokens)
                lead.html(kicker + typeset.growing(text, report.text, language))
                time.sleep(SECONDS_PER_TOKEN)
        state.shown = (model, options)
    written = headlines(options, model)
    lead.html(
        kicker
        + typeset.headline(written[0], lead=True, ranks=ranks, mark=mark)
        + typeset.byline(written[0])
        + (typeset.legend(language) if ranks else "")
        + (typeset.rule() if len(written) > 1 else "")
    )
    if temperature == 0:
        st.caption(
            "At temperature 0 luck does not count: the model always takes its "
            f"favourite, so there is only one {noun.one}, whatever the seed."
        )
    with st.grid(2, min_column_width=260, gap="medium", key="stories"):
        for headline in written[1:]:
            st.html(
                typeset.headline(headline, ranks=ranks, mark=mark)
                + typeset.byline(headline)
            )

inside_slot.page_link(
    "app_pages/inside.py",
    label="Look inside",
    icon=":material/visibility:",
    query_params=desk.address(*desk.DESK) | {"headline": written[0].text},
    help=f"What the network does at each piece of the first {noun.one} as it reads it",
)
file_name = f"{noun.many.replace(' ', '-')}-seed-{options.seed}"
with take_along:
    st.caption("Copy (the icon appears when you point at the box)")
    st.code(takeaway.as_text(written).strip(), language=None, wrap_lines=True)
    with st.container(horizontal=True):
        st.download_button(
            "CSV",
            takeaway.as_csv(written, options, model, noun),
            f"{file_name}.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
        )
        st.download_button(
            "TXT",
            takeaway.as_text(written),
            f"{file_name}.txt",
            "text/plain",
            icon=":material/description:",
            on_click="ignore",
        )
# No language: the colours of its words are Streamlit's own, and too pale on the paper.
with reproduce:
    st.caption("In Python")
    st.code(takeaway.as_python(options, model, noun), language=None, wrap_lines=True)
    for shells, command in takeaway.as_commands(options, model).items():
        st.caption(f"On the command line ({shells})")
        st.code(command, language=None, wrap_lines=True)
    st.caption("Or share the address of this page: it holds every setting.")
caution = typeset.plain_markdown(corpus.caution)
cell = CELLS[generator.engine.config.cell].said
tool_slot.caption(
    f"Written by a small recurrent network ({cell}), "
    f"not by people{f': {caution}' if caution else ''}."
)
