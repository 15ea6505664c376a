import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from aibook.metrics import accuracy, accuracy_standard_error, confusion_matrix
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
