import numpy as np
import pytest
import skimage
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import kurtosis, skew
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from torchvision.transforms.v2 import functional as F

from aibook.scratch.rescaling import (
    channel_statistics,
    min_max,
    standardise,
    to_float,
    to_uint8,
)
from helpers import assert_same
from image_arrays import bytes_, fractions, images, shapes

colour = st.tuples(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4))
anything = arrays(
    np.float64,
    shapes,
    elements=st.floats(allow_nan=False, allow_infinity=False),
)


@given(bytes_)
def test_bytes_to_fractions_and_back(image):
    assert_same(to_float(image), skimage.util.img_as_float64(image))
    assert_same(to_uint8(to_float(image)), image)
    theirs = F.to_dtype(torch.from_numpy(image), torch.float64, scale=True)
    assert_same(to_float(image), theirs.numpy())


@given(fractions)
def test_fractions_to_bytes(image):
    assert_same(to_uint8(image), skimage.util.img_as_ubyte(image))


@given(images)
def test_scikit_learn_scales_alike(image):
    theirs = MinMaxScaler().fit_transform(image.reshape(-1, 1).astype(float))
    assert_same(min_max(image), theirs.reshape(image.shape))


@given(anything)
def test_min_max_has_a_value_for_every_image(image):
    scaled = min_max(image)
    assert np.isfinite(scaled).all()
    if image.min() == image.max():
        assert not scaled.any()
    else:
        assert scaled.min() == 0
        assert scaled.max() == 1
        order = np.argsort(image, axis=None, kind="stable")
        assert (np.diff(scaled.reshape(-1)[order]) >= 0).all()


def test_small_integers_do_not_overflow():
    image = np.array([[-128, 127, 0, 64]], np.int8)
    assert_same(min_max(image), np.array([[0, 255, 128, 192]]) / 255)


@given(arrays(np.float64, colour, elements=st.floats(-1e6, 1e6, width=32)))
def test_statistics_agree_with_scikit_learn(images):
    means, deviations = channel_statistics(images)
    theirs = StandardScaler().fit(images.reshape(-1, images.shape[-1]))
    assert_same(means, theirs.mean_, atol=1e-6)
    constant = (images == images[:1, :1]).all(axis=(0, 1))
    assert (deviations[constant] == 0).all()
    expected = np.where(constant, 0.0, np.sqrt(theirs.var_))
    assert_same(deviations, expected, atol=1e-6)


@given(
    arrays(np.float64, (2, 3, 4, 3), elements=st.floats(0, 1, width=16)),
    st.lists(st.floats(-2, 2), min_size=3, max_size=3),
    st.lists(st.floats(0.125, 2), min_size=3, max_size=3),
)
def test_torchvision_standardises_alike(images, means, deviations):
    tensor = torch.from_numpy(images).permute(0, 3, 1, 2)
    theirs = F.normalize(tensor, means, deviations).permute(0, 2, 3, 1)
    assert_same(standardise(images, means, deviations), theirs.numpy())


@pytest.mark.parametrize("value", [0.0, 0.1, 1 / 3, -7.3, 1e9])
@pytest.mark.parametrize("side", [1, 3, 7, 100])
def test_a_constant_channel_becomes_zero(value, side):
    image = np.full((side, side, 3), value)
    scaled = standardise(image, *channel_statistics(image))
    assert_same(scaled, np.zeros_like(image))


def test_the_mean_is_zero_and_the_deviation_one():
    images = np.random.default_rng(0).gamma(2.0, size=(5, 8, 8, 3))
    scaled = standardise(images, *channel_statistics(images))
    means, deviations = channel_statistics(scaled)
    assert_same(means, np.zeros(3), atol=1e-12)
    assert_same(deviations, np.ones(3))


def test_neither_changes_the_shape_of_the_distribution():
    x = np.random.default_rng(0).exponential(size=(1000, 100))
    standard = standardise(x[..., None], *channel_statistics(x[..., None]))
    for scaled in (min_max(x), standard):
        assert skew(scaled, axis=None) == pytest.approx(skew(x, axis=None))
        assert kurtosis(scaled, axis=None) == pytest.approx(
            kurtosis(x, axis=None)
        )
    assert skew(x, axis=None) == pytest.approx(2, abs=0.1)


def test_by_hand():
    x = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]])
    expected = [-0.9029, -0.6208, -0.3386, -0.0564, 1.9187]
    scaled = standardise(x, *channel_statistics(x))
    assert scaled[:, 0].round(4).tolist() == expected


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: to_float([[0.5]]), "expected uint8"),
        (lambda: to_uint8([[1]]), "expected fractions"),
        (lambda: to_uint8([[-0.1]]), "expected 0 to 1"),
        (lambda: to_uint8([[np.nan]]), "NaN"),
        (lambda: min_max([[np.inf, 0]]), "NaN or infinity"),
        (lambda: channel_statistics([1.0]), r"expected \(\.\.\., C\)"),
        (lambda: channel_statistics([[np.nan]]), "NaN"),
        (lambda: standardise([[1.0]], [1.0, 2.0], [1.0, 2.0]), "shape"),
        (lambda: standardise([[1.0]], [1.0], [-1.0]), "0 or more"),
    ],
)
def test_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
