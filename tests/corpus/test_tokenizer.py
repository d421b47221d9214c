"""Text to ids and back."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen.corpus import levels
from textgen.corpus.levels import CharacterTokenizer, WordTokenizer
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import PAD, START, UNKNOWN
from textgen.errors import TokenizerError

TEXTS = ["Why The Owl Sings", "The Owl Sings Again", "Why Not The Owl?"] * 5


@pytest.fixture(scope="module")
def subword():
    return SubwordTokenizer.train(TEXTS, 300)


@settings(max_examples=200, deadline=None)
@given(text=st.text())
def test_any_text_round_trips(bundle, text):
    tokenizer = bundle.tokenizer
    readable = text.encode("utf-8", "replace").decode()
    assert tokenizer.decode(tokenizer.encode(text)) == readable


@pytest.mark.parametrize(
    "text", ["<pad>", "<end> of <start>", "  two  spaces ", "🦉\x00"]
)
def test_odd_texts_round_trip(subword, text):
    ids = subword.encode(text)
    assert subword.decode(ids) == text
    assert not {PAD, UNKNOWN, START} & set(ids)


def test_a_word_is_the_same_token_first_and_later(subword):
    first, later = subword.encode("The"), subword.encode("Why The")
    assert later[-len(first) :] == first
    assert subword.data(first[0]).startswith(b" ")


def test_no_control_character_is_ever_offered(bundle):
    forbidden = set(bundle.tokenizer.forbidden)
    assert {PAD, UNKNOWN, START} < forbidden
    assert bundle.tokenizer.encode("\x00")[-1] in forbidden
    assert bundle.tokenizer.encode("owl")[-1] not in forbidden


def test_levels_share_their_methods():
    character = CharacterTokenizer.train(TEXTS, 50)
    assert character.decode(character.encode("Why Owl")) == "Why Owl"
    assert character.encode("ß") == [UNKNOWN]
    word = WordTokenizer.train(TEXTS, 6)
    assert word.vocabulary_size == 6
    assert word.decode(word.encode("The Owl")) == "The Owl"
    assert word.encode("Zebra") == [UNKNOWN]


@pytest.mark.parametrize("level", list(levels.LEVELS))
def test_saved_tokenizers_read_back(tmp_path, level):
    trained = levels.LEVELS[level].train(TEXTS, 300)
    trained.save(tmp_path / "tokenizer.json")
    again = levels.load(tmp_path / "tokenizer.json")
    assert type(again) is type(trained)
    assert again.encode("Why The Owl") == trained.encode("Why The Owl")


@pytest.mark.parametrize("content", ["", "{}", '{"level": "odd"}', "not json"])
def test_a_damaged_file_gives_one_clear_error(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    path.write_text(content)
    with pytest.raises(TokenizerError, match=r"tokenizer\.json"):
        levels.load(path)


def test_too_small_a_vocabulary_is_refused():
    with pytest.raises(ValueError, match="vocabulary_size=100"):
        SubwordTokenizer.train(TEXTS, 100)


@pytest.mark.dataset
def test_the_shipped_tokenizer_is_built_from_train_alone(bundle, real_frame):
    train = real_frame[real_frame["split"] == "train"]["headline"]
    again = SubwordTokenizer.train(train, bundle.config.vocabulary_size)
    assert again.to_json() == bundle.tokenizer.to_json()
