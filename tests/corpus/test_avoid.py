"""Lists of words to avoid."""

import pytest

from textgen.corpus.avoid import LIST, OURS, WordsToAvoid
from textgen.errors import TextgenError

LINES = """
# a comment
Drat        # and another
blast*
!blaster
blasters
two words
-
""".splitlines()


def test_a_list_is_read_line_by_line():
    avoid = WordsToAvoid.of(LINES)
    assert avoid.words == {"drat", "drat's", "blasters", "blasters's"}
    assert avoid.beginnings == {"blast"}
    assert avoid.skipped == ("two words", "-")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("DRAT!", ["drat"]),
        ("A Drat’s Life", ["drat's"]),
        ("Drat-Free Owls", ["drat"]),
        ("(drat)", ["drat"]),
        ("_drat_", ["drat"]),
        ("Dratted Drats", []),
        ("Blast, Blasted And Blast's", ["blast", "blasted", "blast's"]),
        ("The Blaster's End", []),
        ("Two Words", []),
    ],
)
def test_case_and_punctuation_do_not_count_and_endings_only_with_a_star(text, found):
    assert WordsToAvoid.of(LINES).found_in(text) == found


def test_what_lets_through_wins_wherever_it_stands():
    for lines in (["!drat", "drat"], ["drat", "!drat"], ["dra*", "!Drat"]):
        assert not WordsToAvoid.of(lines).avoids("drat")


def test_both_lists_ship_with_their_source():
    avoid = WordsToAvoid.load()
    assert len(avoid.words) > 300
    assert len(avoid.beginnings) > 50
    heading = LIST.read_text(encoding="utf-8")[:600]
    assert "CC BY 4.0" in heading
    assert "LDNOOBW" in heading
    # Who people are, and the news, are not to be avoided.
    for word in ("gay", "lesbian", "queer", "jewish", "sexuality", "murder", "war"):
        assert not avoid.avoids(word), word


def test_no_line_of_ours_is_lost():
    """Each says something: none is of two words, none repeats another."""
    lines = OURS.read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert WordsToAvoid.of(entries).skipped == ()
    assert len({*entries}) == len(entries)


def test_a_file_of_ones_own_takes_the_place_of_ours(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("\ufeffOwl*\n", encoding="utf-8")
    avoid = WordsToAvoid.load(path)
    assert avoid.avoids("owls")
    assert avoid.beginnings == {"owl"}
    assert avoid.words == WordsToAvoid.of(LIST.read_text("utf-8").splitlines()).words


@pytest.mark.parametrize("what", ["missing", "folder", "latin"])
def test_a_file_that_cannot_be_read_is_named(tmp_path, what):
    path = tmp_path / "words.txt"
    if what == "folder":
        path = tmp_path
    elif what == "latin":
        path.write_bytes("naïve".encode("latin-1"))
    with pytest.raises(TextgenError, match=str(path)):
        WordsToAvoid.load(path)
