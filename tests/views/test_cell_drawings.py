"""The drawings of the cells show what the cells do."""

from textgen.model.cells import CELLS, GRU
from textgen.views import cell_drawings


def test_the_figure_names_the_counts():
    figure = cell_drawings.draw(64, 32)
    texts = {t.get_text() for axes in figure.axes for t in axes.texts}
    assert f"{GRU.parameters(64, 32):,} parameters" in texts
    assert len(figure.axes) == len(CELLS)


def test_the_reset_gate_is_drawn_where_it_acts_after_the_weights():
    """As in gru_step: tanh(x·W + r × (h·U)), not tanh(x·W + (r × h)·U)."""
    (axes,) = cell_drawings.draw(64, 32, (GRU.key,)).axes
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
    assert "U are the state's weights" in cell_drawings.legend(64, 32)
