"""Texts on demand: prompt, category, temperature, length, seed."""

import streamlit as st

from app_parts import desk, front, guard, lab
from app_parts.opening import generator_or_stop, headlines, on_phone, open_bundle
from textgen.explain import contest, path
from textgen.model.cells import CELLS
from textgen.views import typeset
from textgen.writing import takeaway
from textgen.writing.options import Options

desk.enter("", *desk.DESK, "n", "ranks", "seen")
model = desk.model()
generator = generator_or_stop(model)
corpus, language = open_bundle(model).corpus, generator.language
noun = corpus.noun


@st.cache_data(show_spinner=False, max_entries=64)
def paths_of(options: Options, model: str) -> str:
    """All that the headlines become over the dial, as the page sets them."""
    writer = generator_or_stop(model)
    (greedy,) = writer.generate(options, temperature=0, count=1)
    numbers = range(options.count)
    found = path.paths(writer, options, lab.COLDEST, lab.HOTTEST, numbers)
    return front.paths_data(found, greedy)


@guard.callback
def take_temperature() -> None:
    """The dial was let go: the address and what is taken along follow."""
    st.session_state.t = round(st.session_state.dial["t"], desk.PLACES)


@guard.callback
def take_width() -> None:
    """The window is narrower or wider than the desk was laid out for."""
    st.session_state.narrow = bool(st.session_state.dial["narrow"])


@guard.callback
def ask_why() -> None:
    """A word of the first headline was clicked, perhaps while the dial was moving."""
    asked = st.session_state.front["why"]
    st.session_state.t = round(asked["t"], desk.PLACES)
    st.session_state.asked = int(asked["word"])


def more_settings() -> None:
    desk.length_setting()
    desk.category_setting(generator.categories)
    desk.prompt_setting()


def advanced_settings() -> None:
    desk.model_setting()
    st.slider("How many", **desk.widget("n"))
    desk.word_settings(generator)
    desk.truncation_settings()


narrow = st.session_state.setdefault("narrow", on_phone())
side, paper = st.columns([0.33, 0.67], gap="medium" if narrow else "large")
with side:
    dial_slot = st.container(key="editor")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        desk.luck_button()
        if narrow:
            with st.popover("More", icon=":material/tune:"):
                desk.seed_setting()
                more_settings()
                advanced_settings()
        else:
            desk.seed_setting()
    if not narrow:
        more_settings()
        with st.expander("More", icon=":material/tune:"):
            advanced_settings()

state = st.session_state
headline_slot, tool_slot = paper.container(), paper.container()
with headline_slot:
    report = desk.read(generator, desk.value("prompt"))
temperature, count = desk.value("t"), desk.value("n")
settings = desk.options(generator, report.text, count=count)
# At T = 0 there is no luck: every headline is the same one.
options = settings.but(count=1) if temperature == 0 else settings
key = front.key_of(settings, model)
# Else the texts change when the dial is let go, and not before.
exact = not contest.inexact(settings)
with dial_slot:
    front.dial(
        temperature,
        key,
        noun=noun,
        exact=exact,
        narrow=narrow,
        on_temperature=take_temperature,
        on_width=take_width,
    )

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

written = headlines(options, model)
if (asked := state.pop("asked", None)) is not None:
    state.word = front.step_of(written[0], asked, generator.text_of)
    state.view = "Why this word"
    st.switch_page("app_pages/temperature.py")
with headline_slot:
    front.page(
        written,
        options,
        count,
        key,
        noun,
        categories=bool(generator.categories),
        ranks=ranks,
        mark=mark,
        on_why=ask_why,
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
if exact:
    front.paths(paths_of(settings.but(temperature=1), model), key)
