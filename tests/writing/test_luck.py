"""Luck is a pure function of where it falls, and what it is called: Gumbel."""

import numpy as np
import pytest

from textgen.writing import luck


def test_luck_depends_on_its_four_coordinates_alone():
    alone = luck.tickets(7, [3], 2, 8192)
    crowd = luck.tickets(7, range(32), 2, 8192)
    assert np.array_equal(alone[0], crowd[3])
    for other in (
        luck.tickets(8, [3], 2, 8192),
        luck.tickets(7, [4], 2, 8192),
        luck.tickets(7, [3], 3, 8192),
    ):
        assert (alone == other).mean() < 0.001
    # A larger vocabulary gives the tokens it shares the same luck.
    assert np.array_equal(luck.tickets(7, [3], 2, 100)[0], alone[0, :100])


def test_luck_is_pinned():
    # Links that people share name a seed; what it gives must never change.
    assert luck.tickets(7, [0], 0, 4).tolist() == PINNED_TICKETS


PINNED_TICKETS = [[3543984119, 1084681479, 705031245, 1917879454]]


def test_luck_is_a_standard_gumbel():
    numbers = np.concatenate(
        [luck.luck(seed, range(8), 0, 8192).ravel() for seed in range(8)]
    )
    # Mean: Euler's constant; variance: pi²/6; and the median, -log(log 2).
    n = numbers.size
    assert numbers.mean() == pytest.approx(0.5772157, abs=5 * 1.2826 / n**0.5)
    assert numbers.var() == pytest.approx(np.pi**2 / 6, rel=0.02)
    assert (numbers > -np.log(np.log(2))).mean() == pytest.approx(0.5, abs=0.004)
