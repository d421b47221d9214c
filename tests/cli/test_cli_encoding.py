"""The command line under the encodings that terminals and systems have."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, made_up_dataset

from textgen.cli.main import main

#: What Windows takes for redirected output, by country; and what "LANG=C" gives.
ENCODINGS = ("cp1252", "cp437", "cp932", "ascii")
TEXT = "Zürich’s Owls – Sing 🙂 東京…"
FULL = Path("/dev/full")


def run(*words):
    """Run the command line as on Windows with its output redirected; bytes."""
    return subprocess.run(
        [sys.executable, "-m", "textgen", *words],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=300,
    )


@pytest.fixture
def run_under(monkeypatch):
    """Run the command line with streams of an encoding: exit code, bytes, bytes."""

    def under(encoding, *words):
        streams = [io.TextIOWrapper(io.BytesIO(), encoding) for _ in range(2)]
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", streams[0])
            patch.setattr(sys, "stderr", streams[1])
            try:
                code = main(words)
            except SystemExit as stop:
                code = stop.code
        for stream in streams:
            stream.flush()
            assert (stream.encoding, stream.errors) == (encoding, "strict")
        return code, *(stream.buffer.getvalue() for stream in streams)

    return under


def unescaped(output, encoding):
    """What was printed, its escape sequences turned back into characters."""
    text = output.decode(encoding)
    return text.encode("latin-1", "backslashreplace").decode("unicode_escape")


def test_redirected_on_windows_json_is_utf_8_and_headlines_lose_nothing():
    words = ("generate", "--temperature", "0", "--prompt", TEXT, "-n", "1")
    done = run(*words, "--json")
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout.decode("utf-8"))
    assert found["text"].startswith(TEXT)
    done = run(*words)
    assert done.returncode == 0, done.stderr
    assert unescaped(done.stdout, "cp1252").rstrip("\r\n") == found["text"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize(
    "words",
    [
        ("generate", "--temperature", "0", "--prompt", TEXT, "-n", "1"),
        ("score", TEXT),
        ("explain", TEXT),
        ("path", "--prompt", TEXT, "--from", "0.9", "--to", "1", "--max-words", "2"),
    ],
    ids=lambda words: words[0],
)
def test_json_is_utf_8_and_lines_lose_nothing_under_any_encoding(
    run_under, words, encoding
):
    code, output, said = run_under(encoding, *words, "--json")
    assert (code, said) == (0, b"")
    assert json.loads(output.decode("utf-8"))
    assert output == run_under("utf-8", *words, "--json")[1]
    code, output, said = run_under(encoding, *words)
    assert (code, said) == (0, b"")
    assert unescaped(output, encoding) == run_under("utf-8", *words)[1].decode("utf-8")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_errors_and_help_lose_nothing_either(run_under, encoding):
    code, _, said = run_under(encoding, "generate", "--category", "ÖWLS 🙂")
    assert code == 1
    assert "ÖWLS 🙂" in unescaped(said, encoding)
    code, _, said = run_under(encoding, "train", "--data", "東京🙂.json")
    assert code == 1
    assert "東京🙂.json" in unescaped(said, encoding)
    code, _, said = run_under(encoding, "generate", "--engine", "🙂")
    assert code == 2
    assert "🙂" in unescaped(said, encoding)
    for command in ("generate", "train", "evaluate"):
        assert run_under(encoding, command, "--help")[0] == 0


@pytest.mark.skipif(os.name == "nt", reason="arguments are characters on Windows")
@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("score", "Owls", "Owl \udcff sings"), "TEXT"),
        (("explain", "Owl \udcff sings"), "TEXT"),
        (("generate", "--prompt", "Owl \udcff sings"), "--prompt"),
        (("generate", "--category", "Owl \udcff sings"), "--category"),
        (("train", "--note", "Owl \udcff sings"), "--note"),
        (("train", "--name", "Owl \udcff sings"), "--name"),
    ],
)
def test_a_byte_that_is_no_text_is_named_and_not_dropped(run_under, words, name):
    code, output, said = run_under("utf-8", *words)
    assert (code, output) == (2, b"")
    assert said.decode("utf-8").startswith(
        f"textgen: argument {name}: 'Owl \\udcff sings' holds the byte 0xff, which is "
        "no UTF-8"
    )


def test_paths_and_figures_are_printed_under_any_encoding(run_under, tmp_path):
    folder = tmp_path / "東京🙂"
    folder.mkdir()
    data = str(made_up_dataset(folder))
    code, output, said = run_under("ascii", "evaluate", "--data", data, "--json")
    assert code == 0, said
    assert json.loads(output)["model"] == "headlines-gru"
    words = ("dataset", "summary", "--data", data, "--folder", str(folder))
    code, output, said = run_under("ascii", *words)
    assert code == 0, said
    assert str(folder / "facts.json") in unescaped(output, "ascii")


def test_streams_that_are_no_files_are_left_alone(monkeypatch):
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["score", "🙂", "--json"]) == 0
    assert json.loads(stream.getvalue())[0]["text"] == "🙂"


@pytest.mark.skipif(not FULL.exists(), reason="Linux has it")
@pytest.mark.parametrize("words", [("--json",), ()])
def test_a_full_disk_is_said_in_one_line(words):
    with FULL.open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "textgen", "score", "Owls", *words],
            cwd=ROOT,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left" in done.stderr
