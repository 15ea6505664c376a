import numpy as np
import pytest

from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_fraction,
    check_nonnegative,
    check_positive,
)
from helpers import assert_same


def test_good_examples_become_float64_and_int64():
    X, y = check_examples([[1, 2], [3, 4]], [True, False], 2)
    assert_same(X, np.array([[1.0, 2.0], [3.0, 4.0]]))
    assert_same(y, np.array([1, 0]))


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        ([1.0, 2.0], [0, 1], r"X has shape \(2,\); expected \(N, 2\)"),
        ([[1.0], [2.0]], [0, 1], r"X has shape \(2, 1\); expected \(N, 2\)"),
        ([[[1.0, 2.0]]], [0], r"X has shape \(1, 1, 2\); expected \(N, 2\)"),
        (
            np.empty((0, 2)),
            [],
            r"X is empty, shape \(0, 2\); one example at least",
        ),
        ([[1.0, 2.0], [3.0]], [0, 1], "X is not an array of numbers"),
        ([["a", "b"]], [0], "X is not an array of numbers"),
        (None, [0], "X holds NaN or infinity"),
        ([[1.0, np.nan]], [0], "X holds NaN or infinity; only finite numbers"),
        (
            [[1.0, -np.inf]],
            [0],
            "X holds NaN or infinity; only finite numbers",
        ),
        (
            [[1.0, 2.0]],
            [0, 1],
            r"y has shape \(2,\); expected \(1,\) as X has rows",
        ),
        ([[1.0, 2.0]], [[0]], r"y has shape \(1, 1\); expected \(1,\)"),
        ([[1.0, 2.0]], [], r"y is empty, shape \(0,\)"),
        ([[1.0, 2.0]], [np.nan], "y holds NaN or infinity"),
        ([[1.0, 2.0]], [2], "y holds 2; only the labels 0 and 1 are allowed"),
        (
            [[1.0, 2.0]],
            [-1],
            "y holds -1; only the labels 0 and 1 are allowed",
        ),
        (
            [[1.0, 2.0]],
            [0.5],
            "y holds 0.5; only the labels 0 and 1 are allowed",
        ),
    ],
)
def test_bad_examples_are_refused(X, y, message):
    with pytest.raises(ValueError, match=message):
        check_examples(X, y, 2)


@pytest.mark.parametrize("value", [0.0, -1.0, np.nan, np.inf])
def test_only_positive_numbers_pass(value):
    with pytest.raises(
        ValueError, match=r"lr is .*; expected a positive, finite"
    ):
        check_positive("lr", value)
    assert check_positive("lr", 0.1) == 0.1


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", True, None, 6])
def test_only_whole_numbers_in_the_range_pass(value):
    with pytest.raises(
        ValueError, match=r"n is .*; expected a whole number from 1"
    ):
        check_count("n", value, 5)
    assert check_count("n", np.int64(5), 5) == 5


@pytest.mark.parametrize("value", [-0.1, 1.0, 2, np.inf, np.nan])
def test_a_number_that_is_no_fraction(value):
    with pytest.raises(ValueError, match=r"momentum is .* up to but not 1"):
        check_fraction("momentum", value)


@pytest.mark.parametrize("value", [-0.1, np.inf, np.nan])
def test_a_number_below_zero(value):
    with pytest.raises(ValueError, match=r"weight_decay is .* from 0"):
        check_nonnegative("weight_decay", value)


def test_the_ends_are_allowed():
    assert check_fraction("momentum", 0) == 0.0
    assert check_nonnegative("weight_decay", 0) == 0.0
