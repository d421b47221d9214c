"""Copied or new."""

import pytest

from textgen.corpus.language import SPACED
from textgen.corpus.novelty import NoveltyIndex, fingerprint
from textgen.errors import BundleError

TRAIN = [
    "Why The Owl Sings At Night",
    "Seven Soups That Changed Nothing (PHOTOS)",
    "A B C D E F G H I J K L M N O",
]


@pytest.fixture(scope="module")
def index():
    return NoveltyIndex.build(TRAIN)


def test_a_whole_headline_is_copied_whatever_its_case_and_punctuation(index):
    (found,) = index.check(["why the OWL sings, at night!"])
    assert found.copied
    assert (found.longest_run, found.words) == (6, 6)


def test_a_part_of_a_headline_is_not_a_copy(index):
    (found,) = index.check(["The Owl Sings"])
    assert not found.copied
    assert found.longest_run == 3


def test_the_longest_run_and_its_place(index):
    (found,) = index.check(["Today Seven Soups That Sing At Night"])
    assert found.longest_run == 3
    assert found.run == (1, 4)


def test_runs_longer_than_the_index_are_chained(index):
    (found,) = index.check(["x b c d e f g h i j k l m n y"])
    assert found.longest_run == 13
    assert found.run == (1, 14)


def test_nothing_known_and_nothing_said(index):
    nothing, empty, marks = index.check(["zebra quagga", "", "?!"])
    assert nothing.longest_run == 0
    assert empty.words == marks.words == 0
    assert not empty.copied


def test_checking_many_equals_checking_one(index):
    texts = ["The Owl Sings", "", "Seven Soups", TRAIN[2], "?"]
    assert index.check(texts) == [index.check([text])[0] for text in texts]


def test_saved_and_read_back(index, tmp_path):
    index.save(tmp_path / "n.safetensors")
    again = NoveltyIndex.load(tmp_path / "n.safetensors")
    assert again.check(TRAIN) == index.check(TRAIN)
    assert again.facts == index.facts
    assert again.facts["fingerprint"] == fingerprint(reversed(TRAIN))


def test_damage_gives_one_clear_error(index, tmp_path):
    path = tmp_path / "n.safetensors"
    path.write_bytes(b"nonsense")
    with pytest.raises(BundleError, match=r"n\.safetensors.*dataset summary"):
        NoveltyIndex.load(path)


def test_words_compare_without_case_and_with_either_apostrophe():
    assert SPACED.compared("Don’t PANIC!") == SPACED.compared("don't panic")


@pytest.mark.dataset
def test_the_shipped_index_knows_train_and_little_else(bundle, real_frame):
    train = real_frame[real_frame["split"] == "train"]["headline"]
    test = real_frame[real_frame["split"] == "test"]["headline"]
    assert bundle.novelty.facts["fingerprint"] == fingerprint(train)
    worded = [t for t in train.iloc[::50] if SPACED.compared(t)]
    assert all(found.copied for found in bundle.novelty.check(worded))
    known = {tuple(SPACED.compared(text)) for text in train}
    sample = list(test.iloc[:2000])
    for text, found in zip(sample, bundle.novelty.check(sample), strict=True):
        assert found.copied == (tuple(SPACED.compared(text)) in known)
