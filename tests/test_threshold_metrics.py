import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from aibook.classification_metrics import (
    recall,
    specificity,
)
from aibook.threshold_metrics import (
    area_under_roc,
    average_precision,
    equal_error_rate,
    precision_recall_curve,
    roc_curve,
)
from helpers import assert_same

BIT = st.integers(0, 1)
# Few different scores make ties; the other kind makes none, or tiny gaps.
SCORE = st.integers(0, 4).map(float) | st.floats(-1e300, 1e300)
SCORED = st.lists(st.tuples(SCORE, BIT), min_size=1, max_size=40)


@given(SCORED.filter(lambda pairs: len({y for _, y in pairs}) == 2))
def test_roc_agrees_with_scikit_learn(pairs):
    scores, y = np.array(pairs).T
    curve = roc_curve(scores, y)
    expected = oracle.roc_curve(y, scores, drop_intermediate=False)
    for ours, theirs in zip(curve, expected, strict=True):
        assert_same(ours, theirs, rtol=0, atol=0)
    area = area_under_roc(scores, y)
    assert area == pytest.approx(oracle.roc_auc_score(y, scores), abs=1e-12)
    # The probability of the right order, counted pair by pair.
    ahead = np.sign(scores[y == 1][:, None] - scores[y == 0])
    assert area == pytest.approx((ahead.mean() + 1) / 2, abs=1e-12)


@given(SCORED.filter(lambda pairs: any(y for _, y in pairs)))
def test_precision_and_recall_agree_with_scikit_learn(pairs):
    scores, y = np.array(pairs).T
    x, y_axis, thresholds = precision_recall_curve(scores, y)
    p, r, t = oracle.precision_recall_curve(y, scores)
    assert_same(x, r[:-1][::-1], rtol=0, atol=0)
    assert_same(y_axis, p[:-1][::-1], rtol=0, atol=0)
    assert_same(thresholds, t[::-1], rtol=0, atol=0)
    assert y_axis[-1] == pytest.approx(y.mean())
    assert average_precision(scores, y) == pytest.approx(
        oracle.average_precision_score(y, scores), abs=1e-12
    )


@given(SCORED.filter(lambda pairs: len({y for _, y in pairs}) == 2))
def test_curves_are_the_decisions_at_each_threshold(pairs):
    scores, y = np.array(pairs).T
    for x, y_axis, threshold in zip(*roc_curve(scores, y), strict=True):
        decisions = scores >= threshold
        assert y_axis == recall(decisions, y)
        assert x == pytest.approx(1 - specificity(decisions, y), abs=1e-15)


def test_perfect_reversed_and_constant_scores():
    y = [0, 0, 1, 1, 1]
    for scores, area in (
        ([1, 2, 3, 4, 5], 1.0),
        ([5, 4, 3, 2, 1], 0.0),
        ([7] * 5, 0.5),
    ):
        assert area_under_roc(scores, y) == area
    assert average_precision([1, 2, 3, 4, 5], y) == 1
    assert average_precision([7] * 5, y) == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("scores", "y", "message"),
    [
        ([0.1, 0.2], [1, 0, 1], r"scores has shape \(2,\), y has \(3,\)"),
        ([[0.1], [0.2]], [[1], [0]], r"expected \(N,\)"),
        ([], [], "scores is empty"),
        ([0.1, np.nan], [1, 0], "scores holds NaN"),
        ([0.1, np.inf], [1, 0], "scores holds NaN or infinity"),
        ([0.1, 0.2], [1, 2], "y holds 2; classes are 0 and 1"),
        ([0.1, 0.2], [0, 0], "y holds no 1"),
    ],
)
@pytest.mark.parametrize(
    "measure", [area_under_roc, average_precision, equal_error_rate]
)
def test_bad_scores(measure, scores, y, message):
    with pytest.raises(ValueError, match=message):
        measure(scores, y)


def test_roc_needs_negatives_and_precision_does_not():
    with pytest.raises(ValueError, match="y holds no 0"):
        area_under_roc([0.1, 0.2], [1, 1])
    assert average_precision([0.1, 0.2], [1, 1]) == 1


@given(SCORED.filter(lambda pairs: len({y for _, y in pairs}) == 2))
def test_at_the_equal_error_rate_both_errors_are_equal(pairs):
    scores, y = np.array(pairs).T
    rate = equal_error_rate(scores, y)
    x, recalls, _ = roc_curve(scores, y)
    assert 0 <= rate <= 1
    # The point lies on the curve: between its neighbours on the diagonal.
    before = np.flatnonzero(x + recalls <= 1)[-1]
    assert x[before] <= rate + 1e-12
    assert 1 - recalls[before] >= rate - 1e-12
    assert equal_error_rate(-scores, y) == pytest.approx(1 - rate)


@pytest.mark.parametrize(
    ("scores", "rate"),
    [([4, 3, 2, 1], 0.0), ([1, 2, 3, 4], 1.0), ([5] * 4, 0.5)],
)
def test_equal_error_rate_by_hand(scores, rate):
    assert equal_error_rate(scores, [1, 1, 0, 0]) == rate
