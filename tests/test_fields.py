"""A record whose fields say what they are is checked, offered and explained by it."""

import dataclasses
import math
from dataclasses import dataclass

import pytest

from textgen import fields
from textgen.cli.common import Parser, add_fields, command_of
from textgen.errors import SettingError
from textgen.model.config import ModelConfig, Recipe
from textgen.writing.options import Options


@dataclass(frozen=True)
class Tea:
    leaf: str = fields.choice(dataclasses.MISSING, "Which.", ("green", "black"))
    minutes: int = fields.whole(3, "How long it draws.", 1, 10)
    sugar: float = fields.number(0.0, "Of the cup's weight, 5 % say.", 0, 1, below=True)
    heat: float = fields.number(90.0, "Degrees.", 0, above=True)
    spoons: int = fields.whole(1, "For the pot.", 1)
    note: str | None = fields.text(None, "Anything else.")
    milk: bool = fields.switch(False, "With milk.")
    poured: int = 0

    def __post_init__(self):
        fields.check(self)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("leaf", "red", "one of green, black"),
        ("minutes", 0, "a whole number from 1 to 10"),
        ("minutes", 10**400, "a whole number from 1 to 10"),
        ("sugar", 1, "a number from 0 to below 1"),
        ("sugar", math.nan, "a number from 0 to below 1"),
        ("heat", 0, "a number above 0"),
        ("heat", math.inf, "a number above 0"),
        ("heat", 10**400, "a number above 0"),
        ("spoons", 0, "a whole number of 1 or more"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_is(name, value, allowed):
    with pytest.raises(SettingError) as caught:
        Tea(**{"leaf": "green", name: value})
    assert str(caught.value).endswith(f": must be {allowed}")
    assert caught.value.settings == {name: value}


@pytest.mark.parametrize(
    ("name", "value", "kind"),
    [
        ("minutes", 1.5, "a whole number"),
        ("minutes", True, "a whole number"),
        ("minutes", math.inf, "a whole number"),
        ("minutes", None, "a whole number"),
        ("sugar", "0.5", "a number"),
        ("sugar", None, "a number"),
        ("note", 3, "text"),
        ("milk", 1, "true or false"),
    ],
)
def test_what_is_of_another_kind_is_named(name, value, kind):
    with pytest.raises(TypeError) as caught:
        Tea(**{"leaf": "green", name: value})
    assert str(caught.value) == f"{name}={value!r}: must be {kind}"


def test_values_come_in_their_own_type():
    tea = Tea("black", minutes=4.0, sugar=0, note="hot", milk=True)
    assert (type(tea.minutes), type(tea.sugar)) == (int, float)
    assert (tea.note, tea.milk, tea.minutes) == ("hot", True, 4)
    assert Tea("green").note is None


def test_only_fields_that_say_what_they_are_are_described():
    about = fields.described(Tea)
    assert [*about] == ["leaf", "minutes", "sugar", "heat", "spoons", "note", "milk"]
    assert about == fields.described(Tea("green"))
    assert about["leaf"].default is dataclasses.MISSING


def options_of(record, *names, **defaults):
    commands = Parser(prog="try").add_subparsers()
    command = command_of(commands, "it", None, "try it")
    add_fields(command, record, *names, **defaults)
    return command


def test_a_command_reads_a_records_fields_and_says_what_they_are():
    command = options_of(Tea, "minutes", "sugar", "heat", "note", "milk", minutes=7)
    chosen = command.parse_args(["--sugar", "0.2", "--milk"])
    assert (chosen.minutes, chosen.sugar, chosen.milk) == (7, 0.2, True)
    assert (chosen.heat, chosen.note) == (90.0, None)
    text = " ".join(command.format_help().split())
    assert "How long it draws. From 1 to 10; default 7." in text
    assert "Of the cup's weight, 5 % say. From 0 to below 1; default 0.0." in text
    assert "Degrees. Above 0; default 90.0." in text
    assert "Anything else. --milk" in text


@pytest.mark.parametrize("record", [Options, Recipe, ModelConfig])
def test_every_field_of_a_record_says_what_it_is(record):
    about = fields.described(record)
    names = [field.name for field in dataclasses.fields(record)]
    # What a model's texts say is nobody's choice.
    assert [*about] == [name for name in names if name != "categories"]
    offered = [name for name in about if about[name].default != dataclasses.MISSING]
    help_text = " ".join(options_of(record, *offered).format_help().split())
    for name in offered:
        field = about[name]
        assert field.gloss.endswith(".")
        assert field.gloss in help_text
        if field.kind in ("whole", "number"):
            told = f"{field.gloss} {field.span[0].upper()}{field.span[1:]}"
            end = "." if field.default is None else "; default"
            assert f"{told}{end}" in help_text
