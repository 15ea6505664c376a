import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aibook.intervals import fold_interval

SCORES = st.lists(st.floats(-1, 1), min_size=2, max_size=10)


@given(SCORES, st.floats(1e-9, 0.9), st.floats(0.5, 0.999))
def test_it_is_students_interval_made_wider(scores, share, confidence):
    mean, low, high = fold_interval(
        scores, test_share=share, confidence=confidence
    )
    spread = np.std(scores, ddof=1)
    num = len(scores)
    widening = np.sqrt(1 + num * share / (1 - share))
    assert mean == pytest.approx(np.mean(scores))
    assert high - mean == pytest.approx(mean - low, abs=1e-12)
    if spread > 1e-9:
        plain = stats.t.interval(
            confidence, num - 1, mean, spread / np.sqrt(num)
        )
        assert high - low == pytest.approx(
            widening * (plain[1] - plain[0]), rel=1e-6, abs=1e-12
        )


def test_five_folds_by_hand():
    # Variance 0.00025; times 1/5 + 1/4; t with 4 degrees of freedom: 2.7764.
    scores = [0.83, 0.84, 0.85, 0.86, 0.87]
    mean, low, _ = fold_interval(scores, test_share=1 / 5)
    assert mean == pytest.approx(0.85)
    expected = 2.776445 * (0.00025 * 0.45) ** 0.5
    assert mean - low == pytest.approx(expected, rel=1e-6)


def test_equal_scores_leave_no_width():
    assert fold_interval([0.5, 0.5], test_share=0.5) == (0.5, 0.5, 0.5)


@pytest.mark.parametrize("bad", [[], [0.5], [[0.5, 0.6]], [0.5, np.nan]])
def test_bad_scores_are_refused(bad):
    with pytest.raises(ValueError, match="scores"):
        fold_interval(bad, test_share=0.2)


@pytest.mark.parametrize("bad", [0.0, 1.0, -1.0, np.nan])
def test_bad_shares_are_refused(bad):
    with pytest.raises(ValueError, match="test_share"):
        fold_interval([0.5, 0.6], test_share=bad)
    with pytest.raises(ValueError, match="confidence"):
        fold_interval([0.5, 0.6], test_share=0.2, confidence=bad)
