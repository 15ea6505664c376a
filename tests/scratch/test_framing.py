import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.transforms.v2 import functional as F

from aibook.scratch.framing import crop, flatten, flip, shift
from helpers import assert_same
from image_arrays import images


def channels_first(image):
    return torch.from_numpy(np.moveaxis(np.atleast_3d(image), 2, 0))


def channels_last(tensor, image):
    return np.moveaxis(tensor.numpy(), 0, 2).reshape(
        *tensor.shape[1:], *image.shape[2:]
    )


@st.composite
def rectangles(draw):
    image = draw(images)
    corners = [draw(st.integers(0, n - 1)) for n in image.shape[:2]]
    sizes = [
        draw(st.integers(1, n - first))
        for n, first in zip(image.shape, corners, strict=False)
    ]
    return image, *corners, *sizes


@given(rectangles())
def test_crop_agrees_with_torchvision(case):
    image, *numbers = case
    cut = crop(image, *numbers)
    theirs = F.crop(channels_first(image), *numbers)
    assert_same(cut, channels_last(theirs, image))
    assert not np.shares_memory(cut, image)


@given(images, *[st.integers(-9, 9)] * 4)
def test_crop_refuses_every_rectangle_that_leaves_the_image(
    image, top, left, height, width
):
    inside = (
        min(top, left) >= 0
        and min(height, width) >= 1
        and top + height <= image.shape[0]
        and left + width <= image.shape[1]
    )
    if inside:
        assert crop(image, top, left, height, width).shape[:2] == (
            height,
            width,
        )
        return
    with pytest.raises(ValueError, match=r"expected a whole|leave an image"):
        crop(image, top, left, height, width)


@given(images)
def test_flip_agrees_with_numpy_and_torchvision(image):
    tensor = channels_first(image)
    for axis, numpy_flip, torch_flip in (
        ("horizontal", np.fliplr, F.horizontal_flip),
        ("vertical", np.flipud, F.vertical_flip),
    ):
        flipped = flip(image, axis)
        assert_same(flipped, numpy_flip(image))
        assert_same(flipped, channels_last(torch_flip(tensor), image))
        assert_same(flip(flipped, axis), image)
        assert torch.from_numpy(flipped).shape == image.shape


@pytest.mark.parametrize("axis", ["x", "Horizontal", 0, 1, None])
def test_flip_refuses_another_axis(axis):
    with pytest.raises(
        ValueError, match="expected 'horizontal' or 'vertical'"
    ):
        flip([[1, 2]], axis)


@given(images, st.integers(-9, 9), st.integers(-9, 9), st.integers(0, 255))
def test_shift_agrees_with_torchvision(image, down, right, fill):
    theirs = F.affine(
        channels_first(image),
        angle=0.0,
        translate=[right, down],
        scale=1.0,
        shear=[0.0],
        fill=[float(fill)] * np.atleast_3d(image).shape[2],
    )
    assert_same(
        shift(image, down, right, fill=fill), channels_last(theirs, image)
    )


@given(images, st.integers(-7, 7), st.integers(-7, 7))
def test_shift_there_and_back_keeps_what_did_not_leave(image, down, right):
    back = shift(shift(image, down, right), -down, -right)
    kept = shift(
        shift(np.ones_like(image, dtype=bool), down, right), -down, -right
    )
    assert_same(back, np.where(kept, image, 0).astype(image.dtype))


@given(images)
def test_flatten_keeps_every_value_in_its_place(image):
    vector = flatten(image)
    assert_same(vector, image.flatten())
    assert not np.shares_memory(vector, image)
    cube = np.atleast_3d(image)
    _, width, num_channels = cube.shape
    for i, j, c in np.ndindex(cube.shape):
        assert vector[(i * width + j) * num_channels + c] == cube[i, j, c]


@pytest.mark.parametrize(
    "call",
    [
        lambda x: crop(x, 0, 0, 1, 1),
        lambda x: shift(x, 0, 0),
        lambda x: flip(x, "vertical"),
        flatten,
    ],
)
def test_refuses_what_is_no_image(call):
    with pytest.raises(ValueError, match="expected"):
        call(np.zeros((3, 28, 28)))
