import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as oracle

from aibook.classification_metrics import (
    Counts,
    count_decisions,
    f1_score,
    precision,
    recall,
    specificity,
)

BIT = st.integers(0, 1)
DECISIONS = st.lists(st.tuples(BIT, BIT), min_size=1, max_size=40)


@given(DECISIONS)
def test_decisions_agree_with_scikit_learn(pairs):
    y_hat, y = np.array(pairs).T
    options = {"zero_division": np.nan}
    for ours, expected in (
        (precision(y_hat, y), oracle.precision_score(y, y_hat, **options)),
        (recall(y_hat, y), oracle.recall_score(y, y_hat, **options)),
        (f1_score(y_hat, y), oracle.f1_score(y, y_hat, **options)),
        (
            specificity(y_hat, y),
            oracle.recall_score(1 - y, 1 - y_hat, **options),
        ),
    ):
        assert ours == pytest.approx(expected, rel=1e-14, nan_ok=True)
    assert sum(count_decisions(y_hat, y)) == len(y)


def test_by_hand():
    y_hat, y = [1, 1, 1, 0, 0, 0, 0, 0], [1, 1, 0, 1, 1, 0, 0, 0]
    assert count_decisions(y_hat, y) == Counts(tp=2, fp=1, fn=2, tn=3)
    assert precision(y_hat, y) == 2 / 3
    assert recall(y_hat, y) == 0.5
    assert specificity(y_hat, y) == 0.75
    assert f1_score(y_hat, y) == pytest.approx(4 / 7)


def test_no_share_of_nothing():
    assert np.isnan(precision([0, 0], [1, 0]))
    assert f1_score([0, 0], [1, 0]) == 0
    assert np.isnan(recall([1, 0], [0, 0]))
    assert np.isnan(specificity([1, 0], [1, 1]))
    assert np.isnan(f1_score([0, 0], [0, 0]))


@pytest.mark.parametrize(
    ("y_hat", "y", "message"),
    [
        ([0, 1], [0, 1, 1], "differ"),
        ([], [], "empty"),
        ([0.7, 0.2], [1, 0], "whole numbers"),
        ([2, 0], [1, 0], "classes from 0 to 2"),
    ],
)
@pytest.mark.parametrize("measure", [precision, recall, f1_score, specificity])
def test_bad_decisions(measure, y_hat, y, message):
    with pytest.raises(ValueError, match=message):
        measure(y_hat, y)
