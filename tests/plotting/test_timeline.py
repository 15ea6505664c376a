"""Labels keep apart and move no further than they must."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.figure import Figure
from sklearn.isotonic import isotonic_regression

from aibook.data.timeline import KINDS, load_timeline
from aibook.plotting.timeline import draw_timeline, spread

places = st.lists(st.integers(1900, 2100), max_size=30).map(sorted)


@given(places, st.floats(0, 10))
def test_spread_is_the_nearest_that_keeps_apart(values, gap):
    found = spread(values, gap=gap)
    assert found.shape == (len(values),)
    assert (np.diff(found) >= gap - 1e-9).all()
    if values:
        steps = gap * np.arange(len(values))
        np.testing.assert_allclose(
            found, isotonic_regression(values - steps) + steps, atol=1e-8
        )


def test_spread_by_hand():
    np.testing.assert_allclose(spread([0, 0, 0, 9], gap=2), [-2, 0, 2, 9])
    np.testing.assert_allclose(spread([1, 5], gap=2), [1, 5])


@pytest.mark.parametrize(("values", "gap"), [([1, 0], 1), ([0, 1], -1)])
def test_spread_refuses(values, gap):
    with pytest.raises(ValueError, match="none may decrease"):
        spread(values, gap=gap)


@pytest.mark.parametrize(
    ("first", "last", "gap"), [(1936, 2000, 3.3), (2001, 2026, 1.4)]
)
def test_the_figures_of_the_page_do_not_overlap(first, last, gap):
    events = load_timeline(first, last)
    fig = Figure(figsize=(5.2, 6.0), layout="constrained")
    texts = draw_timeline(
        fig.subplots(),
        [event.year for event in events],
        [event.label for event in events],
        [event.kind for event in events],
        order=KINDS,
        gap=gap,
    )
    fig.draw_without_rendering()
    boxes = [text.get_window_extent() for text in texts]
    for upper, lower in pairwise(boxes):
        assert (
            upper.y0 >= lower.y1 - 2
        )  # points; letters rarely fill their box
    assert max(box.x1 for box in boxes) <= fig.bbox.x1


def test_bad_input():
    ax = Figure().subplots()
    with pytest.raises(ValueError, match="0 years, 0 labels, 0 kinds"):
        draw_timeline(ax, [], [], [], order=["x"], gap=1)
    with pytest.raises(ValueError, match="1 years, 2 labels, 1 kinds"):
        draw_timeline(ax, [1], ["a", "b"], ["x"], order=["x"], gap=1)
    with pytest.raises(ValueError, match=r"unknown kinds \['y'\]"):
        draw_timeline(ax, [1], ["a"], ["y"], order=["x"], gap=1)
    with pytest.raises(ValueError, match="order has 6"):
        draw_timeline(ax, [1], ["a"], ["x"], order=list("xyzuvw"), gap=1)
