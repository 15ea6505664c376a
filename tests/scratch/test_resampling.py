from fractions import Fraction

import numpy as np
import pytest
import skimage.transform
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch.nn.functional import interpolate
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F

from aibook.scratch.resampling import linear_weights, nearest_indices, resize
from helpers import assert_same
from image_arrays import fractions, images

sizes = st.tuples(st.integers(1, 12), st.integers(1, 12))


def as_batch(image):
    channels_first = np.moveaxis(np.atleast_3d(image), 2, 0)
    return torch.from_numpy(np.ascontiguousarray(channels_first))[None]


def as_image(batch, image):
    return np.moveaxis(batch[0].numpy(), 0, 2).reshape(
        *batch.shape[2:], *image.shape[2:]
    )


def resized_by(oracle, image, size, *, antialias, **options):
    """Return the oracle's result, from the image on its side if one pixel wide.

    With antialiasing PyTorch 2.15 errs in results that are one pixel wide, from the
    second row on; results that are one pixel high are right.
    """
    options["antialias"] = antialias
    if size[1] > 1 or not antialias:
        return as_image(oracle(as_batch(image), list(size), **options), image)
    turned = image.swapaxes(0, 1)
    batch = oracle(as_batch(turned), list(size[::-1]), **options)
    return as_image(batch, image).swapaxes(0, 1)


@given(fractions, sizes, st.booleans())
@example(np.array([[0.0], [1.0], [1.0]]), (2, 1), True)
def test_bilinear_agrees_with_torch(image, size, antialias):
    theirs = resized_by(
        interpolate, image, size, mode="bilinear", antialias=antialias
    )
    assert_same(resize(image, size, antialias=antialias), theirs)


@given(fractions, sizes, st.booleans())
def test_bilinear_agrees_with_torchvision(image, size, antialias):
    theirs = resized_by(F.resize, image, size, antialias=antialias)
    assert_same(resize(image, size, antialias=antialias), theirs)


@given(fractions, sizes)
def test_bilinear_agrees_with_scikit_image(image, size):
    theirs = skimage.transform.resize(
        image, size, order=1, mode="edge", anti_aliasing=False
    )
    assert_same(resize(image, size, antialias=False), theirs)


@given(st.integers(1, 60), st.integers(1, 60))
def test_nearest_is_exact(n_old, n_new):
    expected = [
        (Fraction(2 * i + 1, 2) * Fraction(n_old, n_new)).__floor__()
        for i in range(n_new)
    ]
    assert nearest_indices(n_old, n_new).tolist() == expected


@given(images, st.integers(1, 4), st.integers(1, 4))
def test_nearest_enlarges_by_repeating(image, k, m):
    size = (k * image.shape[0], m * image.shape[1])
    expected = image.repeat(k, axis=0).repeat(m, axis=1)
    assert_same(resize(image, size, method="nearest"), expected)


@given(images, sizes)
def test_nearest_agrees_with_torchvision(image, size):
    ours = resize(image, size, method="nearest")
    theirs = F.resize(
        as_batch(image),
        list(size),
        interpolation=InterpolationMode.NEAREST_EXACT,
    )
    theirs = as_image(theirs, image)
    if any(
        (2 * i + 1) * n % (2 * m) == 0
        for n, m in zip(image.shape, size, strict=False)
        for i in range(m)
    ):
        return  # on the border of two pixels, rounding decides
    assert_same(ours, theirs)


@given(images)
def test_the_same_size_is_the_same_image(image):
    assert_same(resize(image, image.shape[:2]), image.astype(float))
    assert_same(resize(image, image.shape[:2], method="nearest"), image)


@given(fractions, sizes, st.booleans())
def test_the_values_stay_in_their_range(image, size, antialias):
    result = resize(image, size, antialias=antialias)
    assert result.min() >= image.min() - 1e-12
    assert result.max() <= image.max() + 1e-12


@given(st.integers(1, 40), st.integers(1, 40))
def test_with_antialiasing_every_pixel_counts(n_old, n_new):
    weights = linear_weights(n_old, n_new)
    assert_same(weights.sum(axis=1), np.ones(n_new))
    assert (weights >= 0).all()
    assert (weights.sum(axis=0) > 0).all()


def test_halving_with_antialiasing_by_hand():
    # Distances 1/2 and 3/2 of a reach of 2: weights 1/8, 3/8, 3/8, 1/8.
    assert_same(
        linear_weights(8, 4)[1],
        np.array([0, 1, 3, 3, 1, 0, 0, 0]) / 8,
    )


@pytest.mark.parametrize("bad", [(0, 3), (3, -1), (2.0, 3)])
def test_refuses_another_size(bad):
    with pytest.raises(ValueError, match="expected a whole number from 1"):
        resize([[1.0]], bad)


def test_refuses_another_method_and_nan():
    with pytest.raises(ValueError, match="'nearest' or 'bilinear'"):
        resize([[1.0]], (1, 1), method="cubic")
    with pytest.raises(ValueError, match="NaN"):
        resize([[np.nan]], (1, 1))
