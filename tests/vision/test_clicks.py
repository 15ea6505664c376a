import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from skimage.measure import label
from skimage.segmentation import flood

from aibook.vision.clicks import (
    Click,
    correcting_click,
    disc,
    find_heaps,
    grow_region,
    middle_click,
    random_click,
)
from reference import largest_part

shapes = array_shapes(min_dims=2, max_dims=2, max_side=7)
masks = arrays(bool, shapes).filter(np.any)


def depth(part, i, j, shape):
    """Distance from a pixel to the nearest that is not of the part."""
    height, width = shape
    return min(
        math.hypot(i - r, j - c)
        for r in range(-1, height + 1)
        for c in range(-1, width + 1)
        if (r, c) not in part
    )


@given(masks)
def test_the_middle_is_the_deepest_pixel_of_the_largest_part(mask):
    part = largest_part(mask.tolist())
    depths = {(i, j): depth(part, i, j, mask.shape) for i, j in sorted(part)}
    deepest = max(depths.values())
    i, j = next(place for place, d in depths.items() if d > deepest - 1e-9)
    assert middle_click(mask) == Click(j + 0.5, i + 0.5, True)


def test_the_middle_of_a_square_and_of_a_ring():
    square = np.zeros((9, 9), dtype=bool)
    square[1:6, 3:8] = True
    assert middle_click(square) == Click(5.5, 3.5)
    ring = square.copy()
    ring[2:5, 4:7] = False
    assert ring[int(middle_click(ring).y), int(middle_click(ring).x)]


@st.composite
def pairs(draw):
    """Two masks of one shape, the second not empty."""
    shape = draw(shapes)
    return draw(arrays(bool, shape)), draw(arrays(bool, shape).filter(np.any))


@given(pairs())
def test_a_correction_lies_on_an_error_and_says_which(pair):
    found, target = pair
    x, y, on = correcting_click(found, target)
    i, j = int(y), int(x)
    assert on == target[i, j]
    if (found == target).all():
        assert (x, y, on) == middle_click(target)
    else:
        assert found[i, j] != target[i, j]
        assert (i, j) in largest_part((found != target).tolist())


@given(masks)
def test_a_missing_mask_is_clicked_like_the_target(mask):
    assert correcting_click(np.zeros_like(mask), mask) == middle_click(mask)


def test_random_clicks_reach_every_pixel_of_the_mask_equally_often():
    mask = np.zeros((4, 5), dtype=bool)
    mask[1, 2:] = mask[3, 0] = True
    rng = np.random.default_rng(0)
    counts = np.zeros(mask.shape)
    for _ in range(4000):
        x, y, on = random_click(mask, rng=rng)
        assert (x % 1, y % 1, on) == (0.5, 0.5, True)
        counts[int(y), int(x)] += 1
    assert (counts[~mask] == 0).all()
    assert abs(counts[mask] - 1000).max() < 5 * math.sqrt(750)


@given(arrays(np.int64, shapes, elements=st.integers(0, 3)))
def test_heaps_are_scikit_images_parts(numbers):
    expected = label(numbers > 0, connectivity=2)
    assert (find_heaps(numbers) == expected).all()


@st.composite
def seeds(draw):
    """An image of few brightnesses, a pixel, a tolerance."""
    image = draw(arrays(np.int64, shapes, elements=st.integers(0, 5)))
    i = draw(st.integers(0, image.shape[0] - 1))
    j = draw(st.integers(0, image.shape[1] - 1))
    return image, i, j, draw(st.integers(0, 3))


@given(seeds())
def test_growing_is_scikit_images_flood(seed):
    image, i, j, tolerance = seed
    expected = flood(image, (i, j), connectivity=2, tolerance=tolerance)
    grown = grow_region(image, Click(j + 0.5, i + 0.5), tolerance=tolerance)
    assert (grown == expected).all()


@given(
    st.integers(1, 8),
    st.floats(-2, 10),
    st.floats(-2, 10),
    st.floats(0, 6),
)
def test_a_disc_is_what_lies_within_the_radius(size, x, y, radius):
    found = disc(Click(x, y), radius=radius, size=size)
    for i in range(size):
        for j in range(size):
            away = math.hypot(j + 0.5 - x, i + 0.5 - y) - radius
            if abs(away) > 1e-9:
                assert found[i, j] == (away < 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: middle_click(np.zeros((3, 3), bool)), "mask is empty"),
        (lambda: middle_click(np.ones((3, 3))), "of booleans"),
        (
            lambda: random_click(
                np.ones((2, 3, 3), bool), rng=np.random.default_rng()
            ),
            r"shape \(2, 3, 3\)",
        ),
        (
            lambda: correcting_click(
                np.ones((3, 2), bool), np.ones((2, 3), bool)
            ),
            "one shape",
        ),
        (
            lambda: correcting_click(
                np.ones((3, 2), bool), np.zeros((3, 2), bool)
            ),
            "target is empty",
        ),
        (lambda: find_heaps([1, 0]), r"expected \(H, W\)"),
        (lambda: disc(Click(0, 0), radius=-1, size=3), "0 or more"),
        (lambda: disc(Click(0, 0), radius=1, size=0), "1 or more"),
        (lambda: grow_region(np.zeros(3), Click(0, 0), tolerance=0), "H, W"),
        (
            lambda: grow_region(np.zeros((3, 3)), Click(0, 0), tolerance=-1),
            "0 or more",
        ),
        (
            lambda: grow_region(np.zeros((3, 3)), Click(3.0, 0), tolerance=0),
            "outside of 3 x 3",
        ),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
