"""Two hundred odd addresses: no page breaks, and each says what it did not take."""

import dataclasses

import pytest
from conftest import ROOT
from streamlit.testing.v1 import AppTest
from test_pages import open_page, sent

from app_parts import desk, guard
from textgen.corpus.language import SPACED
from textgen.writing.generator import Generator

PAGES = ("generate", "temperature", "inside", "training", "dataset")
#: Values that one kind of setting or another does not know.
ODD = (
    *("inf", "-inf", "1e309", "-1e309", "nan", "1.5", "0x10", "１２", "1e-320", "-1"),
    *(
        "9" * 400,
        "1e999",
        "0.5,0.7",
        "true",
        "yes",
        "maybe",
        "null",
        "None",
        "[]",
        "{}",
    ),
    *("politics", "POLITICS", "Politics ", "any", "ANY", "nonsense", "LENS", "surgery"),
    *(
        "\x00",
        "a\x00b",
        "\x1b[31m",
        "\u202egnp",
        "\ufeff7",
        "\n",
        " ",
        "%00",
        "../../x",
    ),
    *("<script>alert(1)</script>", "$x$ *y* [z](javascript:alert(1))", "🦉" * 300),
)


def opened(page, **query):
    """A page, as its address opens it."""
    if page in ("generate", "dataset"):  # they link to others, so they need them all
        return open_page(page, **query)
    path = str(ROOT / "app_pages" / f"{page}.py")
    app = AppTest.from_file(path, default_timeout=60)
    app.query_params = query
    app.run()
    assert not app.exception, (page, query, app.exception)
    return app


def notes(app):
    return [c.value for c in app.caption if "Not taken from the address" in c.value]


def used(app):
    return app.session_state["guard"].settings


@pytest.fixture(scope="module")
def settings(bundle):
    """The settings that each page uses."""
    known = (desk.ANY, *bundle.config.categories)
    found = {page: used(opened(page)) for page in PAGES}
    return {
        page: [
            dataclasses.replace(one, choices=known) if one.name == "category" else one
            for one in of_page
        ]
        for page, of_page in found.items()
    }


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: ascii(odd)[:24])
def test_no_odd_value_breaks_a_page(settings, odd, monkeypatch):
    # No headline is shown word by word, which takes as long as reading it.
    monkeypatch.setattr(Generator, "stream", lambda *_, **__: iter(()))
    for page in PAGES:
        names = [one.name for one in settings[page]]
        app = opened(page, **dict.fromkeys((*names, "nobody_knows_me"), odd))
        for setting in settings[page]:
            value = app.session_state[setting.name]
            try:
                wanted = setting.read(odd) if odd.strip() else setting.default
            except ValueError:
                wanted = setting.default
                found, start = app.session_state["guard"].notes, f"{setting.name} = “"
                said = [note for note in found if note.startswith(start)]
                assert len(said) == bool(odd.strip()), (page, setting.name)
            if setting.kind != "text" and wanted is not None:
                assert value == wanted, (page, setting.name, value)
        assert all(len(note) < 120 for note in app.session_state["guard"].notes)
        assert len(notes(app)) == bool(app.session_state["guard"].notes)
        for line in notes(app):
            assert "<script>" not in line
            assert "[z](" not in line


@pytest.mark.parametrize("view", desk.SETTINGS["view"].options())
@pytest.mark.parametrize("odd", ["inf", "1e-320", "１２", "a\x00b"], ids=ascii)
def test_no_odd_value_breaks_a_view_of_the_lab(settings, view, odd):
    names = {one.name for one in settings["temperature"]} - {"view"}
    app = opened("temperature", view=view, **dict.fromkeys(names, odd))
    assert app.segmented_control(key="view").value == view


@pytest.mark.parametrize("view", desk.SETTINGS["inside_view"].options())
@pytest.mark.parametrize("odd", ["inf", "1e-320", "999999", "a\x00b"], ids=ascii)
def test_no_odd_value_breaks_a_view_of_inside(settings, view, odd):
    names = {one.name for one in settings["inside"]} - {"inside_view"}
    app = opened("inside", inside_view=view, **dict.fromkeys(names, odd))
    assert app.segmented_control(key="inside_view").value == view


def test_a_length_beyond_what_the_language_offers_is_said():
    app = opened("generate", words="31")
    assert app.session_state["words"] == app.slider(key="words").value == 16
    (note,) = notes(app)
    assert "words = “31” \\(not a whole number from 3 to 30\\)" in note


@pytest.mark.parametrize("name", ["seed", "n", "words", "k"])
@pytest.mark.parametrize("odd", ["inf", "-inf", "1e309", "1.5", "nan"])
def test_a_number_that_is_none_is_said_and_the_default_counts(name, odd):
    app = opened("generate", **{name: odd})
    setting = desk.SETTINGS[name]
    # How long a text may be, its language says.
    usual = SPACED.lengths[1] if name == "words" else setting.default
    assert app.session_state[name] == usual
    (note,) = notes(app)
    assert f"{name} = “" in note
    assert f"not a whole number from {setting.low:,} to {setting.high:,}" in note


def test_names_are_taken_in_any_case_as_on_the_command_line():
    app = opened("generate", category="politics", model="Headlines-LSTM", ranks="1")
    assert app.selectbox(key="category").value == "POLITICS"
    assert app.selectbox(key="model").value == "headlines-lstm"
    assert app.toggle(key="ranks").value is True
    assert not notes(app)


@pytest.mark.parametrize(
    ("name", "view"), [("sort", "Gates"), ("hold", "Surgery"), ("which", "Surgery")]
)
def test_an_address_may_say_what_a_field_offers(name, view):
    offered = opened("inside", inside_view=view).selectbox(key=name).options
    assert tuple(offered) == desk.SETTINGS[name].options()


def test_old_links_go_on_working():
    app = opened("temperature", temperature="0.4", prompt="Why")
    assert app.number_input(key="t").value == 0.4
    assert not notes(app)
    app = opened("inside", read_as="SCIENCE")
    assert app.selectbox(key="category").value == "SCIENCE"
    assert not notes(app)


def test_a_number_beyond_what_the_page_has_is_said():
    usual = opened("training").slider(key="epoch").value
    app = opened("training", epoch="99")
    assert app.slider(key="epoch").value == usual
    (note,) = notes(app)
    assert "epoch = “99”" in note
    app = opened("inside", token="99", unit="99999", headline="Owls Sing")
    (line,) = notes(app)
    assert "token = “99”" in line
    assert "unit = “99999”" in line
    assert app.number_input(key="token").value == 1


@pytest.mark.parametrize("view", desk.SETTINGS["view"].options())
def test_a_word_beyond_the_headline_is_said_in_every_view(view):
    app = opened("temperature", view=view, word="99")
    assert app.session_state["word"] == 0
    (note,) = notes(app)
    assert "word = “99” \\(not a whole number from 0 to " in note


def test_a_word_of_the_headline_stays():
    app = opened("temperature", view="Why this word", word="2")
    assert app.session_state["word"] == 2
    assert not notes(app)


def test_what_a_view_cannot_use_is_said_when_that_view_is_opened():
    app = opened("temperature", view="Lens", ts="99")
    assert not notes(app)
    app.segmented_control(key="view").set_value("Same luck").run()
    (note,) = notes(app)
    assert "ts = “99”" in note
    assert not app.error
    app = opened("inside", inside_view="Memory", unit="99999")
    app.segmented_control(key="inside_view").set_value("Gates").run()
    (note,) = notes(app)
    assert "unit = “99999”" in note
    # What was taken once is the page's own: a shorter headline only has fewer tokens.
    app = opened("inside", headline="Why Owls Sing In Barns", token="5")
    app.text_input(key="headline").set_value("Owls").run()
    assert not notes(app)


def test_the_note_goes_with_the_next_setting():
    app = opened("generate", seed="inf")
    assert notes(app)
    app.run()
    assert notes(app)
    app.number_input(key="seed").set_value(5).run()
    assert not notes(app)
    assert app.query_params == {"seed": "5"}


@pytest.mark.parametrize("t", ["1e-320", "1e-50", "7e-46", "0"])
def test_the_coldest_temperatures_break_nothing(t):
    for page, view in (
        ("generate", {}),
        *(("temperature", {"view": one}) for one in desk.SETTINGS["view"].options()),
        ("inside", {"inside_view": "Surgery"}),
    ):
        opened(page, t=t, words="5", **view)
    app = opened("temperature", view="Same luck", ts=f"{t}, 1")
    assert not app.error


def test_a_temperature_colder_than_the_dial_is_kept_and_said():
    app = opened("temperature", t="0.02", view="Path")
    assert app.number_input(key="t").value == 0.02
    said = [c.value for c in app.caption if "colder than the dial" in c.value]
    assert "0.02" in said[0]
    assert "0.05" in said[0]


# One desk --------------------------------------------------------------------------


def test_the_desk_goes_along_from_page_to_page():
    app = open_page(prompt="Why", category="SCIENCE", seed="21", words="9")
    app.session_state.t = 1.3
    app.run()
    for page in ("temperature", "dataset", "training", "inside", "generate"):
        app.switch_page(f"app_pages/{page}.py").run()
        state = app.session_state
        assert (state["t"], state["prompt"], state["seed"]) == (1.3, "Why", 21)
        assert (state["category"], state["words"]) == ("SCIENCE", 9)
    assert sent(app, "front_dial")["t"] == 1.3
    assert app.text_input(key="prompt").value == "Why"


def test_surgery_shows_the_prompt_that_it_uses():
    app = open_page()
    app.text_input(key="prompt").set_value("Why " * 300).run()
    app.switch_page("app_pages/inside.py")
    app.query_params = {"inside_view": "Surgery"}
    app.run()
    assert not app.exception
    assert app.text_input(key="prompt").value == "Why " * 300
    assert any("its first 399 characters" in c.value for c in app.caption)


def test_every_page_writes_from_the_same_words(generator):
    """Also from more than the model reads, and from what cannot be shown."""
    for prompt in ("Why\x00owls", "x" * 500):
        text = generator.read_prompt(prompt).text
        for page, view in (
            ("generate", {}),
            ("temperature", {"view": "Path"}),
            ("inside", {"inside_view": "Surgery"}),
        ):
            app = opened(page, prompt=prompt, words="3", **view)
            assert any(
                "Control characters" in c.value or "was long" in c.value
                for c in app.caption
            ), page
            if page == "generate":
                lines = app.code[0].value.splitlines()
                assert all(line.startswith(text) for line in lines)


@pytest.mark.parametrize("name", ["headlines-lstm", "headlines-rnn"])
def test_inside_opens_the_model_that_wrote(name):
    app = opened("inside", model=name)
    assert name in app.info[0].value
    assert "Category and Cells work" in app.info[0].value
    assert not app.get("html")
    for view in ("Category", "Cells"):
        assert not opened("inside", model=name, inside_view=view).info
    app.button(key="open_headlines-gru-small").click().run()
    assert not app.info
    assert app.query_params == {"model": "headlines-gru-small"}


def test_inside_shows_the_gates_of_the_chosen_gru():
    from textgen.explain import trace
    from textgen.views import typeset_gates

    app = opened(
        *("inside",),
        **{
            "model": "headlines-gru-small",
            "headline": "Owls Sing",
            "token": "2",
            "unit": "31",
        },
    )
    small = Generator.load("headlines-gru-small", "reference")
    read = trace.trace(small, "Owls Sing")
    worked = trace.equations(small.engine, read, 2, 31)
    page = "\n".join(str(element.proto) for element in app.get("html"))
    for value in (worked.update, worked.reset, worked.candidate, worked.after):
        assert f"<b>{typeset_gates.shown(value)}</b>" in page
    (large,) = (Generator.load(engine="reference"),)
    other = trace.equations(large.engine, trace.trace(large, "Owls Sing"), 2, 31)
    assert f"<b>{typeset_gates.shown(other.update)}</b>" not in page
    for view in ("Memory", "Surgery", "Jobs", "Category"):
        opened("inside", model="headlines-gru-small", inside_view=view)


# What fails --------------------------------------------------------------------------


@pytest.fixture
def sorry(monkeypatch):
    """As visitors see it."""
    monkeypatch.undo()
    return guard.sorry


def test_a_failing_page_says_a_number_and_the_log_the_trace(sorry, monkeypatch, caplog):
    from app_parts import opening

    def broken(*_):
        raise OverflowError("a secret path: /home/ada")

    monkeypatch.setattr(opening, "headlines", broken)
    monkeypatch.setattr(guard._LOG, "propagate", True)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    assert not app.exception
    (said,) = app.error
    assert "Something went wrong here (number " in said.value
    assert "secret" not in said.value
    number = said.value.split("(number ")[1][:4]
    record = next(one for one in caplog.records if number in one.getMessage())
    assert record.exc_info[0] is OverflowError
    # The rest of the page is there, and it recovers.
    assert sent(app, "front_dial")
    monkeypatch.undo()
    app.number_input(key="seed").set_value(5).run()
    assert not app.error


def test_a_failing_callback_says_a_number_too(sorry, monkeypatch, caplog):
    import secrets

    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    monkeypatch.setattr(guard._LOG, "propagate", True)

    def broken(*_):
        raise RuntimeError("no luck")

    monkeypatch.setattr(secrets, "randbelow", broken)
    app.button(key="new_luck").click().run()
    monkeypatch.undo()
    assert not app.exception
    (said,) = app.error
    assert said.value.split("(number ")[1][:4] in caplog.text
    assert "no luck" in caplog.text
    app.run()
    assert not app.error


def test_streamlits_own_ways_out_of_a_page_are_let_through(tmp_path):
    (tmp_path / "app.py").write_text(
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "import streamlit as st\n"
        "from app_parts import guard\n"
        "def first():\n"
        "    if st.button('again', key='again'):\n"
        "        st.rerun()\n"
        "    if st.button('away', key='away'):\n"
        "        st.switch_page(other)\n"
        "    if st.button('stop', key='stop'):\n"
        "        st.stop()\n"
        "    st.write('to the end')\n"
        "def second():\n"
        "    st.write('elsewhere')\n"
        "other = st.Page(second)\n"
        "page = st.navigation([st.Page(first), other])\n"
        "with guard.watch():\n"
        "    page.run()\n"
    )
    app = AppTest.from_file(str(tmp_path / "app.py"), default_timeout=60).run()
    for key, shown in (("again", "to the end"), ("stop", ""), ("away", "elsewhere")):
        app.button(key=key).click().run()
        assert not app.error, key
        assert not app.exception
        assert shown in "".join(m.value for m in app.markdown), key
        if key == "stop":
            assert not app.markdown
