import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.vision.boxes import box_iou
from aibook.vision.detection_errors import KINDS, sort_errors
from aibook.vision.matching import Found, Truth

corner = st.integers(0, 5)
side = st.integers(0, 5)
box = st.tuples(corner, corner, side, side).map(
    lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
)
finds = st.lists(
    st.tuples(box, st.sampled_from([0.2, 0.5, 0.8]), st.integers(0, 1)),
    max_size=5,
)
things = st.lists(st.tuples(box, st.integers(0, 1)), max_size=4)
TRUE = Truth(np.array([[0, 0, 10, 10], [30, 0, 40, 10]]), np.array([0, 1]))


def kinds_of(*rows, truth=TRUE):
    boxes, labels = zip(*rows, strict=True)
    scores = 1 - np.arange(len(rows)) / 10
    found = Found(np.array(boxes, dtype=float), scores, np.array(labels))
    errors = sort_errors(found, truth, num_classes=2)
    return errors.kinds, errors.missed.tolist()


@pytest.mark.parametrize(
    ("rows", "kinds", "missed"),
    [
        ([((0, 0, 10, 10), 0)], ["right"], [1]),
        ([((0, 0, 10, 10), 0), ((0, 0, 10, 9), 0)], ["right", "double"], [1]),
        ([((0, 0, 10, 9), 1)], ["class"], [1]),
        ([((0, 0, 10, 4), 0)], ["place"], [1]),
        ([((30, 0, 40, 4), 0)], ["both"], [0]),
        ([((50, 50, 60, 60), 0)], ["ground"], [0, 1]),
        ([((0, 0, 10, 5), 0)], ["right"], [1]),  # an IoU of exactly one half
        ([((0, 0, 10, 1), 0)], ["place"], [1]),  # and of exactly a tenth
        (
            [((0, 0, 10, 10), 0), ((30, 0, 40, 10), 1)],
            ["right", "right"],
            [],
        ),
    ],
)
def test_by_hand(rows, kinds, missed):
    assert kinds_of(*rows) == (kinds, missed)


@given(finds, things)
def test_the_rules_hold(seen, there):
    found = Found(
        np.array([b for b, *_ in seen], dtype=float).reshape(-1, 4),
        np.array([s for _, s, _ in seen], dtype=float),
        np.array([k for *_, k in seen], dtype=int),
    )
    truth = Truth(
        np.array([b for b, _ in there], dtype=float).reshape(-1, 4),
        np.array([k for _, k in there], dtype=int),
    )
    kinds, missed = sort_errors(found, truth, num_classes=2)
    order = np.argsort(-found.scores, kind="stable")
    assert len(kinds) == len(seen)
    assert set(kinds) <= set(KINDS)
    assert kinds.count("right") + len(missed) <= len(there)
    iou = box_iou(found.regions[order], truth.regions)
    alike = found.labels[order][:, None] == truth.labels[None]
    for i, kind in enumerate(kinds):
        own = (iou[i] * alike[i]).max(initial=0)
        other = (iou[i] * ~alike[i]).max(initial=0)
        possible = {
            "right": own >= 0.5,
            "double": own >= 0.5,
            "class": own < 0.5 <= other,
            "place": 0.1 <= own < 0.5 and other < 0.5,
            "both": own < 0.1 <= other < 0.5,
            "ground": own < 0.1 and other < 0.1,
        }
        assert possible[kind], (kind, own, other)
    for j in missed:  # it was free throughout: what fits it found a better one
        for i in np.flatnonzero((iou[:, j] >= 0.5) & alike[:, j]):
            assert kinds[i] == "right"


def test_nothing_found_and_nothing_there():
    none = Found(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int))
    assert sort_errors(none, TRUE, num_classes=2).missed.tolist() == [0, 1]
    empty = Truth(np.zeros((0, 4)), np.zeros(0, int))
    assert kinds_of(((0, 0, 1, 1), 0), truth=empty) == (["ground"], [])


@pytest.mark.parametrize("near", [0, 0.6, float("nan")])
def test_refuses(near):
    none = Found(np.zeros((0, 4)), np.zeros(0), np.zeros(0, int))
    with pytest.raises(ValueError, match=r"at most iou_threshold = 0\.5"):
        sort_errors(none, TRUE, num_classes=2, near=near)
