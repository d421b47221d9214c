"""What the switches on words change: facts that ship, and what a page says of them."""

import pytest

from app_parts import wording as page
from benchmarks import words
from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.corpus import Noun
from textgen.errors import FactsError
from textgen.storage import DEFAULT_MODEL
from textgen.study import wording


@pytest.fixture
def shipped():
    return wording.load(DEFAULT_MODEL)


def test_every_rule_was_measured_at_every_temperature(shipped):
    assert shipped.temperatures() == [*words.TEMPERATURES]
    for t in words.TEMPERATURES:
        for rules, on in wording.RULES.items():
            unknown = shipped.share(t, rules, "unknown")
            avoided = shipped.share(t, rules, "avoided")
            assert (unknown == 0) == ("real_words" in on)
            assert (avoided == 0) == ("class_safe" in on)


def test_the_table_in_the_results_is_made_of_what_ships(shipped):
    written = (words.RESULTS / "words.md").read_text("utf-8")
    assert words.table(shipped) == written


def test_what_was_saved_is_read_again_for_its_own_model_alone(shipped, tmp_path):
    path = tmp_path / "facts.json"
    assert wording.load(DEFAULT_MODEL, path) is None
    wording.save(shipped, path)
    assert wording.load(DEFAULT_MODEL, path) == shipped
    assert wording.load("headlines-rnn", path) is None
    path.write_text('{"model": "headlines-gru"}', encoding="utf-8")
    with pytest.raises(FactsError, match="no field"):
        wording.load(DEFAULT_MODEL, path)


def test_a_page_says_what_was_counted():
    avoid = WordsToAvoid.of(["owl"])
    counted = [
        {"temperature": t, "rules": rules} | words.count(texts, {"a", "cat"}, avoid)
        for t, texts in ((0.5, ["a cat", "a owl"]), (1.0, ["a catt", "a owl"]))
        for rules in wording.RULES
    ]
    measured = wording.Wording("made up", counted, {}, {}, "")
    told = page.in_words(measured, Noun("poem", "poems"))
    assert "poems with one are 50 % at T = 0.5 and 100 % at T = 1" in told
    assert "Poems with a word to avoid are 50 % and 50 %" in told
    assert "| a word to avoid | both | 50 % | 50 % |" in page.table(measured, Noun())
