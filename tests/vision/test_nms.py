import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.ops import batched_nms as torch_batched_nms
from torchvision.ops import nms as torch_nms

from aibook.vision.boxes import box_iou
from aibook.vision.nms import batched_nms, nms
from helpers import assert_same

corner = st.integers(0, 7)
side = st.integers(0, 5)  # with 0: boxes without area
score = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])  # with ties
box = st.tuples(corner, corner, side, side, score, st.integers(0, 2))
threshold = st.sampled_from([0.0, 0.25, 1 / 3, 0.5, 0.75, 1.0])


def unpacked(rows):
    array = np.array(rows, dtype=np.float64).reshape(-1, 6)
    boxes = np.concatenate(
        [array[:, :2], array[:, :2] + array[:, 2:4]], axis=1
    )
    return boxes, array[:, 4], array[:, 5].astype(np.int64)


@given(st.lists(box, max_size=12), threshold)
def test_torchvision_agrees(rows, limit):
    boxes, scores, _ = unpacked(rows)
    expected = torch_nms(torch.tensor(boxes), torch.tensor(scores), limit)
    assert_same(nms(boxes, scores, iou_threshold=limit), expected.numpy())


@given(st.lists(box, max_size=12), threshold)
def test_torchvision_agrees_by_class(rows, limit):
    boxes, scores, labels = unpacked(rows)
    expected = torch_batched_nms(
        *map(torch.tensor, (boxes, scores, labels)), limit
    )
    kept = batched_nms(boxes, scores, labels, iou_threshold=limit)
    assert sorted(kept.tolist()) == sorted(expected.tolist())
    assert_same(scores[kept], scores[expected.numpy()])  # ties in any order


@given(st.lists(box, max_size=12), threshold)
def test_what_it_promises(rows, limit):
    boxes, scores, _ = unpacked(rows)
    kept = nms(boxes, scores, iou_threshold=limit)
    among = box_iou(boxes[kept], boxes[kept])
    np.fill_diagonal(among, 0)
    assert (among <= limit).all()
    for dropped in set(range(len(rows))) - set(kept.tolist()):
        surer = kept[scores[kept] >= scores[dropped]]
        assert (box_iou(boxes[[dropped]], boxes[surer]) > limit).any()


def test_by_hand():
    boxes = [[0, 0, 10, 10], [0, 0, 10, 5], [0, 0, 10, 6], [20, 0, 30, 10]]
    scores = [0.9, 0.8, 0.7, 0.6]
    assert nms(boxes, scores).tolist() == [0, 1, 3]  # IoU of exactly 0.5 stays
    assert nms(boxes, scores, iou_threshold=0.49).tolist() == [0, 3]
    # 2 overlaps 1 (5/6), but 1 is dropped by 0 and drops nothing
    assert nms(boxes, scores, iou_threshold=0.6).tolist() == [0, 1, 3]
    assert nms(boxes[:3], [0.9, 0.8, 0.7], iou_threshold=0.9).tolist() == [
        0,
        1,
        2,
    ]


def test_a_dropped_box_drops_nothing():
    row = [[0, 0, 4, 1], [2, 0, 6, 1], [4, 0, 8, 1]]
    assert nms(row, [0.9, 0.8, 0.7], iou_threshold=0.3).tolist() == [0, 2]


def test_of_equal_scores_the_earlier_stays():
    assert nms([[0, 0, 1, 1]] * 3, [0.5, 0.5, 0.5]).tolist() == [0]
    far = [[0, 0, 1, 1], [2, 2, 3, 3], [4, 4, 5, 5]]
    assert batched_nms(far, [0.5] * 3, [2, 0, 1]).tolist() == [0, 1, 2]


def test_classes_do_not_compete():
    boxes, scores = [[0, 0, 4, 4]] * 3, [0.2, 0.9, 0.5]
    assert batched_nms(boxes, scores, [1, 0, 1]).tolist() == [1, 2]


def test_without_boxes():
    none = np.zeros((1, 0))  # a selection that left nothing
    for kept in (nms([], []), batched_nms([], [], []), nms([], none)):
        assert_same(kept, np.zeros(0, dtype=np.int64))


@pytest.mark.parametrize(
    ("boxes", "scores", "limit", "message"),
    [
        ([[0, 0, 1, 1]], [0.5], 1.5, "iou_threshold = 1.5; expected 0 to 1"),
        ([[0, 0, 1, 1]], [0.5], float("nan"), "iou_threshold"),
        ([[0, 0, 1, 1]], [0.5, 0.4], 0.5, r"\(2,\); expected \(1,\)"),
        ([[0, 0, 1, 1]], [[0.5]], 0.5, r"\(1, 1\); expected \(1,\)"),
        ([[0, 0, 1, 1]], [np.nan], 0.5, "scores holds NaN"),
        ([[2, 0, 1, 1]], [0.5], 0.5, "expected x1 <= x2"),
    ],
)
def test_refuses(boxes, scores, limit, message):
    with pytest.raises(ValueError, match=message):
        nms(boxes, scores, iou_threshold=limit)
    with pytest.raises(ValueError, match=message):
        batched_nms(boxes, scores, [0], iou_threshold=limit)


@pytest.mark.parametrize("labels", [[], [0, 1], [0.5], [[0]]])
def test_refuses_labels(labels):
    with pytest.raises(ValueError, match=r"expected \(1,\) of integers"):
        batched_nms([[0, 0, 1, 1]], [0.5], labels)
