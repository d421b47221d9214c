"""Guess the temperature."""

import math

import pytest

from app_parts import rounds


def test_a_seed_fixes_the_questions():
    names = ("ARTS", "POLITICS")
    assert rounds.rounds(3, names) == rounds.rounds(3, names)
    assert rounds.rounds(3, names) != rounds.rounds(4, names)


@pytest.mark.parametrize("seed", range(20))
def test_questions_run_from_cold_to_hot(seed):
    asked = rounds.rounds(seed, ("ARTS",))
    temperatures = sorted(one.temperature for one in asked)
    assert len(asked) == rounds.ROUNDS
    assert rounds.LOW <= temperatures[0] < 0.25
    assert 1.5 < temperatures[-1] <= rounds.HIGH
    # One in each tenth of the log scale.
    span = math.log(rounds.HIGH / rounds.LOW)
    for tenth, t in enumerate(temperatures):
        place = 10 * math.log(t / rounds.LOW) / span
        assert tenth - 1e-9 <= place <= tenth + 1 + 1e-9
    assert [one.temperature for one in asked] != temperatures
    assert len({one.options.seed for one in asked}) == rounds.ROUNDS


def test_a_hundred_points_can_be_had_in_every_question():
    for seed in range(200):
        for one in rounds.rounds(seed, ("ARTS",)):
            assert one.temperature in rounds.GUESSES
            assert max(rounds.points(t, one.temperature) for t in rounds.GUESSES) == 100


def test_the_ends_of_the_slider_are_never_asked():
    asked = {one.temperature for seed in range(300) for one in rounds.rounds(seed)}
    assert asked == {*rounds.GUESSES[1:-1]}


def test_a_model_without_categories_is_asked_for_none():
    assert {one.options.category for one in rounds.rounds(3, ())} == {None}


@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("", ()),
        ("0.7", (0.7,)),
        ("0.7,1.3,2.5", (0.7, 1.3, 2.5)),
        (" 0.70 , 1 ", (0.7, 1.0)),
        ("0.7,,1.3", (0.7, None, 1.3)),
        ("0.7,-,1.3", (0.7, None, 1.3)),
        ("zzz,0.7", (None, 0.7)),
        ("inf,abc,0.7", (None, None, 0.7)),
        ("nan,-0.7,1e309,0.71,99", ()),
        (",".join(["0.7"] * 500), (0.7,) * 10),
        ("0.7,<script>,\x00", (0.7,)),
    ],
)
def test_answers_are_read_whatever_stands_in_the_address(text, answers):
    assert rounds.read_answers(text) == answers
    assert rounds.read_answers(rounds.write_answers(answers)) == answers


def test_answers_are_short():
    assert rounds.write_answers([0.15, None, 1.0]) == "0.15,-,1"


def test_a_question_that_was_skipped_is_seen_in_the_address():
    assert rounds.write_answers(rounds.read_answers("zzz,0.7")) == "-,0.7"


def test_what_is_no_guess_is_told_from_none():
    for text in ("", "0.7", "0.7,,1.3", "0.5,-,1.3", "-,0.7", "0.7,", ","):
        assert rounds.all_read(text)
    for text in ("zzz,0.7", "0.7,inf", "0.71", "--,0.7", ",".join(["0.7"] * 11)):
        assert not rounds.all_read(text)


def test_points_count_doublings():
    assert rounds.points(0.7, 0.7) == 100
    assert rounds.points(1.0, 0.5) == rounds.points(0.5, 1.0) == 50
    assert rounds.points(2.0, 0.5) == 0
    assert rounds.points(0.1, 2.0) == 0
    assert rounds.points(0.8, 0.7) > rounds.points(0.9, 0.7)
