"""The temperature lab: see what temperature does, everything else held fixed."""

import streamlit as st

from app_parts import desk, game, guard, lab, share, walk, wording
from app_parts.opening import (
    choice,
    generator_or_stop,
    offer_figure,
    on_phone,
    open_bundle,
    projector_switch,
    prose,
    small_print,
)
from textgen.explain import compare, contest, lens, path
from textgen.study import probes, sweep
from textgen.study.wording import load as word_rules_of
from textgen.views import charts, ink, typeset
from textgen.writing.length import most_units
from textgen.writing.options import Options
from textgen.writing.rules import Rule

desk.enter(
    "temperature",
    *desk.DESK,
    *("view", "projector", "word", "ts", "rows", "hide"),
    *("lesson", "step", "done", "game", "answers"),
)
model = desk.model()
generator = generator_or_stop(model)
language = generator.language
noun = open_bundle(model).corpus.noun
hidden = share.hidden()


@st.cache_data(show_spinner=False, max_entries=64)
def lens_of(options: Options, model: str) -> lens.Lens:
    return lens.look(generator_or_stop(model), options)


@st.cache_data(show_spinner=False, max_entries=64)
def contests_of(options: Options, model: str) -> list[contest.Contest]:
    return contest.contests(generator_or_stop(model), options, lab.COLDEST, lab.HOTTEST)


@st.cache_data(show_spinner=False, max_entries=64)
def path_of(options: Options, model: str) -> list[path.Part]:
    return path.path(generator_or_stop(model), options, lab.COLDEST, lab.HOTTEST)


@st.cache_data(show_spinner=False, max_entries=64)
def strands_of(
    options: Options, temperatures: tuple[float, ...], model: str
) -> list[compare.Strand]:
    return compare.compare(generator_or_stop(model), options, temperatures)


@guard.callback
def take_temperature() -> None:
    """The dial was let go: the exact value beside it and the address follow."""
    st.session_state.t = round(st.session_state.lab["t"], desk.PLACES)


@guard.callback
def take_word() -> None:
    """A word of the headline was clicked: the address says which."""
    st.session_state.word = int(st.session_state.lab["word"])


@guard.callback
def append_word() -> None:
    st.session_state.prompt = desk.value("prompt") + st.session_state.lab["append"]
    walk.note("appended", True)


with st.container(horizontal=True, vertical_alignment="center", key="lab_head"):
    if "views" in hidden:
        view = desk.value("view")
    else:
        view = choice(desk.SETTINGS["view"].options(), "view")
    projector = projector_switch("Large type and fewer controls")
    share_slot = st.container(width="content")
if projector:
    hidden |= {"category", "seed", "more"}
lesson_slot = walk.reserve()
walk.note("view", view)


def draw_desk() -> None:
    """Prompt, category, luck, the exact temperature; the rest behind More."""
    one_prompt = view != "In the large"
    if "prompt" not in hidden and one_prompt:
        desk.prompt_setting()
    if "category" not in hidden and one_prompt:
        desk.category_setting(generator.categories)
    if "seed" not in hidden and view in ("Why this word", "Same luck", "Path"):
        desk.seed_setting()
        desk.luck_button()
    if view != "Same luck":
        desk.temperature_setting()
    if "more" not in hidden and one_prompt:
        with st.popover("More", icon=":material/tune:"):
            desk.model_setting()
            desk.length_setting()
            desk.word_settings(generator)
            desk.truncation_settings()


if view != "Guess":
    if on_phone() and not projector and view != "In the large":
        with st.popover("Prompt, category, luck", icon=":material/tune:"):
            draw_desk()
    else:
        with st.container(horizontal=True, vertical_alignment="bottom", key="desk"):
            draw_desk()

options = desk.options(generator, desk.read(generator, desk.value("prompt")).text)
t = options.temperature
walk.note(f"t in {view}", t)
if t < lab.COLDEST and view not in ("Same luck", "Guess"):
    # The desk's own temperature stays for the other pages until the dial is moved.
    st.caption(
        f"T = {t:.3g} is colder than the dial goes: here it stands at {lab.COLDEST:g}."
    )
    t = lab.COLDEST
    options = options.but(temperature=t)


def held(options: Options) -> str:
    """What stays as it is beside prompt, category and luck."""
    penalty = options.repetition_penalty
    return ", ".join(
        (
            model,
            f"at most {language.counted(most_units(options, language))} of its own",
            *options.word_rules(),
            *options.cuts(),
            *((f"repetition penalty {penalty:g}",) if penalty != 1 else ()),
        )
    )


def show(kind: str, data: dict) -> None:
    """The dial with one view below it."""
    lab.lab(
        kind,
        data,
        t,
        key="lab",
        noun=noun,
        projector=projector,
        on_temperature=take_temperature,
        on_append=append_word,
        on_word=take_word,
    )


def in_the_large(facts: dict) -> None:
    """What temperature does to thousands of texts."""
    records, real = facts["records"], facts["real"]
    prose(
        f"**{noun.counted(facts['headlines'])} at each of {len(records)} "
        "temperatures**, in the categories of as many real ones that the model never "
        "saw. " + large_in_words(records),
        large=projector,
    )
    title = st.header if projector else st.subheader
    title("Heat buys variety and pays with familiar phrases", anchor=False)
    cold, hot = records[0], records[-1]
    alike = sweep.as_varied(records, real)
    higher = "above" if alike["bleu"] > real["bleu"] else "not above"
    st.altair_chart(
        ink.sized(charts.quality_diversity(records, real, t), large=projector),
        alt="Curve over temperature, across 1 − self-BLEU and up BLEU: from "
        f"{1 - cold['self_bleu']:.2f} and {cold['bleu']:.2f} at T = 0 to "
        f"{1 - hot['self_bleu']:.2f} and {hot['bleu']:.2f} at "
        f"{hot['temperature']:g}. Written by people: "
        f"{1 - real['self_bleu']:.2f} and {real['bleu']:.2f}; the curve passes "
        f"{higher} them, nearest at T = {alike['temperature']:g}",
    )
    small_print(
        f"Each dot is a temperature. Right: the {noun.many} share fewer runs of words "
        "with one another. Up: they share more with real ones. Temperature moves a "
        "model along its curve; only a better model moves the curve (after Caccia et "
        "al., [Language GANs Falling Short](https://arxiv.org/abs/1811.02549)). "
        + noun.fill("{Many} written by people score ")
        + f"{real['bleu']:.3f} against others by "
        f"people; the model, where it is as varied as they are (T = "
        f"{alike['temperature']:g}), {alike['bleu']:.3f}. A machine that repeats "
        "common phrases scores high: BLEU counts shared words and does not understand "
        "them, so higher is not better written.",
        large=projector,
    )
    offer_figure(
        "quality_diversity",
        lambda figures: figures.quality_diversity(facts, t, model),
        "model_figures",
    )
    with st.grid(1 if projector else 2, min_column_width=300, gap="medium"):
        for measure, (name, meaning) in sweep.MEASURES.items():
            with st.container():
                prose(f"**{name}.** {noun.fill(meaning)}.", large=projector)
                st.altair_chart(
                    ink.sized(
                        charts.sweep_curves(records, real, measure, t), large=projector
                    ),
                    alt=f"{name} over temperature: {records[0][measure]:.3g} at "
                    f"T = 0, {at(records, 1.0)[measure]:.3g} at 1, "
                    f"{records[-1][measure]:.3g} at {records[-1]['temperature']:g}",
                )
    small_print(
        "The classifier (TF-IDF and logistic regression) names the category of "
        f"{real['recognised']:.1%} of these {facts['headlines']:,} real "
        f"{noun.many}, the first of the test split and the newest{whole_split()}. "
        "T = 0 is drawn at the left end of each axis. Measured by "
        "`python -m textgen evaluate --sweep`.",
        large=projector,
    )
    offer_figure(
        "sweep",
        lambda figures: figures.sweep_curves(facts, t, model),
        "model_figures",
    )
    if (measured := word_rules_of(model)) is not None:
        wording.show(measured, noun, large=projector)


def whole_split() -> str:
    """What the classifier reaches on all of the test split, where that was measured."""
    probed = probes.load(open_bundle(model))
    if probed is None:
        return ""
    rates = probed["category_accuracy"]
    return (
        f" ({rates['tfidf_logistic_regression']:.1%} of all "
        f"{rates['test_headlines']:,})"
    )


def at(records: list[dict], value: float) -> dict:
    return min(records, key=lambda row: abs(row["temperature"] - value))


def large_in_words(records: list[dict]) -> str:
    cold, learnt, hot = (at(records, value) for value in (0.3, 1.0, 1.5))
    share = typeset.percent
    return (
        "At 0.3 it says much the same again and again: only "
        f"{share(cold['distinct_2'])} of all word pairs are different ones, and "
        f"{share(cold['copied'])} of the {noun.many} are copied. At 1 it is "
        f"{share(learnt['distinct_2'])} and {share(learnt['copied'])}. At 1.5, "
        f"{share(hot['distinct_2'])} are different, but a classifier recognises the "
        f"category of only {share(hot['recognised'])} of them (at 0.3: "
        f"{share(cold['recognised'])}), and {share(1 - hot['ended'])} find no end "
        f"within {language.counted(sweep.longest(language))}."
    )


def not_exact(rules: list[Rule]) -> None:
    """What stands in the place of a view that could not be exact."""
    names = " and ".join(rule.name for rule in rules)
    st.info(
        f"With {names} there is nothing exact to show here: {contest.INEXACT}, so it "
        "is not known where another word wins. The Lens shows what is kept at each "
        "temperature."
    )
    st.button(
        f"Switch {names} off",
        key="switch_off",
        on_click=desk.switch_off,
        args=(rules,),
    )


inexact = contest.inexact(options)
if not inexact and (view == "Why this word" or guard.asked_for("word")):
    guard.fit("word", 0, len(contests_of(options, model)) - 1, 0)
if view in ("Why this word", "Path") and inexact:
    not_exact(inexact)
elif view == "Lens":
    # The luck plays no part here, so one look serves every seed.
    seen = lens_of(options.but(temperature=1, seed=0), model)
    show("lens", lab.lens_data(seen, options))
    if not seen.may.all():
        st.caption(
            f"Cut at every temperature ({', '.join(options.word_rules())}): pieces "
            "that can lead to no word that may be written. Opinions are the model's "
            "own."
        )
    offer_figure(
        "lens",
        lambda figures: figures.next_word(seen, options, model),
        "lab_figures",
    )
elif view == "Why this word":
    contests = contests_of(options, model)
    text = contests[-1].before + contests[-1].text
    word = desk.value("word")
    show("why", lab.why_data(contests, options, text, word, language))
    step = contests[word]
    offer_figure(
        "why", lambda figures: figures.why(step, options, model), "lab_figures"
    )
    walk.note("winner", text)
elif view == "Path":
    parts = path_of(options.but(temperature=1), model)
    show("path", lab.path_data(parts, options))
    different = len({part.headline.text for part in parts})
    st.caption(
        f"The first {noun.one} of seed {options.seed} can become exactly {different} "
        f"different texts between T = {lab.COLDEST:g} and {lab.HOTTEST:g} "
        f"({held(options)}). The luck is the same throughout: only the temperature "
        "changes, and the tree branches at the exact temperature where another "
        f"{language.unit} wins. Follow the dashed line down to read one of them."
    )
    offer_figure(
        "path", lambda figures: figures.path(parts, options, model), "lab_figures"
    )
    walk.note("headline", next(p.headline.text for p in parts if t <= p.high))
elif view == "Same luck":
    guard.check("ts", compare.read_temperatures)
    with st.container(horizontal=True, vertical_alignment="bottom", key="columns"):
        written = st.text_input(
            "Temperatures",
            help="Up to six, from 0 to 3, with commas between them",
            width=240,
            **guard.field("ts"),
        )
        count = st.slider(noun.fill("{Many}"), 1, 12, width=240, **guard.field("rows"))
    try:
        temperatures = compare.read_temperatures(written)
    except ValueError as error:
        st.error(str(error), icon=":material/error:")
        usual = desk.SETTINGS["ts"].default
        temperatures = compare.read_temperatures(usual)
    strands = strands_of(options.but(temperature=1, count=count), temperatures, model)
    st.html(typeset.columns(strands, temperatures, large=projector))
    st.caption(
        f"Held fixed: prompt, category and luck ({held(options)}). Only the "
        f"temperature differs from column to column; the marked {language.unit} is the "
        "first that "
        "it changed."
        + (" At 0 luck does not count, so all rows agree." if 0 in temperatures else "")
    )
    offer_figure(
        "same_luck",
        lambda figures: figures.same_luck(strands, temperatures, options, model),
        "lab_figures",
    )
elif view == "In the large":
    facts = sweep.load(open_bundle(model))
    if facts is None:
        st.info(
            "This model has not been measured over temperatures yet: "
            "`python -m textgen evaluate --sweep --data FILE` does it."
        )
    else:
        in_the_large(facts)
elif game.play(model, projector):
    walk.note("guessed", True)

walk.draw(lesson_slot, view)
if "sharing" not in hidden:
    with share_slot:
        share.menu(guard.address())
