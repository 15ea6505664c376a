import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from aibook.plotting.curves import draw_curves
from helpers import assert_same


@pytest.fixture
def ax():
    return Figure().subplots()


def test_curves_hold_the_values_in_order(ax):
    curves = {"loss": [3, 2, 1], "accuracy": np.array([0.0, np.nan, 1.0])}
    lines = draw_curves(ax, curves)
    assert list(ax.lines) == lines
    assert [line.get_label() for line in lines] == ["loss", "accuracy"]
    for line, values in zip(lines, curves.values(), strict=True):
        assert_same(line.get_xdata(), np.array([1, 2, 3]))
        np.testing.assert_array_equal(line.get_ydata(), values)
    assert ax.get_xlabel() == "epoch"
    assert ax.get_ylabel() == ""


def test_curves_differ_by_colour_and_dash(ax):
    lines = draw_curves(ax, {str(k): [k, k] for k in range(4)})
    for a, b in itertools.combinations(lines, 2):
        assert a.get_color() != b.get_color()
        assert a.get_linestyle() != b.get_linestyle()


def test_a_single_curve_names_the_axis(ax):
    (line,) = draw_curves(ax, {"loss": [3, 2]}, x=[0.1, 1.0], xlabel="lr")
    assert_same(line.get_xdata(), np.array([0.1, 1.0]))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("lr", "loss")


@pytest.mark.parametrize(
    ("curves", "x", "message"),
    [
        ({}, None, "curves is empty"),
        ({"loss": []}, None, r"'x' has shape \(0,\)"),
        ({"loss": 1.0}, None, r"'loss' has shape \(\)"),
        ({"loss": [[1, 2]]}, None, r"'loss' has shape \(1, 2\)"),
        ({"a": [1, 2], "b": [1]}, None, r"'b' has shape \(1,\)"),
        ({"a": [1, 2]}, [1], r"'a' has shape \(2,\)"),
        ({"a": [1, 2]}, [[1, 2]], r"'x' has shape \(1, 2\)"),
    ],
)
def test_bad_input(ax, curves, x, message):
    with pytest.raises(ValueError, match=message):
        draw_curves(ax, curves, x=x)
