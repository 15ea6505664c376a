import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from aibook.plotting.diagrams import draw_network


def test_every_pair_of_neighbouring_units_is_joined():
    ax = Figure().subplots()
    texts = draw_network(ax, [["a", "b"], ["c", "d", "e"], ["f"]])
    assert len(ax.lines) == 2 * 3 + 3 * 1
    places = {
        text.get_text(): text.get_position() for row in texts for text in row
    }
    middles = {tuple(line.get_xydata().mean(axis=0)) for line in ax.lines}
    assert tuple(np.mean([places["b"], places["e"]], axis=0)) in middles
    assert tuple(np.mean([places["a"], places["f"]], axis=0)) not in middles


def test_lines_end_at_the_circles():
    ax = Figure().subplots()
    draw_network(ax, [["x"], ["y"]], radius=0.25)
    assert_allclose(ax.lines[0].get_xydata(), [[0.25, 0], [1.75, 0]])
    assert [patch.center for patch in ax.patches] == [(2, 0)]


def test_layer_names_stand_below_their_layers():
    ax = Figure().subplots()
    texts = draw_network(ax, [["x"], ["y"]], layers=["input", "output"])
    names = {t.get_text(): t for t in ax.texts}
    assert names["output"].get_position()[0] == texts[1][0].get_position()[0]
    assert names["output"].get_position()[1] < texts[1][0].get_position()[1]


@pytest.mark.parametrize(
    ("units", "layers", "message"),
    [
        ([["x"]], None, "two layers"),
        ([["x"], []], None, r"\[1, 0\] units"),
        ([["x"], ["y"]], ["one"], "1 layer names for 2"),
    ],
)
def test_bad_input_is_refused(units, layers, message):
    with pytest.raises(ValueError, match=message):
        draw_network(Figure().subplots(), units, layers=layers)
