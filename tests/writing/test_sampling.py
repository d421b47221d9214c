"""Probability, luck, truncation: the arithmetic of choosing."""

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from textgen.writing import luck, rules, sampling
from textgen.writing.chances import entropy, log_softmax, softmax
from textgen.writing.options import Options
from textgen.writing.rules import Context

logits_rows = hnp.arrays(
    np.float32,
    st.tuples(st.just(1), st.integers(2, 60)),
    elements=st.floats(-30, 30, width=32),
)


temperatures = st.floats(0.01, 100)


@settings(deadline=None)
@given(logits=logits_rows, temperature=temperatures)
def test_probabilities_are_finite_and_sum_to_one(logits, temperature):
    before = logits.copy()
    chances = softmax(rules.apply_temperature(logits, temperature))
    assert np.isfinite(chances).all()
    assert chances.sum() == pytest.approx(1, abs=1e-5)
    assert np.array_equal(logits, before)


@settings(deadline=None)
@given(logits=logits_rows, low=temperatures, high=temperatures)
def test_entropy_does_not_fall_as_temperature_rises(logits, low, high):
    low, high = sorted((low, high))
    cold, hot = (
        entropy(softmax(logits.astype(np.float64) / t))[0] for t in (low, high)
    )
    assert hot >= cold - 1e-9


@settings(deadline=None)
@given(logits=logits_rows, seed=st.integers(0, 2**32 - 1))
def test_cold_means_the_favourite(logits, seed):
    ordered = np.sort(logits[0])
    assume(ordered[-1] - ordered[-2] > 0.5)
    for temperature in (0.0, 0.01):
        shaped = rules.apply_temperature(logits, temperature)
        assert sampling.choose(shaped, seed, [0], 0)[0] == logits[0].argmax()


@pytest.mark.parametrize("t", [1e-320, 1e-50, 7e-46, 2e-45, 1e-39, 2e-38, 1e-30, 1e-9])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_no_temperature_is_too_small(t, dtype):
    logits = np.array([[-9.0, -0.5, -0.5, -1.0, -np.inf]], dtype=dtype)
    for limits in (
        {},
        {"top_k": 2},
        {"top_p": 0.5},
        {"min_p": 0.1},
        {"typical_p": 0.5},
    ):
        shaped = rules.apply_temperature(logits, t)
        chances = softmax(
            sampling.shape(logits, Options(temperature=t, **limits), Context([[]]), [4])
        )
        assert np.isfinite(chances).all()
        assert chances.sum() == pytest.approx(1)
        assert sampling.choose(shaped, 1, [0], 0)[0] in (1, 2)


def test_greedy_takes_the_first_of_equals():
    shaped = rules.apply_temperature(np.array([[1.0, 3.0, 3.0]]), 0)
    assert sampling.choose(shaped, 1, [0], 0)[0] == 1


def test_hotter_is_flatter_not_the_other_way_round():
    logits = np.array([[2.0, 1.0, 0.0]], dtype=np.float32)
    favourite = [
        softmax(rules.apply_temperature(logits, t))[0, 0] for t in (0.3, 1.0, 3.0)
    ]
    assert favourite[0] > favourite[1] > favourite[2]
    e = np.exp([2.0, 1.0, 0.0])
    assert favourite[1] == pytest.approx(e[0] / e.sum(), rel=1e-5)


@settings(deadline=None, max_examples=60)
@given(
    shaped=hnp.arrays(
        np.float32, (3, 300), elements=st.floats(-40, 0, width=32), fill=st.just(-5.0)
    ),
    seed=st.integers(0, 10_000),
    step=st.integers(0, 50),
    temperature=st.sampled_from([0.2, 1.0, 5.0]),
    behind=st.sampled_from([0.0, 1.5, 40.0]),
)
def test_choosing_equals_the_plain_argmax_of_opinion_plus_luck(
    shaped, seed, step, temperature, behind
):
    # The favourite may be among what was left out.
    shaped = rules.apply_temperature(shaped, temperature) - np.float32(behind)
    bars = shaped + luck.luck(seed, [0, 1, 2], step, 300)
    chosen = sampling.choose(shaped, seed, [0, 1, 2], step)
    best = bars[np.arange(3), chosen]
    assert np.array_equal(best, bars.max(axis=1))


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize(
    "limits",
    [{}, {"top_k": 4}, {"top_p": 0.8}, {"min_p": 0.2}, {"typical_p": 0.4}],
    ids=str,
)
def test_frequencies_match_softmax(temperature, limits):
    logits = np.array([[2.0, 1.5, 1.0, 0.0, -0.5, -1.0, -2.0]], dtype=np.float32)
    options = Options(temperature=temperature, **limits)
    draws = 20_000
    shaped = sampling.shape(logits, options, Context([[]]), [[]])
    expected = softmax(shaped)[0] * draws
    many = np.repeat(shaped, draws, axis=0)
    chosen = sampling.choose(many, 5, range(draws), 0)
    seen = np.bincount(chosen, minlength=7)
    assert seen[expected == 0].sum() == 0
    kept = expected > 0
    chi_squared = ((seen - expected)[kept] ** 2 / expected[kept]).sum()
    # The 99.99 % point of χ² with up to 6 degrees of freedom is 27.9.
    assert chi_squared < 27.9


def test_forbidden_tokens_are_masked_before_sampling():
    logits = np.array([[9.0, 1.0, 1.0]], dtype=np.float32)
    shaped = sampling.shape(logits, Options(temperature=1.0), Context([[]]), [[0]])
    assert softmax(shaped)[0] == pytest.approx([0.0, 0.5, 0.5])


def test_the_order_of_the_steps_is_the_documented_one():
    # Top-p after temperature: heat spreads the mass, so the nucleus grows.
    logits = np.log(np.array([[0.7, 0.2, 0.06, 0.04]]))
    sizes = [
        (
            sampling.shape(
                logits, Options(temperature=t, top_p=0.6), Context([[]]), [[]]
            )
            > -np.inf
        ).sum()
        for t in (0.5, 5.0)
    ]
    assert sizes == [1, 2]


def test_judging_looks_up_log_probability_and_rank():
    logits = np.array([[0.0, 2.0, 1.0], [5.0, 5.0, -1.0]], dtype=np.float32)
    logits = log_softmax(logits)
    judged = sampling.judge(logits, np.array([2, 1]))
    assert judged.log_probability == pytest.approx([logits[0, 2], logits[1, 1]])
    assert judged.rank.tolist() == [2, 1]


@settings(deadline=None, max_examples=30)
@given(
    rows=st.integers(1, 11),
    temperature=st.sampled_from([0.0, 0.4, 1.0, 3.0]),
    top_k=st.sampled_from([0, 5]),
)
def test_picking_is_shape_then_choose_then_judge(rows, temperature, top_k):
    random = np.random.default_rng(rows)
    logits = log_softmax(random.normal(0, 3, (rows, 200))).astype(np.float32)
    before = logits.copy()
    options = Options(temperature=temperature, top_k=top_k, seed=3)
    used = Context([[i] for i in range(rows)])
    forbidden = [[0, 1]] * rows
    picked = sampling.pick(logits, options, used, forbidden, range(rows), 4)
    shaped = sampling.shape(logits, options, used, forbidden)
    chosen = sampling.choose(shaped, 3, range(rows), 4)
    assert picked.tokens.tolist() == chosen.tolist()
    assert picked.rank.tolist() == sampling.judge(logits, chosen).rank.tolist()
    assert np.array_equal(logits, before)


def test_min_p_acts_after_temperature_so_the_hotter_the_more_stay_in():
    logits = np.log(np.array([[0.6, 0.25, 0.1, 0.05]]))

    def left(t):
        options = Options(temperature=t, min_p=0.3)
        return np.isfinite(sampling.shape(logits, options, Context([[]]), [[]])).sum()

    assert [left(t) for t in (0.5, 1.0, 3.0)] == [1, 2, 4]
