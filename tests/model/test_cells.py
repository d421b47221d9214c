"""One registry of cells; every table of what else is known of them has its keys."""

import numpy as np
import pytest

from textgen.errors import SettingError
from textgen.model.cells import CELLS, GRU, LSTM, RNN
from textgen.model.config import ModelConfig
from textgen.model.engine import State
from textgen.model.glass_box import GlassBox


def made(cell, inputs=5, units=12, batch=3):
    """Random input, states and weights for one step of a cell."""
    random = np.random.default_rng(2)
    columns = max(1, len(cell.gates)) * units
    bias = (cell.biases, columns) if cell.biases > 1 else (columns,)
    shapes = ((inputs, columns), (units, columns), bias)
    weights = tuple(random.normal(size=s).astype(np.float32) for s in shapes)
    states = tuple(
        random.uniform(-1, 1, (batch, units)).astype(np.float32)
        for _ in range(cell.states)
    )
    return random.normal(size=(batch, inputs)).astype(np.float32), states, weights


def test_each_stands_under_its_own_key():
    assert all(key == cell.key for key, cell in CELLS.items())
    assert len({cell.name for cell in CELLS.values()}) == len(CELLS)
    assert all(cell.said.split()[0] in ("a", "an") for cell in CELLS.values())
    assert [cell.noun for cell in (RNN, GRU, LSTM)] == ["simple RNN", "GRU", "LSTM"]


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_step_gives_the_states_and_gates_that_the_record_says(cell):
    x, states, weights = made(cell)
    after, gates = cell.step(x, states, weights)
    assert [h.shape for h in after] == [h.shape for h in states]
    assert tuple(gates) == cell.gates
    assert all(gate.shape == states[0].shape for gate in gates.values())
    assert all(h.dtype == np.float32 for h in after)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_parameters_are_those_of_the_weights(cell):
    _, _, weights = made(cell, inputs=5, units=12)
    assert cell.parameters(units=12, inputs=5) == sum(w.size for w in weights)


@pytest.mark.parametrize("cell", CELLS.values(), ids=CELLS)
def test_a_network_remembers_what_its_cell_does(cell):
    config = ModelConfig(9, (), cell.key, 4, 6, layers=2)
    assert State.zero(config, np.zeros(3)).hidden.shape == (3, 2 * cell.states, 6)


def test_gates_that_are_held_hold_the_memory():
    x, (h, c), weights = made(LSTM)
    (_, kept), _ = LSTM.step(x, (h, c), weights, lambda i, f, o: (0 * i, 0 * f + 1, o))
    assert np.array_equal(kept, c)
    x, (h,), weights = made(GRU)
    (kept,), _ = GRU.step(x, (h,), weights, lambda z, r: (np.ones_like(z), r))
    assert np.array_equal(kept, h)


def test_a_cell_that_is_not_there_is_refused_with_those_that_are():
    with pytest.raises(SettingError, match="'tree'.*rnn, gru, lstm"):
        ModelConfig(9, cell="tree")


def test_the_glass_box_opens_every_layer():
    config = ModelConfig(9, (), LSTM.key, 4, 6, layers=2)
    random = np.random.default_rng(0)
    weights = {
        "embedding": random.normal(size=(9, 4)),
        "category": random.normal(size=(1, 4)),
        "projection.kernel": random.normal(size=(6, 4)),
        "projection.bias": random.normal(size=4),
        "output_bias": random.normal(size=9),
    }
    for i, inputs in enumerate((4, 6)):
        weights |= {
            f"layers.{i}.kernel": random.normal(size=(inputs, 24)),
            f"layers.{i}.recurrent_kernel": random.normal(size=(6, 24)),
            f"layers.{i}.bias": random.normal(size=24),
        }
    box = GlassBox(config, weights)
    _, state, gates = box.explain(np.array([3, 4]), box.start(np.array([0, 0])))
    assert [tuple(opened) for opened in gates] == [LSTM.gates] * 2
    by_hand = gates[1]["output"] * np.tanh(state.hidden[:, 3])
    np.testing.assert_allclose(state.hidden[:, 2], by_hand, rtol=1e-6)


def test_keras_has_a_layer_for_each_with_as_many_weights_and_states():
    pytest.importorskip("keras")
    from textgen.training import network, recurrence

    assert {*network._CELLS} == {*CELLS}
    assert {*recurrence._CELLS} == {*network._CELLS.values()}
    for key, cell in CELLS.items():
        layer = network._CELLS[key](12)
        layer.build((None, None, 5))
        assert cell.parameters(12, 5) == layer.count_params()
        assert recurrence._CELLS[type(layer)].what is cell
        assert type(layer).__name__ == cell.name


def test_onnx_has_a_step_for_each():
    pytest.importorskip("onnx")
    from textgen.training import export

    assert {*export._CELLS} == {*CELLS}


def test_there_is_a_drawing_of_each():
    from textgen.views import cell_drawings

    assert {*cell_drawings._SKETCHES} == {*CELLS}
