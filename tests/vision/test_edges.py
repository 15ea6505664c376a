import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import ndimage

from aibook.scratch.convolution import conv2d
from aibook.vision.edges import find_edges, sharpness, slopes, steepness
from helpers import assert_same
from reference import edges_loop

# whole numbers, so that sums are exact and ties are ties
images = arrays(
    np.int64,
    array_shapes(min_dims=2, max_dims=2, max_side=7),
    elements=st.integers(0, 5),
)


@given(images)
def test_slopes_are_scipys(image):
    across, down = slopes(image)
    for axis, ours in ((1, across), (0, down)):
        theirs = (
            ndimage.sobel(image.astype(float), axis=axis, mode="nearest") / 8
        )
        assert_same(ours, theirs)


def test_slopes_are_the_convolution_of_the_book():
    image = np.random.default_rng(0).random((5, 6))
    kernel = np.array([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]]) / 8
    bank = np.stack([kernel, kernel.T])[:, np.newaxis]
    theirs = conv2d(image[np.newaxis, np.newaxis], bank)[0]
    for ours, map_ in zip(slopes(image), theirs, strict=True):
        assert_same(ours[1:-1, 1:-1], map_, rtol=1e-12, atol=1e-15)


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_a_ramp_has_its_own_slope(a, b):
    rows, columns = np.mgrid[:5, :6]
    ramp = a * columns + b * rows
    across, down = slopes(ramp)
    assert (across[1:-1, 1:-1] == a).all()
    assert (down[1:-1, 1:-1] == b).all()
    assert_same(steepness(ramp)[1:-1, 1:-1], np.full((3, 4), math.hypot(a, b)))


@given(images, st.sampled_from([0.125, 0.5, 1.0, 2.0]))
def test_edges_are_those_of_the_loop(image, threshold):
    ours = find_edges(image, threshold=threshold)
    assert ours.dtype == bool
    assert ours.astype(int).tolist() == edges_loop(image.tolist(), threshold)


@given(images, st.sampled_from([0.5, 1.0]))
def test_mirrored_images_have_mirrored_edges(image, threshold):
    edges = find_edges(image, threshold=threshold)
    mirrored = find_edges(image[:, ::-1], threshold=threshold)
    assert (mirrored[:, ::-1] == edges).all()
    upside_down = find_edges(image[::-1], threshold=threshold)
    assert (upside_down[::-1] == edges).all()


@given(images)
def test_brightness_and_sign_do_not_matter(image):
    assert (
        find_edges(image + 7, threshold=1) == find_edges(image, threshold=1)
    ).all()
    assert (
        find_edges(-image, threshold=1) == find_edges(image, threshold=1)
    ).all()
    assert sharpness(3 * image) == pytest.approx(3 * sharpness(image))


def test_many_images_are_as_one():
    X = np.random.default_rng(1).random((3, 2, 6, 7))
    ours = find_edges(X, threshold=0.2)
    for n, c in np.ndindex(3, 2):
        assert (ours[n, c] == find_edges(X[n, c], threshold=0.2)).all()


def test_a_flat_image_has_none():
    assert not find_edges(np.full((4, 4), 3.0), threshold=1e-9).any()
    assert sharpness(np.full((4, 4), 3.0)) == 0
    assert not find_edges([[1.0]]).any()


def test_a_blurred_step_is_drawn_once():
    step = np.repeat([0, 0, 0, 1, 3, 5, 6, 6, 6], 9).reshape(9, 9).T
    edges = find_edges(step, threshold=0.5)
    assert edges.any(axis=0).nonzero()[0].tolist() == [4]
    blurred = ndimage.uniform_filter(step.astype(float), 3, mode="nearest")
    assert steepness(blurred).max() < steepness(step).max()


@pytest.mark.parametrize(
    "image", [[1.0, 2.0], np.zeros((0, 3)), [[np.nan, 0]], [[np.inf, 0]]]
)
@pytest.mark.parametrize(
    "function", [slopes, steepness, sharpness, find_edges]
)
def test_refuses_what_is_no_image(function, image):
    with pytest.raises(ValueError, match="finite"):
        function(image)


@pytest.mark.parametrize("threshold", [0, -1, float("nan")])
def test_refuses_a_threshold(threshold):
    with pytest.raises(ValueError, match="above 0"):
        find_edges([[0.0, 1.0]], threshold=threshold)
