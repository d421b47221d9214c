"""A model without categories: no page and no view stumbles over that."""

import pytest
from test_pages import open_page

from app_parts import opening
from textgen.model.bundle import Bundle
from textgen.storage import DEFAULT_MODEL

PAGES = [
    ("generate", {}),
    *(
        ("temperature", {"view": view})
        for view in (
            *("Lens", "Why this word", "Same luck", "Path"),
            *("In the large", "Guess"),
        )
    ),
    *(
        ("inside", {"inside_view": view})
        for view in ("Gates", "Memory", "Surgery", "Jobs", "Category", "Cells")
    ),
    ("training", {}),
    ("dataset", {}),
]


@pytest.fixture
def plain(monkeypatch, plain_bundle):
    """Every page opens a model without categories where it opens the default one."""
    opened = (opening.open_bundle, opening.open_generator, opening.headlines)
    for cached in opened:
        cached.clear()
    instead = {DEFAULT_MODEL: plain_bundle.folder}
    monkeypatch.setattr(opening, "Bundle", lambda name: Bundle(instead.get(name, name)))
    yield plain_bundle
    for cached in opened:
        cached.clear()


@pytest.mark.parametrize(("name", "query"), PAGES, ids=str)
def test_every_page_opens(plain, name, query):
    # A link that somebody made with another model may ask for a category.
    for category in ({}, {"category": "POLITICS", "read_as": "POLITICS"}):
        app = open_page(name, **query, **category)
        assert not app.error, app.error


def test_a_game_is_played_without_categories(plain):
    app = open_page("temperature", view="Guess")
    app.button(key="game_guess").click().run()
    assert not app.exception
    assert not any("Category" in caption.value for caption in app.caption)


def test_the_view_of_categories_says_that_there_are_none(plain):
    app = open_page("inside", inside_view="Category")
    assert "knows no categories" in app.info[0].value
