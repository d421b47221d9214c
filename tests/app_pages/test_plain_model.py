"""Models of other texts: no categories, three or hundreds, and texts by another name.

No page and no view stumbles over that, nor speaks of the shipped model's texts.
"""

import re

import pytest
from conftest import made_up_dataset, other_bundle
from test_pages import html, open_page, sent

from textgen.corpus import news
from textgen.corpus.corpus import CorpusFacts, Noun
from textgen.model.bundle import Bundle
from textgen.study import comparison, probes, sweep

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
#: Names that a page must show as they are: none is HTML, Markdown or a formula.
STRANGE = (
    "<b>bold</b> & *odd* $x^2$",
    "haiku 🎉 俳句",
    "l'été à la mer, " * 6 + "enfin",
)
HUNDREDS = (*STRANGE, *(f"author number {i}" for i in range(497)))
LINES = CorpusFacts(
    name="Poems of the tests",
    noun=Noun("line", "lines"),
    about="Poems that the tests made up",
    credits="The tests",
)


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    """Models by how many categories they know, with figures of another one."""
    folder, shipped = tmp_path_factory.mktemp("models"), Bundle()
    found = {}
    for names in ((), STRANGE, HUNDREDS):
        made = other_bundle(folder / f"poems-{len(names)}", names, LINES)
        made = probes.save(made, probes.load(shipped))
        found[len(names)] = sweep.save(made, sweep.load(shipped))
    return found


@pytest.fixture
def plain(use, plain_bundle):
    use(plain_bundle)
    return plain_bundle


def said(app):
    """All that a page says, without the names of fields and of models."""
    text = " ".join(str(element.proto) for element in app.main)
    text = re.sub(r"\b(id|key|user_key|element_id|(js|css)_content): .*", "", text)
    return re.sub(r"headlines-\w+|url_path.*|query_string: .*", "", text)


@pytest.mark.parametrize(("name", "query"), PAGES, ids=str)
def test_every_page_opens(plain, name, query):
    # A link that somebody made with another model may ask for a category.
    for category in ({}, {"category": "POLITICS", "read_as": "POLITICS"}):
        app = open_page(name, **query, **category)
        assert not app.error, app.error


@pytest.mark.parametrize("count", [0, 3, 500])
@pytest.mark.parametrize(("name", "query"), PAGES[:-1], ids=str)
def test_every_page_speaks_of_the_models_own_texts(
    use, bundles, count, name, query, monkeypatch
):
    use(bundles[count])
    # What stands there of the small models that ship is about headlines.
    monkeypatch.setattr(comparison, "shipped", lambda: [])
    app = open_page(name, **query, category=HUNDREDS[0])
    assert not app.error, app.error
    text = said(app).replace("made-up headlines", "")
    for word in ("[Hh]eadline", "HuffPost", "News Category", "names are real"):
        found = re.search(rf".{{0,60}}{word}.{{0,60}}", text)
        assert not found, found[0]


def test_a_game_is_played_without_categories(plain):
    app = open_page("temperature", view="Guess")
    app.button(key="game_guess").click().run()
    assert not app.exception
    assert not any("Category" in caption.value for caption in app.caption)


def test_the_view_of_categories_says_that_there_are_none(plain):
    app = open_page("inside", inside_view="Category")
    assert "knows no categories" in app.info[0].value
    assert not any(box.label == "Category" for box in open_page("generate").selectbox)


@pytest.mark.parametrize("count", [3, 500])
def test_the_view_of_categories_draws_the_likeliest(use, bundles, count):
    use(bundles[count])
    app = open_page("inside", inside_view="Category")
    told = [
        caption.value
        for caption in app.caption
        if "readings in one batch" in caption.value
    ]
    assert told[0].startswith(f"{count} readings")
    assert ("The 10 likeliest are drawn" in told[0]) == (count == 500)
    assert "so all count alike" in told[0], "this model does not say how frequent"
    assert "<b>bold" not in html(app)


def test_a_dataset_with_hundreds_of_categories_shows_the_largest(tmp_path, monkeypatch):
    path = made_up_dataset(tmp_path, HUNDREDS)
    monkeypatch.setattr(news, "locate", lambda: path)
    app = open_page("dataset")
    (told,) = (one.value for one in app.caption if one.value.startswith("Click"))
    assert "The 60 largest are drawn; 440 more stand below." in told
    assert app.expander[0].label == "All 500 categories as links"
    leads = app.subheader[0].value
    assert leads.endswith("with 0.2% of the headlines") and "<b>" not in leads


def test_a_strange_category_is_shown_as_it_is(use, bundles):
    use(bundles[3])
    app = open_page("generate", category=STRANGE[0])
    # As text: the browser sets it without reading markup.
    assert sent(app, "front_page")["category"] == STRANGE[0]


def test_a_model_without_categories_names_none(plain):
    assert sent(open_page(), "front_page")["category"] == ""
