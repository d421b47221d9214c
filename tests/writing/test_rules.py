"""What each rule does to logits."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textgen import fields
from textgen.explain import lens, path
from textgen.writing import rules
from textgen.writing.chances import log_softmax, softmax
from textgen.writing.options import Options
from textgen.writing.rules import Context

logits_rows = hnp.arrays(
    np.float32,
    st.tuples(st.just(1), st.integers(2, 60)),
    elements=st.floats(-30, 30, width=32),
)


def test_filters_keep_what_they_should():
    logits = np.log(np.array([[0.5, 0.3, 0.15, 0.05]]))

    def kept(x):
        return (x > -np.inf)[0].tolist()

    assert kept(rules.keep_top_k(logits, 2)) == [True, True, False, False]
    assert kept(rules.keep_top_k(logits, 0)) == [True] * 4
    assert kept(rules.keep_top_p(logits, 0.5)) == [True, False, False, False]
    assert kept(rules.keep_top_p(logits, 0.51)) == [True, True, False, False]
    assert kept(rules.keep_top_p(logits, 1e-9)) == [True, False, False, False]
    assert kept(rules.keep_min_p(logits, 0.3)) == [True, True, True, False]
    assert kept(rules.forbid(logits, [[0]])) == [False, True, True, True]


@settings(deadline=None)
@given(logits=logits_rows, p=st.floats(0.01, 0.999))
def test_the_nucleus_is_the_smallest_that_reaches_p(logits, p):
    kept = rules.keep_top_p(logits, p)[0] > -np.inf
    chances = softmax(logits.astype(np.float64))[0]
    assert chances[kept].sum() >= p - 1e-5
    smallest = chances[kept].min()
    assert chances[kept].sum() - smallest < p + 1e-5
    assert (chances[~kept] <= smallest + 1e-6).all()


def test_repetition_penalty_costs_each_use_the_same_share_of_the_favourites_lead():
    # The lead is 3 - (-1) = 4, over the median of the five tokens that are not out.
    logits = np.array([[3.0, 1.0, -1.0, -2.0, -5.0, -np.inf]])
    before = logits.copy()
    out = rules.penalise_repetition(logits, [[0, 3, 3, 5]], 2.0)
    assert out.tolist() == [[1.0, 1.0, -1.0, -6.0, -5.0, -np.inf]]
    out = rules.penalise_repetition(logits, [[0]], 0.5)
    assert out.tolist() == [[7.0, 1.0, -1.0, -2.0, -5.0, -np.inf]]
    assert np.array_equal(logits, before)


def test_one_use_costs_the_favourite_what_the_paper_takes_from_the_median_up():
    logits = np.array([[6.0, 0.5, 0.0, -0.5, -1.0]])
    for penalty in (1.2, 2.0, 5.0):
        out = rules.penalise_repetition(logits, [[0]], penalty)
        assert out[0, 0] == pytest.approx(6.0 / penalty)


def test_a_repetition_penalty_of_one_changes_no_bit():
    logits = log_softmax(np.array([[3.0, 1.0, 0.1]])).astype(np.float32)
    out = rules.penalise_repetition(logits, [[0, 0, 1]], 1.0)
    assert out.tobytes() == logits.tobytes()


@settings(deadline=None)
@given(logits=logits_rows, penalty=st.floats(0.1, 10), shift=st.floats(-20, 20))
def test_repetition_penalty_does_not_ask_where_the_logits_have_their_zero(
    logits, penalty, shift
):
    logits, used = logits.astype(np.float64), [[0, 0, 1]]
    out = rules.penalise_repetition(logits, used, penalty)
    shifted = rules.penalise_repetition(logits + shift, used, penalty)
    assert shifted - shift == pytest.approx(out, abs=1e-9)


@settings(deadline=None)
@given(logits=logits_rows, penalty=st.floats(1.05, 10), extra=st.integers(1, 3))
def test_no_certainty_outlives_the_repetition_penalty(logits, penalty, extra):
    logits = logits.astype(np.float64)
    favourite = int(logits.argmax())
    uses = int(np.ceil(penalty / (penalty - 1))) + extra
    assume(logits.max() > np.median(logits) + 1e-6)
    out = rules.penalise_repetition(logits, [[favourite] * uses], penalty)
    assert out[0, favourite] < np.median(logits)


def test_repetition_penalty_does_not_depend_on_the_neighbours():
    rows = np.random.default_rng(5).normal(0, 4, (32, 500)).astype(np.float32)
    rows = log_softmax(rows).astype(np.float32)
    rows[::3, :400] = -np.inf
    used = [[i, i, 3 * i, 499] for i in range(32)]
    together = rules.penalise_repetition(rows, used, 1.3)
    for row, ids, out in zip(rows, used, together, strict=True):
        alone = rules.penalise_repetition(row[None], [ids], 1.3)
        assert alone.tobytes() == out.tobytes()


def test_each_headline_may_have_forbidden_tokens_of_its_own():
    logits = np.zeros((3, 4), dtype=np.float32)
    out = rules.forbid(logits, [[0], [], [1, 3]])
    assert (out == -np.inf).tolist() == [
        [True, False, False, False],
        [False, False, False, False],
        [False, True, False, True],
    ]
    assert (logits == 0).all()


@settings(deadline=None, max_examples=200)
@given(
    logits=logits_rows,
    mass=st.floats(0.01, 0.999),
    out=st.sets(st.integers(0, 59), max_size=5),
)
def test_typical_sampling_keeps_what_its_definition_says(logits, mass, out):
    """Token by token, by the nearest surprise, until they hold the mass."""
    logits = logits.astype(np.float64)
    logits[0, [i for i in out if i < logits.shape[1] - 1]] = -np.inf
    before = logits.copy()
    kept = rules.keep_typical(logits, mass)[0]
    assert np.array_equal(logits, before)
    chances = softmax(logits)[0]
    entropy = -sum(p * np.log(p) for p in chances if p > 0)
    distance = {
        i: abs(-np.log(p) - entropy) for i, p in enumerate(chances) if p > 1e-300
    }
    held, last = 0.0, None
    for i in sorted(distance, key=distance.get):
        held, last = held + chances[i], i
        if held >= mass:
            break
    stays = {*np.flatnonzero(kept > -np.inf).tolist()}
    # What is nearer or further by a rounding error may fall either way.
    assert stays >= {i for i in distance if distance[i] < distance[last] - 1e-9}
    assert stays <= {i for i in distance if distance[i] <= distance[last] + 1e-9}
    assert all(kept[i] == logits[0, i] for i in stays)


def test_typical_sampling_looks_at_many_tokens_as_at_few():
    """The selection that spares the sorting finds the same as sorting all."""
    random = np.random.default_rng(3)
    for scale in (0.1, 1.0, 4.0):
        logits = random.normal(0, scale, (4, 8192)).astype(np.float32)
        for mass in (0.05, 0.5, 0.9, 0.9999):
            kept = rules.keep_typical(logits, mass) > -np.inf
            for row, stays in zip(logits, kept, strict=True):
                log_chances = log_softmax(row)
                chances = np.exp(log_chances)
                distance = np.abs(-log_chances + (chances * log_chances).sum())
                order = np.argsort(distance)
                count = int(np.searchsorted(np.cumsum(chances[order]), mass)) + 1
                assert stays.sum() == min(count, 8192)
                assert stays[order[:count]].all()


def test_typical_sampling_may_leave_the_favourite_out_and_is_not_monotone():
    """So no β up to which a token is kept exists, and its record says so."""
    (rule,) = (rule for rule in rules.RULES if rule.option == "typical_p")
    assert rule.reach is None
    opinions = np.array([[0.0, *[-1.5] * 20]])
    kept = {
        beta: rules.keep_typical(opinions * beta, 0.4)[0, 0] > -np.inf
        for beta in (0.05, 1.0, 5.0)
    }
    assert not kept[1.0]
    assert kept[5.0]


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_a_rule_is_an_option_that_is_off_by_default(rule):
    about = fields.described(Options)[rule.option]
    assert about.default == rule.off
    assert not rule.acts(Options())
    logits = np.log(np.array([[0.6, 0.25, 0.1, 0.05]]))
    context = Context([[]])
    assert np.array_equal(rule.keep(logits, rule.off, context), logits)
    value = 2 if about.kind == "whole" else 0.5
    options = Options(**{rule.option: value})
    assert rule.acts(options)
    assert options.cuts() == (f"{rule.name} {value}",)
    assert options.uncut() == Options()
    cut = rules.truncate(logits, options, context)
    assert np.isneginf(cut).sum() in (1, 2, 3)
    assert np.array_equal(cut, rule.keep(logits, value, context))


def test_rules_act_in_their_order():
    logits = np.log(np.array([[0.4, 0.3, 0.2, 0.1]]))
    options = Options(top_k=3, top_p=0.5, min_p=0.7)
    assert [rule.name for rule in rules.acting(options)] == ["top-k", "top-p", "min-p"]
    # Of the three that top-k leaves, the first holds 0.44: two are needed for a half.
    kept = rules.truncate(logits, options.but(min_p=0), Context([[]]))
    assert np.isfinite(kept[0]).tolist() == [True, True, False, False]


def only_new(logits, _value, context):
    """A rule that looks at the text so far: no token twice."""
    kept = logits.copy()
    for row, ids in zip(kept, context.ids, strict=True):
        row[list(ids)] = -np.inf
    return kept


@dataclass(frozen=True)
class More(Options):
    only_new: int = fields.whole(0, "1: no token twice.", 0, 1)


def test_a_rule_that_asks_for_the_text_so_far_is_a_record_as_well(
    generator, monkeypatch
):
    rule = rules.Rule("only_new", 0, only_new, rules.always_or_never(only_new))
    monkeypatch.setattr(rules, "RULES", (*rules.RULES, rule))
    options = More(temperature=0.6, only_new=1, seed=3, max_words=12, prompt="To Be")
    assert options.cuts() == ("only-new 1",)
    (text,) = generator.generate(options)
    ids = [token.id for token in text.tokens]
    assert len({*ids}) == len(ids)
    parts = path.path(generator, options, 0.2, 1.5)
    for part in parts:
        ids = [token.id for token in part.headline.tokens]
        assert len({*ids}) == len(ids)
        middle = (part.low * part.high) ** 0.5
        (plain,) = generator.generate(options, temperature=middle)
        assert plain.text == part.headline.text
    seen = lens.look(generator, options)
    chances = lens.probabilities(seen, options)
    used = [token.id for token in generator.read("To Be")[2]]
    places = np.flatnonzero(np.isin(seen.tokens, used))
    assert len(places)
    assert (chances[places] == 0).all()
    assert (chances > 0).sum() == len(chances) - len(places)
