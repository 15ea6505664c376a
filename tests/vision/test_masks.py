import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist
from sklearn.metrics import f1_score, jaccard_score
from torchvision.ops import box_iou as torch_box_iou
from torchvision.ops import masks_to_boxes as torch_boxes

from aibook.data.scenes import load_scenes
from aibook.vision.masks import dice, mask_iou, masks_to_boxes
from helpers import assert_same
from reference import mask_overlap

sizes = st.tuples(st.integers(0, 5), st.integers(0, 5))


@st.composite
def stacks(draw):
    """Two stacks of masks of one size, empty and equal masks among them."""
    height, width = draw(sizes)
    both = []
    for _ in range(2):
        num = draw(st.integers(0, 4))
        stack = draw(arrays(bool, (num, height, width)))
        if num > 1:
            stack[0] = draw(st.sampled_from([False, True]))
        both.append(stack)
    if len(both[0]) and len(both[1]) and draw(st.booleans()):
        both[1][-1] = both[0][-1]
    return both


@given(stacks())
def test_by_sets_of_pixels(pair):
    iou, coefficient = mask_overlap(*pair)
    shape = len(pair[0]), len(pair[1])
    assert_same(mask_iou(*pair), np.array(iou, float).reshape(shape))
    assert_same(dice(*pair), np.array(coefficient, float).reshape(shape))


@given(arrays(bool, (3, 4, 5)), arrays(bool, (2, 4, 5)))
def test_scipy_and_scikit_learn_agree(a, b):
    a[:, 0, 0] = True  # the others leave two empty masks open
    distances = cdist(a.reshape(3, -1), b.reshape(2, -1), "jaccard")
    assert_same(mask_iou(a, b), 1 - distances)
    for i in range(3):
        for j in range(2):
            flat = a[i].ravel(), b[j].ravel()
            assert mask_iou(a, b)[i, j] == pytest.approx(jaccard_score(*flat))
            assert dice(a, b)[i, j] == pytest.approx(f1_score(*flat))


@given(stacks())
def test_dice_follows_from_iou(pair):
    iou = mask_iou(*pair)
    assert_same(dice(*pair), 2 * iou / (1 + iou))


def test_by_hand():
    a = np.zeros((3, 4, 4), bool)
    a[0, :2], a[1, 1:3] = True, True  # 8 pixels each, 4 in common
    expected = [[1, 1 / 3, 0], [1 / 3, 1, 0], [0, 0, 0]]
    assert_same(mask_iou(a, a), np.array(expected))
    assert_same(dice(a, a), np.array([[1, 0.5, 0], [0.5, 1, 0], [0, 0, 0]]))


def test_tensors_and_numbers_are_masks_too():
    a = torch.tensor([[[1, 0], [1, 1]]])
    assert mask_iou(a, a.float()).tolist() == [[1.0]]
    assert mask_iou(a > 0, np.array([[[0, 1], [0, 0]]])).tolist() == [[0.0]]


def test_counts_of_large_masks_stay_exact():
    a = np.ones((1, 4096, 4097), bool)  # more than float32 counts exactly
    b = a.copy()
    b[0, 0, 0] = False
    num = a.size
    assert mask_iou(a, b)[0, 0] == (num - 1) / num


# --- boxes -------------------------------------------------------------------


@given(arrays(bool, (4, 5, 6)))
def test_boxes_are_torchvisions_with_the_far_edge(masks):
    masks[:, 2, 3] = True  # torchvision refuses empty masks
    expected = torch_boxes(torch.tensor(masks)).numpy()
    expected[:, 2:] += 1
    assert_same(masks_to_boxes(masks), expected.astype(np.int64))


def test_boxes_of_no_and_of_empty_masks():
    assert masks_to_boxes(np.zeros((0, 3, 3))).shape == (0, 4)
    assert masks_to_boxes(np.zeros((2, 3, 3))).tolist() == [[0] * 4] * 2


def test_boxes_of_filled_boxes_overlap_as_the_masks():
    masks = np.zeros((2, 10, 12), bool)
    masks[0, 1:7, 2:9] = masks[1, 4:10, 5:12] = True
    boxes = torch.tensor(masks_to_boxes(masks))
    assert_same(mask_iou(masks, masks), torch_box_iou(boxes, boxes).double())


def test_boxes_are_those_of_the_scenes():
    scenes = load_scenes(num=5)
    for masks, boxes in zip(scenes.masks, scenes.boxes, strict=True):
        ids = np.arange(1, len(boxes) + 1)
        assert_same(masks_to_boxes(masks == ids[:, None, None]), boxes)


# --- bad input ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "message"),
    [
        ([[1, 0]], [[[1, 0]]], r"a has shape \(1, 2\); expected \(N, H, W\)"),
        ([[[1, 0]]], [1], r"b has shape \(1,\); expected"),
        ([[[1, 0]]], [[[1], [0]]], r"\(1, 2\), b of \(2, 1\)"),
        ([[[2, 0]]], [[[1, 0]]], "a .* other than 0 and 1"),
        ([[[0.5, 0]]], [[[1, 0]]], "a .* other than 0 and 1"),
        ([[[1, 0]]], [[[np.nan, 0]]], "b .* other than 0 and 1"),
        ([[["1", "0"]]], [[[1, 0]]], "a .* other than 0 and 1"),
    ],
)
@pytest.mark.parametrize("measure", [mask_iou, dice])
def test_refuses_what_is_no_pair_of_stacks(measure, a, b, message):
    with pytest.raises(ValueError, match=message):
        measure(a, b)


@pytest.mark.parametrize("bad", [[[1]], [[[3]]], 1.0])
def test_refuses_what_has_no_boxes(bad):
    with pytest.raises(ValueError, match="masks"):
        masks_to_boxes(bad)
