"""Descriptions as extra text to learn from: which, how, and never held-out ones."""

import numpy as np
import pandas as pd
import pytest

from textgen.corpus import news
from textgen.corpus.corpus import split_of
from textgen.corpus.levels import CharacterTokenizer
from textgen.corpus.tokenizer import END, START
from textgen.model import card
from textgen.model.config import Recipe
from textgen.training import batches


def headline_of(split, stem):
    """A made-up headline that falls into a split."""
    for number in range(1000):
        text = f"{stem} {number} Owls"
        if split_of(text) == split:
            return text
    raise AssertionError(split)


TRAIN = [headline_of("train", stem) for stem in ("Why", "How", "When", "Where", "Who")]
TEST = headline_of("test", "Seven Quiet Lamps")


def frame_of(descriptions):
    rows = [*zip(TRAIN, descriptions, strict=True), (TEST, "never to be learnt from")]
    frame = pd.DataFrame(rows, columns=["headline", "short_description"])
    return frame.assign(
        category="ARTS", split=[split_of(text) for text in frame["headline"]]
    )


def test_descriptions_are_the_train_splits_in_headline_capitals():
    found = news.descriptions(
        frame_of(["a lamp  that hums", "", "McOwl’s iPhone", "a lamp that hums", "x"])
    )
    assert list(found["text"]) == ["A Lamp That Hums", "McOwl’s IPhone", "X"]
    assert set(found["category"]) == {"ARTS"}


def test_there_may_be_none():
    found = news.descriptions(frame_of([""] * 5))
    assert found.empty
    assert list(found.columns) == ["text", "category"]


@pytest.mark.parametrize(
    ("description", "kept"),
    [
        (TEST.lower(), False),
        (f"Read it now: {TEST.upper()} and more", False),
        (TEST.rsplit(" ", 1)[0], True),
        ("Quiet lamps, seven of them", True),
    ],
    ids=["equal", "inside", "shorter", "other order"],
)
def test_a_description_that_quotes_a_held_out_headline_is_left_out(description, kept):
    found = news.descriptions(frame_of([description, "", "", "", ""]))
    assert len(found) == kept


def test_no_real_description_quotes_a_held_out_headline(real_frame):
    found = news.descriptions(real_frame)
    assert 160_000 < len(found) < 187_048
    held_out = real_frame[real_frame["split"] != "train"]["headline"].str.lower()
    assert not set(held_out) & set(found["text"].str.lower())
    sample = " \n ".join(found["text"].str.lower())
    long = [
        text for text in held_out.sample(300, random_state=1) if text.count(" ") > 3
    ]
    assert not [text for text in long if f" {text} " in sample]


@pytest.fixture
def mixed():
    tokenizer = CharacterTokenizer("abc")
    headlines = batches.encode(["a"] * 200, None, (), tokenizer)
    return headlines + batches.encode(
        ["bc"] * 400, None, (), tokenizer, batches.BEFORE_DESCRIPTION
    )


def test_a_description_stands_where_a_headline_ended(mixed):
    rows = np.array([0, 599])
    inputs, targets = batches.pad([mixed.ids[i] for i in rows], mixed.before[rows])
    assert inputs[:, 0].tolist() == [START, END]
    assert inputs[1, 1:3].tolist() == targets[1, :2].tolist() == mixed.ids[599]
    assert targets[1, 2] == END


def test_only_the_first_epochs_read_descriptions(mixed):
    recipe = Recipe(batch_size=16, description_epochs=2, description_share=0.5)
    read = [
        np.concatenate(batches.epoch_batches(mixed, recipe, epoch))
        for epoch in (1, 2, 3)
    ]
    for rows in read:
        assert len(set(rows)) == len(rows)
        assert set(range(200)) <= set(rows)
    described = [set(rows[rows >= 200]) for rows in read]
    assert 150 < len(described[0]) < 250
    assert described[0] != described[1]
    assert not described[2]


def test_a_recipe_without_descriptions_reads_as_before(mixed):
    headlines = mixed.take(np.arange(200))
    recipe = Recipe(batch_size=16)
    one = batches.epoch_batches(headlines, recipe, 1)
    random = np.random.default_rng((recipe.seed, 1))
    assert sorted(np.concatenate(one)) == sorted(random.permutation(200))


def test_the_card_says_so(bundle):
    facts = dict(bundle.facts)
    facts["recipe"] = facts["recipe"] | {
        "description_epochs": 4,
        "description_share": 0.25,
    }
    facts["training"] = facts["training"] | {"train_descriptions": 1234}
    text = card.write(facts)
    assert "1,234 short descriptions" in text
    assert "the first 4 with 25% of the descriptions" in text
    facts["recipe"]["description_epochs"] = 0
    facts["training"]["train_descriptions"] = 0
    facts["training"]["command"] = "python -m textgen train"
    assert "description" not in card.write(facts).replace("News Category", "")


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_share_out_of_range_is_named(share):
    with pytest.raises(ValueError, match="description_share"):
        Recipe(description_share=share)
