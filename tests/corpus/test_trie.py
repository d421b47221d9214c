"""The words of the training set, by their beginnings."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save_file

from textgen.corpus.language import SPACED
from textgen.corpus.novelty import fingerprint
from textgen.corpus.trie import NEVER, ROOT, Trie, fold
from textgen.errors import BundleError
from textgen.model.bundle import WORDS
from textgen.storage import DATA

SOME = ("owl", "owls", "owl's", "on", "née", "u", "s", "2016", "x_y")


def spelt(trie, node=ROOT, beginning=""):
    """All words of a trie, found by going down it."""
    for child in range(trie.first[node], trie.first[node + 1]):
        longer = beginning + trie.letters[child]
        if trie.ends[child]:
            yield longer
        yield from spelt(trie, child, longer)


def test_a_trie_holds_its_words_and_no_others(tmp_path):
    trie = Trie.of(SOME)
    trie.save(tmp_path / WORDS)
    again = Trie.load(tmp_path / WORDS)
    for held in (trie, again):
        assert sorted(spelt(held)) == sorted(SOME)
        assert held.facts["words"] == len(SOME)
        assert held.find("ow") > 0
        assert not held.ends[held.find("ow")]
        assert held.find("owlx") == held.find("w") == -1
    assert again.letters == trie.letters


def test_a_trie_may_be_empty(tmp_path):
    Trie.of(()).save(tmp_path / WORDS)
    trie = Trie.load(tmp_path / WORDS)
    assert list(spelt(trie)) == []
    assert trie.least_to_end(trie.ends, {}).tolist() == [NEVER]


@settings(max_examples=100, deadline=None)
@given(words=st.sets(st.text("abé'", min_size=1, max_size=6), max_size=20))
def test_the_way_to_the_end_of_a_word_is_the_shortest(words):
    """Compared with a search through all words; an é takes two, a b cannot be had."""
    costs = {"a": 1, "é": 2, "'": 1}
    trie = Trie.of(words)
    least = trie.least_to_end(trie.ends, costs)
    for word in words:
        for at in range(1, len(word) + 1):
            rests = [w[at:] for w in words if w.startswith(word[:at])]
            ways = [sum(costs.get(c, NEVER) for c in rest) for rest in rests]
            assert least[trie.find(word[:at])] == min([NEVER, *ways])


@given(text=st.text(max_size=30))
def test_letter_by_letter_text_is_folded_as_copied_or_new_folds_it(text):
    text = text.replace("Σ", "")  # lower-case depends on its neighbours
    folded = "".join(map(fold, text))
    assert SPACED.compared(folded) == SPACED.compared(text)


@pytest.mark.parametrize("harm", ["cut", "children", "facts", "missing"])
def test_a_damaged_file_is_one_clear_error(tmp_path, harm):
    path = tmp_path / WORDS
    Trie.of(SOME).save(path)
    if harm == "cut":
        path.write_bytes(path.read_bytes()[:-9])
    elif harm == "missing":
        path.unlink()
    else:
        letters = np.zeros(3, dtype=np.uint8)
        children = np.array([1, 1, 1 if harm == "children" else 0], dtype=np.uint8)
        arrays = {
            "letters": letters,
            "children": children,
            "ends": np.zeros(1, np.uint8),
        }
        facts = json.dumps({"alphabet": "a" if harm == "children" else 7})
        save_file(arrays, path, {"facts": facts})
    with pytest.raises(BundleError, match="words cannot be read"):
        Trie.load(path)


def test_what_ships_is_small_and_fits_every_model(bundle):
    assert (DATA / WORDS).stat().st_size < 500_000
    assert bundle.words.facts["fingerprint"] == bundle.facts["novelty_fingerprint"]


@pytest.mark.dataset
def test_what_ships_is_every_word_of_the_train_split_and_no_other(real_frame):
    train = list(real_frame[real_frame["split"] == "train"]["headline"])
    trie = Trie.load(DATA / WORDS)
    assert trie.facts["fingerprint"] == fingerprint(train)
    assert set(spelt(trie)) == {w for text in train for w in SPACED.compared(text)}
