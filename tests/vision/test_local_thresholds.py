import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage import data
from skimage.filters import (
    threshold_local,
    threshold_niblack,
    threshold_sauvola,
)
from skimage.transform import integral_image as skimage_integral

import reference
from aibook.vision.local_thresholds import (
    integral_image,
    mean_threshold,
    niblack_threshold,
    sauvola_threshold,
    window_mean_std,
)
from helpers import assert_same

shapes = st.tuples(st.integers(1, 6), st.integers(1, 6))
bytes_ = arrays(np.uint8, shapes)
fractions = arrays(np.float64, shapes, elements=st.floats(0, 1, width=32))
images = bytes_ | fractions
windows = st.sampled_from([1, 3, 5, 7, 99])


@given(images)
def test_the_integral_image_is_a_sum_of_corners(image):
    sums = integral_image(image)
    expected = skimage_integral(image.astype(np.float64))
    assert_same(sums[1:, 1:], expected)
    assert not sums[0].any()
    assert not sums[:, 0].any()


@given(images, windows)
def test_mean_and_spread_by_loops(image, window):
    means, stds = reference.window_mean_std(image.tolist(), window)
    mean, std = window_mean_std(image, window=window)
    assert_same(mean, np.array(means), rtol=1e-9, atol=1e-9)
    # a difference of squares loses half of the digits
    assert_same(std, np.array(stds), rtol=1e-6, atol=1e-5)


@given(images, windows)
def test_a_brighter_image_has_thresholds_as_much_higher(image, window):
    high = image.astype(np.float64) + 1e6
    mean, std = window_mean_std(image, window=window)
    moved, same = window_mean_std(high, window=window)
    assert_same(moved, mean + 1e6, rtol=1e-12)
    assert_same(same, std, rtol=1e-4, atol=1e-2)


@given(fractions)
def test_a_window_over_the_whole_image_is_global(image):
    mean, std = window_mean_std(image, window=99)
    assert mean == pytest.approx(image.mean())
    assert std == pytest.approx(image.std(), abs=1e-6)


def inner(array, window):
    m = window // 2 + 1
    return array[m:-m, m:-m]


@pytest.mark.parametrize("name", ["coins", "page"])
@pytest.mark.parametrize("window", [3, 15, 51])
def test_scikit_image_agrees_where_the_window_fits(name, window):
    image = getattr(data, name)().astype(np.float64)
    pairs = {
        "mean": (
            mean_threshold(image, window=window, offset=7),
            threshold_local(image, window, "mean", offset=7),
        ),
        "niblack": (
            niblack_threshold(image, window=window, k=0.3),
            threshold_niblack(image, window, k=0.3),
        ),
        "sauvola": (
            sauvola_threshold(image, window=window, k=0.3, r=100),
            threshold_sauvola(image, window, k=0.3, r=100),
        ),
    }
    for ours, theirs in pairs.values():
        assert_same(inner(ours, window), inner(theirs, window), atol=1e-5)


@given(bytes_, windows)
def test_what_the_parameters_mean(image, window):
    mean, std = window_mean_std(image, window=window)
    assert_same(mean_threshold(image, window=window), mean)
    assert_same(niblack_threshold(image, window=window, k=0), mean)
    assert_same(sauvola_threshold(image, window=window, k=0), mean)
    assert_same(
        mean - niblack_threshold(image, window=window, k=-1.5), -1.5 * std
    )
    assert_same(
        sauvola_threshold(image, window=window, k=0.5, r=64),
        mean * (0.5 + std / 128),
    )


@pytest.mark.parametrize(
    "image",
    [np.zeros((0, 3)), np.zeros(3), np.zeros((2, 2, 3)), [[np.nan]], [["a"]]],
)
def test_refuses_images(image):
    for function in (mean_threshold, niblack_threshold, sauvola_threshold):
        with pytest.raises(ValueError, match=r"image (has shape|must hold)"):
            function(image, window=3)
    with pytest.raises(ValueError, match=r"image (has shape|must hold)"):
        integral_image(image)


@pytest.mark.parametrize("window", [0, 2, -3, 3.0, True, "3"])
def test_refuses_windows(window):
    with pytest.raises(ValueError, match=r"window is .*expected an odd"):
        window_mean_std([[1, 2]], window=window)


@pytest.mark.parametrize("r", [0, -1, np.nan])
def test_refuses_a_range_that_is_not_positive(r):
    with pytest.raises(ValueError, match=r"r is .*expected a number above 0"):
        sauvola_threshold([[1, 2]], window=3, r=r)
