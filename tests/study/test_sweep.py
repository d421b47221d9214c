"""What temperature does to thousands of headlines, on a small scale."""

import json
import shutil

import pytest
from conftest import made_up_dataset, run_cli

from textgen.corpus import news
from textgen.model.bundle import Bundle
from textgen.study import diversity, sweep
from textgen.views import charts
from textgen.writing.generator import Generator


def test_every_measure_is_what_it_says(generator, tmp_path):
    frame = news.load(made_up_dataset(tmp_path))
    test = frame[frame["split"] == "test"]
    found = sweep.sweep(generator, frame, (0.0, 0.3, 2.5), headlines=8)
    assert found["headlines"] == min(8, len(test))
    assert [row["temperature"] for row in found["records"]] == [0.0, 0.3, 2.5]
    cold, _, hot = found["records"]
    for row in found["records"]:
        assert set(row) == {"temperature", *sweep.MEASURES}
        for name in set(sweep.MEASURES) - {"bits_per_word"}:
            assert 0 <= row[name] <= 1, name
    assert cold["bits_per_word"] < hot["bits_per_word"]
    assert cold["distinct_2"] < hot["distinct_2"]
    assert cold["ended"] > hot["ended"]
    for row in (cold, hot):
        written = sweep.write(generator, test["category"].head(8), row["temperature"])
        ended = [headline.ended for headline, _ in written]
        assert row["ended"] == pytest.approx(sum(ended) / len(ended))
    real = list(test["headline"].head(8))
    assert found["real"]["distinct_2"] == pytest.approx(
        diversity.distinct(real, 2), abs=1e-5
    )


def test_the_shipped_figures_are_of_the_shipped_model(bundle):
    facts = sweep.load(bundle)
    assert facts["headlines"] == sweep.HEADLINES
    rows = facts["records"]
    assert [row["temperature"] for row in rows] == list(sweep.TEMPERATURES)
    # Below 0.3 a few favourites make up everything, and their lengths decide.
    bits = [row["bits_per_word"] for row in rows if row["temperature"] >= 0.3]
    assert bits == sorted(bits)


def test_the_real_headlines_lie_below_the_curve_and_nothing_says_they_are_less_real(
    bundle,
):
    facts = sweep.load(bundle)
    alike = sweep.as_varied(facts["records"], facts["real"])
    assert alike["temperature"] == 1.0
    assert alike["bleu"] > facts["real"]["bleu"]
    for name, meaning in sweep.MEASURES.values():
        assert "like real" not in (name + meaning).lower()
    spec = charts.quality_diversity(facts["records"], facts["real"], 0.7).to_dict()
    titles = {
        layer["encoding"][axis].get("title")
        for layer in spec["layer"]
        if "encoding" in layer
        for axis in ("x", "y")
    }
    assert any("shares more with what people wrote" in str(t) for t in titles)
    assert not any("more like real" in str(title) for title in titles)


def test_shipped_figures_are_measured_again(bundle, generator, real_frame):
    """One temperature, without the classifier: the same headlines, the same shares."""
    facts = sweep.load(bundle)
    test = real_frame[real_frame["split"] == "test"].head(facts["headlines"])
    written = [h for h, _ in sweep.write(generator, test["category"], 0.3)]
    row = next(row for row in facts["records"] if row["temperature"] == 0.3)
    texts = [headline.text for headline in written]
    assert diversity.distinct(texts, 2) == pytest.approx(row["distinct_2"], abs=1e-5)
    assert diversity.self_bleu(texts) == pytest.approx(row["self_bleu"], abs=1e-5)
    copied = sum(headline.copied for headline in written) / len(written)
    assert copied == pytest.approx(row["copied"], abs=1e-5)


def test_the_command_keeps_its_figures_in_the_bundle(bundle, tmp_path, monkeypatch):
    folder = tmp_path / "model"
    shutil.copytree(bundle.folder, folder)
    (folder / sweep.FILE).unlink()
    config = json.loads((folder / "config.json").read_text())
    del config["files"][sweep.FILE]
    (folder / "config.json").write_text(json.dumps(config))
    assert sweep.load(Bundle(folder)) is None
    monkeypatch.chdir(tmp_path)
    data = made_up_dataset(tmp_path)
    words = ("evaluate", "--sweep", "--headlines", "4")
    done = run_cli(*words, "--model", str(folder), "--data", str(data))
    assert done.returncode == 0, done.stderr
    opened = Bundle(folder)
    assert sweep.load(opened)["headlines"] == 4
    assert opened.facts["name"] == bundle.facts["name"]
    assert Generator.from_bundle(opened).generate(count=1)
