"""The editor's desk: every setting with its one name, its one value and its address.

A setting is the same on every page that uses it, and goes along from page to page. A
page may leave its widget out (a teacher hid it); its value counts all the same.
"""

from __future__ import annotations

import secrets

import streamlit as st

from app_parts import guard
from app_parts.guard import Setting
from app_parts.lessons import LESSONS
from app_parts.opening import open_bundle
from textgen.corpus.corpus import Noun
from textgen.corpus.language import SPACED, Language
from textgen.errors import BundleError
from textgen.explain import trace
from textgen.fields import described
from textgen.model.bundle import available
from textgen.storage import DEFAULT_MODEL
from textgen.views import typeset
from textgen.writing.generator import Generator
from textgen.writing.options import OPENING_SEED, WORD_RULES, Options
from textgen.writing.prompt import PromptReport
from textgen.writing.rules import RULES, Rule

ANY = "Any"
PLACES = 3  # after the point, of a temperature that is shown exactly
#: What the settings that write a headline are; pages say it in the same words.
ABOUT = described(Options)
#: What pages offer of a truncation rule's range where that is less, and the step of
#: its slider where it is not :data:`STEP`.
OFFERED = {"top_k": (0, 200), "min_p": (0.0, 0.5)}
STEP, STEPS = 0.05, {"min_p": 0.01}
#: The truncation rules by their names in addresses.
CUTS = {
    {"top_k": "k", "top_p": "p"}.get(rule.option, rule.option.replace("_", "")): rule
    for rule in RULES
}

#: The settings that say which words may be written, with what each one hides.
WORD_SWITCHES = {
    "real": "What it hides: on its own, the model makes up words of its pieces, the "
    "more the hotter.",
    "safe": "What it is: a list of words, not judgement. It knows no meaning, lets "
    "through what is unkind in plain words, and does not touch what you type.",
}


def _step(rule: Rule) -> float:
    return STEPS.get(rule.option, STEP)


def _offered(rule: Rule) -> tuple[float, float]:
    about = ABOUT[rule.option]
    # A slider has no open end.
    low = about.low + _step(rule) if about.above else about.low
    return OFFERED.get(rule.option, (low, about.high))


#: Which field of :class:`Options` a setting is, and how much of the field's range pages
#: offer where that is less.
FIELDS = {
    "t": ("temperature", 0.0, 3.0),
    "prompt": ("prompt",),
    "category": ("category",),
    "seed": ("seed",),
    "words": ("max_words",),
    **{name: (rule.option, *_offered(rule)) for name, rule in CUTS.items()},
    "rep": ("repetition_penalty", 1.0, 2.0),
    "real": ("real_words",),
    "safe": ("class_safe",),
    "n": ("count", 1, 32),
}


def _categories() -> tuple[str, ...]:
    """What may be asked for: the categories of the model at work."""
    try:
        return (ANY, *open_bundle(model()).config.categories)
    except BundleError:
        return (ANY,)


def _option(name: str, **more) -> Setting:
    """A setting that is a field of :class:`Options`."""
    field, *offered = FIELDS[name]
    about = ABOUT[field]
    low, high = offered or (about.low, about.high)
    return Setting(
        name, about.kind, **{"default": about.default, "low": low, "high": high} | more
    )


#: What addresses may say, in the order in which they say it.
SETTINGS = {
    setting.name: setting
    for setting in (
        Setting("lesson", "choice", "", choices=("", *LESSONS)),
        Setting("step", "whole", 1, 1, max(map(len, LESSONS.values()))),
        Setting("done", "text", ""),
        Setting("hide", "text", ""),
        Setting(
            "view",
            "choice",
            "Lens",
            choices=(
                *("Lens", "Why this word", "Same luck", "Path"),
                *("In the large", "Guess"),
            ),
        ),
        Setting(
            "inside_view",
            "choice",
            "Gates",
            choices=("Gates", "Memory", "Surgery", "Jobs", "Category", "Cells"),
        ),
        Setting("projector", "switch", False),
        # What writes, and what it is asked for.
        Setting("model", "choice", DEFAULT_MODEL, choices=available),
        _option("t", aliases=("temperature",)),
        _option("prompt"),
        Setting("category", "choice", ANY, choices=_categories, aliases=("read_as",)),
        _option("seed", default=OPENING_SEED),
        _option("words", default=None),  # the language says: see enter
        *map(_option, CUTS),
        _option("rep"),
        # On here: the wall of a class is no place to find out what a model might say.
        *(_option(name, default=True) for name in WORD_SWITCHES),
        # The first page
        _option("n", default=9),
        Setting("ranks", "switch", False),
        Setting("seen", "switch", False),
        # The temperature lab
        Setting("word", "whole", 0),
        Setting("ts", "text", "0, 0.3, 0.7, 1, 1.5"),
        Setting("rows", "whole", 4, 1, 12),
        Setting("game", "whole", 1, 0, 9999),
        Setting("answers", "text", ""),
        # Inside
        Setting("headline", "text", trace.EXAMPLE),
        Setting(
            "sort",
            "choice",
            "keeps longest",
            choices=("keeps longest", "most active", "forgets first", "number"),
        ),
        Setting("all_units", "switch", False),
        Setting("token", "whole"),
        Setting("unit", "whole"),
        Setting("job_unit", "whole"),
        Setting(
            "hold",
            "choice",
            "always overwrite (z = 0)",
            choices=(
                *("always keep (z = 1)", "half and half (z = 0.5)"),
                *("always overwrite (z = 0)", "hide the past (r = 0)"),
                "show all the past (r = 1)",
            ),
        ),
        Setting("share", "whole", 50, 0, 100),
        Setting(
            "which",
            "choice",
            "those that keep longest",
            choices=(
                *("those that keep longest", "those that forget first"),
                "evenly, any",
            ),
        ),
        # Training
        Setting("epoch", "whole"),
        Setting(
            "measure",
            "choice",
            "bits_per_character",
            choices=(
                *("bits_per_character", "loss", "perplexity", "accuracy"),
                "learning_rate",
            ),
            shown={
                "bits per character": "bits_per_character",
                "learning rate": "learning_rate",
            },
        ),
        Setting("over", "choice", "epoch", choices=("epoch", "minutes")),
    )
}
#: Those that pages share: what writes a headline.
DESK = (
    *("model", "t", "prompt", "category", "seed"),
    *("words", *CUTS, "rep", *WORD_SWITCHES),
)


def enter(page: str, *names: str) -> None:
    """Open a page: see :func:`app_parts.guard.enter`.

    Args:
        page: its name in the address; empty for the first page.
        names: of the settings that it uses.
    """
    used = [setting for name, setting in SETTINGS.items() if name in names]
    guard.enter(page, used)
    if "words" in names:
        least, usual, most = language().lengths
        guard.fit("words", least, most, usual)


def address(*names: str) -> dict[str, str]:
    """What a link that takes these settings along says."""
    return guard.address(SETTINGS[name] for name in names)


def value(key: str):
    """A setting's value, whether its widget is on the page or not."""
    return st.session_state[key]


def model() -> str:
    """The name of the model at work."""
    return value("model")


def language() -> Language:
    """What the model at work writes in."""
    try:
        return open_bundle(model()).corpus.language
    except BundleError:
        return SPACED


def noun() -> Noun:
    """What the model at work calls a text."""
    return open_bundle(model()).corpus.noun


def category_or_none(known: tuple[str, ...]) -> str | None:
    """The category as the generator takes it; None for any."""
    name = value("category")
    return name if name in known else None


def read(generator: Generator, text: str) -> PromptReport:
    """What the model makes of a person's words; the page says what it changed."""
    report = generator.read_prompt(text)
    for note in typeset.prompt_notes(report, noun()):
        st.caption(typeset.plain_markdown(note))
    lists = generator.word_lists
    if word_rules(generator)["class_safe"] and lists.avoided(report.text):
        st.caption(
            f"{_called('safe')} holds for what the model writes; your own words are "
            "shown as typed."
        )
    return report


def _called(name: str) -> str:
    return WORD_RULES[FIELDS[name][0]].capitalize()


def word_rules(generator: Generator) -> dict[str, bool]:
    """What the desk says of the words that may be written, by fields of
    :class:`Options`; off where the model cannot have it.

    Args:
        generator: the model's.
    """
    fields = {FIELDS[name][0]: value(name) for name in WORD_SWITCHES}
    why_not = generator.word_lists.why_not
    return {field: on and why_not(field) is None for field, on in fields.items()}


def options(generator: Generator, prompt: str, **changes) -> Options:
    """All that the desk says.

    Args:
        generator: for its categories.
        prompt: from :func:`read`.
        **changes: what differs from the desk.
    """
    said = {FIELDS[name][0]: value(name) for name in DESK if name in FIELDS}
    said |= {
        "prompt": prompt,
        "category": category_or_none(generator.categories),
        **word_rules(generator),
    }
    # What is usual need not be said where texts are written again.
    if said["max_words"] == generator.language.lengths[1]:
        said["max_words"] = None
    return Options(**said).but(**changes)


def widget(name: str) -> dict:
    """What the widget of a setting that is a field of :class:`Options` is given."""
    setting, about = SETTINGS[name], ABOUT[FIELDS[name][0]]
    given = {"help": about.gloss, **guard.field(name)}
    if about.kind in ("whole", "number"):
        given |= {"min_value": setting.low, "max_value": setting.high}
    return given


def temperature_setting() -> None:
    """The exact temperature, as a number."""
    st.number_input(
        "Exact T", step=0.05, format=f"%.{PLACES}f", width=140, **widget("t")
    )


def model_setting() -> None:
    st.selectbox(
        "Model",
        available(),
        help="The large GRU, or one of its three small relatives of equal size: GRU, "
        "LSTM and simple RNN. The Training page compares them.",
        **guard.field("model"),
    )


@guard.callback
def new_luck() -> None:
    """Another seed, everything else the same."""
    st.session_state.seed = secrets.randbelow(10_000)


def luck_button() -> None:
    st.button(
        "New luck",
        key="new_luck",
        icon=":material/casino:",
        on_click=new_luck,
        help="The same settings with other luck: another seed",
    )


def seed_setting() -> None:
    st.number_input("Seed", step=1, width=150, **widget("seed"))


def prompt_setting() -> None:
    st.text_input("Begin with", placeholder=language().beginning, **widget("prompt"))


def category_setting(known: tuple[str, ...]) -> None:
    if value("category") not in known:  # another model may know others
        st.session_state.category = ANY
    if not known:
        return
    st.selectbox(
        "Category",
        [ANY, *known],
        help=f"The model learnt what {noun().many} of each category look like.",
        **guard.field("category"),
    )


def length_setting() -> None:
    least, _, most = language().lengths
    offered = {"min_value": least, "max_value": most}
    st.slider(f"{language().title} to write", **widget("words") | offered)


@guard.callback
def switch_off(rules: list[Rule]) -> None:
    """Truncation rules do nothing from now on."""
    for name, rule in CUTS.items():
        if rule in rules:
            st.session_state[name] = rule.off


def word_settings(generator: Generator) -> None:
    """The switches that say which words may be written.

    Args:
        generator: the model's: for some these cannot be had.
    """
    missing: dict[str, list[str]] = {}
    for name, hides in WORD_SWITCHES.items():
        field = FIELDS[name][0]
        if why := generator.word_lists.why_not(field):
            missing.setdefault(why, []).append(_called(name))
            continue
        given = widget(name)
        st.toggle(_called(name), **given | {"help": f"{given['help']} {hides}"})
    for why, names in missing.items():
        st.caption(f"Not with this model: {' and '.join(names)}; {why}.")


def truncation_settings() -> None:
    for name, rule in CUTS.items():
        step = None if ABOUT[rule.option].kind == "whole" else _step(rule)
        st.slider(rule.name.capitalize(), step=step, **widget(name))
    st.slider("Repetition penalty", step=0.05, **widget("rep"))
