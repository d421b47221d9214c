"""Settings are validated, immutable and say what was wrong."""

import dataclasses
import math

import pytest

from textgen.writing.options import Options


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("temperature", -0.1, "from 0 to 100"),
        ("temperature", float("nan"), "from 0 to 100"),
        ("max_words", 0, "from 1 to 60"),
        ("count", 101, "from 1 to 100"),
        ("seed", -1, "from 0 to 4,294,967,295"),
        ("top_k", -5, "from 0"),
        ("top_p", 0, "above 0 to 1"),
        ("min_p", 1.5, "from 0 to 1"),
        ("repetition_penalty", 0, "from 0.1 to 10"),
    ],
)
def test_out_of_range_names_field_value_and_range(name, value, allowed):
    with pytest.raises(ValueError) as caught:
        Options(**{name: value})
    assert f"{name}={value!r}" in str(caught.value)
    assert allowed in str(caught.value)


@pytest.mark.parametrize(("name", "value"), [("count", 1.5), ("temperature", "hot")])
def test_what_is_no_number_is_refused(name, value):
    with pytest.raises(TypeError, match=name):
        Options(**{name: value})


def test_options_cannot_be_changed_in_place():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Options().temperature = 1.0


def test_changed_lists_what_differs():
    assert Options(temperature=1, seed=8).changed() == {"temperature": 1.0, "seed": 8}


@pytest.mark.parametrize("tiny", [7e-46, 1e-50, 1e-320, 1e-38, -0.0])
def test_a_temperature_that_is_0_to_the_arithmetic_is_0(tiny):
    temperature = Options(temperature=tiny).temperature
    assert temperature == 0
    assert not math.copysign(1, temperature) < 0
