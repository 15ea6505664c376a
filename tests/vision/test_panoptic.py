import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import reference
from aibook.vision.panoptic import VOID, Panoptic, merge_panoptic
from aibook.vision.panoptic_quality import panoptic_quality
from helpers import assert_same

SHAPE = (4, 5)
NUM_CLASSES = 4  # two of stuff, two of things
maps = st.builds(
    lambda classes, ids: Panoptic(classes, np.where(classes < 2, 0, ids)),
    arrays(np.int64, SHAPE, elements=st.integers(VOID, NUM_CLASSES - 1)),
    arrays(np.int64, SHAPE, elements=st.integers(0, 2)),
)


def compare(found, true):
    quality = panoptic_quality(found, true, num_classes=NUM_CLASSES)
    plain = [
        [(m.classes.tolist(), m.ids.tolist()) for m in some]
        for some in (found, true)
    ]
    expected = reference.panoptic_quality_loop(*plain, NUM_CLASSES, VOID)
    for k, (overlap, tp, fp, fn) in enumerate(expected):
        assert [quality.tp[k], quality.fp[k], quality.fn[k]] == [tp, fp, fn]
        if tp + fp + fn == 0:
            assert np.isnan(
                [quality.pq[k], quality.sq[k], quality.rq[k]]
            ).all()
            continue
        assert quality.pq[k] == pytest.approx(overlap / (tp + (fp + fn) / 2))
        assert quality.sq[k] == pytest.approx(overlap / tp if tp else 0)
    return quality


@given(st.lists(st.tuples(maps, maps), max_size=3))
def test_the_loop_agrees(pairs):
    compare([a for a, _ in pairs], [b for _, b in pairs])


@given(maps, st.integers(0, 2**20 - 1))
def test_the_loop_agrees_when_most_is_right(true, flips):
    """A few pixels changed, so that there are pairs."""
    change = np.array([flips >> k & 1 for k in range(20)]).reshape(SHAPE)
    change &= np.arange(20).reshape(SHAPE) % 3 == 0
    classes = np.where(change, (true.classes + 1) % NUM_CLASSES, true.classes)
    compare([Panoptic(classes, true.ids)], [true])


@given(maps)
def test_the_truth_is_perfect(true):
    quality = panoptic_quality([true], [true], num_classes=NUM_CLASSES)
    present = np.isin(np.arange(NUM_CLASSES), true.classes)
    assert_same(quality.pq[present], np.ones(present.sum()))
    assert np.isnan(quality.pq[~present]).all()
    assert quality.fp.sum() == quality.fn.sum() == 0


@given(maps, maps)
def test_names_of_things_do_not_matter(found, true):
    renamed = Panoptic(
        found.classes, np.where(found.ids > 0, 9 - found.ids, 0)
    )
    a, b = (
        panoptic_quality([some], [true], num_classes=NUM_CLASSES)
        for some in (found, renamed)
    )
    assert_same(a.pq[a.tp > 0], b.pq[b.tp > 0])
    assert (a.tp == b.tp).all()


def test_by_hand():
    """IoU 0.8 and 0.6, one false find, one miss: 1.4 / 3."""
    true, found = np.zeros((2, 1, 30), dtype=np.int64)
    true[0, :5], found[0, :4] = 1, 1  # 4 / 5
    true[0, 5:10], found[0, 7:10] = 2, 2  # 3 / 5
    true[0, 10:15] = 3
    found[0, 20:25] = 4
    things = [
        Panoptic(np.where(ids > 0, 0, VOID), ids) for ids in (found, true)
    ]
    quality = panoptic_quality(things[:1], things[1:], num_classes=1)
    # what lies on void is not held against it
    assert quality.pq[0] == pytest.approx(1.4 / 2.5)
    ground = [Panoptic(np.where(ids > 0, 0, 1), ids) for ids in (found, true)]
    quality = panoptic_quality(ground[:1], ground[1:], num_classes=2)
    assert quality.pq[0] == pytest.approx(1.4 / 3)
    assert [quality.sq[0], quality.rq[0]] == pytest.approx([0.7, 2 / 3])


def test_an_iou_of_one_half_is_no_pair():
    true = Panoptic(np.zeros((1, 4), np.int64), np.array([[1, 1, 2, 2]]))
    found = Panoptic(np.zeros((1, 4), np.int64), np.array([[1, 2, 2, 2]]))
    quality = panoptic_quality([found], [true], num_classes=1)
    assert [quality.tp[0], quality.fp[0], quality.fn[0]] == [1, 1, 1]


masks = arrays(bool, (3, *SHAPE))
scores = st.lists(
    st.sampled_from([0.2, 0.5, 0.7, 0.9]), min_size=3, max_size=3
)
grounds = arrays(np.int64, SHAPE, elements=st.integers(VOID, 1))


@given(masks, scores, grounds, st.sampled_from([0.0, 0.5, 1.0]))
def test_merging_agrees_with_the_loop(some, sure, ground, visible):
    """Ties, empty masks, masks that cover each other."""
    labels = [2, 3, 2]
    merged = merge_panoptic(some, labels, sure, ground, visible=visible)
    expected = reference.merge_panoptic_loop(
        some.tolist(), labels, sure, ground.tolist(), 0.5, visible
    )
    assert merged.classes.tolist() == expected[0]
    assert merged.ids.tolist() == expected[1]


def test_merging_nothing_leaves_the_ground():
    ground = np.array([[0, 1], [VOID, 1]])
    for none in ([], np.zeros((0, 2, 2), bool)):
        merged = merge_panoptic(none, [], [], ground)
        assert_same(merged.classes, ground)
        assert merged.ids.sum() == 0
    background = np.zeros((2, 2, 2), dtype=bool)
    merged = merge_panoptic(background, [2, 3], [0.9, 0.9], ground)
    assert_same(merged.classes, ground)


GROUND = np.zeros((2, 2), dtype=np.int64)
MASK = np.ones((1, 2, 2), dtype=bool)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((MASK.astype(float), [2], [0.9], GROUND), "of booleans"),
        ((MASK[0], [2], [0.9], GROUND), r"expected \(n, H, W\)"),
        ((MASK, [2], [0.9], GROUND[:1]), "stuff shape"),
        ((MASK, [2, 3], [0.9], GROUND), "expected one of each"),
        ((MASK, [2], [0.9, 0.8], GROUND), "expected one of each"),
        ((MASK, [-1], [0.9], GROUND), "labels holds -1"),
        ((MASK, [2.0], [0.9], GROUND), "dtype float64"),
        ((MASK, [2], [np.nan], GROUND), "NaN"),
        ((MASK, [2], [0.9], GROUND - 2), "stuff holds -2"),
    ],
)
def test_merging_refuses(arguments, message):
    with pytest.raises(ValueError, match=message):
        merge_panoptic(*arguments)
    with pytest.raises(ValueError, match="visible = 2"):
        merge_panoptic(MASK, [2], [0.9], GROUND, visible=2)


def test_the_measure_refuses():
    right = Panoptic(GROUND, GROUND)
    for found, true, message in (
        ([right], [], "1 predictions for 0 truths"),
        ([Panoptic(GROUND + 3, GROUND)], [right], "expected below 3"),
        ([Panoptic(GROUND[:1], GROUND)], [right], "twice"),
        ([Panoptic(GROUND[:1], GROUND[:1])], [right], "its truth"),
        ([Panoptic(GROUND - 2, GROUND)], [right], "holds -2"),
        ([Panoptic(GROUND, GROUND - 1)], [right], "holds -1"),
    ):
        with pytest.raises(ValueError, match=message):
            panoptic_quality(found, true, num_classes=3)
    with pytest.raises(ValueError, match="num_classes = 0"):
        panoptic_quality([], [], num_classes=0)
