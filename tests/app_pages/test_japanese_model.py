"""A model of a language without spaces: pages cut, mark and name its characters."""

import pytest
from conftest import JAPANESE_LINES
from test_pages import html, open_page, sent
from test_plain_model import PAGES

from app_parts import lab
from textgen.explain import path
from textgen.writing.generator import Generator
from textgen.writing.options import Options


@pytest.fixture
def japanese(use, japanese_bundle):
    """Every page opens a Japanese model where it opens the default one."""
    use(japanese_bundle)
    return Generator.from_bundle(japanese_bundle)


@pytest.mark.parametrize(("name", "query"), PAGES, ids=str)
def test_every_page_opens(japanese, name, query):
    app = open_page(name, **query, prompt="青い", headline=JAPANESE_LINES[0])
    assert not app.error, app.error
    assert not app.exception


def test_the_first_page_offers_and_marks_characters(japanese):
    app = open_page(ranks="true", seen="true", prompt="青い")
    length = app.slider(key="words")
    assert (length.label, length.value, length.max) == ("Characters to write", 40, 60)
    assert app.toggle(key="ranks").label == "Colour characters by rank"
    page = sent(app, "front_page")
    assert (page["unit"], page["units"]) == ("character", "characters")
    text = japanese.generate(prompt="青い", seed=62, max_words=40)[0]
    # One mark a character, and no room between two.
    assert page["texts"][0]["words"] == japanese.language.units(text.text)
    assert (page["lang"], page["join"]) == ("ja", "")


def test_the_end_of_one_character_and_the_beginning_of_another_are_one_token(japanese):
    """Where such a token is the last one, its whole character stays in the text."""
    cut = 0
    for parts in path.paths(japanese, Options(max_words=40), 0.05, 3.0, range(9)):
        for text in (part.headline for part in parts):
            assert "".join(word.text for word in text.words) == text.text
            unfinished = japanese.tokenizer.unfinished([t.id for t in text.tokens])
            cut += bool(unfinished)
    assert cut


def test_texts_of_the_same_luck_depart_at_a_character(japanese):
    app = open_page("temperature", view="Same luck", words="9")
    assert "at most 9 characters of its own" in app.caption[-1].value
    assert "the marked character is the first" in app.caption[-1].value


def test_the_paths_units_are_characters_and_join_to_the_texts(japanese):
    options = Options(prompt="青い", max_words=6, seed=3)
    parts = path.path(japanese, options, 0.05, 3.0)
    sent = lab.path_data(parts, options)
    assert (sent["join"], sent["lang"], sent["given"]) == ("", "ja", 2)
    for part, one in zip(parts, sent["parts"], strict=True):
        assert "".join(one["units"]) == part.headline.text
        assert len(one["units"]) <= 8
    for t in (0.3, 0.9, 1.7):
        (plain,) = japanese.generate(options, temperature=t)
        here = next(part for part in parts if t <= part.high)
        assert here.headline.text == plain.text
        assert here.headline.tokens == plain.tokens


def test_what_writes_a_text_again_says_no_length_that_is_usual(japanese):
    def told(**query):
        return " ".join(code.value for code in open_page(**query).code)

    assert "generate(" in told() and "max_words" not in told()
    assert "max_words=16" in told(words="16")


def test_the_prompts_example_is_of_the_language(japanese):
    assert open_page().text_input(key="prompt").placeholder == "なぜ"


def test_a_model_of_other_texts_says_that_it_was_not_probed(japanese):
    app = open_page("inside", inside_view="Jobs", headline=JAPANESE_LINES[0])
    (said,) = [box.value for box in app.info]
    assert "have not been probed" in said and "learnt from other texts" in said
    assert "python -m textgen probe" not in said


def test_memory_speaks_of_pieces(japanese):
    app = open_page("inside", inside_view="Memory", headline=JAPANESE_LINES[0])
    assert "The darker a piece" in html(app)
    assert "word" not in " ".join(c.value for c in app.caption)
