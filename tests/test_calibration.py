import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from aibook.calibration import (
    brier_score,
    calibration_error,
    reliability,
    undo_class_weight,
)
from helpers import assert_same

# scikit-learn puts an edge into the bin on its left, so edges are left out.
PROBABILITY = st.floats(0.001, 0.999).filter(lambda p: p * 20 % 1 != 0)
EXAMPLES = st.lists(
    st.tuples(PROBABILITY, st.integers(0, 1)), min_size=1, max_size=50
)
WITH_BOTH = EXAMPLES.filter(lambda pairs: len({y for _, y in pairs}) == 2)


@given(WITH_BOTH, st.sampled_from([1, 2, 4, 5, 10]))
def test_reliability_agrees_with_scikit_learn(pairs, num_bins):
    p, y = np.array(pairs).T
    observed, predicted = calibration_curve(y, p, n_bins=num_bins)
    bins = reliability(p, y, num_bins=num_bins)
    assert_same(bins.predicted, predicted, rtol=1e-12)
    assert_same(bins.observed, observed, rtol=1e-12)
    assert bins.counts.sum() == len(p)
    gaps = np.abs(bins.predicted - bins.observed) * bins.counts
    error = calibration_error(p, y, num_bins=num_bins)
    assert error == pytest.approx(gaps.sum() / len(p))
    assert brier_score(p, y) == pytest.approx(brier_score_loss(y, p))


def test_edges_belong_to_the_right_and_one_to_the_last():
    bins = reliability([0.0, 0.5, 1.0], [0, 0, 1], num_bins=2)
    assert bins.counts.tolist() == [1, 2]
    assert bins.predicted.tolist() == [0.0, 0.75]


def test_perfect_and_constant_forecasts_have_their_scores():
    y = np.array([0, 0, 0, 1])
    assert brier_score(y, y) == 0
    assert brier_score(np.full(4, 0.25), y) == 0.25 * 0.75
    assert calibration_error(np.full(4, 0.25), y) == 0


@given(
    st.floats(0, 1),
    st.floats(min_value=1e-308, max_value=1e308),
)
def test_weights_are_undone_whatever_their_size(p, weight):
    q = undo_class_weight(p, weight)
    assert 0 <= q <= 1  # false for NaN too
    if 1e-6 < p < 1 - 1e-6 and 1e-3 < weight < 1e3:
        odds = q / (1 - q) * weight
        assert odds == pytest.approx(p / (1 - p), rel=1e-6)


def test_the_weighted_loss_has_its_minimum_at_the_weighted_odds():
    """Closed form: the mean loss -w s ln q - (1 - s) ln (1 - q)."""
    share, weight = 0.24, 3.0
    q = np.linspace(0.001, 0.999, 99_801)
    loss = -weight * share * np.log(q) - (1 - share) * np.log(1 - q)
    best = q[loss.argmin()]
    assert undo_class_weight(best, weight) == pytest.approx(share, abs=1e-4)


@pytest.mark.parametrize(
    "measure", [reliability, calibration_error, brier_score]
)
@pytest.mark.parametrize(
    ("p", "y", "message"),
    [
        ([], [], "p is empty"),
        ([0.5, 1.1], [0, 1], "p holds 1.1"),
        ([-0.1], [0], "p holds -0.1"),
        ([np.nan], [0], "NaN"),
        ([[0.5]], [0], r"p has shape \(1, 1\)"),
        ([0.5], [0, 1], r"y has shape \(2,\)"),
        ([0.5], [2], "y holds 2"),
    ],
)
def test_bad_input_is_refused(measure, p, y, message):
    with pytest.raises(ValueError, match=message):
        measure(p, y)


def test_bad_numbers_of_bins_and_weights_are_refused():
    with pytest.raises(ValueError, match="num_bins is 0"):
        reliability([0.5], [1], num_bins=0)
    for weight in (0.0, -1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="weight is"):
            undo_class_weight([0.5], weight)
