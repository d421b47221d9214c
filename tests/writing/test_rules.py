"""What each rule does to logits."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textgen.writing import rules
from textgen.writing.chances import log_softmax, softmax

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
