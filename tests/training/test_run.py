"""Runs that are killed, resumed, damaged, and finish."""

import csv
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from conftest import ROOT, made_up_dataset, run_cli

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
    resumed = run_cli(*words, "--resume")
    assert resumed.returncode == 0, resumed.stderr
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
    from textgen.corpus.corpus import Corpus, CorpusFacts, Noun
    from textgen.model.config import Recipe
    from textgen.training import workflow
    from textgen.writing.generator import Generator

    facts = CorpusFacts(
        name="Poems of the tests",
        noun=Noun("line", "lines"),
        about="Poems that a test made up",
        credits="A test",
    )
    lines = [
        f"the {a} {b} sings {c}" for a in "abcd" for b in "klmno" for c in range(9)
    ]
    bundle = workflow.train(
        Corpus.of_texts(lines, facts=facts),
        tmp_path / "run",
        tmp_path / "poems",
        level="character",
        model={"embedding": 8, "units": 8},
        recipe=Recipe(epochs=1, batch_size=16, sampled_words=0),
        progress_bar=False,
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
