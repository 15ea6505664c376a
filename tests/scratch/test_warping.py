import numpy as np
import pytest
import skimage.transform
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional as F

from aibook.scratch.framing import flip, shift
from aibook.scratch.warping import (
    rotate,
    rotation_matrix,
    sample,
    shear,
    warp,
)
from helpers import assert_same
from image_arrays import fractions, images

angles = st.integers(-400, 400)
matrices = arrays(np.float64, (2, 2), elements=st.integers(-4, 4)).filter(
    lambda m: abs(np.linalg.det(m)) > 0.5
)


def slow_warp(image, matrix, fill):
    """Return the warped image, one pixel and one neighbour after the other."""
    height, width = image.shape[:2]
    (a, b), (c, d) = matrix
    det = a * d - b * c
    result = np.zeros(image.shape)
    for i in range(height):
        for j in range(width):
            x, y = j - (width - 1) / 2, (height - 1) / 2 - i
            x, y = (d * x - b * y) / det, (a * y - c * x) / det
            r, s = (height - 1) / 2 - y, x + (width - 1) / 2
            for k in (int(np.floor(r)), int(np.floor(r)) + 1):
                for m in (int(np.floor(s)), int(np.floor(s)) + 1):
                    weight = (1 - abs(r - k)) * (1 - abs(s - m))
                    inside = 0 <= k < height and 0 <= m < width
                    result[i, j] += weight * (image[k, m] if inside else fill)
    return result


@given(fractions, matrices, st.floats(-2, 2))
def test_a_slow_loop_agrees(image, matrix, fill):
    assert_same(warp(image, matrix, fill=fill), slow_warp(image, matrix, fill))


@given(fractions, angles)
def test_scikit_image_rotates_alike(image, degrees):
    theirs = skimage.transform.rotate(image, degrees, order=1, clip=False)
    assert_same(rotate(image, degrees), theirs, atol=1e-7)


@given(fractions, angles)
def test_torchvision_rotates_alike(image, degrees):
    tensor = torch.from_numpy(np.moveaxis(np.atleast_3d(image), 2, 0))
    theirs = F.rotate(
        tensor, float(degrees), interpolation=InterpolationMode.BILINEAR
    )
    ours = np.moveaxis(np.atleast_3d(rotate(image, degrees)), 2, 0)
    assert_same(ours, theirs.numpy(), atol=1e-5)


@given(images, st.integers(-4, 4))
def test_quarter_turns_of_a_square(image, quarters):
    side = min(image.shape[:2])
    square = image[:side, :side]
    assert_same(
        rotate(square, 90 * quarters),
        np.rot90(square, quarters).astype(float),
        atol=1e-9,
    )


@given(images)
def test_reflections_and_no_change(image):
    values = image.astype(float)
    assert_same(warp(image, np.eye(2)), values)
    assert_same(warp(image, [[-1, 0], [0, 1]]), flip(values, "horizontal"))
    assert_same(warp(image, [[1, 0], [0, -1]]), flip(values, "vertical"))


@given(images, st.integers(-3, 3))
def test_a_shear_shifts_each_row(image, factor):
    height = image.shape[0]
    if height % 2 == 0:
        image = image[:-1] if height > 1 else image
    middle = image.shape[0] // 2
    sheared = shear(image, factor)
    for i, row in enumerate(image.astype(float)):
        moved = shift(row[None], 0, factor * (middle - i))[0]
        assert_same(sheared[i], moved)


@given(angles)
def test_a_rotation_keeps_areas_and_orientation(degrees):
    M = rotation_matrix(degrees)
    assert_same(np.linalg.det(M), 1.0)
    assert_same(M @ M.T, np.eye(2))


def test_far_outside_there_is_only_the_fill():
    assert sample([[5.0]], [[1e30, -1e30]], [[0.0, 0.0]], fill=2).tolist() == [
        [2.0, 2.0]
    ]


@pytest.mark.parametrize(
    "matrix", [np.eye(3), [1, 2], [[np.nan, 0], [0, 1]], [[1, 2], [2, 4]]]
)
def test_refuses_another_matrix(matrix):
    with pytest.raises(ValueError, match=r"expected \(2, 2\)|no inverse"):
        warp([[1.0]], matrix)


def test_refuses_what_is_not_finite():
    with pytest.raises(ValueError, match="degrees is nan"):
        rotate([[1.0]], float("nan"))
    with pytest.raises(ValueError, match="fill is inf"):
        rotate([[1.0]], 1.0, fill=float("inf"))
    with pytest.raises(ValueError, match="a place is NaN"):
        sample([[1.0]], [[np.nan]], [[0.0]])
    with pytest.raises(ValueError, match="image holds NaN"):
        rotate([[np.nan]], 1.0)
