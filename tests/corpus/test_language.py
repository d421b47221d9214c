"""What a unit is, how units are compared and joined, language by language."""

import csv
import re
import unicodedata

import pytest
from conftest import JAPANESE_LINES as LINES
from conftest import SpellingEngine
from hypothesis import given
from hypothesis import strategies as st

from textgen.corpus.corpus import Corpus, CorpusFacts
from textgen.corpus.language import CHINESE, JAPANESE, LANGUAGES, SPACED
from textgen.corpus.levels import LEVELS, CharacterTokenizer, WordTokenizer, load
from textgen.corpus.novelty import NoveltyIndex
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import END
from textgen.errors import BundleError, SettingError
from textgen.explain.compare import departure
from textgen.model.config import ModelConfig
from textgen.study import film, sweep
from textgen.writing.generator import Generator
from textgen.writing.length import most_units
from textgen.writing.options import Options
from textgen.writing.takeaway import as_commands, as_csv, as_python
from textgen.writing.text import Text, group_words

TRICKY = "か\u3099は👩‍👩‍👧‍👦と🇯🇵🇨🇳、ｶﾞﾗｽ。👍🏽 e\u0301"


def as_before(text):
    """What words of a text were compared before there were languages."""
    return re.findall(r"\w+(?:['’]\w+)*", text.lower().replace("’", "'"))


@given(st.text())
def test_spaced_text_is_cut_joined_and_compared_as_ever(text):
    tidy = " ".join(unicodedata.normalize("NFC", text).split())
    assert SPACED.normalise(text) == tidy
    assert SPACED.units(text) == text.split(" ")
    assert SPACED.filled(tidy) == tidy.split()
    assert SPACED.count(tidy) == len(tidy.split())
    assert SPACED.compared(text) == as_before(text)
    data = text.encode("utf-8", "replace")
    assert SPACED.grown([b"a"], data) == text.startswith(" ")
    assert SPACED.grown([], data) == 1  # the very first token begins a word


@pytest.mark.parametrize("language", LANGUAGES.values(), ids=list(LANGUAGES))
@given(text=st.text() | st.text(st.sampled_from(TRICKY + "猫 犬、A1")))
def test_units_joined_are_the_text_and_normalising_twice_changes_nothing(
    language, text
):
    assert language.join.join(language.units(text)) == text
    tidy = language.normalise(text)
    assert language.normalise(tidy) == tidy
    # What is compared of a text is what is compared of its units, in order.
    units = language.units(tidy)
    assert language.compared(tidy) == [c for u in units for c in language.compared(u)]


def test_japanese_counts_characters_as_a_reader_sees_them():
    assert JAPANESE.units(TRICKY) == [
        *("か\u3099", "は", "👩‍👩‍👧‍👦", "と", "🇯🇵", "🇨🇳", "、"),
        *("ｶﾞ", "ﾗ", "ｽ", "。", "👍🏽", " ", "e\u0301"),
    ]
    assert JAPANESE.count(LINES[0]) == 14
    assert SPACED.count(LINES[0]) == 1


def test_widths_are_the_usual_ones_and_punctuation_stays_as_written():
    assert JAPANESE.normalise("ＡＢＣ１２３\u3000ｶﾞﾗｽ！？…㈱") == "ABC123 ガラス！？…㈱"


def test_case_width_and_punctuation_are_not_compared():
    assert JAPANESE.compared("「ＡＢ、ガラス！」 1人") == [*"abガラス1人"]
    assert JAPANESE.compared("コーヒー、人々。") == [*"コーヒー人々"]


def test_chinese_is_cut_like_japanese_but_drawn_and_read_as_chinese():
    assert CHINESE.units("红桥，白猫。") == [*"红桥，白猫。"]
    assert (JAPANESE.tag, CHINESE.tag, SPACED.tag) == ("ja", "zh", "")


@given(st.lists(st.text(st.sampled_from(TRICKY + "猫 犬")), max_size=6))
def test_what_a_text_grows_by_adds_up_to_its_units(parts):
    before, units = [], 0
    for part in parts:
        units += JAPANESE.grown(before, part.encode())
        before.append(part.encode())
    assert units == JAPANESE.count("".join(parts))


@given(st.text(st.sampled_from(TRICKY + "猫 犬"), max_size=12))
def test_a_character_counts_once_it_is_whole(text):
    data = text.encode()
    grown = [JAPANESE.grown([data[:i]], data[i : i + 1]) for i in range(len(data))]
    assert sum(grown) == JAPANESE.count(text)
    assert all(n in (0, 1) for n in grown)


def test_a_copy_is_found_and_a_near_copy_is_not_wholly_new():
    index = NoveltyIndex.build(LINES, JAPANESE)
    copied, near, new = index.check(
        ["青い橋の上で「三毛猫」が歌った！", "青い橋の上で三毛猫が泣いた。", "鱸"]
    )
    assert copied.copied and copied.longest_run == copied.words == 13
    assert not near.copied
    assert near.longest_run >= 10 and near.run[0] == 0  # all but the last three
    assert not new.copied and new.longest_run == 0
    assert index.knows("猫") and index.knows("。") and not index.knows("鱸")


def test_an_index_is_asked_in_the_language_that_it_was_built_in(tmp_path):
    NoveltyIndex.build(LINES, JAPANESE).save(tmp_path / "index.safetensors")
    index = NoveltyIndex.load(tmp_path / "index.safetensors")
    assert index.language is JAPANESE
    assert index.check([LINES[1]])[0].copied
    unknown = NoveltyIndex(index._bits, index.facts)
    unknown.facts["language"] = "klingon"
    unknown.save(tmp_path / "odd.safetensors")
    with pytest.raises(BundleError, match="klingon.*must be one of spaced, japanese"):
        NoveltyIndex.load(tmp_path / "odd.safetensors")


@pytest.mark.parametrize("level", ["subword", "character"])
def test_a_tokenizer_without_spaces_puts_none_before_a_text(level, tmp_path):
    tokenizer = LEVELS[level].train(LINES * 3, 400, JAPANESE)
    for line in (*LINES, "犬が 鳴いた"):
        ids = tokenizer.encode(line)
        assert b" " not in tokenizer.data(ids[0])
        if level == "subword" or "鳴" not in line:
            assert tokenizer.decode(ids) == line
    tokenizer.save(tmp_path / "tokenizer.json")
    again = load(tmp_path / "tokenizer.json")
    assert again.encode(LINES[0]) == tokenizer.encode(LINES[0])
    assert again.decode(again.encode(LINES[0])) == LINES[0]


def test_a_language_without_spaces_has_no_tokenizer_of_words():
    with pytest.raises(SettingError, match="Japanese sets no spaces.*character"):
        WordTokenizer.train(LINES, 100, JAPANESE)


def test_a_corpus_is_tidied_in_its_language_and_carries_it_by_name():
    facts = CorpusFacts(language=JAPANESE)
    corpus = Corpus.of_texts(["ＡＢＣの\u3000猫", "ABCの 猫"], facts=facts)
    assert corpus.texts == ["ABCの 猫"]
    stored = corpus.facts.to_dict()
    assert stored["language"] == "japanese"
    assert CorpusFacts.from_dict(stored).language is JAPANESE
    assert CorpusFacts.from_dict({}).language is SPACED
    with pytest.raises(SettingError, match="klingon.*must be one of spaced, japanese"):
        CorpusFacts.from_dict({"language": "klingon"})


class Writer(SpellingEngine):
    """Spells given tokens of a given tokenizer."""

    def __init__(self, tokenizer, targets) -> None:
        self.tokenizer, self.targets = tokenizer, targets
        self.config = ModelConfig(tokenizer.vocabulary_size, units=1, embedding=1)
        self.strength, self.batches = 50.0, []


def written(line, level="character", size=400, novelty=None, **options) -> Text:
    """A line as a fake Japanese model writes it."""
    tokenizer = LEVELS[level].train(LINES * 3 + (line,), size, JAPANESE)
    engine = Writer(tokenizer, [*tokenizer.encode(line), END])
    made = Generator(engine, tokenizer, novelty, JAPANESE)
    return made.generate(temperature=0, **options)[0]


@pytest.mark.parametrize("level", ["subword", "character"])
@pytest.mark.parametrize("most", [1, 2, 3, 5, 6, 7, 12, 13, 14])
def test_a_text_is_cut_at_so_many_characters_and_never_inside_one(level, most):
    line = "か\u309aと👍🏽は🇯🇵🇨🇳青い橋の上。e\u0325"
    whole = JAPANESE.units(line)
    text = written(line, level, 260, max_words=most)
    units = [word.text for word in text.words]
    assert units == whole[:most] and "".join(units) == text.text
    assert text.ended == (most >= len(whole))
    # At subword level without merges a token is a byte: none is left hanging.
    assert b"".join(token.data for token in text.tokens).decode() == text.text


@pytest.mark.parametrize("level", ["subword", "character"])
@pytest.mark.parametrize("most", [1, 2, 3])
def test_the_stream_leaves_out_what_a_text_leaves_out_at_a_cut(level, most):
    line = "か\u309aと👍🏽は🇯🇵🇨🇳青い"
    tokenizer = LEVELS[level].train(LINES * 3 + (line,), 260, JAPANESE)
    # Without merges the limit of steps comes amid a character.
    for ids in ([*tokenizer.encode(line), END], tokenizer.encode("🇯🇵") * 9):
        made = Generator(Writer(tokenizer, ids), tokenizer, None, JAPANESE)
        (text,) = made.generate(temperature=0, max_words=most)
        assert tuple(made.stream(temperature=0, max_words=most)) == text.tokens


def test_a_token_that_ends_a_character_and_begins_another_stays(japanese_bundle):
    made = Generator.from_bundle(japanese_bundle)
    for text in made.generate(temperature=2.0, count=40, seed=62, max_words=40):
        assert "".join(word.text for word in text.words) == text.text
        stream = made.stream(temperature=2.0, seed=62, number=text.number)
        assert tuple(stream) == text.tokens


def test_a_text_is_as_long_as_is_usual_in_its_language_unless_somebody_says():
    line = "青い橋の上で犬が歌った。" * 5
    options = Options()
    for language, usual in ((JAPANESE, 40), (CHINESE, 40), (SPACED, 16)):
        assert most_units(options, language) == usual
        assert most_units(Options(max_words=7), language) == 7
    text = written(line)
    assert text.text == line[:40] and not text.ended
    row = next(csv.DictReader(as_csv([text], options).decode("utf-8-sig").splitlines()))
    assert row["max_words"] == "40"
    assert "max_words" not in as_python(options)
    assert not any("--max-words" in line for line in as_commands(options).values())


def test_the_film_and_the_sweep_are_cut_by_the_language():
    line = "青い橋の上で犬が歌った。" * 5
    tokenizer = LEVELS["character"].train(LINES * 3, 400, JAPANESE)
    writer = Writer(tokenizer, [*tokenizer.encode(line), END])
    made = Generator(writer, tokenizer, None, JAPANESE)
    (one,) = film.frames(made, 1)[0]["headlines"]
    assert one == {"text": line[:35], "ended": False}
    assert sweep.longest(JAPANESE) == 50 and sweep.longest(SPACED) == 20
    assert round(film.SHARE * SPACED.lengths[1]) == 14


def test_a_token_of_several_characters_counts_for_each_of_them():
    tokenizer = SubwordTokenizer.train(["三毛猫"] * 9, 300, JAPANESE)
    (cat,) = tokenizer.encode("三毛猫")
    made = Generator(Writer(tokenizer, [cat] * 3), tokenizer, None, JAPANESE)
    (text,) = made.generate(temperature=0, max_words=7)
    assert text.text == "三毛猫三毛猫" and not text.ended
    assert [word.text for word in text.words] == [*"三毛猫三毛猫"]
    ranks = {word.rank for word in text.words}
    assert ranks == {token.rank for token in text.tokens}


def test_bytes_of_a_character_count_for_that_character():
    tokenizer = SubwordTokenizer.train(["ab"], 260, JAPANESE)
    made = Generator(Writer(tokenizer, [END]), tokenizer, None, JAPANESE)
    (score,) = made.score("猫犬")
    words = group_words(score.tokens, "猫犬", JAPANESE)
    of_cat = sum(token.log_probability for token in score.tokens[:3])
    assert [word.text for word in words] == ["猫", "犬"]
    assert words[0].probability == pytest.approx(2.718281828459045**of_cat)


def test_a_japanese_text_says_characters_where_others_say_words():
    index = NoveltyIndex.build(LINES, JAPANESE)
    text = written("青い橋の上で犬が歌った。", novelty=index, max_words=20)
    facts = text.to_dict()
    assert facts["characters"] == 12 and "words" not in facts
    assert not text.copied and text.novelty.longest_run == 6  # 青い橋の上で


def test_the_departure_is_the_first_character_that_differs():
    one, other = written(LINES[0], max_words=20), written(LINES[1], max_words=20)
    assert departure(one, other) == 4  # 上, 下


def test_a_prompt_names_its_characters_that_were_never_learnt():
    index = NoveltyIndex.build(LINES, JAPANESE)
    tokenizer = CharacterTokenizer.train(LINES, 400, JAPANESE)
    made = Generator(Writer(tokenizer, [END]), tokenizer, index, JAPANESE)
    report = made.read_prompt("猫と鱸、ｶﾞﾗｽ")
    assert report.text == "猫と鱸、ガラス"
    assert report.unseen == ("鱸", "ガ", "ラ")
