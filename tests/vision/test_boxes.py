import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torchvision.ops import box_convert
from torchvision.ops import box_iou as torch_iou

from aibook.vision.boxes import FORMATS, box_area, box_iou, convert_boxes
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


@pytest.mark.parametrize("source", FORMATS)
@pytest.mark.parametrize("target", FORMATS)
@given(points=corners)
def test_formats_are_torchvisions(source, target, points):
    boxes = torch.tensor(boxes_of(points))
    given_ = box_convert(boxes, "xyxy", source)
    assert_same(
        convert_boxes(given_, source, target),
        box_convert(given_, source, target).numpy(),
        rtol=1e-9,
        atol=1e-9,
    )


def test_formats_by_hand():
    forms = {
        "xyxy": [[2, 3, 12, 7]],
        "xywh": [[2, 3, 10, 4]],
        "cxcywh": [[7, 5, 10, 4]],
    }
    for source, boxes in forms.items():
        for target, expected in forms.items():
            assert convert_boxes(boxes, source, target).tolist() == expected
    assert convert_boxes([], "xywh", "xyxy").shape == (0, 4)


def test_touching_boxes_share_nothing():
    beside = [[2, 0, 4, 2], [0, 2, 2, 4], [2, 2, 3, 3]]
    assert box_iou([[0, 0, 2, 2]], beside).tolist() == [[0.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("boxes", "source", "target", "message"),
    [
        (
            [[0, 0, 1, 1]],
            "xyxy",
            "yolo",
            "target = 'yolo'; expected one of xyxy",
        ),
        (
            [[0, 0, 1, 1]],
            "voc",
            "xyxy",
            "source = 'voc'; expected one of xyxy",
        ),
        ([[0, 0, -1, 1]], "xywh", "xyxy", "size of -1.0; expected 0 or more"),
        (
            [[0, 0, 1, -2]],
            "cxcywh",
            "xyxy",
            "size of -2.0; expected 0 or more",
        ),
        ([[3, 0, 1, 1]], "xyxy", "xywh", "expected x1 <= x2"),
        ([[0, 0, 1]], "xywh", "xyxy", r"expected \(N, 4\), xywh"),
        ([[0, 0, np.inf, 1]], "xywh", "xyxy", "finite"),
    ],
)
def test_refuses_to_convert(boxes, source, target, message):
    with pytest.raises(ValueError, match=message):
        convert_boxes(boxes, source, target)
