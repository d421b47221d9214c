"""What the command line says when something is wrong: the words that were typed."""

import json
import re
import subprocess
import sys

import pytest
from conftest import ROOT, made_up_dataset

from textgen.cli.common import number, whole_number
from textgen.cli.main import main, parser
from textgen.errors import BundleError, SettingError
from textgen.explain import path as temperature
from textgen.model.config import ModelConfig, Recipe
from textgen.storage import DEFAULT_MODEL, own_models
from textgen.writing.options import Options


@pytest.fixture
def said(capsys):
    """Run a command that must fail; what it says, in one line, and its exit code."""

    def run(*words):
        try:
            code = main(words)
        except SystemExit as stop:
            code = stop.code
        shown = capsys.readouterr()
        assert code in (1, 2)
        assert shown.out == ""
        assert re.fullmatch(r"textgen: .+\n", shown.err)
        return shown.err.removeprefix("textgen: ").rstrip("\n"), code

    return run


#: Options that take a number, with values that they must refuse; "" for none.
NUMBERS = {
    "generate": {
        "--temperature": "nan inf -1 1e309 101",
        "--count": "0 -1 101 1.5 1e309",
        "-n": "0 101 nan",
        "--seed": "-1 4294967296 1.5 nan",
        "--max-words": "0 61 99 nan",
        "--top-k": "-1 1000001 inf",
        "--top-p": "0 1.1 nan -0.1",
        "--min-p": "-0.1 1.1 nan",
        "--typical-p": "0 1.1 nan -0.1",
        "--repetition-penalty": "0 11 nan inf -1",
    },
    "path": {"--from": "0 nan -1 2", "--to": "0.05 nan inf 101", "--seed": "-1"},
    "train": {
        "--epochs": "0 -1 nan 1e309",
        "--batch-size": "0 -1",
        "--learning-rate": "0 -1 nan inf 1e309",
        "--warmup-steps": "-1 inf",
        "--weight-decay": "-1 nan inf",
        "--clip-norm": "0 nan inf",
        "--category-dropout": "-0.1 1.1 nan",
        "--sampled-words": "-1",
        "--longest": "0 -1",
        "--description-epochs": "-1",
        "--description-share": "2 nan",
        "--patience": "0",
        "--seed": "-1 4294967296",
        "--embedding": "0 -1 8193",
        "--units": "0 8193",
        "--layers": "0 33",
        "--dropout": "1 -0.1 nan",
        "--recurrent-dropout": "1 nan",
    },
}


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        (command, option, value)
        for command, options in NUMBERS.items()
        for option, values in options.items()
        for value in (*values.split(), "", "abc")
    ],
)
def test_a_number_out_of_range_is_named_as_it_was_typed(said, command, option, value):
    words = (option, value) if not value.startswith("-") else (f"{option}={value}",)
    if option == "-n":
        words = (option, value)
    message, code = said(command, *words)
    if code == 1:
        assert " ".join(words) in message
        assert "must be" in message
    else:
        name = "-n/--count" if option in ("-n", "--count") else option
        assert message.startswith(f"argument {name}: ")
        assert f"'{value}' is not a" in message
    # Never the name of a Python field.
    assert "_" not in message
    assert not re.search(r"[a-z]=", message.replace(words[0], ""))


def test_every_option_that_takes_a_number_is_tried_above():
    later = {"--headlines", "--vocabulary", "--limit"}  # below: they need a dataset
    shown = parser()._subparsers._group_actions[0].choices
    for command, options in NUMBERS.items():
        found = {
            option
            for action in shown[command]._actions
            if action.type in (number, whole_number)
            for option in action.option_strings
        }
        shared = NUMBERS["generate"] if command == "path" else {}
        assert found - later <= options.keys() | shared.keys()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            ("path", "--from", "2", "--to", "1"),
            "--from 2 --to 1: the first must be below the second",
        ),
        (("path", "--from", "1e-50"), "--from 1e-50: must be a number from 1.18e-38"),
        (("path", "--from", "0"), "told from 0, to 100"),
        (("path", "--to", "101"), "--to 101: must be a number from 1.18e-38"),
        (("path", "--to=0.01"), "--from 0.05 --to=0.01: the first must be"),
        (("path", "--from", "2"), "--from 2 --to 2.0: the first must be"),
        (("generate", "--max", "99"), "--max-words 99: must be a whole number"),
        (("generate", "-n", "0"), "-n 0: must be"),
        (("generate", "--count=0"), "--count=0: must be"),
        (
            ("generate", "--category", "POLITCS"),
            "--category POLITCS: not one of the model's. Did you mean 'POLITICS'?",
        ),
        (("score", "Owls", "--category", "no such"), "--category 'no such': not one"),
        (("explain", "Owls", "--category", "no"), "--category no: not one"),
        (("generate", "--prompt", "x" * 500), "--prompt 'xxxx"),
        (("generate", "--prompt", "x" * 500), "x…': 500 characters; at most 400"),
        (("generate", "--model", "nosuch"), "--model nosuch: no model there"),
        (("generate", "--model="), "--model='': no model there"),
        (
            ("explain", "Owls", "--model", "headlines-lstm"),
            "--model headlines-lstm: mu",
        ),
        (("probe", "--model", "headlines-rnn"), "--model headlines-rnn: must be a GRU"),
        (("evaluate", "--data", "nosuch"), "--data nosuch: no such file"),
        (("dataset", "summary", "--data="), "argument --data: '' is not a path"),
        (("figures", "--model", "nosuch"), "--model nosuch: no model there"),
        (("train", "--name", "a/b"), "--name a/b: must be the name of a folder"),
        (("train", "--name="), "--name='': must be the name of a folder"),
        (("train", "--precision", "float64"), "--precision float64: must be one of"),
        (
            ("generate", "--engine", "quick"),
            "argument --engine: invalid choice: 'quick'",
        ),
        (("generate", "--prompt", "-Why"), "(one that begins with a dash is joined"),
        (("generate", "--nosuch"), "unrecognized arguments: --nosuch"),
        (
            ("path", "--typical-p", "0.9", "--max-words", "2"),
            "--typical-p 0.9: what it keeps at one temperature it may cut off at a "
            "colder and at a hotter one, so it is not known exactly where another wins;"
            " 1 switches it off",
        ),
        (("genrate",), "invalid choice: 'genrate'"),
    ],
)
def test_mistakes_are_named_as_they_were_typed(said, words, expected):
    assert expected in said(*words)[0]


@pytest.mark.parametrize("option", ["--output", "--folder"])
def test_a_file_where_a_folder_is_needed_is_named(said, option, tmp_path):
    file = tmp_path / "file"
    file.write_text("x")
    data = str(made_up_dataset(tmp_path))
    words = ("figures",) if option == "--output" else ("dataset", "summary")
    words += ("--data", data) if option == "--folder" else ()
    for path in (file, file / "below"):
        message, _ = said(*words, option, str(path))
        assert message == f"{option} {path}: a file stands where a folder is needed"
    assert file.read_text() == "x"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("evaluate", "--sweep", "--headlines", "0"), "--headlines 0: must be at"),
        (("evaluate", "--sweep", "--headlines=-1"), "--headlines=-1: must be at"),
        (("probe", "--headlines", "0"), "--headlines 0: must be at least 2"),
        (("probe", "--headlines=-1"), "--headlines=-1: must be at least 2"),
    ],
)
def test_too_few_headlines_to_measure_are_named(said, words, expected, tmp_path):
    assert expected in said(*words, "--data", str(made_up_dataset(tmp_path)))[0]


@pytest.mark.parametrize("words", [("evaluate",), ("evaluate", "--sweep"), ("probe",)])
def test_a_dataset_too_small_for_its_splits_is_named(said, words, tmp_path):
    row = {"headline": "One Lonely Owl", "category": "ARTS"}
    row |= {"short_description": "", "date": "2020-01-01"}
    data = tmp_path / "one.json"
    data.write_text(json.dumps(row) + "\n")
    message, _ = said(*words, "--data", str(data))
    assert message.startswith(f"--data {data}: no headline falls into the validation")


@pytest.mark.parametrize("name", ["any", "Any", "ANY", " any ", ""])
@pytest.mark.parametrize(
    "words",
    [
        ("generate", "-n", "2"),
        ("path", "--max-words", "2"),
        ("score", "Owls"),
        ("explain", "Owls"),
    ],
    ids=lambda words: words[0],
)
def test_any_category_may_be_called_any(capsys, words, name):
    assert main(words) == 0
    plain = capsys.readouterr().out
    assert main([*words, "--category", name]) == 0
    assert capsys.readouterr().out == plain


def test_a_category_is_found_in_any_case(generator):
    assert generator.category_id(" politics ") == generator.category_id("POLITICS") > 0


def test_the_library_goes_on_naming_its_own_fields(generator):
    with pytest.raises(SettingError, match="max_words=99: must be a whole number"):
        Options(max_words=99)
    with pytest.raises(SettingError, match="learning_rate=nan: must be a number"):
        Recipe(learning_rate=float("nan"))
    with pytest.raises(SettingError, match="units=0: must be a whole number from 1"):
        ModelConfig(10, units=0)
    with pytest.raises(SettingError, match="low=2, high=1: the first must be"):
        temperature.path(generator, low=2, high=1)
    with pytest.raises(ValueError, match="category='OWLS': not one"):
        generator.generate(category="OWLS")


def test_training_says_at_once_what_would_fail_at_its_end(tmp_path):
    data = made_up_dataset(tmp_path)
    file = tmp_path / "file"
    file.write_text("x")
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear")
    tries = [
        (("--bundle", str(file)), f"--bundle {file}: is there already, and is no"),
        (("--bundle", str(file / "x")), f"--bundle {file / 'x'}: a file stands where"),
        (("--bundle", str(mine)), f"--bundle {mine}: is there already, and is no"),
        (("--output", str(file)), f"--output {file}: a file stands where"),
        (("--resume", "--output", str(mine)), f"--output {mine}: there is no run to"),
        (("--limit=-1",), "--limit=-1: must be a whole number of 0 or more"),
        (("--vocabulary", "0"), "--vocabulary 0: must be a whole number from 5 to 1,"),
        (("--vocabulary", "9" * 20), "must be a whole number from 5 to 1,000,000"),
        (("--vocabulary", "100"), "--vocabulary 100: must be at least 260"),
        (("--level", "syllable"), "--level syllable: must be one of subword, char"),
        (("--cell", "gruu"), "--cell gruu: must be one of rnn, gru, lstm"),
        (("--bundle", str(tmp_path / "run")), f"--output {tmp_path / 'run'}: the run"),
        (("--bundle", str(tmp_path)), "replaces the whole of"),
        (("--bundle", str(tmp_path / "run" / "epochs")), "replaces the whole of"),
    ]
    code = (
        "import sys, json; from textgen.cli.main import main\n"
        "for words in json.loads(sys.argv[1]): print(main(words))"
    )
    common = ["train", "--data", str(data), "--output", str(tmp_path / "run")]
    common += ["--bundle", str(tmp_path / "bundle")]
    every = [[*common, *words] for words, _ in tries]
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(every)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["1"] * len(tries), done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("textgen: ")]
    for line, (_, expected) in zip(lines, tries, strict=True):
        assert expected in line
    assert "Traceback" not in done.stderr
    assert (mine / "letter.txt").read_text() == "dear"
    assert not (tmp_path / "bundle").exists()


def test_training_offers_each_field_of_its_records_with_its_default():
    chosen = vars(parser().parse_args(["train"]))
    for name, value in Recipe().to_dict().items():
        assert chosen[name] == value
    shape = ModelConfig(5).to_dict()
    assert {name for name in shape if name not in chosen} == {"categories"}
    for name in {*shape} - {"categories", "vocabulary_size"}:
        assert chosen[name] == shape[name]


def test_a_run_does_not_take_the_place_of_another_model(said):
    (own_models() / "mine").mkdir(parents=True)
    for name, why in (("mine", "you have a model"), (DEFAULT_MODEL, "a model of that")):
        message, _ = said("train", "--name", name)
        assert message.startswith(f"--name {name}: {why}")
        assert "choose another, or say with --bundle" in message
    (own_models() / "mine").rmdir()


def test_a_bundle_never_replaces_what_is_no_bundle(bundle, tmp_path):
    from textgen.model.bundle import check_target

    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(BundleError, match="is no model"):
        check_target(tmp_path)
    check_target(tmp_path / "new")
    check_target(bundle.folder)
