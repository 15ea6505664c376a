import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torchvision.ops import box_iou as torch_iou

from aibook.vision.boxes import box_area, box_iou
from helpers import assert_same

corners = arrays(np.float64, (4, 2, 2), elements=st.floats(-1e3, 1e3))


def boxes_of(points):
    low, high = points.min(axis=1), points.max(axis=1)
    return np.concatenate([low, high + 1.0], axis=1)


@given(corners, corners)
def test_torchvision_agrees(a, b):
    A, B = boxes_of(a), boxes_of(b)
    expected = torch_iou(torch.tensor(A), torch.tensor(B)).numpy()
    assert_same(box_iou(A, B), expected, rtol=1e-9, atol=1e-12)


@given(corners)
def test_it_is_symmetric_and_one_with_itself(points):
    A = boxes_of(points)
    iou = box_iou(A, A)
    assert_same(iou, iou.T, rtol=1e-12)
    assert_same(iou.diagonal(), np.ones(4))


def test_by_counting_pixels():
    a, b = (1, 2, 5, 7), (3, 4, 9, 8)
    grid = np.zeros((2, 10, 10), bool)
    for k, (x1, y1, x2, y2) in enumerate([a, b]):
        grid[k, y1:y2, x1:x2] = True
    expected = grid.all(axis=0).sum() / grid.any(axis=0).sum()
    assert box_iou([a], [b])[0, 0] == pytest.approx(expected)
    assert box_area([a]).tolist() == [20.0]


def test_boxes_without_area_and_no_boxes():
    assert box_iou([[1, 1, 1, 1]], [[1, 1, 1, 1]]).tolist() == [[0.0]]
    assert box_iou([], [[0, 0, 1, 1]]).shape == (0, 1)


@pytest.mark.parametrize(
    "bad", [[[0, 0, 1]], [0, 0, 1, 1], [[2, 0, 1, 1]], [[0, 0, np.nan, 1]]]
)
def test_refuses(bad):
    with pytest.raises(ValueError, match=r"expected|finite"):
        box_iou(bad, [[0, 0, 1, 1]])
