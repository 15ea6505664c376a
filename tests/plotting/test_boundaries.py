import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from matplotlib.colors import same_color
from matplotlib.figure import Figure

from aibook.plotting.boundaries import draw_boundary, draw_line, draw_regions
from helpers import assert_same

WEIGHT = st.floats(-10, 10)
SPAN = st.tuples(st.floats(-5, 5), st.floats(0.1, 5)).map(
    lambda t: (t[0], sum(t))
)


def axes(xlim=(0.0, 1.0), ylim=(0.0, 1.0)):
    ax = Figure().subplots()
    ax.set(xlim=xlim, ylim=ylim)
    return ax


def limits(ax):
    return *ax.get_xlim(), *ax.get_ylim()


# draw_line


@given(WEIGHT, WEIGHT, WEIGHT, SPAN, SPAN, st.booleans())
@example(1.0, 0.0, -0.5, (0.0, 1.0), (0.0, 1.0), False)  # vertical
@example(0.0, 1.0, -0.5, (0.0, 1.0), (0.0, 1.0), False)  # horizontal
@example(1.0, -1.0, 0.0, (0.0, 1.0), (0.0, 1.0), False)  # a diagonal
@example(0.1, -0.3, 0.0, (0.0, 0.3), (0.0, 0.1), True)  # a diagonal, rounded
@example(1.0, 0.0, 0.0, (0.0, 1.0), (0.0, 1.0), False)  # along a side
@example(1.0, 1.0, 0.0, (0.0, 1.0), (0.0, 1.0), False)  # a corner only
@example(1e-300, 1e-300, -1e-300, (0.0, 1.0), (0.0, 1.0), False)
def test_line_joins_two_limits(w1, w2, b, xlim, ylim, inverted):
    assume(w1 or w2)
    ax = axes(xlim[::-1] if inverted else xlim, ylim)
    before = limits(ax)
    ends = draw_line(ax, [w1, w2], b).get_xydata()
    assert limits(ax) == before

    x1, x2 = np.meshgrid(xlim, ylim)
    corners = (w1 * x1 + w2 * x2 + b).ravel()
    if len(ends) == 0:  # then every corner is on one side
        assert (corners >= 0).all() or (corners <= 0).all()
        return
    scale = (
        abs(w1) * np.abs(xlim).max() + abs(w2) * np.abs(ylim).max() + abs(b)
    )
    assert ends.shape == (2, 2)
    for e1, e2 in ends:
        assert abs(w1 * e1 + w2 * e2 + b) <= 1e-8 * scale
        assert xlim[0] <= e1 <= xlim[1]
        assert ylim[0] <= e2 <= ylim[1]
        assert e1 in xlim or e2 in ylim
    if corners.min() < -1e-6 * scale and corners.max() > 1e-6 * scale:
        assert np.abs(ends[0] - ends[1]).max() > 0  # a segment, no point


@pytest.mark.parametrize(
    ("w", "b", "expected"),
    [
        ([1, 1], -1.5, [[0.5, 1], [1, 0.5]]),  # AND
        ([2, 0], -1, [[0.5, 0], [0.5, 1]]),
        ([0, -2], 1, [[0, 0.5], [1, 0.5]]),
        ([1, -1], 0, [[0, 0], [1, 1]]),
        ([1, 1], 1, np.empty((0, 2))),  # outside
        ([0, 1], 5, np.empty((0, 2))),
    ],
)
def test_lines_by_hand(w, b, expected):
    ends = draw_line(axes(), w, b).get_xydata()
    assert_same(ends, np.array(expected, dtype=float))


def test_line_style_and_automatic_limits():
    ax = Figure().subplots()
    ax.scatter([0, 2], [0, 3])
    before = limits(ax)
    line = draw_line(ax, [1, 1], -2, label="line", color="red", linestyle="--")
    assert limits(ax) == before
    assert line.get_label() == "line"
    assert line.get_linestyle() == "--"
    assert same_color(line.get_color(), "red")
    assert same_color(draw_line(ax, [1, 1], -2).get_color(), "black")
    assert line.get_xydata()[0, 0] == before[0]


@pytest.mark.parametrize(
    ("w", "b", "message"),
    [
        ([0, 0], 1, "defines no line"),
        ([1, 2, 3], 0, r"shape \(3,\)"),
        ([[1, 2]], 0, r"shape \(1, 2\)"),
        ([1, np.nan], 0, "finite"),
        ([1, 1], np.inf, "finite"),
    ],
)
def test_bad_line(w, b, message):
    with pytest.raises(ValueError, match=message):
        draw_line(axes(), w, b)


# draw_regions


@pytest.mark.parametrize("xlim", [(-1.0, 3.0), (3.0, -1.0)])
def test_pixels_hold_the_prediction_at_their_centres(xlim):
    ax = axes(xlim, (0.0, 8.0))
    ax.set_aspect("equal")
    image = draw_regions(
        ax, lambda X: (X[:, 0] + 10 * X[:, 1]) / 100, resolution=4
    )
    expected = [
        [(x1 + 10 * x2) / 100 for x1 in (-0.5, 0.5, 1.5, 2.5)]
        for x2 in (1, 3, 5, 7)
    ]
    assert_same(np.asarray(image.get_array()), np.array(expected))
    assert list(image.get_extent()) == [-1, 3, 0, 8]
    assert image.origin == "lower"
    assert image.get_clim() == (0, 1)
    assert limits(ax) == (*xlim, 0, 8)
    assert ax.get_aspect() == 1


def test_regions_lie_below_and_keep_automatic_limits():
    ax = Figure().subplots()
    points = ax.scatter([0, 2], [0, 3])
    before = limits(ax)
    image = draw_regions(ax, lambda X: X[:, 0] > 1, alpha=0.25)
    assert limits(ax) == before
    assert image.get_array().shape == (200, 200)
    assert image.get_zorder() < points.get_zorder()
    assert image.get_alpha() == 0.25
    assert ax.get_aspect() == "auto"


# draw_boundary


def test_border_is_where_the_probability_is_the_level():
    ax = axes((-2, 2), (-2, 2))

    def predict(X):
        return 1 / (1 + np.exp(1 - (X**2).sum(axis=1)))

    for level in (0.5, 0.7):
        border = draw_boundary(ax, predict, level=level, resolution=100)
        (path,) = border.get_paths()
        radius = np.hypot(*path.vertices.T)
        expected = np.sqrt(1 + np.log(level / (1 - level)))
        np.testing.assert_allclose(radius, expected, atol=2e-3)
    assert limits(ax) == (-2, 2, -2, 2)


def test_no_border_without_a_crossing():
    border = draw_boundary(
        axes(), lambda X: np.full(len(X), 0.2), resolution=5
    )
    assert sum(len(path.vertices) for path in border.get_paths()) == 0


@pytest.mark.parametrize("level", [0, 1, np.nan])
def test_bad_level(level):
    with pytest.raises(ValueError, match=f"level = {level}"):
        draw_boundary(axes(), lambda X: X[:, 0], level=level)


@pytest.mark.parametrize("draw", [draw_regions, draw_boundary])
@pytest.mark.parametrize(
    ("predict", "resolution", "message"),
    [
        (lambda X: X, 3, r"shape \(9, 2\); expected \(9,\)"),
        (lambda X: 0.5, 3, r"shape \(\)"),
        (lambda X: X[:, 0] + 1, 3, r"\[0, 1\]"),
        (lambda X: -X[:, 0], 3, r"\[0, 1\]"),
        (lambda X: X[:, 0] * np.nan, 3, r"\[0, 1\]"),
        (lambda X: X[:, 0], 1, "resolution = 1"),
    ],
)
def test_bad_prediction(draw, predict, resolution, message):
    with pytest.raises(ValueError, match=message):
        draw(axes(), predict, resolution=resolution)
