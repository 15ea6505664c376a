import numpy as np
import pytest
import torch

from helpers import assert_same, numeric_gradient


def tensor_with_gradient(gradient: float) -> torch.Tensor:
    tensor = torch.ones(2, requires_grad=True)
    (gradient * tensor).sum().backward()
    return tensor


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0 + 1e-9])),
        (np.array([1, 2]), torch.tensor([1, 2])),
        (torch.tensor([True]), np.array([True])),
        (torch.tensor([1.5], dtype=torch.bfloat16),) * 2,
        (np.array([np.inf, -np.inf]), np.array([np.inf, -np.inf])),
        (np.empty((0, 3)), torch.empty(0, 3, dtype=torch.float64)),
        (0.5, np.float64(0.5)),
        (tensor_with_gradient(2.0), tensor_with_gradient(2.0)),
        (tensor_with_gradient(2.0), torch.ones(2)),
        (tensor_with_gradient(2.0) * 3, torch.full((2,), 3.0)),
    ],
)
def test_the_same_passes(actual, expected):
    assert_same(actual, expected)


@pytest.mark.parametrize(
    ("actual", "expected", "message"),
    [
        (
            np.zeros((2, 1)),
            np.zeros(2),
            r"values: shape \(2, 1\), expected \(2,\)",
        ),
        (
            np.zeros(2, "f4"),
            np.zeros(2),
            "values: dtype float32, expected float64",
        ),
        (
            np.zeros(2, "i8"),
            torch.zeros(2),
            "values: dtype int64, expected float32",
        ),
        (
            torch.tensor(1.0, dtype=torch.bfloat16),
            torch.tensor(1.0),
            "dtype bfloat16",
        ),
        (
            np.array([[1.0, 2.0], [3.0, 5.0]]),
            np.array([[1.0, 2.0], [3.0, 4.0]]),
            r"values: 1 of 4 differ .* the first at \(1, 1\): .*5\.0.* expected .*4\.0",
        ),
        (np.array([1, 2]), np.array([1, 3]), "values: 1 of 2 differ"),
        (
            np.float64(1.0),
            np.float64(2.0),
            r"values: 1 of 1 differ .* at \(\)",
        ),
        (np.array([np.nan]), np.array([np.nan]), "values: 1 of 1 differ"),
        (np.array([np.inf]), np.array([-np.inf]), "values: 1 of 1 differ"),
        (
            tensor_with_gradient(2.0),
            tensor_with_gradient(3.0),
            "gradients: 2 of 2 differ",
        ),
    ],
)
def test_a_difference_is_named(actual, expected, message):
    with pytest.raises(AssertionError, match=message):
        assert_same(actual, expected)


def test_the_tolerances_are_used():
    assert_same(np.array([100.0]), np.array([101.0]), rtol=0.02)
    assert_same(np.array([0.0]), np.array([0.1]), atol=0.2)
    with pytest.raises(AssertionError, match="differ"):
        assert_same(np.array([100.0]), np.array([101.0]), rtol=0.001)


def test_numeric_gradient_of_a_polynomial():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    before = x.copy()
    gradient = numeric_gradient(lambda x: float((x**3).sum()), x)
    assert_same(gradient, 3 * x**2, rtol=1e-8)
    assert_same(x, before, rtol=0, atol=0)
