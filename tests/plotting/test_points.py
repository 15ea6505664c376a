import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from aibook.plotting.palette import CLASS_COLOURS
from aibook.plotting.points import MAX_VECTORS, draw_points
from helpers import assert_same


@pytest.fixture
def ax():
    return Figure().subplots()


@given(st.lists(st.integers(0, 1), min_size=1, max_size=20))
def test_every_point_is_drawn_in_its_class(y):
    X = np.random.default_rng(0).normal(size=(len(y), 2))
    drawn = draw_points(Figure().subplots(), X, y)
    for k, points in enumerate(drawn):
        assert_same(np.asarray(points.get_offsets()), X[np.array(y) == k])
        assert same_color(points.get_facecolor()[0], CLASS_COLOURS[k])
        assert same_color(points.get_edgecolor()[0], "black")
        assert points.get_label() == str(k)


def test_classes_differ_by_marker_too(ax):
    zeros, ones = draw_points(ax, np.eye(2), [0, 1])
    shapes = [points.get_paths()[0].vertices.shape for points in (zeros, ones)]
    assert shapes[0] != shapes[1]


def test_names_size_and_axis_labels(ax):
    drawn = draw_points(
        ax, np.eye(2), np.array([True, False]), names=["a", "b"], size=9
    )
    assert [points.get_label() for points in drawn] == ["a", "b"]
    assert [points.get_sizes().tolist() for points in drawn] == [[9], [9]]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x1", "x2")
    assert list(ax.collections) == drawn


def test_a_dense_cloud_is_a_raster(ax):
    X = np.zeros((2 * MAX_VECTORS + 1, 2))
    y = np.arange(len(X)) % 2  # one more zero than ones
    zeros, ones = draw_points(ax, X, y)
    assert zeros.get_rasterized()
    assert not ones.get_rasterized()


@pytest.mark.parametrize(
    ("X", "y", "names", "message"),
    [
        (np.ones((2, 3)), [0, 1], None, r"X has shape \(2, 3\)"),
        (np.ones(2), [0, 1], None, r"X has shape \(2,\)"),
        (np.ones((0, 2)), [], None, r"X has shape \(0, 2\)"),
        (np.eye(2), [0], None, r"y has shape \(1,\)"),
        (np.eye(2), [[0], [1]], None, r"y has shape \(2, 1\)"),
        ([[0, np.nan]], [0], None, "NaN"),
        ([[0, np.inf]], [0], None, "infinity"),
        (np.eye(2), [0, 2], None, r"y holds \[0, 2\]"),
        (np.eye(2), [-1, 1], None, r"y holds \[-1, 1\]"),
        (np.eye(2), [0, 1], ["a"], "names has 1"),
    ],
)
def test_bad_input(ax, X, y, names, message):
    with pytest.raises(ValueError, match=message):
        draw_points(ax, X, y, names=names)
