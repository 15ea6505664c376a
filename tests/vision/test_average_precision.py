from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
from sklearn.metrics import average_precision_score, precision_recall_curve

from aibook.vision.average_precision import (
    Found,
    Truth,
    average_precision,
    average_precisions,
    mean_average_precision,
    precision_recall,
)
from aibook.vision.boxes import convert_boxes
from helpers import assert_same
from reference import area_by_steps

K = 3
box = st.tuples(*[st.integers(0, 4)] * 2, *[st.integers(0, 4)] * 2)
truths = st.lists(st.tuples(box, st.integers(0, K - 1)), max_size=4)
finds = st.lists(
    st.tuples(
        box,
        st.integers(0, K - 1),
        st.sampled_from([0.1, 0.5, 0.5, 0.9]),  # ties
    ),
    max_size=6,
)
images = st.lists(st.tuples(truths, finds), min_size=1, max_size=4)
thresholds = st.sampled_from([0.25, 0.5, 0.75, 1.0])


def unpacked(image):
    """Return Found and Truth of integers, so that no overlap is rounded."""
    there, seen = image
    rows = np.array([b for b, *_ in there + seen], dtype=float).reshape(-1, 4)
    regions = convert_boxes(rows, "xywh", "xyxy")
    labels = np.array([k for _, k, *_ in there + seen], dtype=np.int64)
    scores = np.array([s for *_, s in seen], dtype=float)
    n = len(there)
    return Found(regions[n:], scores, labels[n:]), Truth(
        regions[:n], labels[:n]
    )


def by_pycocotools(found, truth, *, num_classes, iou_threshold):
    """Return the AP of each class in the official evaluation, NaN without truth."""
    notes, results = [], []
    for i, (f, t) in enumerate(zip(found, truth, strict=True)):
        for b, k in zip(
            convert_boxes(t.regions, "xyxy", "xywh"), t.labels, strict=True
        ):
            notes.append(
                {
                    "id": len(notes) + 1,
                    "image_id": i,
                    "category_id": int(k),
                    "bbox": b.tolist(),
                    "area": float(b[2] * b[3]),
                    "iscrowd": 0,
                }
            )
        for b, s, k in zip(
            convert_boxes(f.regions, "xyxy", "xywh"),
            f.scores,
            f.labels,
            strict=True,
        ):
            results.append(
                {
                    "image_id": i,
                    "category_id": int(k),
                    "bbox": b.tolist(),
                    "score": float(s),
                }
            )
    gt = COCO()
    gt.dataset = {
        "info": {},
        "images": [{"id": i} for i in range(len(found))],
        "categories": [{"id": k} for k in range(num_classes)],
        "annotations": notes,
    }
    with redirect_stdout(StringIO()):
        gt.createIndex()
        dt = COCO()
        if results:
            dt = gt.loadRes(results)
        else:
            dt.dataset = {**gt.dataset, "annotations": []}
            dt.createIndex()
        judge = COCOeval(gt, dt, "bbox")
        judge.params.iouThrs = np.array([iou_threshold])
        judge.evaluate()
        judge.accumulate()
    # (threshold, recall, class, area, most finds)
    precision = judge.eval["precision"][0, :, :, 0, -1]
    return np.where(precision[0] < 0, np.nan, precision.mean(axis=0))


@given(images, thresholds)
def test_pycocotools_agrees(scenes, limit):
    found, truth = zip(*map(unpacked, scenes), strict=True)
    settings = {"num_classes": K, "iou_threshold": limit}
    mine = average_precisions(found, truth, points=101, **settings)
    theirs = by_pycocotools(found, truth, **settings)
    assert np.isnan(mine).tolist() == np.isnan(theirs).tolist()
    assert_same(np.nan_to_num(mine), np.nan_to_num(theirs), rtol=1e-12)
    mean = mean_average_precision(found, truth, points=101, **settings)
    if np.isnan(theirs).all():
        assert np.isnan(mean)
    else:
        assert mean == pytest.approx(np.nanmean(theirs))


@pytest.mark.parametrize("num", [20, 100, 29, 50])
def test_a_recall_at_a_point_of_the_grid_as_in_pycocotools(num):
    """Right and wrong finds alternate, so that a point more or less shows."""
    rng = np.random.default_rng(num)
    hits = np.arange(2 * num) % 2 == 0
    found, truth = [], []
    for hit in hits:  # an image a find, surest first
        box = np.array([[0, 0, 4, 4]])
        away = box + 50
        found.append(
            Found(
                box if hit else away,
                np.array([1 - len(found) / 1000]),
                np.zeros(1, int),
            )
        )
        truth.append(Truth(box[: int(hit)], np.zeros(int(hit), int)))
    order = rng.permutation(len(found))
    found, truth = [found[i] for i in order], [truth[i] for i in order]
    settings = {"num_classes": 1, "iou_threshold": 0.5}
    mine = average_precisions(found, truth, points=101, **settings)
    assert_same(mine, by_pycocotools(found, truth, **settings), rtol=1e-12)


hit_lists = st.lists(
    st.tuples(st.booleans(), st.sampled_from([0.1, 0.2, 0.3, 0.7])),
    max_size=12,
)


@given(hit_lists, st.integers(1, 4))
def test_the_whole_area_by_steps(rows, missed):
    hits = np.array([h for h, _ in rows], dtype=bool)
    scores = np.array([s for _, s in rows], dtype=float)
    total = int(hits.sum()) + missed
    p, r = precision_recall(hits, scores, num_truth=total)
    assert average_precision(p, r) == pytest.approx(area_by_steps(p, r))
    for points in (2, 11, 101):
        at = np.linspace(0, 1, points)
        read = [max(p[r >= t], default=0.0) for t in at]
        assert average_precision(p, r, points=points) == pytest.approx(
            np.mean(read)
        )


@given(st.lists(st.booleans(), min_size=1, max_size=12))
def test_scikit_learn_agrees_where_scores_differ(hits):
    """Its area has no envelope; precision and recall are the same."""
    if not any(hits):
        return
    scores = np.random.default_rng(0).permutation(len(hits)) / 20
    p, r = precision_recall(hits, scores, num_truth=sum(hits))
    theirs = precision_recall_curve(hits, scores)
    keep = len(theirs[0]) - 1
    assert_same(p[:keep], theirs[0][:-1][::-1])
    assert_same(r[:keep], theirs[1][:-1][::-1])
    assert (
        average_precision(p, r)
        >= average_precision_score(hits, scores) - 1e-12
    )


def test_by_hand():
    p, r = precision_recall(
        [True, False, True, True], [0.9, 0.8, 0.7, 0.2], num_truth=4
    )
    assert_same(p, np.array([1, 1 / 2, 2 / 3, 3 / 4]))
    assert_same(r, np.array([1, 1, 2, 3]) / 4)
    assert average_precision(p, r) == pytest.approx(0.25 * (1 + 0.75 + 0.75))
    assert average_precision(p, r, points=2) == pytest.approx(1 / 2)
    assert average_precision([], []) == 0.0
    assert average_precision([], [], points=11) == 0.0


def test_masks_take_another_overlap():
    def mask_iou(a, b):
        both = (a[:, None] & b[None]).sum(axis=(2, 3))
        return both / (a[:, None] | b[None]).sum(axis=(2, 3))

    mask = np.zeros((2, 4, 4), bool)
    mask[0, :2], mask[1, 2:] = True, True
    found = Found(mask[[1, 0]], np.array([0.4, 0.8]), np.array([1, 0]))
    truth = Truth(mask, np.array([0, 1]))
    ap = average_precisions([found], [truth], num_classes=2, overlap=mask_iou)
    assert ap.tolist() == [1.0, 1.0]
    wrong = Truth(mask, np.array([1, 0]))
    ap = average_precisions([found], [wrong], num_classes=2, overlap=mask_iou)
    assert ap.tolist() == [0.0, 0.0]


def test_a_second_find_of_one_thing_is_wrong():
    one = np.array([[0, 0, 4, 4]])
    found = Found(
        np.repeat(one, 2, axis=0), np.array([0.9, 0.8]), np.zeros(2, int)
    )
    other = Truth(one + 20, np.zeros(1, int))
    far = Found(one + 20, np.array([0.1]), np.zeros(1, int))
    ap = mean_average_precision(
        [found, far], [Truth(one, np.zeros(1, int)), other], num_classes=1
    )
    assert ap == pytest.approx(0.5 + 0.5 * 2 / 3)


def test_nothing_found_and_nothing_there():
    none = Found(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int))
    nothing = Truth(np.zeros((0, 4)), np.zeros(0, int))
    one = Truth(np.array([[0, 0, 1, 1]]), np.zeros(1, int))
    assert mean_average_precision([none], [one], num_classes=2) == 0.0
    assert np.isnan(mean_average_precision([none], [nothing], num_classes=2))
    assert np.isnan(mean_average_precision([], [], num_classes=2))


@pytest.mark.parametrize(
    ("hits", "scores", "num", "message"),
    [
        ([True], [0.5, 0.4], 1, "expected .N,. booleans"),
        ([1], [0.5], 1, "dtype int64"),
        ([True], [np.nan], 1, "NaN"),
        ([True, True], [0.5, 0.4], 1, "num_truth = 1 for 2 hits"),
        ([], [], 0, "num_truth = 0"),
    ],
)
def test_refuses_hits(hits, scores, num, message):
    with pytest.raises(ValueError, match=message):
        precision_recall(hits, scores, num_truth=num)


@pytest.mark.parametrize(
    ("precision", "recall", "points", "message"),
    [
        ([0.5], [0.5, 0.6], None, r"expected \(N,\) both"),
        ([1.5], [0.5], None, "0 to 1"),
        ([0.5], [np.nan], None, "0 to 1"),
        ([0.5, 0.5], [0.6, 0.5], None, "recall falls"),
        ([0.5], [0.5], 1, "points = 1"),
    ],
)
def test_refuses_curves(precision, recall, points, message):
    with pytest.raises(ValueError, match=message):
        average_precision(precision, recall, points=points)


BOX, NO = np.array([[0, 0, 1, 1]]), np.zeros(0)


@pytest.mark.parametrize(
    ("found", "truth", "settings", "message"),
    [
        ([], [Truth(BOX, [0])], {}, "found in 0 images, truth of 1"),
        ([Found(BOX, [0.5], [2])], [Truth(BOX, [0])], {}, "from 2 to 2"),
        ([Found(BOX, [0.5], [0])], [Truth(BOX, [-1])], {}, "from -1 to -1"),
        ([Found(BOX, [0.5], [0.0])], [Truth(BOX, [0])], {}, "of integers"),
        (
            [Found(BOX, [0.5], [0, 1])],
            [Truth(BOX, [0])],
            {},
            "expected one each",
        ),
        ([Found(BOX, [np.inf], [0])], [Truth(BOX, [0])], {}, "infinity"),
        (
            [Found(BOX, [0.5], [0])],
            [Truth(BOX, [0, 1])],
            {},
            "1 regions and 2",
        ),
        ([], [], {"num_classes": 0}, "num_classes = 0"),
        ([], [], {"iou_threshold": 0}, "iou_threshold = 0"),
        (
            [Found(-BOX, [0.5], [0])],
            [Truth(BOX, [0])],
            {},
            "expected x1 <= x2",
        ),
    ],
)
def test_refuses(found, truth, settings, message):
    with pytest.raises(ValueError, match=message):
        average_precisions(found, truth, **{"num_classes": 2, **settings})
