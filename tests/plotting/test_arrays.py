import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from aibook.plotting.arrays import (
    draw_array,
    draw_shapes,
    draw_strides,
    open_grid,
)

SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=4).map(tuple)


def test_a_cell_stands_where_its_indices_say():
    ax = Figure().subplots()
    texts = draw_array(ax, [[1, 2, 3], [4, 5, -6]], at=(10, 20))
    corners = [patch.get_xy() for patch in ax.patches]
    assert corners == [(10 + j, 20 + i) for i in range(2) for j in range(3)]
    assert [t.get_text() for t in texts[1]] == ["4", "5", "\N{MINUS SIGN}6"]
    assert texts[1][2].get_position() == (12.5, 21.5)


def test_marked_and_faint_cells_are_told_apart_without_colour():
    ax = Figure().subplots()
    draw_array(ax, [1, 2, 3], marked=[1, 0, 0], faint=[0, 0, 1])
    filled = [patch.get_facecolor()[3] > 0 for patch in ax.patches]
    dashed = [patch.get_linestyle() != "-" for patch in ax.patches]
    assert filled == [True, False, False]
    assert dashed == [False, False, True]


def test_a_mask_is_broadcast():
    ax = Figure().subplots()
    draw_array(ax, np.zeros((2, 3), int), marked=[[True], [False]])
    filled = [patch.get_facecolor()[3] > 0 for patch in ax.patches]
    assert filled == [True] * 3 + [False] * 3
    # Faint is only what is said to be.
    assert {patch.get_linestyle() for patch in ax.patches} == {"-"}


def test_strides_lead_to_the_next_item_of_each_axis():
    ax = Figure().subplots()
    draw_strides(ax, [4, 1], names=["axis 0", "axis 1"], at=(2, 0))
    heads = [p._posA_posB[1] for p in ax.patches][2::3]
    assert heads == [(6.5, 0), (3.5, 0)]


@given(SHAPES, SHAPES)
def test_shapes_are_those_that_numpy_computes(a, b):
    ax = Figure().subplots()
    common = draw_shapes(ax, {"a": a, "b": b}, result="c")
    try:
        expected = np.broadcast_shapes(a, b)
    except ValueError:
        assert 0 in common
    else:
        assert common == expected
    width = max(len(a), len(b))
    cells = [p for p in ax.patches if isinstance(p, Rectangle)]
    assert len(cells) == 3 * width
    drawn = [t.get_text() for t in ax.texts]
    assert drawn[:width] == [""] * (width - len(a)) + [str(n) for n in a]


def test_rows_are_counted_downwards():
    ax = Figure().subplots()
    open_grid(ax, columns=3, rows=2, top=1)
    assert ax.get_ylim()[0] > 2
    assert ax.get_ylim()[1] < -1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ax: draw_array(ax, 3), r"shape \(\)"),
        (lambda ax: draw_array(ax, []), r"shape \(0,\)"),
        (lambda ax: draw_array(ax, np.zeros((1, 1, 1))), r"\(1, 1, 1\)"),
        (lambda ax: draw_array(ax, [1, 2], marked=[1, 0, 1]), r"\(3,\)"),
        (lambda ax: draw_strides(ax, [], names=[]), "1 to 3 steps"),
        (lambda ax: draw_strides(ax, [0], names=["a"]), "of 1 or more"),
        (lambda ax: draw_strides(ax, [1], names=[]), "0 names for 1"),
        (lambda ax: draw_shapes(ax, {"a": (2,)}, result="c"), "two or more"),
        (lambda ax: open_grid(ax, columns=0, rows=1), "room"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(Figure().subplots())
