"""The exact temperature path."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen.errors import SettingError
from textgen.explain import contest, envelope, path
from textgen.writing import rules, sampling
from textgen.writing.luck import luck
from textgen.writing.options import Options
from textgen.writing.rules import Context

COLD, HOT = 0.05, 2.0


def disagreements(generator, options, count, seed):
    """How often the path's headline is not what plain sampling gives."""
    parts = path.path(generator, options, COLD, HOT)
    assert parts[0].low == COLD
    assert parts[-1].high == HOT
    for left, right in zip(parts, parts[1:], strict=False):
        assert left.high == right.low
        assert left.low < left.high
        assert left.headline.text != right.headline.text
    edges = np.array([part.high for part in parts])
    wrong = 0
    for t in np.random.default_rng(seed).uniform(COLD, HOT, count):
        (plain,) = generator.generate(options, temperature=t, count=1)
        expected = parts[int(np.searchsorted(edges, t))].headline.text
        wrong += plain.text != expected
    return wrong, len(parts)


def test_the_path_is_what_plain_sampling_gives(generator):
    """At 1,000 random temperatures, spread over ten seeds."""
    sizes = []
    for seed in range(10):
        wrong, size = disagreements(generator, Options(seed=seed), 100, seed)
        assert wrong == 0
        sizes.append(size)
    assert min(sizes) > 5


def test_the_path_is_what_plain_sampling_gives_of_chosen_words(generator):
    """At 1,000 random temperatures again, with real words that are fit for a class."""
    for seed in range(10):
        options = Options(seed=seed, real_words=True, class_safe=True)
        wrong, size = disagreements(generator, options, 100, seed)
        assert wrong == 0
        assert size > 5


@pytest.mark.parametrize(
    "limits",
    [
        {"top_k": 5},
        {"top_p": 0.7},
        {"min_p": 0.1},
        {"repetition_penalty": 1.4},
        {"top_k": 40, "top_p": 0.9, "min_p": 0.02, "prompt": "Why", "max_words": 5},
        {"category": "POLITICS", "max_words": 3},
        {"real_words": True, "prompt": "Equalh", "max_words": 2},
        {"class_safe": True, "top_p": 0.8},
        {"real_words": True, "class_safe": True, "repetition_penalty": 1.3},
    ],
    ids=str,
)
def test_truncation_fits_in(generator, limits):
    wrong, _ = disagreements(generator, Options(seed=4, **limits), 30, 1)
    assert wrong == 0


def test_a_fake_model_that_babbles(babbler):
    for seed in range(4):
        assert disagreements(babbler, Options(seed=seed), 30, seed)[0] == 0


def test_ends_are_the_headlines_at_the_ends(generator):
    parts = path.path(generator, Options(seed=7), 0.05, 2.0)
    for part, t in ((parts[0], 0.05), (parts[-1], 2.0)):
        (plain,) = generator.generate(temperature=t, seed=7)
        assert plain.text == part.headline.text
        assert plain.log_probability == pytest.approx(
            part.headline.log_probability, abs=1e-4
        )
        assert plain.novelty == part.headline.novelty


@pytest.mark.parametrize(
    ("low", "high", "named"),
    [
        (0, 1, "low=0: must be"),
        (1e-320, 1, "low=1e-320: must be"),
        (7e-46, 1, "low=7e-46: must be"),
        (1, 1, "low=1, high=1: the first"),
        (2, 1, "low=2, high=1: the first"),
        (0.1, 101, "high=101: must be"),
    ],
)
def test_an_empty_interval_is_refused(speller, low, high, named):
    with pytest.raises(ValueError, match=named):
        path.path(speller, low=low, high=high)


def test_the_path_goes_down_to_the_smallest_temperature(babbler):
    """Where the favourite of every step wins."""
    options = Options(seed=2, max_words=2)
    parts = path.path(babbler, options, 1.2e-38, 1.0)
    contests = contest.contests(babbler, options.but(temperature=1e-3), 1.2e-38, 1.0)
    (greedy,) = babbler.generate(options, temperature=0)
    assert parts[0].headline.text == greedy.text
    assert contests[0].turns[0][0] == pytest.approx(1.2e-38)
    assert contests[0].winner(1.2e-38).opinion == 0


def test_a_rule_that_is_not_exact_is_refused(speller):
    for rule in rules.RULES:
        options = Options(**{rule.option: 0.5 if rule.off != 0 else 1})
        if rule.reach is None:
            with pytest.raises(SettingError, match=f"{rule.option}=0.5: what it keeps"):
                path.path(speller, options)
        else:
            assert path.path(speller, options)


def one_by_one(generator, options, number):
    """The path of one headline, a branch at a time, each read from its beginning."""
    category = generator.category_id(options.category)
    found = []

    def follow(low, high, tokens, units, step):
        logits, state, _ = generator.read(options.prompt, category)
        for token in tokens[len(before) :]:
            logits, state = generator.engine.step(np.array([token.id]), state)
        ids = [token.id for token in tokens]
        context = Context([ids])
        (opinions,) = contest.opinions(generator, logits, context, options)
        drawn = luck(options.seed, [number], step, logits.shape[1])[0]
        for start, end, winner in contest.choices(
            opinions.astype(np.float64), drawn, options, low, high, context
        ):
            judged = sampling.judge(logits, np.array([winner]))
            (token,) = generator.judged_tokens(judged, given=False)
            fate = generator.fate(token, ids, units, step, options)
            kept = [*tokens, token] if fate.kept else tokens
            if fate.finished:
                found.append((1 / end, 1 / start, generator.text_of(kept)))
            else:
                follow(start, end, kept, units + fate.new, step + 1)

    before = generator.read(options.prompt, category)[2]
    follow(1 / HOT, 1 / COLD, before, 0, 0)
    parts = []
    for low, high, text in sorted(found):
        if parts and parts[-1][2] == text:
            low = parts.pop()[0]
        parts.append((low, high, text))
    return parts


@pytest.mark.parametrize(
    "limits", [{}, {"top_p": 0.8}, {"top_k": 9, "min_p": 0.05}], ids=str
)
def test_many_paths_at_once_are_those_of_one_branch_at_a_time(generator, limits):
    options = Options(seed=11, max_words=4, prompt="Why", **limits)
    numbers = (0, 5, 2)
    together = path.paths(generator, options, COLD, HOT, numbers)
    for number, parts in zip(numbers, together, strict=True):
        assert parts == path.path(generator, options, COLD, HOT, number)
        assert {part.headline.number for part in parts} == {number}
        wanted = one_by_one(generator, options, number)
        assert [part.headline.text for part in parts] == [text for *_, text in wanted]
        edges = [part.high for part in parts]
        assert edges == pytest.approx([high for _, high, _ in wanted], rel=1e-12)


def test_no_paths_are_no_parts(speller):
    assert path.paths(speller, numbers=()) == []


@settings(deadline=None, max_examples=100)
@given(seed=st.integers(0, 10_000), rows=st.integers(1, 9), size=st.integers(1, 60))
def test_envelopes_of_many_contests_are_those_of_each(seed, rows, size):
    random = np.random.default_rng(seed)
    opinions = random.normal(0, 3, (rows, size)).astype(np.float32)
    opinions[random.random((rows, size)) < 0.1] = -np.inf
    opinions[:, random.integers(size)] = 7.0
    opinions -= opinions.max(axis=1, keepdims=True)
    drawn = random.gumbel(size=(rows, size))
    low = random.uniform(0.3, 2.0, rows)
    high = low + random.exponential(3.0, rows)
    found = envelope.turns(opinions, drawn, low, high)
    for i, turns in enumerate(found):
        one = (opinions[i].astype(np.float64), drawn[i], Options(), low[i], high[i])
        assert turns == contest.choices(*one, Context([[]]))
