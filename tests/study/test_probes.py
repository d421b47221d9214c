"""Units with a job, and the cells' parameters."""

import numpy as np
import pytest
from conftest import ROOT, made_up_dataset

from textgen.corpus import news
from textgen.corpus.language import JAPANESE, SPACED
from textgen.model.engines import open_engine
from textgen.study import classifier, probes


def test_labels_say_what_is_true_after_each_token():
    pieces = [" ‘", "Why", " owls", " sing", "’", " (", "PHOTOS", ")", " don", "’", "t"]
    found = probes.labels(pieces)
    assert found["position"] == [1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5]
    assert found["quotation"] == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert found["bracket"] == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    assert found["small"] == [0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 1]


def test_what_has_gone_by_is_what_the_language_counts():
    found = probes.labels(["青い", "橋", "(の)"], JAPANESE)
    assert found["position"] == [2, 3, 6]
    assert probes.meaning("position", JAPANESE) == "How many characters have gone by"
    assert probes.meaning("position", SPACED) == "How many words have gone by"
    assert probes.gone_by(JAPANESE) == "characters gone by"


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ('"Why" not', "xxxx     "),
        ("“Owls” sing", "xxxxx      "),
        # The typewriter's mark, by far the most frequent, is the apostrophe as well.
        ("'Owls' sing", "xxxxx      "),
        ("The 'Old Owls,' again", "    xxxxxxxxxx       "),
        ("'Don't Sing,' Say Owls", "xxxxxxxxxxxx          "),
        ("‘Don’t Sing’ Say Owls", "xxxxxxxxxxx          "),
        ("Owls' Night", "           "),
        ("Rock 'n Roll In The '90s", "                        "),
        ("It's An Owl's World", "                   "),
        ("'Tis The Season", "               "),
        ("A (New) 'Owl", "            "),
        ("('Owl')", " xxxx  "),
    ],
)
def test_quotations_are_told_from_apostrophes(text, quoted):
    found = probes.labels(list(text))["quotation"]
    assert "".join(" x"[int(value)] for value in found) == quoted


def test_square_brackets_are_brackets():
    assert probes.labels([" [", "VIDEO", "]"])["bracket"] == [1, 1, 0]


def test_what_is_read_off_a_value_is_measured_where_nothing_was_fitted():
    fit = np.arange(400) < 200
    flag = np.arange(400) % 10 == 0
    told = probes.read_off(-flag.astype(float), flag, fit)
    assert told == {"score": 1, "precision": 1, "recall": 1}
    # A value that knows the fitted half alone knows nothing.
    told = probes.read_off(np.where(fit, flag, 0.5), flag, fit)
    assert told["score"] == 0.5
    # Twice as many places as are so, all of them among these.
    wide = (flag | (np.arange(400) % 10 == 1)).astype(float)
    told = probes.read_off(wide, flag, fit)
    assert (told["precision"], told["recall"]) == (0.5, 1)
    assert probes.read_off(wide, flag, fit, least=0.99) is None
    assert probes.read_off(wide, np.zeros(400, bool), fit) is None


def test_what_the_words_gone_by_tell_is_no_job(bundle, tmp_path, monkeypatch):
    """A unit that counts words tells much of where a bracket is; that is no job."""
    random = np.random.default_rng(3)
    owners = np.repeat(np.arange(200), 10)
    position = np.tile(np.arange(1.0, 11), 200)
    bracket = (position > 9) & (random.random(2000) < 0.6)
    count = position + random.normal(0, 0.5, 2000)
    knows = bracket + random.normal(0, 0.1, 2000)
    states = np.stack([count, knows, random.normal(0, 1, 2000)], axis=1)
    truth = {"position": position, "bracket": bracket.astype(float)}
    truth |= {"small": 0 * position, "quotation": 0 * position}
    truth["category"] = np.repeat(["A", "B"], 1000)
    monkeypatch.setattr(probes, "read_states", lambda *_: (states, truth, owners))
    monkeypatch.setattr(classifier, "accuracies", lambda *_: {})
    frame = news.load(made_up_dataset(tmp_path))
    facts = probes.probe(bundle, frame)
    assert facts["by_position"]["bracket"]["score"] > 0.9
    assert [entry["unit"] for entry in facts["all"]["position"]] == [0]
    assert [entry["unit"] for entry in facts["all"]["bracket"]] == [1]
    assert facts["all"]["bracket"][0]["precision"] > 0.95
    assert facts["without"] == 1


def test_a_probe_on_a_small_dataset(bundle, tmp_path):
    frame = news.load(made_up_dataset(tmp_path))
    said = []
    facts = probes.probe(bundle, frame, 12, said.append)
    assert facts["units"] == bundle.config.units
    assert 0 <= facts["without"] <= facts["units"]
    assert set(facts["jobs"]) == set(probes.JOBS)
    for name, entries in facts["all"].items():
        scores = [entry["score"] for entry in entries]
        assert scores == sorted(scores, reverse=True)
        least = probes.LEAST["position" if name == "position" else "other"]
        assert all(score >= least for score in scores)
        assert facts["counts"][name] == len(entries)
        for entry in entries:
            known = facts["by_position"].get(name, {}).get("score")
            known = entry.get("position", known)
            if name != "position":
                way = known + probes.WAY * (1 - known)
                assert entry["score"] >= max(way, least) - 1e-4
                assert 0 <= entry["precision"] <= 1
                assert 0 <= entry["recall"] <= 1
    for rate in ("model", "tfidf_logistic_regression"):
        assert 0 <= facts["category_accuracy"][rate] <= 1
    assert said


def test_the_shipped_probes_hold_on_real_headlines(bundle, real_frame):
    """The best unit for each job still tells it, on other headlines."""
    from sklearn.metrics import roc_auc_score

    facts = probes.load(bundle)
    test = real_frame[real_frame["split"] == "test"].sample(3000, random_state=1)
    states, truth, owners = probes.read_states(
        open_engine(bundle, "reference"), bundle.tokenizer, test
    )
    for name in probes.FLAGS:
        flag = truth[name] > 0
        assert flag.mean() == pytest.approx(
            facts["by_position"][name]["share"], rel=0.3
        )
        for entry in facts["jobs"][name][:1]:
            score = roc_auc_score(flag, states[:, entry["unit"]])
            assert max(score, 1 - score) == pytest.approx(entry["score"], abs=0.08)
            # The best cut on one half of the new headlines serves the other as well.
            fit = owners < owners.max() / 2
            told = probes.read_off(states[:, entry["unit"]], flag, fit)
            for key in ("precision", "recall"):
                assert told[key] == pytest.approx(entry[key], abs=0.15)
    for entry in facts["jobs"]["position"][:1]:
        r = np.corrcoef(states[:, entry["unit"]], truth["position"])[0, 1]
        assert r**2 == pytest.approx(entry["score"], abs=0.1)


def test_the_readme_says_which_sample_the_classifier_was_measured_on(bundle):
    rates = probes.load(bundle)["category_accuracy"]
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    whole = f"{100 * rates['tfidf_logistic_regression']:.1f} %"
    assert f"of the whole split the same classifier recognises {whole}" in text
    told = f"{100 * (1 - bundle.facts['recipe']['category_dropout']):.0f} %"
    assert f"told the category in {told} of its readings" in text
    assert "never trained to" not in text
