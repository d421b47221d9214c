"""A model of a language without spaces: pages cut, mark and name its characters."""

import pytest
from conftest import JAPANESE_LINES
from test_pages import open_page, sent
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
