import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms.v2 import functional as F

from aibook.scratch.padding import MODES, pad
from helpers import assert_same
from image_arrays import images

NAMES = {"constant": "constant", "edge": "edge", "reflect": "reflect"}


@given(images, st.integers(0, 15), st.sampled_from(MODES))
def test_numpy_agrees(image, width, mode):
    around = [(width, width)] * 2 + [(0, 0)] * (image.ndim - 2)
    assert_same(pad(image, width, mode=mode), np.pad(image, around, mode=mode))


@given(images, st.integers(0, 3), st.sampled_from(sorted(NAMES)))
def test_torchvision_agrees(image, width, mode):
    if mode == "reflect" and width >= min(image.shape[:2]):
        return  # torchvision reflects once only
    channels_first = torch.from_numpy(np.moveaxis(np.atleast_3d(image), 2, 0))
    theirs = F.pad(channels_first, [width], padding_mode=NAMES[mode])
    ours = np.atleast_3d(pad(image, width, mode=mode))
    assert_same(ours, np.moveaxis(theirs.numpy(), 0, 2))


@given(images)
def test_a_border_of_no_width_leaves_a_copy(image):
    for mode in MODES:
        padded = pad(image, 0, mode=mode)
        assert_same(padded, image)
        assert not np.shares_memory(padded, image)


@given(images, st.integers(0, 4), st.integers(0, 255))
def test_the_value_fills_the_border(image, width, value):
    padded = pad(image, width, value=value)
    inside = np.zeros(padded.shape, bool)
    inside[width : width + image.shape[0], width : width + image.shape[1]] = (
        True
    )
    assert (padded[~inside] == value).all()
    assert_same(padded[inside], image.reshape(-1))


@pytest.mark.parametrize("value", [300, -1, 0.5, np.nan])
def test_refuses_a_value_that_bytes_cannot_hold(value):
    with pytest.raises(ValueError, match="does not fit"):
        pad(np.zeros((2, 2), np.uint8), 1, value=value)


@pytest.mark.parametrize("width", [-1, 1.5, "1", None])
def test_refuses_another_width(width):
    with pytest.raises(ValueError, match=r"width is .* expected a whole"):
        pad([[1]], width)


def test_refuses_another_mode():
    with pytest.raises(
        ValueError, match="mode is 'zero'; expected 'constant'"
    ):
        pad([[1]], 1, mode="zero")
