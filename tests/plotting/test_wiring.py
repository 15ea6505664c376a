import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from aibook.plotting.palette import CYCLE
from aibook.plotting.wiring import draw_wiring

NODES = {
    "in": (0, 0, "x"),
    "gate": (2, 0, "f"),
    "times": (2, 2, "\N{MULTIPLICATION SIGN}"),
    "out": (4, 2, "y"),
}
SHAPES = {"boxes": ["gate"], "ports": ["in", "out"]}


def test_shapes_of_nodes():
    ax = Figure().subplots()
    texts = draw_wiring(ax, NODES, [["in", "gate"]], **SHAPES)
    assert [text.get_text() for text in texts] == ["x", "f", "×", "y"]
    kinds = [type(patch) for patch in ax.patches]
    assert kinds == [FancyBboxPatch, Circle]
    for patch, center in zip(ax.patches, [(2, 0), (2, 2)], strict=True):
        box = patch.get_path().get_extents(patch.get_patch_transform())
        middle = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
        assert middle == pytest.approx(center)


def test_wires_leave_nodes_free_and_turn_where_they_are_told():
    ax = Figure().subplots()
    wires = [["in", "gate"], [(1, 0), (1, 2), "times"], ["times", "out"]]
    draw_wiring(ax, NODES, wires, strong=[2], **SHAPES)
    lines = [line for line in ax.lines if len(line.get_xdata()) > 1]
    ends = [(line.get_xydata()[0], line.get_xydata()[-1]) for line in lines]
    assert ends[0][0] == pytest.approx([0.34, 0])
    assert ends[0][1] == pytest.approx([1.57, 0])
    assert lines[1].get_xydata().tolist()[:2] == [[1, 0], [1, 2]]
    assert ends[1][1] == pytest.approx([1.75, 2])
    assert [line.get_color() for line in lines] == [*CYCLE[:1] * 2, CYCLE[1]]
    dots = [line for line in ax.lines if len(line.get_xdata()) == 1]
    assert [dot.get_xydata().tolist() for dot in dots] == [[[1, 0]]]
    arrows = [text for text in ax.texts if text.get_text() == ""]
    assert len(arrows) == 3


def test_downwards_and_to_the_left():
    ax = Figure().subplots()
    draw_wiring(ax, NODES, [["times", "gate"], ["gate", "in"]], **SHAPES)
    down, left = (line.get_xydata() for line in ax.lines)
    assert down[0] == pytest.approx([2, 1.75])
    assert down[1] == pytest.approx([2, 0.28])
    assert left[1] == pytest.approx([0.34, 0])


@pytest.mark.parametrize(
    "wires", [[], [["in", "nowhere"]], [["in"]], [["in", "times"]]]
)
def test_refuses_wires_that_cannot_be_drawn(wires):
    with pytest.raises(ValueError, match="expected"):
        draw_wiring(Figure().subplots(), NODES, wires, **SHAPES)


def test_refuses_unknown_boxes():
    with pytest.raises(ValueError, match="unknown nodes"):
        draw_wiring(
            Figure().subplots(), NODES, [["in", "gate"]], boxes=["gates"]
        )
