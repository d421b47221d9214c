"""Guess the temperature."""

import pytest

from textgen import game


def test_a_seed_fixes_the_questions():
    names = ("ARTS", "POLITICS")
    assert game.rounds(3, names) == game.rounds(3, names)
    assert game.rounds(3, names) != game.rounds(4, names)


@pytest.mark.parametrize("seed", range(20))
def test_questions_run_from_cold_to_hot(seed):
    asked = game.rounds(seed, ("ARTS",))
    temperatures = sorted(one.temperature for one in asked)
    assert len(asked) == game.ROUNDS
    assert game.LOW <= temperatures[0] < 0.25
    assert 1.6 < temperatures[-1] <= game.HIGH
    assert [one.temperature for one in asked] != temperatures
    assert len({one.options.seed for one in asked}) == game.ROUNDS


def test_points_count_doublings():
    assert game.points(0.7, 0.7) == 100
    assert game.points(1.0, 0.5) == game.points(0.5, 1.0) == 50
    assert game.points(2.0, 0.5) == 0
    assert game.points(0.1, 2.0) == 0
    assert game.points(0.8, 0.7) > game.points(0.9, 0.7)
