import math
from statistics import NormalDist

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from aibook.metrics import (
    accuracy,
    accuracy_standard_error,
    confusion_matrix,
    wilson_interval,
)
from helpers import assert_same

LABELS = st.integers(2, 6).flatmap(
    lambda k: st.tuples(
        st.just(k),
        st.lists(
            st.tuples(*[st.integers(0, k - 1)] * 2), min_size=1, max_size=40
        ),
    )
)


@given(LABELS)
def test_agrees_with_scikit_learn(case):
    num_classes, pairs = case
    y_hat, y = np.array(pairs).T
    assert accuracy(y_hat, y) == sklearn_metrics.accuracy_score(y, y_hat)
    expected = sklearn_metrics.confusion_matrix(
        y, y_hat, labels=range(num_classes)
    )
    assert_same(confusion_matrix(y_hat, y, num_classes=num_classes), expected)


def test_confusion_matrix_has_true_classes_in_rows():
    assert_same(
        confusion_matrix([2, 2, 0], [1, 1, 0], num_classes=3),
        np.array([[1, 0, 0], [0, 0, 2], [0, 0, 0]]),
    )


def test_tensors_images_and_booleans_are_accepted():
    logits = torch.tensor([[0.5, -1.0], [2.0, -3.0]], requires_grad=True)
    y = torch.tensor([[1, 0], [1, 1]])
    assert accuracy(logits > 0, y) == 0.75
    assert accuracy((logits > 0).float(), y) == 0.75
    assert_same(
        confusion_matrix(logits > 0, y, num_classes=2),
        np.array([[1, 0], [1, 2]]),
    )


def test_standard_error_is_the_spread_of_repeated_measurements():
    p, n = 0.8, 250
    shares = np.random.default_rng(0).binomial(n, p, size=200_000) / n
    assert accuracy_standard_error(p, n) == pytest.approx(
        shares.std(), rel=0.01
    )


@pytest.mark.parametrize(
    ("y_hat", "y", "message"),
    [
        ([0, 1], [0, 1, 1], r"shape \(2,\), y has \(3,\)"),
        ([[0], [1]], [0, 1], "differ"),
        ([], [], "empty"),
        ([0.7, 0.2], [1, 0], "y_hat .* whole numbers"),
        ([1, 0], [1.0, np.nan], "y .* whole numbers"),
        ([1, 0], [1.0, np.inf], "y .* whole numbers"),
        (["a", "b"], ["a", "b"], "whole numbers"),
    ],
)
def test_bad_labels(y_hat, y, message):
    with pytest.raises(ValueError, match=message):
        accuracy(y_hat, y)
    with pytest.raises(ValueError, match=message):
        confusion_matrix(y_hat, y, num_classes=2)


@pytest.mark.parametrize(
    ("y_hat", "y", "name"),
    [([0, 2], [0, 1], "y_hat"), ([0, 1], [0, 2], "y"), ([0, 1], [0, -1], "y")],
)
def test_labels_out_of_range(y_hat, y, name):
    with pytest.raises(
        ValueError, match=f"^{name} holds classes .* from 0 to 1"
    ):
        confusion_matrix(y_hat, y, num_classes=2)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_bad_accuracy(share):
    with pytest.raises(ValueError, match=r"must lie in \[0, 1\]"):
        accuracy_standard_error(share, 10)


def test_bad_number_of_samples():
    with pytest.raises(ValueError, match="num_samples = 0"):
        accuracy_standard_error(0.5, 0)


# wilson_interval


@given(st.integers(1, 2000), st.floats(0, 1), st.floats(0.01, 0.999))
def test_wilson_ends_are_z_standard_errors_away(n, share, confidence):
    k = round(share * n)
    low, high = wilson_interval(k, n, confidence=confidence)
    assert 0 <= low <= high <= 1
    assert low - 1e-12 <= k / n <= high + 1e-12
    # The ends solve (k/n - p)^2 = z^2 p (1 - p) / n, a quadratic in p.
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p_hat, c = k / n, z**2 / n
    roots = np.roots([1 + c, -(2 * p_hat + c), p_hat**2])
    assert [low, high] == pytest.approx(sorted(roots.real), abs=1e-7)
    other = wilson_interval(n - k, n, confidence=confidence)
    assert other == pytest.approx((1 - high, 1 - low), abs=1e-12)


def test_wilson_by_hand():
    # k = n: from n / (n + z^2) to 1.
    z = 1.959963984540054
    assert wilson_interval(0, 10) == pytest.approx(
        (0, z**2 / (10 + z**2)), abs=1e-15
    )
    assert wilson_interval(10, 10)[1] == 1
    assert wilson_interval(0, 10)[0] == 0


def test_wilson_holds_the_truth_about_as_often_as_it_says():
    # Every count of 200, with its binomial probability: no random numbers.
    n, p = 200, 0.9
    held = sum(
        math.comb(n, k) * p**k * (1 - p) ** (n - k)
        for k in range(n + 1)
        if wilson_interval(k, n)[0] <= p <= wilson_interval(k, n)[1]
    )
    assert held == pytest.approx(0.95, abs=0.02)


@pytest.mark.parametrize(
    ("arguments", "confidence", "message"),
    [
        ((0, 0), 0.95, "num_samples = 0"),
        ((-1, 5), 0.95, "num_correct = -1"),
        ((6, 5), 0.95, "num_correct = 6"),
        ((1, 5), 0.0, r"confidence = 0\.0"),
        ((1, 5), 1.0, r"confidence = 1\.0"),
        ((1, 5), float("nan"), "confidence = nan"),
    ],
)
def test_wilson_bad_input(arguments, confidence, message):
    with pytest.raises(ValueError, match=message):
        wilson_interval(*arguments, confidence=confidence)
