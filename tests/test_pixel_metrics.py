import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import accuracy_score, f1_score, jaccard_score

from aibook.metrics import confusion_matrix
from aibook.pixel_metrics import (
    class_dice,
    class_iou,
    mean_iou,
    pixel_accuracy,
)
from aibook.vision.masks import dice, mask_iou
from helpers import assert_same
from reference import class_overlap

MEASURES = (pixel_accuracy, class_iou, class_dice, mean_iou)


@st.composite
def maps(draw):
    """Two maps of K classes; often some classes are in neither."""
    num_classes = draw(st.integers(1, 5))
    shape = draw(st.tuples(*[st.integers(1, 3)] * 3))
    top = draw(st.integers(0, num_classes - 1))
    pair = arrays(np.int64, (2, *shape), elements=st.integers(0, top))
    y_hat, y = draw(pair)
    if draw(st.booleans()):  # all background
        y[:] = 0
    return y_hat, y, num_classes


@given(maps())
def test_by_sets_of_pixels(example):
    y_hat, y, num_classes = example
    counts = confusion_matrix(y_hat, y, num_classes=num_classes)
    iou, coefficient = class_overlap(y_hat.ravel(), y.ravel(), num_classes)
    for ours, expected in (
        (class_iou(counts), iou),
        (class_dice(counts), coefficient),
    ):
        np.testing.assert_allclose(ours, expected, rtol=1e-14)
    there = [v for v in iou if v == v]
    assert mean_iou(counts) == pytest.approx(sum(there) / len(there))


@given(maps())
def test_scikit_learn_agrees(example):
    y_hat, y, num_classes = example
    counts = confusion_matrix(y_hat, y, num_classes=num_classes)
    flat = y.ravel(), y_hat.ravel()
    options = {
        "labels": np.arange(num_classes),
        "average": None,
        "zero_division": 0,
    }
    iou = np.nan_to_num(class_iou(counts))
    assert_same(iou, jaccard_score(*flat, **options))
    f1 = np.nan_to_num(class_dice(counts))
    assert_same(f1, f1_score(*flat, **options))
    assert pixel_accuracy(counts) == pytest.approx(accuracy_score(*flat))
    # without labels scikit-learn too takes the classes that are there
    mean = jaccard_score(*flat, average="macro")
    assert mean_iou(counts) == pytest.approx(mean)


@given(maps(), maps())
def test_tables_add_up(one, two):
    num = max(one[2], two[2])
    tables = [confusion_matrix(*m[:2], num_classes=num) for m in (one, two)]
    y_hat, y = (
        np.concatenate([one[k].ravel(), two[k].ravel()]) for k in (0, 1)
    )
    counts = confusion_matrix(y_hat, y, num_classes=num)
    assert mean_iou(sum(tables)) == mean_iou(counts)


@given(maps())
def test_a_class_is_a_mask(example):
    y_hat, y, num_classes = example
    counts = confusion_matrix(y_hat, y, num_classes=num_classes)
    for k in range(num_classes):
        masks = [(m == k).reshape(1, 1, -1) for m in (y_hat, y)]
        assume(masks[0].any() or masks[1].any())
        assert class_iou(counts)[k] == pytest.approx(mask_iou(*masks)[0, 0])
        assert class_dice(counts)[k] == pytest.approx(dice(*masks)[0, 0])


def test_by_hand():
    counts = [[90, 0, 0], [6, 4, 0], [0, 0, 0]]
    assert pixel_accuracy(counts) == 0.94
    iou = class_iou(counts)
    assert iou[:2].tolist() == [90 / 96, 0.4]
    assert np.isnan(iou[2])
    assert class_dice(counts)[1] == pytest.approx(8 / 14)
    assert mean_iou(counts) == pytest.approx((90 / 96 + 0.4) / 2)


def test_naming_all_pixels_background():
    counts = confusion_matrix(np.zeros(100), [1] + [0] * 99, num_classes=2)
    assert pixel_accuracy(counts) == 0.99
    assert class_iou(counts).tolist() == [0.99, 0]


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([1, 2], r"shape \(2,\); expected \(K, K\)"),
        ([[1, 2]], r"shape \(1, 2\)"),
        (np.zeros((0, 0)), "adds up to 0"),
        (np.zeros((2, 2)), "adds up to 0"),
        ([[1, -1], [0, 0]], "no counts"),
        ([[0.5, 0.5], [0, 0]], "no counts"),
        ([[np.nan, 0], [0, 0]], "no counts"),
        ([[np.inf, 0], [0, 0]], "finitely"),
    ],
)
@pytest.mark.parametrize("measure", MEASURES)
def test_refuses_what_is_no_table(measure, counts, message):
    with pytest.raises(ValueError, match=message):
        measure(counts)
