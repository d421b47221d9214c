"""Units with a job, and the cells' parameters."""

import numpy as np
import pytest
from conftest import made_up_dataset

from textgen import cells, dataset, probes


def test_labels_say_what_is_true_after_each_token():
    pieces = [" ‘", "Why", " owls", " sing", "’", " (", "PHOTOS", ")", " don", "’", "t"]
    found = probes.labels(pieces)
    assert found["position"] == [1, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5]
    assert found["quotation"] == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    assert found["bracket"] == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0]
    assert found["capital"] == [0, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0]


def test_plain_quotation_marks_open_and_close():
    found = probes.labels([' "', "Why", '"', " not"])
    assert found["quotation"] == [1, 1, 0, 0]


def test_a_probe_on_a_small_dataset(bundle, tmp_path):
    frame = dataset.load(made_up_dataset(tmp_path))
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
    for rate in ("model", "tfidf_logistic_regression"):
        assert 0 <= facts["category_accuracy"][rate] <= 1
    assert said


def test_the_shipped_probes_hold_on_real_headlines(bundle, real_frame):
    """The best unit for each job still tells it, on other headlines."""
    from sklearn.metrics import roc_auc_score

    facts = probes.load(bundle)
    test = real_frame[real_frame["split"] == "test"].sample(3000, random_state=1)
    states, truth, _ = probes.read_states(bundle.glass_box, bundle.tokenizer, test)
    for name in ("capital", "quotation", "bracket"):
        for entry in facts["jobs"][name][:1]:
            score = roc_auc_score(truth[name] > 0, states[:, entry["unit"]])
            assert max(score, 1 - score) == pytest.approx(entry["score"], abs=0.08)
    for entry in facts["jobs"]["position"][:1]:
        r = np.corrcoef(states[:, entry["unit"]], truth["position"])[0, 1]
        assert r**2 == pytest.approx(entry["score"], abs=0.1)


def test_parameters_are_counted_as_keras_counts_them(bundle):
    keras = pytest.importorskip("keras")
    layers = {"rnn": keras.layers.SimpleRNN, "gru": keras.layers.GRU}
    layers["lstm"] = keras.layers.LSTM
    for name, layer in layers.items():
        built = layer(12)
        built.build((None, None, 5))
        assert cells.parameters(name, 12, 5) == built.count_params()
    with pytest.raises(ValueError, match="cell='x'"):
        cells.parameters("x", 1, 1)


def test_the_figure_names_the_counts():
    figure = cells.draw(64, 32)
    texts = {t.get_text() for axes in figure.axes for t in axes.texts}
    assert f"{cells.parameters('gru', 64, 32):,} parameters" in texts
    assert len(figure.axes) == 3


def test_the_reset_gate_is_drawn_where_it_acts_after_the_weights():
    """As in gru_cell: tanh(x·W + r × (h·U)), not tanh(x·W + (r × h)·U)."""
    (axes,) = cells.draw(64, 32, ("gru",)).axes
    places = {}
    for text in axes.texts:
        places.setdefault(text.get_text(), []).append(text.get_position())
    (weights,), (candidate,) = places["U"], places["tanh"]
    (gate,) = [place for place in places["×"] if place[1] == weights[1]]
    assert weights[0] < gate[0] < candidate[0]
    reset = min(places["σ"], key=lambda place: abs(place[0] - places["r"][0][0] - 0.78))
    ends = {
        (line.get_xdata()[0], round(line.get_xdata()[-1], 1)) for line in axes.lines
    }
    assert (reset[0], round(gate[0], 1)) in ends
    assert "U are the state's weights" in cells.legend(64, 32)
