"""Two switches say which words may be written: on at the outset, and everywhere."""

import shlex

import pytest
from conftest import as_app, run_cli
from test_pages import html, open_page

from app_parts import desk, lab
from textgen.corpus.avoid import WordsToAvoid
from textgen.explain import lens
from textgen.writing.generator import Generator
from textgen.writing.options import WORD_RULES, Options

VIEWS = ("Lens", "Why this word", "Same luck", "Path", "Guess")
LABELS = {"real": "Real words only", "safe": "Fit for a class"}
#: A setting at which the model alone writes what stands nowhere in the training set.
HOT = {"t": "1.3", "seed": "62", "n": "3", "model": "headlines-gru-small"}


def captions(app):
    return "\n".join(caption.value for caption in app.caption)


def command(app):
    """The page's command, as the shell reads it."""
    (found,) = (c.value for c in app.code if c.value.startswith("python -m textgen"))
    return found


@pytest.fixture(scope="module")
def avoided():
    """A word of the list, of the milder sort."""
    return next(w for w in sorted(WordsToAvoid.load().words) if w.startswith("bastard"))


@pytest.mark.parametrize("page", ["generate", "temperature"])
def test_both_switches_are_on_and_say_what_they_do(page):
    app = open_page(page)
    for name, label in LABELS.items():
        switch = app.toggle(key=name)
        assert (switch.label, switch.value) == (label, True)
        assert switch.help.startswith(desk.ABOUT[desk.FIELDS[name][0]].gloss)
    assert "not judgement" in app.toggle(key="safe").help
    assert "hides" in app.toggle(key="real").help
    assert not {"real", "safe"} & {*app.query_params}


def test_a_switch_stands_in_the_address_and_travels():
    app = open_page("generate", real="false")
    app.toggle(key="safe").set_value(False).run()
    assert app.query_params == {"real": "false", "safe": "false"}
    for page in ("temperature", "inside"):
        app.switch_page(f"app_pages/{page}.py").run()
        assert not app.session_state["real"]
        assert not app.session_state["safe"]
        assert app.query_params["safe"] == "false"
    app = open_page("temperature", safe="false")
    assert app.toggle(key="real").value
    assert not app.toggle(key="safe").value


@pytest.mark.parametrize("switches", [(), ("real",), ("safe",), ("real", "safe")])
def test_the_page_writes_what_its_python_lines_write(switches, capsys):
    off = {name: "false" for name in LABELS if name not in switches}
    app = open_page(**HOT, **off)
    (lines,) = (c.value for c in app.code if c.value.startswith("from textgen"))
    exec(lines, {})  # ours, made of settings that the page checked
    assert app.code[0].value == capsys.readouterr().out.strip()
    assert command(app).count("--real-words") == ("real" in switches)
    assert command(app).count("--class-safe") == ("safe" in switches)


def test_the_command_writes_again_what_the_page_shows():
    app = open_page(**HOT)
    words = shlex.split(command(app))[3:]
    shown = app.code[0].value.splitlines()
    told = run_cli(*words)
    assert all(line in told.stdout for line in shown), told


def test_real_words_change_what_stands_on_the_page(bundle):
    known = bundle.novelty.knows
    unknown = {
        name: [
            w for w in open_page(**HOT, real=name).code[0].value.split() if not known(w)
        ]
        for name in ("true", "false")
    }
    assert unknown["false"]
    assert not unknown["true"]


@pytest.mark.parametrize("page", ["generate", "temperature"])
def test_ones_own_words_are_shown_as_typed_and_it_is_said(page, avoided):
    said = "your own words are shown as typed"
    app = open_page(page, prompt=f"The {avoided}", view="Same luck")
    assert said in captions(app)
    assert avoided in (app.code[0].value if page == "generate" else html(app))
    assert said not in captions(open_page(page, prompt="The owl", view="Same luck"))
    free = open_page(page, prompt=f"The {avoided}", safe="false", view="Same luck")
    assert said not in captions(free)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_opens_with_one_switch_alone(view):
    for name in LABELS:
        assert not open_page("temperature", view=view, **{name: "false"}).error


def test_the_game_shows_what_the_switches_allow():
    on, off = (
        open_page("temperature", view="Guess", game="4", real=real, safe=real)
        for real in ("true", "false")
    )
    assert html(on) != html(off)


def test_the_lens_shows_all_pieces_and_says_which_are_left(generator):
    options = as_app(prompt="Why The Whit")
    sent = lab.lens_data(lens.look(generator, options), options)
    assert sent["rules"] == tuple(WORD_RULES.values())
    assert "0" in sent["may"][: lens.SHOWN]
    free = Options(prompt="Why The Whit")
    plain = lab.lens_data(lens.look(generator, free), free)
    assert (plain["may"], plain["rules"]) == ("", ())
    assert plain["opinions"] == sent["opinions"]
    assert plain["texts"] == sent["texts"]


def test_the_lens_says_what_is_cut_and_why():
    said = "Cut at every temperature (real words only, fit for a class)"
    assert said in captions(open_page("temperature", prompt="Why"))
    alone = captions(open_page("temperature", prompt="Why", real="false"))
    assert "(fit for a class)" in alone
    free = open_page("temperature", prompt="Why", real="false", safe="false")
    assert "Cut at every temperature" not in captions(free)


def test_what_cannot_be_had_is_not_offered_and_is_off(monkeypatch):
    monkeypatch.setattr(
        "textgen.writing.wordlists.WordLists.why_not",
        lambda _, name: "not known" if name == "real_words" else None,
    )
    app = open_page(**HOT)
    assert [t.key for t in app.toggle if t.key in LABELS] == ["safe"]
    assert "Not with this model: Real words only; not known." in captions(app)
    (lines,) = (c.value for c in app.code if c.value.startswith("from textgen"))
    assert "class_safe=True" in lines
    assert "real_words" not in lines


def test_surgery_writes_with_the_switches(monkeypatch):
    asked = []
    generate = Generator.generate

    def noted(self, options=None, **changes):
        asked.append(options)
        return generate(self, options, **changes)

    monkeypatch.setattr(Generator, "generate", noted)
    open_page("inside", inside_view="Surgery", seed="4711", safe="false")
    assert {(one.real_words, one.class_safe) for one in asked if one.seed == 4711} == {
        (True, False)
    }
