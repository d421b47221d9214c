"""Real words, and words that are fit for a class."""

from string import ascii_letters

import numpy as np
import pytest

from textgen.corpus.avoid import WordsToAvoid
from textgen.corpus.language import JAPANESE, SPACED
from textgen.corpus.levels import CharacterTokenizer, WordTokenizer
from textgen.corpus.lexicon import Lexicon
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import END, SPECIAL_NAMES
from textgen.corpus.trie import NEVER, ROOT, Trie
from textgen.errors import SettingError
from textgen.model.bundle import Bundle
from textgen.study import surgery
from textgen.writing import rules
from textgen.writing.generator import Generator
from textgen.writing.length import TOKENS_PER_WORD
from textgen.writing.options import WORD_RULES, Options
from textgen.writing.rules import Context
from textgen.writing.words import Place, WordRule

BOTH = {"real_words": True, "class_safe": True}
KNOWN = (
    "owl",
    "owls",
    "owl's",
    "sing",
    "drat",
    "dratted",
    "u",
    "s",
    "née",
    "x_y",
    "19",
)
AVOID = WordsToAvoid.of(["drat", "blast*", "!blaster", "née", "oh"])
TEXT = "Owls Sing, Dratted Owl’s U.S. (née) x_y 19th Blaster! oh oh"


def tokenizers():
    return {
        "subword": SubwordTokenizer.train([TEXT] * 3, 300),
        "character": CharacterTokenizer(
            sorted({*TEXT, *"abcdefghijklmnopqrstuvwxyz'"})
        ),
        "word": WordTokenizer(TEXT.split()),
    }


def lexicons():
    trie = Trie.of(KNOWN)
    return {
        "real": Lexicon.of(trie),
        "safe": Lexicon.of(None, AVOID),
        "both": Lexicon.of(trie, AVOID),
    }


def may_stand(word, kind):
    """Whether a word may be written, said without any trie."""
    real = word in KNOWN or kind == "safe"
    return real and (kind == "real" or not AVOID.avoids(word))


def words_of(text, kind):
    # An underscore is a letter to copied-or-new; it hides no word from the list.
    return SPACED.compared(text.replace("_", " ") if kind == "safe" else text)


def in_choice(allowed):
    row = allowed.shared.copy()
    row[allowed.tokens] = allowed.own
    assert set(np.unique(row)) <= {rules.IN, rules.OUT}
    return np.flatnonzero(row == rules.IN)


@pytest.mark.parametrize("kind", ["real", "safe", "both"])
@pytest.mark.parametrize("level", ["subword", "character", "word"])
@pytest.mark.parametrize("room", [1, 4, 12, 60])
def test_there_is_always_a_way_on_and_every_word_may_stand(level, kind, room):
    """Whatever is chosen, byte by byte or in large pieces, up to the last token."""
    tokenizer = tokenizers()[level]
    rule = WordRule(tokenizer, lexicons()[kind])
    random = np.random.default_rng(room)
    for _ in range(60):
        ids = []
        for left in range(room, 0, -1):
            allowed = in_choice(rule.allowed(ids, 0, left))
            assert len(allowed)
            assert not set(allowed) & set(tokenizer.forbidden_after(ids).tolist())
            # The end is rarely taken, so that texts grow long.
            on = allowed[allowed != END]
            ids.append(int(random.choice(on if len(on) and left % 9 else allowed)))
            if ids[-1] == END:
                break
        assert tokenizer.unfinished(ids) == b""
        text = tokenizer.decode(ids)
        assert all(may_stand(word, kind) for word in words_of(text, kind)), text


@pytest.mark.parametrize("kind", ["real", "safe", "both"])
@pytest.mark.parametrize("level", ["subword", "character", "word"])
def test_what_may_follow_is_what_reading_token_by_token_says(level, kind):
    """The way along the tries finds what is found for each token on its own."""
    tokenizer = tokenizers()[level]
    rule = WordRule(tokenizer, lexicons()[kind])
    random, size = np.random.default_rng(1), tokenizer.vocabulary_size
    for text in ("", "Owl", "owl’", "n", "dra", "Drat", "drat'", "blas", "x_", "oh"):
        ids = tokenizer.encode(text)
        for _ in range(3):
            for given in {0, len(ids)}:
                place = rule.place(ids, given)
                key, tokens, takes = rule._follow(place)
                found = rule._takes_of(key).copy()
                found[tokens] = takes
                assert np.array_equal(found, rule._one_by_one(place)), (text, place)
            ids = [*ids, int(random.integers(len(SPECIAL_NAMES), size))]


def allowed_after(rule, tokenizer, prompt, text="", room=60):
    """What may follow a prompt and what was written after it, in small letters."""
    given = tokenizer.encode(prompt)
    ids = [*given, *tokenizer.encode(text)]
    ids = in_choice(rule.allowed(ids, len(given), room))
    return {"END" if i == END else tokenizer.spelling(int(i)).lower() for i in ids}


@pytest.fixture(scope="module")
def letters():
    return CharacterTokenizer([*ascii_letters, *"'’é-_., 19("])


@pytest.fixture(scope="module")
def real(letters):
    return WordRule(letters, lexicons()["real"])


@pytest.fixture(scope="module")
def safe(letters):
    return WordRule(letters, lexicons()["safe"])


def test_a_letter_may_follow_where_a_known_word_goes_on(real, letters):
    assert allowed_after(real, letters, "", "ow") == {"l"}
    ends = {"END", " ", "-", ".", ",", "("}
    marks = {"'", "’"}
    assert allowed_after(real, letters, "", "Owl") == ends | marks | {"s"}
    # An apostrophe is part of a word only between letters.
    assert allowed_after(real, letters, "", "owl'") == ends | marks | {"s"}
    assert allowed_after(real, letters, "", "owl's") == ends | marks
    assert "o" in allowed_after(real, letters, "", "-")
    assert "z" not in allowed_after(real, letters, "", "-")


def test_a_word_that_the_prompt_began_may_end_as_it_stands(real, letters):
    assert "END" not in allowed_after(real, letters, "", "dr")
    after = allowed_after(real, letters, "dr")
    assert {"END", " ", "a", "-", "’"} <= after
    assert "o" not in after
    # Not a word, nor the beginning of one: it stays, and nothing is added to it.
    after = allowed_after(real, letters, "zzow")
    assert {"END", " ", "’"} <= after
    assert not after & {*"owlszdr"}
    assert not allowed_after(real, letters, "zzow", "’") & {*"owlszdr"}
    # The same letters written later are no word of the prompt.
    assert "END" not in allowed_after(real, letters, "dr", " dr")
    assert "END" not in allowed_after(real, letters, "d", "r")


def test_an_avoided_word_may_only_be_passed_through(safe, letters):
    inside = allowed_after(safe, letters, "", "drat")
    assert not inside & {"END", " ", "-", ".", "_", "("}
    assert {"t", "x"} <= inside
    assert "END" not in allowed_after(safe, letters, "", "drat’")
    assert "END" not in allowed_after(safe, letters, "", "DRAT'S")
    assert "END" in allowed_after(safe, letters, "", "dratt")
    # Any ending is avoided, so that the beginning is not finished …
    rule = WordRule(letters, Lexicon.of(None, WordsToAvoid.of(["bla*"])))
    assert "a" not in allowed_after(rule, letters, "", "bl")
    assert "b" in allowed_after(rule, letters, "", "bla-")
    # … but for the way to what is let through.
    rule = WordRule(letters, Lexicon.of(None, WordsToAvoid.of(["bla*", "!blame"])))
    assert allowed_after(rule, letters, "", "bla") == {"m"}
    assert allowed_after(rule, letters, "", "blam") == {"e"}
    assert "END" in allowed_after(rule, letters, "", "blame")
    assert "END" not in allowed_after(rule, letters, "", "blames")


def test_an_avoided_word_of_the_prompt_stays(safe, letters):
    assert "END" in allowed_after(safe, letters, "Oh drat")
    assert "END" in allowed_after(safe, letters, "blasting")
    # Of its letters only those follow that lead to what is let through.
    assert allowed_after(safe, letters, "blast") & {*ascii_letters} == {"e"}
    assert not allowed_after(safe, letters, "blasting") & {*ascii_letters}


def test_words_end_before_there_is_no_room_left(real, letters):
    assert "d" in allowed_after(real, letters, "", " ", room=4)
    assert "d" not in allowed_after(real, letters, "", " ", room=3)
    assert allowed_after(real, letters, "", "dr", room=2) == {"a"}


def test_places_are_the_same_however_the_text_is_cut(bundle):
    """Into long pieces or into bytes: only the bytes count."""
    tokenizer = bundle.tokenizer
    rule = WordRule(tokenizer, Lexicon.of(bundle.words))
    single = {tokenizer.data(i): i for i in range(tokenizer.vocabulary_size)}
    for text in ("Owls", "The Owl’s", "Née", "Don't", "U.S. Ow", "x_y", "O'", "É"):
        ids = tokenizer.encode(text)
        bytes_ = [single[bytes([b])] for b in b" " + text.encode()]
        assert rule.place(ids, 0) == rule.place(bytes_, 0)
        cut = rule.place([*ids, single[b"\xc3"]], 0)
        assert cut.begun == b"\xc3"
        assert rule.place(ids, len(ids)).given == (rule.place(ids, 0).node != ROOT)


@pytest.mark.parametrize("options", [{"real_words": True}, {"class_safe": True}, BOTH])
def test_the_shipped_model_never_gets_lost(bundle, options):
    """A reader that chooses the least likely way: any allowed token, bytes included."""
    generator = Generator.from_bundle(bundle)
    avoid = WordsToAvoid.load()
    asked = Options(max_words=4, **options)
    random = np.random.default_rng(5)
    for _ in range(40):
        ids = []
        for _ in range(4 * TOKENS_PER_WORD):
            (allowed,) = map(in_choice, generator.forbidden(Context([ids]), asked))
            assert len(allowed)
            ids.append(int(random.choice(allowed[allowed != END])))
            if ids[-1] == END:
                break
        text = bundle.tokenizer.decode(ids)
        if asked.real_words:
            assert all(generator.novelty.knows(w) for w in SPACED.compared(text)), text
        if asked.class_safe:
            assert avoid.found_in(text) == []


def test_hot_texts_are_of_known_words(generator):
    """Against a list that is found by another way: the words' hashes."""
    for t in (0.0, 0.7, 1.5, 5.0):
        for text in generator.generate(temperature=t, count=20, **BOTH):
            assert all(map(generator.novelty.knows, text.text.split())), text.text
            assert text.text


def test_off_nothing_changes(generator):
    plain = generator.generate(temperature=1.2, count=5)
    assert plain == generator.generate(
        temperature=1.2, count=5, real_words=False, class_safe=False
    )


def test_the_rules_hold_beside_all_others(generator):
    for more in (
        {"top_k": 1},
        {"top_k": 5, "top_p": 0.3},
        {"min_p": 0.2},
        {"repetition_penalty": 1.8},
        {"max_words": 1},
    ):
        for text in generator.generate(temperature=1.5, count=10, **BOTH, **more):
            assert all(map(generator.novelty.knows, text.text.split()))
            assert len(text.text.split()) <= more.get("max_words", 16)


def test_a_list_of_ones_own_is_kept_to(bundle):
    made = Generator.from_bundle(bundle)
    (before,) = made.generate(temperature=0, class_safe=True)
    word = SPACED.compared(before.text)[0]
    own = Generator.from_bundle(bundle)
    own.word_lists.avoid = WordsToAvoid.of([f"{word[:2]}*"])
    for t in (0.0, 1.0, 3.0):
        for text in own.generate(temperature=t, count=10, class_safe=True):
            assert not any(w.startswith(word[:2]) for w in SPACED.compared(text.text))


def test_a_model_whose_words_are_not_known_says_so(speller):
    with pytest.raises(SettingError, match="real_words=True: .*not known"):
        speller.generate(real_words=True)
    assert speller.generate(class_safe=True)[0].text == "keras sings"


@pytest.mark.parametrize("rule", ["real_words", "class_safe"])
def test_where_no_spaces_part_words_there_is_no_list_of_them(speller, rule):
    made = Generator(speller.engine, speller.tokenizer, language=JAPANESE)
    with pytest.raises(SettingError, match=f"{rule}=True: there are no spaces"):
        made.generate(**{rule: True})
    assert "no spaces" in made.word_lists.why_not(rule)


def test_what_can_be_had_is_said_before_it_is_asked_for(generator, bundle):
    without = Generator(generator.engine, bundle.tokenizer)
    for name in WORD_RULES:
        assert generator.word_lists.why_not(name) is None
    assert "not known" in without.word_lists.why_not("real_words")
    assert without.word_lists.why_not("class_safe") is None


def test_options_name_the_rules_on_words():
    assert Options().word_rules() == ()
    assert Options(class_safe=True).word_rules() == ("fit for a class",)
    assert Options(**BOTH).word_rules() == ("real words only", "fit for a class")


def test_models_of_one_training_set_share_one_list(bundle):
    small = Bundle("headlines-gru-small")
    assert small.words.facts == bundle.words.facts


def test_surgery_keeps_to_the_words_too(bundle):
    glass = Generator.from_bundle(bundle, "reference")
    operation = surgery.Operation(update=0.0)
    made = surgery.operate(bundle, operation, surgery.keeping(glass))
    for text in made.generate(temperature=1.0, count=2, max_words=4, **BOTH):
        assert all(map(glass.novelty.knows, text.text.split()))


def test_a_way_is_never_longer_than_it_says(bundle):
    """From any place, taking the way that takes least ends after that many tokens."""
    tokenizer = bundle.tokenizer
    rule = WordRule(tokenizer, Lexicon.of(bundle.words, WordsToAvoid.load()))
    for text in ("Abolis", "Sh", "Constituti", "Beyonc", "naï", "O’Re"):
        ids = tokenizer.encode(text)
        takes = rule.rest(rule.place(ids, 0))
        assert takes < NEVER
        for left in range(takes, 0, -1):
            allowed = in_choice(rule.allowed(ids, 0, left))
            ids.append(int(allowed[0]))
        assert rule.rest(rule.place(ids, 0)) == 0
    assert rule.rest(Place(node=-2)) == NEVER
