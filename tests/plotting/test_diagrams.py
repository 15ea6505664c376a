import numpy as np
import pytest
from matplotlib.figure import Figure
from numpy.testing import assert_allclose

from aibook.plotting.diagrams import draw_graph, draw_network


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


GRAPH = {
    "x": (0, 0, "x"),
    "w": (1, 1, "w"),
    "f": (1, 0, "×"),
    "y": (2, 0, "y"),
}
EDGES = [
    ("x", "f", "value x", "gradient x"),
    ("w", "f", "value w", "gradient w"),
    ("f", "y", "value y", "gradient y"),
]


def test_only_operations_have_circles():
    ax = Figure().subplots()
    draw_graph(ax, GRAPH, EDGES)
    assert [patch.center for patch in ax.patches] == [(1, 0)]
    assert {"x", "w", "×", "y"} < {text.get_text() for text in ax.texts}


def test_values_and_gradients_stand_on_two_sides():
    texts = draw_graph(Figure().subplots(), GRAPH, EDGES)
    assert [
        (value.get_text(), gradient.get_text()) for value, gradient in texts
    ] == [edge[2:] for edge in EDGES]
    (x_value, x_gradient), (w_value, w_gradient), _ = texts
    assert (x_value.get_style(), x_gradient.get_style()) == (
        "normal",
        "italic",
    )
    assert x_value.get_position()[1] > 0 > x_gradient.get_position()[1]
    assert x_value.get_va() == "bottom"
    assert x_gradient.get_va() == "top"
    # Down from w: left in the direction of travel is right on the page.
    assert w_value.get_position()[0] > 1 > w_gradient.get_position()[0]
    assert (w_value.get_ha(), w_gradient.get_ha()) == ("left", "right")


def test_arrows_point_forward_and_back():
    ax = Figure().subplots()
    draw_graph(ax, GRAPH, EDGES[:1], radius=0.25)
    forward, back = (t for t in ax.texts if hasattr(t, "arrow_patch"))
    assert_allclose(forward.xy[0], 0.75)
    assert_allclose(forward.xyann[0], 0.25)
    assert_allclose(back.xy[0], 0.25)
    assert forward.arrow_patch.get_linestyle() == "-"
    assert back.arrow_patch.get_linestyle() == "--"


@pytest.mark.parametrize(
    ("edges", "message"),
    [
        ([], "0 edges"),
        ([("x", "z", "", "")], r"unknown nodes \['z'\]"),
    ],
)
def test_a_bad_graph_is_refused(edges, message):
    with pytest.raises(ValueError, match=message):
        draw_graph(Figure().subplots(), GRAPH, edges)
