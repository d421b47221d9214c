"""Runs that are killed, resumed, damaged, and finish."""

import csv
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from conftest import ROOT, made_up_dataset, run_cli

from textgen.training import events

pytest.importorskip("tensorflow")

TINY = (
    *("--units", "16", "--embedding", "8", "--vocabulary", "300"),
    *("--batch-size", "8", "--sampled-words", "64", "--warmup-steps", "5"),
    *("--description-epochs", "2"),
)


def command(data, folder, *more):
    return [
        *("train", "--data", str(data), "--name", "tiny"),
        *("--output", str(folder / "run"), "--bundle", str(folder / "tiny")),
        *TINY,
        *more,
    ]


def poem():
    """Lines without categories, as a record."""
    from textgen.corpus.corpus import Corpus, CorpusFacts, Noun

    facts = CorpusFacts(
        name="Poems of the tests",
        noun=Noun("line", "lines"),
        about="Poems that a test made up",
        credits="A test",
    )
    lines = [
        f"the {a} {b} sings {c}" for a in "abcd" for b in "klmno" for c in range(9)
    ]
    return Corpus.of_texts(lines, facts=facts)


def weights_at(folder):
    from textgen.training.checkpoint import best_weights

    return best_weights(folder / "run")


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run that was never interrupted."""
    folder = tmp_path_factory.mktemp("whole")
    data = made_up_dataset(folder)
    done = run_cli(*command(data, folder, "--epochs", "4"))
    assert done.returncode == 0, done.stderr
    return folder, data, done


def test_training_writes_a_bundle_that_works(finished):
    from textgen.model.bundle import Bundle
    from textgen.writing.generator import Generator

    folder, _, done = finished
    bundle = Bundle(folder / "tiny")
    assert "bits per character on test" in done.stdout
    history = bundle.history()
    assert [row["epoch"] for row in history] == [0, 1, 2, 3, 4]
    columns = ["loss", "perplexity", "bits_per_character", "accuracy"]
    for split in ("train", "validation"):
        for column in columns:
            assert all(np.isfinite(row[f"{split}_{column}"]) for row in history)
    assert history[-1]["validation_loss"] < history[0]["validation_loss"]
    assert history[0]["validation_perplexity"] == pytest.approx(
        np.exp(history[0]["validation_loss"]), rel=1e-3
    )
    assert history[-1]["tokens_per_second"] > 0
    frames = bundle.samples()
    assert {frame["epoch"] for frame in frames} == {0, 1, 2, 3, 4}
    assert {frame["temperature"] for frame in frames} == {0.0, 0.2, 0.7, 1.0}
    headlines = Generator.from_bundle(bundle).generate(count=3, seed=1)
    assert all(headline.novelty is not None for headline in headlines)
    figures = bundle.facts["figures"]
    assert f"{figures['test_bits_per_character']:.4f}" in bundle.model_card()


def test_weights_ship_in_half_precision(finished):
    from safetensors.numpy import load_file

    from textgen.model.bundle import Bundle

    folder = finished[0]
    bundle = Bundle(folder / "tiny")
    stored, best = (
        load_file(folder / "tiny" / "weights.safetensors"),
        weights_at(folder),
    )
    assert {*stored} == {*best} == {*bundle.weights}
    for name, array in best.items():
        assert stored[name].dtype == np.float16
        assert bundle.weights[name].dtype == np.float32
        np.testing.assert_allclose(bundle.weights[name], array, rtol=1e-3, atol=1e-7)


def test_the_progress_bar_shows_what_matters(finished):
    shown = finished[2].stderr
    for word in ("loss", "bits/char", "tokens/s", "all done in"):
        assert word in shown
    assert "T = 0.7" in finished[2].stdout + shown


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is POSIX")
def test_a_killed_run_ends_as_if_never_stopped(finished, tmp_path):
    whole, data, _ = finished
    environment = os.environ | {"TEXTGEN_CHECKPOINT_SECONDS": "0"}
    words = command(data, tmp_path, "--epochs", "4")
    run = subprocess.Popen(
        [sys.executable, "-m", "textgen", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    state = tmp_path / "run" / "last.safetensors"
    stream = tmp_path / "run" / events.EVENTS
    try:
        # Kill in the middle of an epoch, not at its end.
        for _ in range(1200):
            time.sleep(0.05)
            if state.exists():
                from safetensors import safe_open

                with safe_open(state, framework="numpy") as stored:
                    progress = json.loads(stored.metadata()["state"])["progress"]
                if progress["epoch"] >= 1 and 2 <= progress["step"] <= 20:
                    break
        else:
            pytest.fail("the run wrote no checkpoint inside an epoch")
    finally:
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert not (tmp_path / "tiny").exists()
    refused = run_cli(*words)
    assert refused.returncode == 1
    assert "--resume" in refused.stderr
    other = run_cli(*command(data, tmp_path, "--epochs", "9", "--resume"))
    assert other.returncode == 1
    assert "epochs was 4, is 9" in other.stderr
    # Had it been killed in the middle of a line, behind more than it had saved:
    torn = [event for event in events.read(stream) if isinstance(event, events.Epoch)]
    events.append(stream, replace(torn[-1], epoch=torn[-1].epoch + 1))
    with stream.open("ab") as file:
        file.write(b'{"event": "wrote", "epoch": 2, "temp')
    resumed = run_cli(*words, "--resume")
    assert resumed.returncode == 0, resumed.stderr
    told = [events.read(folder / "run" / events.EVENTS) for folder in (whole, tmp_path)]
    first, second = (
        [(e.epoch, e.temperature) for e in one if isinstance(e, events.Wrote)]
        for one in told
    )
    assert first == second and len({*first}) == len(first)
    for one in told:
        epochs = [event.epoch for event in one if isinstance(event, events.Epoch)]
        assert epochs == [0, 1, 2, 3, 4]
        steps = [event.step for event in one if isinstance(event, events.Step)]
        assert steps == sorted({*steps})
        assert isinstance(one[-1], events.Finished)
    one, two = weights_at(whole), weights_at(tmp_path)
    for name in one:
        assert np.allclose(one[name], two[name], atol=2e-5), name
    histories = [
        list(csv.DictReader((folder / "run" / "history.csv").open()))
        for folder in (whole, tmp_path)
    ]
    for first, second in zip(*histories, strict=True):
        for column in ("validation_loss", "train_loss", "learning_rate"):
            assert float(first[column]) == pytest.approx(
                float(second[column]), rel=1e-4
            )


def started(words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "textgen", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_saves_and_says_how_to_go_on(finished, tmp_path):
    whole, data, _ = finished
    run = started(command(data, tmp_path, "--epochs", "4"))
    for event in events.follow(tmp_path / "run" / events.EVENTS, pause=0.02):
        if isinstance(event, events.Step):
            run.send_signal(signal.SIGINT)
            break
    said, shown = run.communicate(timeout=120)
    assert run.returncode == 130, shown
    assert "Stopping after this step" in shown and "Traceback" not in shown
    assert "Stopped, and saved in" in said
    assert not (tmp_path / "tiny").exists()
    told = events.read(tmp_path / "run" / events.EVENTS)
    assert not any(isinstance(e, events.Finished | events.Failed) for e in told)
    words = shlex.split(said.splitlines()[-1])
    assert words[:4] == ["python", "-m", "textgen", "train"] and "--resume" in words
    resumed = run_cli(*words[3:])
    assert resumed.returncode == 0, resumed.stderr
    one, two = weights_at(whole), weights_at(tmp_path)
    for name in one:
        assert np.allclose(one[name], two[name], atol=2e-5), name


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_sigterm_saves_as_well(finished, tmp_path):
    run = started(command(finished[1], tmp_path, "--epochs", "400"))
    for event in events.follow(tmp_path / "run" / events.EVENTS, pause=0.02):
        if isinstance(event, events.Step):
            run.terminate()
            break
    said, shown = run.communicate(timeout=120)
    assert run.returncode == 128 + signal.SIGTERM, shown
    assert "--resume" in said
    assert (tmp_path / "run" / "last.safetensors").exists()


def test_a_run_is_not_resumed_with_other_settings(finished, tmp_path):
    """Each is named with both values; the run stays as it was."""
    whole, data, _ = finished
    folder = tmp_path / "run"
    shutil.copytree(whole / "run", folder)
    lines = data.read_text().splitlines(keepends=True)
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / data.name
    other.write_text("".join(lines[:200]))
    before = {path: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    tries = [
        (("--vocabulary", "400"), "--vocabulary was 300, is 400"),
        (("--level", "word"), "--level was 'subword', is 'word'"),
        (("--limit", "100"), "--limit was 0, is 100"),
        (("--units", "17"), "--units was 16, is 17"),
        (("--cell", "lstm"), "--cell was 'gru', is 'lstm'"),
        (("--seed", "8"), "--seed was 7, is 8"),
        (("--learning-rate", "0.5"), "--learning-rate was 0.002, is 0.5"),
        (("--units", "17", "--epochs", "5"), "--epochs was 4, is 5"),
        (("--data", str(other)), "--data was '2"),
    ]
    every = [
        command(data, tmp_path, "--epochs", "4", *words, "--resume")
        for words, _ in tries
    ]
    code = (
        "import sys, json; from textgen.cli.main import main\n"
        "for words in json.loads(sys.argv[1]): print(main(words))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, json.dumps(every)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["1"] * len(tries), done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("textgen: ")]
    for line, (_, expected) in zip(said, tries, strict=True):
        assert "cannot resume with other settings" in line and expected in line
        assert "Use the same as before, or another --output" in line
    assert before == {p: p.read_bytes() for p in folder.iterdir() if p.is_file()}


def test_a_run_that_begins_learns_its_own_tokens(tmp_path):
    """What a run left there that was killed before its first checkpoint is not used."""
    from textgen.corpus.levels import CharacterTokenizer
    from textgen.model.config import Recipe
    from textgen.training import workflow

    (tmp_path / "run").mkdir()
    CharacterTokenizer("xyz").save(tmp_path / "run" / "tokenizer.json")
    events.append(tmp_path / "run" / events.EVENTS, events.Failed("killed"))
    bundle = workflow.train(
        poem(),
        tmp_path / "run",
        tmp_path / "poems",
        model={"embedding": 8, "units": 8},
        recipe=Recipe(level="character", epochs=1, batch_size=64, sampled_words=0),
    )
    assert bundle.tokenizer.decode(bundle.tokenizer.encode("the a k")) == "the a k"
    told = events.read(tmp_path / "run" / events.EVENTS)
    assert not any(isinstance(event, events.Failed) for event in told)
    assert [e.epoch for e in told if isinstance(e, events.Epoch)] == [0, 1]
    assert len(bundle.samples()) == 2 * 4


def test_an_error_behind_the_last_epoch_is_told(tmp_path, monkeypatch):
    from textgen.model.config import Recipe
    from textgen.training import workflow

    def full(*_):
        raise OSError("no space left on the device")

    monkeypatch.setattr(workflow.export, "write", full)
    with pytest.raises(OSError, match="no space left"):
        workflow.train(
            poem(),
            tmp_path / "run",
            tmp_path / "poems",
            model={"embedding": 8, "units": 8},
            recipe=Recipe(level="character", epochs=1, batch_size=64, sampled_words=0),
        )
    *_, last = events.read(tmp_path / "run" / events.EVENTS)
    assert last == events.Failed("no space left on the device")


def test_a_damaged_checkpoint_is_named(finished, tmp_path):
    _, data, _ = finished
    folder = tmp_path / "run"
    folder.mkdir()
    (folder / "last.safetensors").write_bytes(b"broken")
    failed = run_cli(*command(data, tmp_path, "--resume"))
    assert failed.returncode == 1
    assert "last.safetensors: the checkpoint is damaged" in failed.stderr
    assert "Traceback" not in failed.stderr


def test_a_data_set_too_small_for_its_splits_is_named(tmp_path):
    row = {
        "headline": "One Lonely Owl",
        "category": "ARTS",
        "short_description": "",
        "date": "2020-01-01",
    }
    data = tmp_path / "one.json"
    data.write_text(json.dumps(row) + "\n")
    failed = run_cli(*command(data, tmp_path))
    assert failed.returncode == 1
    assert "no headline falls into the" in failed.stderr


def test_lines_of_a_poem_train_a_model_that_speaks_of_lines(tmp_path):
    """Texts without categories, given as a record: card and facts are theirs."""
    from textgen.model.config import Recipe
    from textgen.training import workflow
    from textgen.writing.generator import Generator

    corpus = poem()
    facts, lines = corpus.facts, corpus.texts
    bundle = workflow.train(
        corpus,
        tmp_path / "run",
        tmp_path / "poems",
        model={"embedding": 8, "units": 8},
        recipe=Recipe(level="character", epochs=1, batch_size=16, sampled_words=0),
    )
    assert bundle.config.categories == ()
    assert bundle.corpus.noun.many == "lines" and bundle.facts["dataset"] == facts.name
    assert sum(bundle.corpus.splits.values()) == len(lines)
    card = bundle.model_card()
    assert "Poems that a test made up. Cleaned" in card and "writes lines" in card
    assert "Attribution for the data: A test." in card
    for word in ("headline", "HuffPost", "categor"):
        assert word not in card
    figures = bundle.facts["figures"]
    assert figures["test_headlines"] == bundle.corpus.splits["test"]
    assert (
        Generator.from_bundle(bundle).generate(count=2, seed=1)[0].novelty is not None
    )
