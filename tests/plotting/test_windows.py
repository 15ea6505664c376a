import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from aibook.plotting.windows import draw_taps, mark_cells


@pytest.fixture
def ax():
    return Figure().subplots()


def test_a_block_covers_its_cells(ax):
    block = mark_cells(ax, (2, 1), (3, 4))
    assert block in ax.patches
    assert block.get_xy() == (2, 1)
    assert (block.get_width(), block.get_height()) == (4, 3)
    with pytest.raises(ValueError, match=r"shape is \(0, 2\)"):
        mark_cells(ax, (0, 0), (0, 2))


def test_dots_are_the_inputs_that_a_place_reads(ax):
    drawn = draw_taps(ax, 5, 3, stride=2, padding=1)
    lines = [a for a in drawn if isinstance(a, Line2D)]
    x = [np.asarray(line.get_xdata()) - 0.5 for line in lines]
    assert [list(place) for place in x] == [[-1, 0, 1], [1, 2, 3], [3, 4, 5]]
    cells = [a for a in drawn if isinstance(a, Rectangle)]
    dashed = [c.get_x() for c in cells if c.get_linestyle() == ":"]
    assert len(cells) == 7
    assert dashed == [-1, 5]


def test_inputs_that_are_never_read_are_crossed_out(ax):
    def crossed(**geometry):
        drawn = draw_taps(ax, 6, 3, **geometry)
        return [
            line.get_xdata()[0] - 0.5
            for line in drawn
            if isinstance(line, Line2D) and line.get_marker() == "x"
        ]

    assert crossed() == []
    assert crossed(stride=2) == [5]
    assert crossed(dilation=2, stride=2) == [1, 3, 5]


def test_what_does_not_fit_is_refused(ax):
    with pytest.raises(ValueError, match="does not fit"):
        draw_taps(ax, 2, 3)
