"""What an address says is checked before a widget sees it."""

import math

import pytest

from app_parts import desk
from app_parts.guard import Setting
from textgen.views import charts

ODD_NUMBERS = (
    *("inf", "-inf", "1e309", "-1e309", "nan", "NaN", "Infinity", "0x10", "１２", "٣"),
    *("1_000", "1,5", "ten", "--1", "1e", "e1", ".", "+", "9" * 5000, "1e999999999"),
    *("2024-01-01", "true", "½", "²", "1 2", "0b1", "\x001", "None", "[1]", "1j"),
)


def kinds(*names):
    return [one for one in desk.SETTINGS.values() if one.kind in names]


@pytest.mark.parametrize("setting", kinds("whole", "number"), ids=lambda one: one.name)
def test_a_number_is_taken_if_it_is_one_of_the_range(setting):
    for odd in ODD_NUMBERS:
        with pytest.raises(ValueError, match="not a "):
            setting.read(odd)
    for end in (setting.low, setting.high):
        for text in (f"{end}", f" {end} ", f"+{end}", f"{end}e0"):
            value = setting.read(text)
            assert value == end
            assert isinstance(value, int if setting.kind == "whole" else float)
            assert setting.read(setting.write(value)) == value
    for beyond in (setting.low - 1, setting.high + 1):
        with pytest.raises(ValueError, match=f"from {setting.low:,.10g} to "):
            setting.read(str(beyond))


@pytest.mark.parametrize("setting", kinds("whole"), ids=lambda one: one.name)
def test_a_whole_number_has_no_fraction(setting):
    for text in ("3.5", "1e-320", "3.0000001"):
        with pytest.raises(ValueError, match="not a whole number"):
            setting.read(text)
    assert setting.read("7.0") == setting.read("0.7e1") == 7


def test_a_number_too_small_for_the_arithmetic_is_a_plain_0():
    for text in ("1e-320", "1e-50", "7e-46", "-0", "0.000e5"):
        value = desk.SETTINGS["t"].read(text)
        assert math.copysign(1, value) == 1
        assert value == 0
    assert desk.SETTINGS["t"].read("1e-9") == 1e-9


@pytest.mark.parametrize("setting", kinds("switch"), ids=lambda one: one.name)
def test_a_switch_is_on_or_off(setting):
    for text in ("1", "true", "TRUE", "yes", " on "):
        assert setting.read(text) is True
    for text in ("0", "false", "No", "off"):
        assert setting.read(text) is False
    for text in ("2", "maybe", "-", "truefalse"):
        with pytest.raises(ValueError, match="not true or false"):
            setting.read(text)


def test_choices_are_taken_in_any_case():
    assert desk.SETTINGS["view"].read("same LUCK") == "Same luck"
    assert desk.SETTINGS["model"].read("Headlines-LSTM") == "headlines-lstm"
    assert desk.SETTINGS["measure"].read("Bits per character") == "bits_per_character"
    for text in ("lenses", "../../etc", "Lens\x00", "0"):
        with pytest.raises(ValueError, match="not one of the choices"):
            desk.SETTINGS["view"].read(text)


def test_curves_may_be_named_as_the_page_does():
    measure = desk.SETTINGS["measure"]
    assert measure.options() == tuple(charts.CURVES)
    for name, (title, _) in charts.CURVES.items():
        assert measure.read(title) == name


def test_names_and_aliases_are_of_one_setting_each():
    names = [
        name for one in desk.SETTINGS.values() for name in (one.name, *one.aliases)
    ]
    assert len(names) == len(set(names))
    assert not {"embed", "embed_options"} & set(names), "Streamlit's own"


def test_defaults_are_what_an_address_could_say():
    for setting in desk.SETTINGS.values():
        if setting.default is not None and setting.name != "category":
            assert setting.read(setting.write(setting.default)) == setting.default


def test_a_number_is_written_as_a_person_would():
    t = Setting("t", "number", 0.7, 0, 3)
    assert [t.write(value) for value in (0.0, 0.1, 1.0, 0.333, 1e-9)] == [
        *("0", "0.1", "1", "0.333", "1e-09"),
    ]
