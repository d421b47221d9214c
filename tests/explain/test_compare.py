"""The same headlines at several temperatures, side by side."""

import pytest

from textgen.explain import compare
from textgen.writing.options import Options


@pytest.mark.parametrize("tiny", ["1e-50", "7e-46", "1e-320", "-0"])
def test_a_column_too_cold_to_tell_from_0_is_0(tiny):
    assert str(compare.read_temperatures(f"{tiny}, 1")) == "(0.0, 1.0)"


def test_columns_hold_everything_but_the_temperature(generator):
    options = Options(seed=3, count=4, category="TRAVEL", prompt="The")
    temperatures = (0.0, 0.5, 1.0, 1.5)
    strands = compare.compare(generator, options, temperatures)
    assert len(strands) == 4
    for number, strand in enumerate(strands):
        assert strand.departs[0] is None
        for t, headline in zip(temperatures, strand.headlines, strict=True):
            assert headline.number == number
            alone = generator.generate(options, temperature=t)[number]
            assert alone.text == headline.text
        pairs = zip(strand.headlines, strand.headlines[1:], strict=False)
        for (left, right), at in zip(pairs, strand.departs[1:], strict=True):
            ours, theirs = left.text.split(), right.text.split()
            if at is None:
                assert ours == theirs
            else:
                assert ours[:at] == theirs[:at]
                assert ours[at : at + 1] != theirs[at : at + 1]


def test_equal_columns_depart_nowhere(speller):
    (strand,) = compare.compare(speller, Options(), (0.0, 0.1, 0.5))
    assert strand.departs == (None, None, None)
