"""Generating, streaming and scoring, with a fake model and with the one that ships."""

import numpy as np
import pytest
from conftest import SpellingEngine

from textgen.corpus.tokenizer import END
from textgen.model.engine import State
from textgen.writing.chances import log_softmax
from textgen.writing.generator import Generator
from textgen.writing.options import Options
from textgen.writing.prompt import tidy_prompt


def test_spells_the_word_and_ends(speller):
    (headline,) = speller.generate(temperature=0)
    assert headline.text == "keras sings"
    assert headline.ended
    assert headline.tokens[-1].id == END
    assert headline.log_probability == pytest.approx(0, abs=1e-6)
    assert [word.text for word in headline.words] == ["keras", "sings"]


def test_same_settings_same_headlines_other_seed_others(babbler):
    first = babbler.generate(temperature=1.0, count=6, seed=1)
    assert [h.text for h in first] == [
        h.text for h in babbler.generate(temperature=1.0, count=6, seed=1)
    ]
    assert [h.text for h in first] != [
        h.text for h in babbler.generate(temperature=1.0, count=6, seed=2)
    ]


def test_the_seed_counts_at_every_temperature_above_zero(babbler):
    for temperature in (0.5, 1.0, 2.0):
        texts = {
            babbler.generate(temperature=temperature, seed=s)[0].text for s in range(6)
        }
        assert len(texts) > 1, temperature
    greedy = {babbler.generate(temperature=0, seed=s)[0].text for s in range(6)}
    assert greedy == {"keras sings"}


def test_temperature_is_passed_on(babbler):
    cold = babbler.generate(temperature=0.05, seed=3)[0].text
    assert cold == "keras sings"
    assert babbler.generate(temperature=2.0, seed=3)[0].text != cold


def test_a_headline_does_not_depend_on_its_neighbours(babbler):
    many = babbler.generate(temperature=1.5, count=32, seed=9)
    for count in (1, 2, 7):
        some = babbler.generate(temperature=1.5, count=count, seed=9)
        assert [h.tokens for h in some] == [h.tokens for h in many[:count]]


def test_finished_headlines_leave_the_batch(babbler):
    babbler.generate(temperature=1.0, count=16, seed=4, max_words=4)
    batches = babbler.engine.batches
    assert batches[0] == 1  # the start is read once for all
    assert max(batches) <= 16
    assert batches[-1] < 16


def test_the_stream_is_the_headline(babbler):
    options = Options(temperature=1.2, seed=5, prompt="ke")
    streamed = list(babbler.stream(options))
    assert tuple(streamed) == babbler.generate(options)[0].tokens
    second = babbler.generate(options, count=2)[1]
    assert tuple(babbler.stream(options, number=1)) == second.tokens


def test_the_length_limit_counts_words_after_the_prompt(speller):
    speller.engine.targets = speller.tokenizer.encode("ab cd ef gh ij")
    headline = speller.generate(temperature=0, max_words=2)[0]
    assert headline.text == "ab cd"
    assert not headline.ended
    with_prompt = speller.generate(temperature=0, max_words=2, prompt="zz")[0]
    assert with_prompt.text.startswith("zz")
    assert with_prompt.prompt == "zz"


def test_text_without_spaces_is_cut_too(speller):
    speller.engine.targets = speller.tokenizer.encode("a" * 500)
    headline = speller.generate(temperature=0, max_words=1)[0]
    assert set(headline.text) == {"a"}
    assert not headline.ended


class LoopingEngine(SpellingEngine):
    """A fake network that spells its word again and again, and never thinks of the end.

    Every other letter has logit 0, the end a little more.
    """

    def step(self, tokens, state):
        logits = np.zeros((len(tokens), self.config.vocabulary_size), dtype=np.float32)
        logits[:, END] = 0.1
        letters = self.targets[:-1]
        for row, at in enumerate(state.hidden[:, 0, 0].astype(int)):
            logits[row, letters[at % len(letters)]] = self.strength
        logits = log_softmax(logits).astype(np.float32)
        return logits, State(state.category, state.hidden + 1)


@pytest.mark.parametrize("word", ["a", "ha", "tut "])
@pytest.mark.parametrize("strength", [5.0, 50.0, 5000.0])
@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_a_sure_loop_ends_at_the_pages_strongest_repetition_penalty(
    word, strength, temperature
):
    engine = LoopingEngine(word, strength)
    generator = Generator(engine, engine.tokenizer)
    options = Options(temperature=temperature, count=4)
    if strength >= 50:
        assert not any(headline.ended for headline in generator.generate(options))
    for headline in generator.generate(options, repetition_penalty=2.0):
        for token in set(headline.tokens):
            assert sum(token.id == other.id for other in headline.tokens) <= 4
        if temperature == 0:
            assert headline.ended


@pytest.mark.parametrize("penalty", [1.1, 1.5, 2.0])
@pytest.mark.parametrize(
    "prompt", ["It's \\_", "ha ha ha ha", "of of of", "....", "1 1 1 1"]
)
def test_the_shipped_models_loops_end_with_a_repetition_penalty(
    generator, prompt, penalty
):
    (headline,) = generator.generate(
        prompt=prompt, temperature=0, repetition_penalty=penalty
    )
    assert headline.ended
    new = [token.id for token in headline.tokens if not token.given]
    assert max(map(new.count, new)) <= 2


def test_the_shipped_model_loops_without_a_repetition_penalty(generator):
    # If it no longer did, the test above would hold nothing.
    (headline,) = generator.generate(prompt="It's \\_", temperature=0)
    assert not headline.ended
    assert headline.text.endswith("_" * 90)


def test_scoring_adds_up(speller):
    (score,) = speller.score("keras sings")
    assert score.log_probability == pytest.approx(0, abs=1e-6)
    assert score.tokens[-1].id == END
    (wrong,) = speller.score("zzzzz")
    # Each letter costs the full strength of the fake's conviction.
    assert wrong.log_probability == pytest.approx(-50 * 6, rel=1e-3)
    assert wrong.bits_per_character == pytest.approx(50 / np.log(2), rel=1e-3)


def test_scoring_many_equals_scoring_one(generator):
    texts = ["Why", "A Very Long Headline About A Very Small Owl In May", "", "Owls?"]
    together = generator.score(texts, ["POLITICS", None, None, "ARTS"])
    alone = [
        generator.score(text, category)[0]
        for text, category in zip(texts, ["POLITICS", None, None, "ARTS"], strict=True)
    ]
    assert together == alone


def test_unknown_category_suggests_the_right_one(speller, generator):
    with pytest.raises(ValueError, match=r"category='QUITE'.*'QUIET'.*LOUD, QUIET"):
        speller.generate(category="QUITE")
    assert generator.generate(category="politics", seed=1)


def test_shipped_model_generates_score_consistent_headlines(generator):
    for headline in generator.generate(temperature=0.7, count=8, seed=3):
        (score,) = generator.score(headline.text)
        retokenised = [t.id for t in score.tokens] == [t.id for t in headline.tokens]
        if headline.ended and retokenised:
            assert score.log_probability == headline.log_probability


def test_shipped_model_alone_and_among_others(generator):
    many = generator.generate(temperature=0.9, count=32, seed=11)
    for number in (0, 5, 31):
        (alone,) = generator._write(Options(temperature=0.9, seed=11), [number])
        assert alone == many[number]


def test_the_prompt_is_kept_and_set_apart(generator):
    headline = generator.generate(prompt="Why Owls", seed=2, temperature=0.5)[0]
    assert headline.text.startswith("Why Owls")
    given = [token for token in headline.tokens if token.given]
    assert generator.tokenizer.decode([t.id for t in given]) == "Why Owls"
    assert [w.given for w in headline.words[:2]] == [3, 4]


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "   ",
        "🦉🦉🦉",
        "مرحبا بالعالم",
        "<script>alert(1)</script>",
        "a\x00b\x1bc\n\td",
    ],
)
def test_strange_prompts_never_break(generator, prompt):
    headline = generator.generate(prompt=prompt, seed=1)[0]
    assert headline.text.startswith(tidy_prompt(prompt))


def test_an_overlong_prompt_is_refused_and_the_report_shortens_it(generator):
    long = "word " * 2000
    with pytest.raises(ValueError, match=r"prompt: 9,999 characters; at most 400"):
        generator.generate(prompt=long)
    report = generator.read_prompt(long)
    assert report.shortened
    assert len(report.text) <= 400
    assert generator.generate(prompt=report.text)


def test_words_never_seen_are_reported_with_their_pieces(generator):
    report = generator.read_prompt("Why zorblaxian\x07")
    assert report.unseen == ("zorblaxian",)
    (pieces,) = report.read_as
    assert "".join(pieces) == "zorblaxian"
    assert len(pieces) > 1
    assert report.changed
    assert not generator.read_prompt("Why The").unseen


def test_a_character_without_a_piece_is_never_reported_in_parts(generator):
    report = generator.read_prompt("Zürgelplatz 東京塔 🦉🦉 ☂")
    assert report.unseen == ("Zürgelplatz", "東京塔")
    whole, bare = report.read_as
    assert "".join(whole) == "Zürgelplatz"
    assert "ü" in "".join(whole)
    assert bare == ()
    assert report.no_piece == ("🦉", "☂")


def test_without_an_index_nothing_is_called_copied(speller):
    headline = speller.generate(temperature=0)[0]
    assert headline.novelty is None
    assert not headline.copied


def test_loading_by_name(bundle):
    generator = Generator.load("headlines-gru", engine="reference")
    assert generator.categories == bundle.config.categories
    with pytest.raises(ValueError, match="engine='slow'"):
        Generator.load("headlines-gru", engine="slow")
