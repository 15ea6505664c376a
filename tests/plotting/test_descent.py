import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.descent import draw_landscape, draw_way
from helpers import assert_same


@pytest.fixture
def ax():
    return Figure().subplots()


def test_lines_join_points_of_their_height(ax):
    ax.set(xlim=(-2, 2), ylim=(-2, 2))
    lines = draw_landscape(
        ax, lambda w: (w**2).sum(axis=-1), levels=[1.0], resolution=200
    )
    (path,) = lines.get_paths()
    points = path.vertices
    assert np.hypot(*points.T) == pytest.approx(1.0, abs=1e-3)
    assert (ax.get_xlim(), ax.get_ylim()) == ((-2, 2), (-2, 2))


def test_a_way_begins_with_a_ring(ax):
    x, y = np.array([3.0, 2.0, 1.5]), np.array([0.0, 1.0, 0.5])
    way, ring = draw_way(ax, x, y, color="C3")
    assert_same(way.get_xydata(), np.column_stack([x, y]))
    assert way.get_color() == "C3"
    assert_same(ring.get_xydata(), np.array([[3.0, 0.0]]))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda ax: draw_landscape(ax, lambda w: w, levels=[1.0]),
            r"f gives shape \(3600, 2\)",
        ),
        (
            lambda ax: draw_landscape(
                ax, lambda w: w[:, 0], levels=[1.0], resolution=1
            ),
            "resolution = 1",
        ),
        (lambda ax: draw_way(ax, [], []), r"x has shape \(0,\)"),
        (lambda ax: draw_way(ax, [1.0], [1.0, 2.0]), r"expected \(T,\)"),
    ],
)
def test_bad_input_is_refused(ax, call, message):
    with pytest.raises(ValueError, match=message):
        call(ax)
