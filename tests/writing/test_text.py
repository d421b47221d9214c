"""The text is one and the same everywhere: no character lost, cut or broken."""

import json
import unicodedata

import numpy as np
import pytest
from conftest import ALPHABET, SpellingEngine, run_cli
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen.corpus.levels import CharacterTokenizer, WordTokenizer
from textgen.corpus.subword import SubwordTokenizer
from textgen.corpus.tokenizer import END, SPECIAL_NAMES, added, piece_name
from textgen.explain import contest, lens, path, trace
from textgen.model.config import ModelConfig
from textgen.model.engine import State
from textgen.views import typeset
from textgen.writing.generator import Generator
from textgen.writing.options import LONGEST_PROMPT, Options
from textgen.writing.prompt import tidy_prompt

PROMPTS = (
    "Zürich",
    "São Paulo",
    "🦉 Owls",
    "Owls 👩‍👩‍👧",
    "שלום",
    "东京 没有 猫",
    "“Why",
    "naïve café – ½",
    "_" * 60,
)


class Writer:
    """A fake network that writes given ids one after the other, whatever it reads."""

    def __init__(self, tokenizer, ids):
        self.config = ModelConfig(tokenizer.vocabulary_size, (), units=1, embedding=1)
        self.ids = ids

    def start(self, categories):
        return State.zero(self.config, categories)

    def step(self, tokens, state):
        logits = np.full(
            (len(tokens), self.config.vocabulary_size), -30.0, dtype=np.float32
        )
        for row, at in enumerate(state.hidden[:, 0, 0].astype(int)):
            logits[row, self.ids[min(at, len(self.ids) - 1)]] = 0.0
        return logits, State(state.category, state.hidden + 1)


def byte_ids(tokenizer, text):
    """The ids that spell a text byte by byte."""
    single = {
        tokenizer.data(i): i
        for i in range(len(SPECIAL_NAMES), tokenizer.vocabulary_size)
    }
    return [single[bytes([byte])] for byte in text.encode()]


def agrees_with_itself(headline):
    """Its words are its text, its tokens are its text, its prompt begins it."""
    words = headline.words
    assert " ".join(word.text for word in words) == headline.text
    assert headline.text.startswith(headline.prompt)
    given = " ".join(
        word.text[: word.given]
        for word in words[: headline.prompt.count(" ") + 1 if headline.prompt else 0]
    )
    assert given == headline.prompt
    assert "\ufffd" not in headline.text
    html = typeset.headline(headline)
    assert "\ufffd" not in html


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("t", [0.0, 0.7, 1.5])
def test_a_headline_is_whole_whatever_it_begins_with(generator, prompt, t):
    for headline in generator.generate(prompt=prompt, temperature=t, count=4, seed=5):
        agrees_with_itself(headline)
        assert headline.prompt == prompt


@settings(max_examples=60, deadline=None)
@given(prompt=st.text(max_size=30), seed=st.integers(0, 999))
def test_any_prompt_on_the_shipped_model(generator, prompt, seed):
    (headline,) = generator.generate(
        prompt=prompt, temperature=1.5, seed=seed, max_words=3
    )
    agrees_with_itself(headline)


@settings(max_examples=60, deadline=None)
@given(prompt=st.text(max_size=20), seed=st.integers(0, 999))
def test_any_prompt_with_letters_and_with_words(prompt, seed):
    """What a tokenizer does not know is read as unknown, and stays in the text."""
    prompt = tidy_prompt(prompt)
    words = WordTokenizer(["owls", "sing", "at", "night"])
    for tokenizer in (CharacterTokenizer(ALPHABET), words):
        engine = Writer(tokenizer, [5, 6, END])
        (headline,) = Generator(engine, tokenizer).generate(
            prompt=prompt[:LONGEST_PROMPT], temperature=0.5, seed=seed, max_words=3
        )
        agrees_with_itself(headline)


def test_what_was_chosen_by_chance_is_whole_at_every_temperature(generator):
    """Hundreds of hot headlines: none has a broken character, none loses its first."""
    broken = []
    for t in (0.7, 1.3, 2.0, 3.0):
        for seed in range(4):
            for headline in generator.generate(temperature=t, count=50, seed=seed):
                agrees_with_itself(headline)
                data = b"".join(token.data for token in headline.tokens)
                if headline.text != data.decode().removeprefix(" "):
                    broken.append(headline.text)
                for c in headline.text:
                    assert unicodedata.category(c) != "Cc"
                    assert c == " " or not c.isspace()
    assert not broken


@pytest.mark.parametrize(("seed", "beginning"), [(173, "PHOTO"), (184, ": Labor")])
def test_the_first_character_is_lost_nowhere(generator, seed, beginning):
    """Headlines whose first token brings no space along."""
    options = Options(temperature=1.3, seed=seed)
    (headline,) = generator.generate(options)
    assert headline.text.startswith(beginning)
    assert headline.words[0].text.startswith(beginning.split()[0])
    command = json.loads(
        run_cli(
            *("generate", "-n", "1", "--temperature", "1.3", "--json"),
            *("--seed", str(seed)),
        ).stdout
    )
    assert command[0]["text"] == headline.text
    parts = path.path(generator, options, 1.29, 1.31)
    assert headline.text in {part.headline.text for part in parts}


def test_a_character_of_several_tokens_is_shown_once_it_is_whole():
    tokenizer = SubwordTokenizer.train(["Owl sings"] * 3, 270)
    owl = byte_ids(tokenizer, " 🦉 é")
    made = Generator(Writer(tokenizer, [*owl, END]), tokenizer)
    so_far, seen = [], []
    for token in made.stream(temperature=0):
        so_far.append(token)
        seen.append(made.text_of(so_far))
    assert seen == ["", "", "", "", "🦉", "🦉 ", "🦉 ", "🦉 é", "🦉 é"]
    (headline,) = made.generate(temperature=0)
    agrees_with_itself(headline)
    assert [word.text for word in headline.words] == ["🦉", "é"]
    names = [piece_name(token.text) for token in headline.tokens[:-1]]
    assert names == [
        "(space)", "⟨F0⟩", "⟨9F⟩", "⟨A6⟩", "⟨89⟩", "(space)", "⟨C3⟩", "⟨A9⟩"
    ]  # fmt: skip
    befores = [c.before for c in contest.contests(made, Options(), 0.1, 2.0)]
    assert befores[:6] == ["", "", "", "", "", "🦉"]


def test_a_broken_character_is_never_chosen_and_never_cut():
    """A network that would break characters off cannot; a cut waits for the end."""
    tokenizer = SubwordTokenizer.train(["Owl sings"] * 3, 270)
    owl = byte_ids(tokenizer, "🦉")
    for wish in ([owl[0], END], [owl[1]], [*owl[:3], owl[0]], [*owl[:2], *owl[:2]]):
        made = Generator(Writer(tokenizer, wish), tokenizer)
        for t in (0.0, 1.0):
            for headline in made.generate(
                temperature=t, count=1 if t == 0 else 8, max_words=2
            ):
                agrees_with_itself(headline)
                assert headline.tokens[0].data not in (b"\x9f", b"\xa6")
    endless = Generator(Writer(tokenizer, owl * 9), tokenizer)
    for words in (1, 2, 3):
        (headline,) = endless.generate(temperature=0, max_words=words)
        assert set(headline.text) == {"🦉"}
        assert not headline.ended
        limit = Options(max_words=words)
        parts = path.path(endless, limit, 0.05, 0.2)
        assert [part.headline.text for part in parts] == [headline.text]
        assert b"".join(t.data for t in headline.tokens).decode() == headline.text


def test_inside_a_character_only_its_next_byte_may_follow(bundle):
    tokenizer = bundle.tokenizer
    random = np.random.default_rng(3)
    everything = np.arange(tokenizer.vocabulary_size)
    beginnings = set()
    for _ in range(300):
        ids = []
        for _ in range(12):
            allowed = np.setdiff1d(everything, tokenizer.forbidden_after(ids))
            assert len(allowed)
            inside_one = tokenizer.unfinished(ids)
            assert (END in allowed) == (not inside_one)
            allowed = allowed[allowed != END]
            partial = [i for i in allowed if not tokenizer.whole(int(i))]
            ids.append(int(random.choice(partial)))
            beginnings.add(inside_one)
            text = tokenizer.decode(ids)
            assert "\ufffd" not in text
            assert (
                unicodedata.normalize("NFC", text).split() == tidy_prompt(text).split()
            )
    assert len(beginnings) > 20


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=40))
def test_tokens_add_up_to_the_text(bundle, text):
    text = tidy_prompt(text)
    tokenizer = bundle.tokenizer
    ids = tokenizer.encode(text)
    assert "".join(added(map(tokenizer.data, ids))).removeprefix(" ") == text
    for at, token_id in enumerate(ids):
        assert token_id not in tokenizer.forbidden_after(ids[:at])


def test_pieces_have_one_name_on_the_page_and_on_the_command_line(bundle):
    glass = Generator.from_bundle(bundle, "reference")
    read = trace.trace(glass, "Owls 東 sing")
    assert "(space)" in read.judged_names
    assert read.judged_names[-1] == "the end"
    done = run_cli("explain", "Owls 東 sing")
    shown = [line.split("  ")[-1] for line in done.stdout.splitlines()[1:]]
    assert shown == read.judged_names
    assert "\ufffd" not in done.stdout + "".join(read.texts)


def test_the_lens_offers_whole_pieces_alone(generator):
    tokenizer = generator.tokenizer
    seen = lens.look(generator, Options(prompt="Owls In 東"))
    assert len(seen.whole) == len(seen.texts)
    for text, whole in zip(seen.texts, seen.whole, strict=True):
        assert whole == (bool(text.strip()) and "⟨" not in text)
    shown = lens.look(Generator(Writer(tokenizer, [END]), tokenizer), Options())
    assert not shown.whole[0]
    names = [tokenizer.spelling(i) for i in range(tokenizer.vocabulary_size)]
    assert not any("\ufffd" in name for name in names)


def test_a_letter_that_a_fake_model_spells_is_its_own_word():
    engine = SpellingEngine("a b")
    (headline,) = Generator(engine, engine.tokenizer).generate(temperature=0)
    assert [word.text for word in headline.words] == ["a", "b"]
