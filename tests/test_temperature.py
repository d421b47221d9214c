"""The exact temperature path."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from textgen import temperature
from textgen.options import Options

COLD, HOT = 0.05, 2.0


def disagreements(generator, options, count, seed):
    """How often the path's headline is not what plain sampling gives."""
    parts = temperature.path(generator, options, COLD, HOT)
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


@pytest.mark.parametrize(
    "limits",
    [
        {"top_k": 5},
        {"top_p": 0.7},
        {"min_p": 0.1},
        {"repetition_penalty": 1.4},
        {"top_k": 40, "top_p": 0.9, "min_p": 0.02, "prompt": "Why", "max_words": 5},
        {"category": "POLITICS", "max_words": 3},
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
    parts = temperature.path(generator, Options(seed=7), 0.05, 2.0)
    for part, t in ((parts[0], 0.05), (parts[-1], 2.0)):
        (plain,) = generator.generate(temperature=t, seed=7)
        assert plain.text == part.headline.text
        assert plain.log_probability == pytest.approx(
            part.headline.log_probability, abs=1e-4
        )
        assert plain.novelty == part.headline.novelty


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
    found = list(temperature.winners(opinions, luck, reach, 0.5, 4.0))
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


@pytest.mark.parametrize(("low", "high"), [(0, 1), (1, 1), (2, 1), (0.1, 101)])
def test_an_empty_interval_is_refused(speller, low, high):
    with pytest.raises(ValueError, match=f"low={low}"):
        temperature.path(speller, low=low, high=high)
