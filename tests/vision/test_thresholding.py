import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from skimage import data
from skimage.filters import threshold_otsu

import reference
from aibook.vision.thresholding import (
    between_class_variance,
    binarise,
    histogram,
    otsu_threshold,
)
from helpers import assert_same

few = st.integers(2, 9).flatmap(  # few levels, so ties and gaps are common
    lambda n: arrays(np.int64, n, elements=st.sampled_from([0, 0, 1, 2, 5]))
)
counts_of_some = few.filter(lambda counts: counts.any())
grey = arrays(np.uint8, st.tuples(st.integers(1, 6), st.integers(1, 6)))
photos = {
    name: getattr(data, name)()
    for name in ["camera", "cell", "coins", "moon", "page", "text"]
}


def image_of(counts):
    return np.repeat(np.arange(len(counts)), counts)


@given(grey)
def test_the_histogram_counts(image):
    counts = histogram(image)
    expected = [np.count_nonzero(image == v) for v in range(256)]
    assert_same(counts, np.array(expected))


@given(counts_of_some)
def test_the_variance_is_that_of_the_definition(counts):
    expected = [float(v) for v in reference.between_class_variance(counts)]
    assert_same(between_class_variance(counts), np.array(expected))


@given(counts_of_some)
def test_within_and_between_add_up_to_the_whole(counts):
    pixels = image_of(counts)
    between = between_class_variance(counts)
    for t in range(len(counts)):
        classes = [pixels[pixels <= t], pixels[pixels > t]]
        within = sum(c.size * c.var() for c in classes if c.size) / pixels.size
        assert within + between[t] == pytest.approx(pixels.var())


@given(counts_of_some)
def test_the_threshold_is_the_first_of_the_best_by_exact_arithmetic(counts):
    variance = reference.between_class_variance(counts)
    first = variance.index(max(variance))
    if max(variance) == 0:
        first = int(np.flatnonzero(counts)[0])
    pixels = image_of(counts)
    assert otsu_threshold(pixels, num_levels=len(counts)) == first


@given(counts_of_some)
def test_mirrored_ties_stay_ties(counts):
    both = np.concatenate([counts, counts[::-1]])
    variance = between_class_variance(both)
    assert (variance[:-1] == variance[:-1][::-1]).all()


@given(grey)
def test_no_threshold_parts_better_and_scikit_image_agrees(image):
    t, theirs = otsu_threshold(image), int(threshold_otsu(image))
    variance = between_class_variance(histogram(image))
    assert variance[t] == variance.max()
    assert variance[theirs] >= variance.max() * (
        1 - 1e-5
    )  # it sums in float32
    others = variance[variance < variance.max()]
    if not others.size or others.max() < variance.max() * (1 - 1e-5):
        assert theirs == t


@pytest.mark.parametrize("name", photos)
def test_scikit_image_agrees_on_photographs(name):
    assert otsu_threshold(photos[name]) == threshold_otsu(photos[name])


def test_a_gap_of_equally_good_thresholds():
    image = np.repeat([10, 12, 200, 210], [50, 30, 15, 5])
    variance = between_class_variance(histogram(image))
    best = np.flatnonzero(variance == variance.max())
    assert (best == np.arange(12, 200)).all()
    assert variance.max() == pytest.approx(0.8 * 0.2 * (10.75 - 202.5) ** 2)
    assert otsu_threshold(image) == 12 == threshold_otsu(image)


def test_evenly_spread_values_are_cut_in_the_middle():
    variance = between_class_variance(np.ones(256))
    assert variance.argmax() == 127
    assert variance.max() == 64**2  # the means are 64 off the middle
    share = variance.max() / np.arange(256).var()
    assert share == pytest.approx(0.75, abs=1e-4)


@given(st.integers(0, 255))
def test_one_value_cannot_be_parted(value):
    image = np.full((2, 3), value, np.uint8)
    assert otsu_threshold(image) == value == threshold_otsu(image)
    assert not binarise(image, value).any()
    assert not between_class_variance(histogram(image)).any()


@given(grey, st.integers(0, 255))
def test_binarise_by_a_loop(image, t):
    expected = [[int(value) > t for value in row] for row in image]
    assert_same(binarise(image, t), np.array(expected))
    assert_same(binarise(image, t, dark=True), ~np.array(expected))
    levels = np.full(image.shape, t)
    assert_same(binarise(image, levels), np.array(expected))


def test_no_pixel_is_no_binary_pixel():
    assert binarise(np.zeros((0, 4)), 1).shape == (0, 4)


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (np.zeros((0, 3), np.uint8), "one pixel or more"),
        (np.array([0.2, 0.7]), r"type float64.*rint"),
        (np.array([True, False]), "type bool"),
        (np.array([-1, 3]), "from -1 to 3"),
        (np.array([0, 256]), "expected 0 to 255"),
    ],
)
def test_the_histogram_refuses(image, message):
    with pytest.raises(ValueError, match=message):
        histogram(image)
    with pytest.raises(ValueError, match=message):
        otsu_threshold(image)


def test_too_few_levels():
    with pytest.raises(ValueError, match="num_levels is 1"):
        histogram([0], num_levels=1)


@pytest.mark.parametrize(
    "counts", [[], [3], [[1, 2]], [0, 0], [1, -1], [1, np.nan], [1, np.inf]]
)
def test_the_variance_refuses(counts):
    with pytest.raises(ValueError, match=r"counts (has shape|must be)"):
        between_class_variance(counts)


@pytest.mark.parametrize(
    ("image", "t", "message"),
    [
        ([[1, 2]], [1, 2], r"shape \(2,\).*shape \(1, 2\)"),
        ([np.nan], 1, "image must hold finite"),
        ([1.0], np.inf, "threshold must hold finite"),
        (["a"], 1, "image must hold"),
    ],
)
def test_binarise_refuses(image, t, message):
    with pytest.raises(ValueError, match=message):
        binarise(image, t)
