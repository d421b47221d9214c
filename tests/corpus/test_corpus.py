"""The record of a corpus, and what a model tells of it."""

import json
from dataclasses import replace

import pytest

from textgen.corpus import news
from textgen.corpus.corpus import (
    SPLITS,
    Corpus,
    CorpusFacts,
    Noun,
    check_splits,
    readable,
    split_of,
)
from textgen.errors import BundleError, DatasetError
from textgen.model import bundle as bundles
from textgen.model import card
from textgen.model.bundle import Bundle

POEMS = CorpusFacts(
    name="Made-up poems",
    noun=Noun("line", "lines"),
    about="Poems that nobody wrote, by the tests",
    whose="the made-up poems' lines",
    credits="The tests, 2026",
    licence="The lines are free to use.",
    limits=("It knows nothing of ships.",),
)


def test_texts_are_cleaned_and_split_as_they_come():
    texts = ["  A  b\u00a0c ", "", "a B c", "Cafe\u0301", "Café", " "]
    labels = [" a ", "b", "c", "d", "e", "f"]
    corpus = Corpus.of_texts(texts, labels, POEMS)
    assert list(corpus.texts) == ["A b c", "Café"]
    assert list(corpus.labels) == ["a", "d"] and corpus.categories == ("a", "d")
    assert list(corpus.splits) == [split_of("A b c"), split_of("Café")]
    assert "repeats dropped" in corpus.facts.prepared


def test_parts_hold_every_text_once_with_its_label():
    texts = [f"line {i}" for i in range(300)]
    corpus = Corpus.of_texts(texts, [str(i) for i in range(300)])
    parts = {name: corpus.part(name) for name in SPLITS}
    assert sorted(text for part, _ in parts.values() for text in part) == sorted(texts)
    for part, labels in parts.values():
        assert [f"line {label}" for label in labels] == part
    assert corpus.facts.labels == dict.fromkeys(sorted(parts["train"][1]), 1)
    assert corpus.facts.splits == {n: len(part) for n, (part, _) in parts.items()}
    assert Corpus.of_texts(texts).part("test") == (parts["test"][0], None)
    assert Corpus.of_texts(texts).categories == ()


def test_a_split_that_is_empty_is_named_by_the_noun():
    with pytest.raises(DatasetError, match="poems.txt: no line falls into the test"):
        check_splits(["train", "validation"], POEMS.noun, "poems.txt")


def test_columns_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2 texts, but 1"):
        Corpus(["a", "b"], None, ["train"])


@pytest.mark.parametrize(
    "word", ["", "<b>line</b>", "*line*", "li_ne", "line\n", "a" * 31, 3, "🎉"]
)
def test_a_noun_is_a_plain_word(word):
    with pytest.raises(ValueError, match="must be a word"):
        Noun(word, "lines")
    with pytest.raises(ValueError, match="must be a word"):
        Noun("line", word)


def test_a_noun_counts_and_takes_its_article():
    assert Noun("haiku", "haiku").a == "a haiku" and Noun("ode", "odes").a == "an ode"
    assert Noun("Überschrift", "Überschriften").counted(1) == "1 Überschrift"
    assert POEMS.noun.counted(2000) == "2,000 lines"


@pytest.mark.parametrize("facts", [CorpusFacts(), POEMS, news.FACTS])
def test_facts_come_back_from_json(facts):
    facts = replace(facts, splits={"train": 3})
    stored = json.loads(json.dumps(facts.to_dict()))
    assert CorpusFacts.from_dict(stored) == facts


@pytest.mark.parametrize(
    "wrong",
    [
        {"noun": ["a"] * 3},
        {"noun": ["<b>", "texts"]},
        {"credits": 3},
        {"limits": [1]},
        {"splits": {"train": "many"}},
        {"splits": 3},
        3,
    ],
)
def test_a_bundle_whose_corpus_is_broken_says_so(plain_bundle, tmp_path, wrong):
    facts = {**plain_bundle.facts, "corpus": wrong}
    for path in plain_bundle.folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / bundles.CONFIG).write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(BundleError, match="the field 'corpus' is wrong"):
        Bundle(tmp_path)


def test_a_bundle_that_says_nothing_of_its_corpus_opens(bundle, tmp_path):
    """As those of earlier versions do."""
    facts = {k: v for k, v in bundle.facts.items() if k != "corpus"}
    for path in bundle.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    (tmp_path / bundles.CONFIG).unlink()
    (tmp_path / bundles.CONFIG).write_text(json.dumps(facts), encoding="utf-8")
    old = Bundle(tmp_path)
    assert old.corpus == CorpusFacts() and old.corpus.noun.many == "texts"
    text = card.write(old.facts)
    assert "does not say where its texts are from" in text
    for word in ("HuffPost", "Misra", "headlines that", "2022", "CC BY"):
        assert word not in text


def test_every_shipped_bundle_knows_the_news():
    for name in bundles.available(bundles.MODELS):
        told = Bundle(name).corpus
        assert replace(told, splits={}, labels={}) == news.FACTS
        assert sum(told.splits.values()) == 207_945
        assert sum(told.labels.values()) == told.splits["train"]


def test_a_card_of_poems_speaks_of_poems(bundle):
    model = bundle.facts["model"] | {"categories": []}
    training = bundle.facts["training"] | {"train_descriptions": 0, "command": ""}
    facts = {k: v for k, v in bundle.facts.items() if k != "peers"}
    facts |= {"name": "poems", "model": model, "training": training}
    text = card.write(facts | {"corpus": POEMS.to_dict()})
    for said in (
        "writes lines:",
        "Poems that nobody wrote, by the tests.",
        "187,048 train lines;",
        "No line is part of this bundle",
        "what the made-up poems' lines make likely",
        "- It knows nothing of ships.\n- It reads at most one line;",
        "10,454 test lines",
        "Attribution for the data: The tests, 2026.",
    ):
        assert said in text
    for word in ("headline", "HuffPost", "News", "categor", "description"):
        assert word not in text


def test_a_label_that_shouts_is_written_like_a_title():
    assert readable("FOOD & DRINK") == "Food & Drink"
    for label in ("iPhone tips", "l'été", "Öl", "🎉", "詩"):
        assert readable(label) == label
