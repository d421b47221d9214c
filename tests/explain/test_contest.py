"""Why a token was picked: the contest of one step."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen.errors import SettingError
from textgen.explain import contest
from textgen.fields import described
from textgen.writing import rules
from textgen.writing.options import Options
from textgen.writing.rules import Context

COLD, HOT = 0.05, 3.0


def longest(candidates, temperature):
    """The winner as the browser finds it: the longest bar of those kept."""
    bars = [
        c.opinion / temperature + c.luck if temperature >= c.coldest else -np.inf
        for c in candidates
    ]
    return candidates[int(np.argmax(bars))]


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": 0.7},
        {"temperature": 1.4, "category": "COMEDY", "prompt": "Why"},
        {"temperature": 1.0, "top_k": 5},
        {"temperature": 1.2, "top_p": 0.8, "max_words": 5},
        {"temperature": 0.9, "min_p": 0.1},
        {"temperature": 1.0, "repetition_penalty": 1.5},
        {"temperature": 1.3, "real_words": True, "class_safe": True},
    ],
    ids=str,
)
def test_every_winner_is_the_token_that_was_written(generator, settings):
    for seed in range(3):
        options = Options(seed=seed, **settings)
        found = contest.contests(generator, options, COLD, HOT)
        tokens = [t for t in generator.stream(options) if not t.given]
        assert len(found) == len(tokens)
        for step, token in zip(found, tokens, strict=True):
            text = "" if token.id == 3 else token.text
            assert step.text == text
            assert step.winner(options.temperature).text == text
            assert longest(step.candidates, options.temperature).text == text


@pytest.mark.parametrize(
    "limits",
    [{"top_k": 3}, {"top_p": 0.3}, {"min_p": 0.2}, {"top_k": 9, "top_p": 0.5}],
    ids=str,
)
def test_who_would_win_if_nothing_were_cut_off_is_among_the_bars(generator, limits):
    random = np.random.default_rng(7)
    cut_off = 0
    for seed in range(4):
        options = Options(seed=seed, **limits)
        first = contest.contests(generator, options, COLD, HOT)[0]
        whole = Options(seed=seed)
        for t in random.uniform(COLD, HOT, 10):
            tokens = generator.stream(whole, temperature=float(t))
            wanted = next(token for token in tokens if not token.given)
            bars = [c.opinion / t + c.luck for c in first.candidates]
            assert first.candidates[int(np.argmax(bars))].text == wanted.text
            cut_off += first.winner(t).text != wanted.text
    assert cut_off > 5


def test_dragging_changes_the_winner_where_sampling_does(generator):
    """At 60 random temperatures the first word is the one that sampling picks."""
    random = np.random.default_rng(5)
    winners = set()
    for seed in range(3):
        options = Options(seed=seed, prompt="How To")
        first = contest.contests(generator, options, COLD, HOT)[0]
        for t in random.uniform(COLD, HOT, 20):
            tokens = generator.stream(options, temperature=float(t))
            chosen = next(token for token in tokens if not token.given)
            assert first.winner(t).text == chosen.text
            assert longest(first.candidates, t).text == chosen.text
            winners.add(chosen.text)
    assert len(winners) > 5


def test_turns_tile_the_range_and_bars_tell_the_truth(generator):
    options = Options(seed=9, temperature=0.8)
    for step in contest.contests(generator, options, COLD, HOT):
        assert step.turns[0][0] == pytest.approx(COLD)
        assert step.turns[-1][1] == pytest.approx(HOT)
        for left, right in zip(step.turns, step.turns[1:], strict=False):
            assert left[1] == right[0]
            assert left[2] != right[2]
        favourite = step.candidates[0]
        assert favourite.opinion == 0
        assert favourite.rank == 1
        for other in step.candidates:
            ratio = np.log(other.probability / favourite.probability)
            assert other.opinion == pytest.approx(ratio, abs=1e-4)
        assert list(step.candidates) == sorted(
            step.candidates, key=lambda c: -c.opinion
        )


def test_what_truncation_cuts_off_never_wins(generator):
    options = Options(seed=2, temperature=1.5, top_k=3)
    for step in contest.contests(generator, options, COLD, HOT):
        out = [c for c in step.candidates if c.coldest == np.inf]
        assert len(out) == len(step.candidates) - 3
        assert not {step.candidates[i].text for *_, i in step.turns} & {
            c.text for c in out
        }


def test_a_rule_that_is_not_exact_is_refused(generator):
    with pytest.raises(SettingError, match="typical_p=0.9: what it keeps"):
        contest.contests(generator, Options(typical_p=0.9, top_k=5), COLD, HOT)


EXACT = [rule for rule in rules.RULES if rule.reach is not None]


@pytest.mark.parametrize(
    "acting",
    [some for n in range(1, len(EXACT) + 1) for some in combinations(EXACT, n)],
    ids=lambda acting: "+".join(rule.name for rule in acting),
)
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10_000), count=st.integers(2, 40))
def test_a_rules_reach_is_what_it_keeps_at_every_temperature(acting, seed, count):
    random = np.random.default_rng(seed)
    opinions = random.normal(0, 3, count)
    opinions[random.random(count) < 0.1] = -np.inf
    opinions[random.integers(count)] = opinions.max()  # equal ones
    opinions[int(random.integers(count))] = 4.0
    opinions -= opinions.max()
    values = {
        rule.option: int(random.integers(1, count + 1))
        if described(Options)[rule.option].kind == "whole"
        else float(random.uniform(0.01, 0.99))
        for rule in acting
    }
    options, context = Options(**values), Context([[]])
    low, high = 0.3, 20.0
    betas = random.uniform(low, high, 12)
    kept = [
        rules.truncate(opinions[None] * beta, options, context)[0] > -np.inf
        for beta in betas
    ]
    limits = contest.Limits(opinions, options, low, high, context)
    bounds = limits.reach.copy()
    asked = [[limits.keeps(i, beta) for i in range(count)] for beta in betas]
    exact = np.array([limits.settle(i) for i in range(count)])
    assert (exact <= bounds).all()
    for beta, truth, said in zip(betas, kept, asked, strict=True):
        clear = np.abs(exact - beta) > 1e-6
        assert (truth == said)[clear].all()
        assert (truth == (beta <= exact))[clear].all()


@settings(deadline=None, max_examples=200)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(1, 12),
    ends=st.booleans(),
)
def test_the_envelope_is_the_highest_line_everywhere(seed, count, ends):
    random = np.random.default_rng(seed)
    opinions = -random.exponential(2, count)
    opinions[0] = 0.0
    luck = random.gumbel(size=count)
    reach = np.where(random.random(count) < 0.4, random.uniform(0, 4, count), np.inf)
    reach = reach if ends else np.full(count, np.inf)
    reach[0] = np.inf
    found = list(contest.winners(opinions, luck, reach, 0.5, 4.0))
    assert found[0][0] == 0.5
    assert found[-1][1] == 4.0
    for (_, end, one), (start, _, two) in zip(found, found[1:], strict=False):
        assert end == start
        assert one != two
    for start, end, index in found:
        for share in (0.01, 0.5, 0.99):
            beta = start + share * (end - start)
            bars = np.where(reach >= beta, opinions * beta + luck, -np.inf)
            assert bars[index] == pytest.approx(bars.max(), abs=1e-9)
