"""The command line, as a person uses it."""

import json
import os
import re
import subprocess
import sys

import pytest
from conftest import ROOT, run_cli

from textgen.cli.main import main, parser
from textgen.corpus.language import SPACED


def test_generate_json_holds_what_is_promised():
    words = "generate --temperature 0.7 --category POLITICS --prompt Why -n 10 --seed 7"
    done = run_cli(*words.split(), "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == 10
    for item in found:
        assert item["text"].startswith("Why")
        assert item["log_probability"] < 0
        assert isinstance(item["copied"], bool)
        assert item["tokens"]
    assert json.loads(run_cli(*words.split(), "--json").stdout) == found


def test_generate_prints_one_headline_a_line():
    done = run_cli("generate", "-n", "3")
    assert len(done.stdout.splitlines()) == 3


def test_words_are_chosen_from_on_the_command_line(tmp_path):
    words = ["generate", "--temperature", "1.3", "-n", "20", "--seed", "3"]
    plain = run_cli(*words)
    real = run_cli(*words, "--real-words", "--class-safe")
    assert real.returncode == 0, real.stderr
    assert real.stdout != plain.stdout
    path = tmp_path / "avoid.txt"
    path.write_text("# no article\nthe\na\nt*\n", encoding="utf-8")
    own = run_cli(*words, "--words-to-avoid", str(path))
    assert own.returncode == 0, own.stderr
    found = SPACED.compared(own.stdout.replace("[copied from the training set]", ""))
    assert found
    assert not [word for word in found if word.startswith("t")]
    along = run_cli("path", "--to", "0.5", "--words-to-avoid", str(path), "--json")
    texts = " ".join(part["text"] for part in json.loads(along.stdout))
    assert not [word for word in SPACED.compared(texts) if word.startswith("t")]
    missing = run_cli(*words, "--words-to-avoid", str(tmp_path / "none.txt"))
    assert missing.returncode == 1
    assert missing.stderr.startswith("textgen: --words-to-avoid ")
    assert "cannot be read" in missing.stderr


def test_path_json_tiles_the_interval():
    done = run_cli("path", "--seed", "7", "--from", "0.05", "--to", "2", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found[0]["from"] == 0.05
    assert found[-1]["to"] == 2
    for left, right in zip(found, found[1:], strict=False):
        assert left["to"] == right["from"]
        assert left["text"] != right["text"]
    middle = found[len(found) // 2]
    inside = (middle["from"] + middle["to"]) / 2
    plain = run_cli("generate", "-n", "1", "--temperature", str(inside), "--json")
    assert json.loads(plain.stdout)[0]["text"] == middle["text"]


def test_score_agrees_with_the_library(generator):
    done = run_cli("score", "Why Owls", "A Bridge", "--category", "ARTS", "--json")
    found = json.loads(done.stdout)
    expected = generator.score(["Why Owls", "A Bridge"], "ARTS")
    for item, score in zip(found, expected, strict=True):
        assert item["log_probability"] == pytest.approx(score.log_probability)
        total = sum(t["log_probability"] for t in item["tokens"])
        assert total == pytest.approx(item["log_probability"])
        assert item["tokens"][-1]["text"] == "<end>"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("generate", "--temperature", "-1"), "--temperature -1: must be a number"),
        (("generate", "--category", "POLITCS"), "Did you mean 'POLITICS'"),
        (("generate", "--model", "nothing"), "--model nothing: no model there"),
        (("generate", "--prompt", "x" * 500), "at most 400"),
        (("evaluate", "--data", "missing.json"), "--data missing.json: no such file"),
        (("train", "--data", "missing.json", "--epochs", "0"), "--epochs 0: must be"),
    ],
)
def test_mistakes_get_one_clear_line(words, said):
    done = run_cli(*words)
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_has_had_enough_is_no_mistake():
    words = [sys.executable, "-m", "textgen", "explain", "Why Owls " * 20, "--json"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(words, cwd=ROOT, text=True, **pipes) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert said == ""
    assert running.returncode == 0


def test_help_explains_every_command():
    commands = ("generate", "path", "score", "evaluate", "train", "dataset", "figures")
    top = parser().format_help()
    for command in commands:
        assert command in top
        with pytest.raises(SystemExit) as stop:
            main([command, "--help"])
        assert stop.value.code == 0


def test_the_readme_names_only_options_that_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^python -m textgen (.+)$", readme, flags=re.MULTILINE)
    assert len(lines) >= 6
    import shlex

    for line in lines:
        parser().parse_args(shlex.split(line, comments=True))


def test_figures_command_draws_them_all(tmp_path):
    done = run_cli("figures", "--output", str(tmp_path))
    assert done.returncode == 0, done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert {"categories.png", "categories.svg", "training_loss.svg"} <= names
    assert len(names) == 40


def test_dataset_summary_writes_facts(tmp_path):
    from conftest import made_up_dataset

    data = made_up_dataset(tmp_path)
    done = run_cli(
        "dataset", "summary", "--data", str(data), "--folder", str(tmp_path / "out")
    )
    assert done.returncode == 0, done.stderr
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "categories.csv",
        "category_years.csv",
        "lengths.csv",
        "vocabulary.csv",
        "facts.json",
        "novelty.safetensors",
        "words.safetensors",
    }


def test_a_temperature_too_small_to_tell_from_0_is_0():
    tiny, greedy = (
        run_cli("generate", "-n", "1", "--temperature", t) for t in ("7e-46", "0")
    )
    assert tiny.returncode == 0, tiny.stderr
    assert tiny.stdout == greedy.stdout


def test_the_help_says_which_cuts_come_after_temperature():
    help_text = " ".join(run_cli("generate", "--help").stdout.split())
    assert "of the favourite's chance, after temperature: the hotter," in help_text
    assert "this much of the chance, after temperature" in help_text


def test_help_names_no_default_that_is_none(capsys):
    from textgen.cli.main import main

    for command in ("generate", "evaluate", "train", "dataset"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        said = capsys.readouterr().out
        assert "None" not in said
        assert "default: " in said
