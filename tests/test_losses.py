import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aibook.losses import (
    binary_cross_entropy,
    binary_cross_entropy_grad,
    cross_entropy,
    cross_entropy_grad,
    mean_squared_error,
    mean_squared_error_grad,
    smooth_labels,
)
from helpers import assert_same, numeric_gradient

BOTH = pytest.mark.parametrize(
    "function", [binary_cross_entropy, binary_cross_entropy_grad]
)


def torch_twin(logits, y):
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    target = torch.tensor(y, dtype=torch.float64)
    loss = F.binary_cross_entropy_with_logits(z, target)
    loss.backward()
    return loss, z.grad


@given(
    st.integers(1, 20).flatmap(
        lambda n: st.tuples(
            arrays(float, n, elements=st.floats(-1e6, 1e6)),
            arrays(float, n, elements=st.floats(0, 1)),
        )
    )
)
def test_value_and_gradient_are_those_of_torch(example):
    logits, y = example
    loss, gradient = torch_twin(logits, y)
    assert_same(binary_cross_entropy(logits, y), loss, rtol=1e-12, atol=1e-12)
    ours = binary_cross_entropy_grad(logits, y)
    assert_same(ours, gradient, rtol=1e-12, atol=1e-12)


def test_gradient_is_the_numeric_one():
    logits, y = np.array([-3.0, -0.5, 0.0, 2.0]), np.array([0, 1, 1, 0])
    numeric = numeric_gradient(lambda z: binary_cross_entropy(z, y), logits)
    assert_same(binary_cross_entropy_grad(logits, y), numeric, rtol=1e-7)


def test_values_worked_by_hand():
    assert binary_cross_entropy([0.0], [1]) == math.log(2)
    # p = 3/4: the logit is log 3, the losses are -log 3/4 and -log 1/4
    mean = -(math.log(3 / 4) + math.log(1 / 4)) / 2
    logit = math.log(3)
    assert binary_cross_entropy([logit, logit], [1, 0]) == pytest.approx(mean)


@pytest.mark.parametrize("size", [1e3, 1e6])
def test_extreme_logits_stay_exact(size):
    logits, y = [size, -size, size, -size], [1, 0, 0, 1]
    assert binary_cross_entropy(logits, y) == size / 2
    gradient = binary_cross_entropy_grad(logits, y)
    assert_same(gradient, np.array([0.0, 0.0, 0.25, -0.25]))


@BOTH
@pytest.mark.parametrize(
    ("logits", "y", "message"),
    [
        ([[0.0]], [1], r"logits has shape \(1, 1\); expected \(N,\)"),
        (0.0, 1, r"logits has shape \(\); expected \(N,\)"),
        (
            [0.0, 1.0],
            [1],
            r"y has shape \(1,\); expected \(2,\) as the logits",
        ),
        ([0.0], [[1]], r"y has shape \(1, 1\); expected \(1,\)"),
        ([], [], r"logits is empty, shape \(0,\); one example at least"),
        ([math.nan], [1], "logits holds NaN or infinity"),
        ([math.inf], [1], "logits holds NaN or infinity"),
        ([0.0], [math.nan], "y holds NaN or infinity"),
        ([0.0], [2], "y holds 2; labels lie between 0 and 1"),
        ([0.0], [-0.1], "y holds -0.1; labels lie between 0 and 1"),
        (["a"], [1], "logits is not an array of numbers"),
    ],
)
def test_bad_input_is_refused(function, logits, y, message):
    with pytest.raises(ValueError, match=message):
        function(logits, y)


# --- mean squared error ------------------------------------------------------


any_shape = array_shapes(min_dims=0, max_dims=3, max_side=5)


@given(st.data())
def test_squared_error_is_that_of_torch(data):
    shape = data.draw(any_shape)
    numbers = arrays(float, shape, elements=st.floats(-1e6, 1e6))
    y_hat, y = data.draw(numbers), data.draw(numbers)
    z = torch.tensor(y_hat, requires_grad=True)
    loss = F.mse_loss(z, torch.tensor(y))
    loss.backward()
    assert_same(mean_squared_error(y_hat, y), loss, rtol=1e-12)
    assert_same(mean_squared_error_grad(y_hat, y), z.grad, rtol=1e-12)


def test_squared_error_gradient_is_the_numeric_one():
    y_hat, y = np.array([[2.5, 5.0], [4.0, -1.0]]), np.array([[3, 5], [2, 0]])
    numeric = numeric_gradient(lambda x: mean_squared_error(x, y), y_hat)
    assert_same(mean_squared_error_grad(y_hat, y), numeric, rtol=1e-7)


def test_squared_error_worked_by_hand():
    loss = mean_squared_error([2.5, 5.0, 4.0], [3.0, 5.0, 2.0])
    assert loss == pytest.approx((0.25 + 0 + 4) / 3)


@pytest.mark.parametrize(
    "function", [mean_squared_error, mean_squared_error_grad]
)
@pytest.mark.parametrize(
    ("y_hat", "y", "message"),
    [
        ([1.0], [1.0, 2.0], r"y_hat has shape \(1,\), y \(2,\)"),
        ([], [], r"y_hat is empty"),
        ([math.nan], [1.0], "y_hat holds NaN or infinity"),
        ([1.0], [math.inf], "y holds NaN or infinity"),
    ],
)
def test_squared_error_refuses_bad_input(function, y_hat, y, message):
    with pytest.raises(ValueError, match=message):
        function(y_hat, y)


# --- cross-entropy -----------------------------------------------------------


@st.composite
def classified(draw, size=1e4):
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    z = draw(arrays(float, (n, k), elements=st.floats(-size, size)))
    y = draw(arrays(np.int64, n, elements=st.integers(0, k - 1)))
    return z, y


def torch_cross_entropy(logits, y):
    z = torch.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(y))
    loss.backward()
    return loss, z.grad


@given(classified())
def test_cross_entropy_is_that_of_torch(example):
    logits, y = example
    loss, gradient = torch_cross_entropy(logits, y)
    assert_same(cross_entropy(logits, y), loss, rtol=1e-12, atol=1e-12)
    ours = cross_entropy_grad(logits, y)
    assert_same(ours, gradient, rtol=1e-12, atol=1e-12)


@given(classified(), st.floats(0, 1))
def test_smoothed_cross_entropy_is_that_of_torch(example, epsilon):
    logits, y = example
    soft = smooth_labels(y, num_classes=logits.shape[1], epsilon=epsilon)
    z = torch.tensor(logits, requires_grad=True)
    loss = F.cross_entropy(z, torch.tensor(y), label_smoothing=epsilon)
    loss.backward()
    assert_same(cross_entropy(logits, soft), loss, rtol=1e-10, atol=1e-10)
    ours = cross_entropy_grad(logits, soft)
    assert_same(ours, z.grad, rtol=1e-10, atol=1e-10)


@given(classified(size=1e300))
def test_extreme_logits_give_finite_losses_and_gradients(example):
    logits, y = example
    loss, gradient = cross_entropy(logits, y), cross_entropy_grad(logits, y)
    assert math.isfinite(loss)
    assert loss >= 0
    assert np.isfinite(gradient).all()
    assert gradient.sum(axis=1) == pytest.approx(np.zeros(len(y)))


def test_cross_entropy_gradient_is_the_numeric_one():
    logits = np.array([[2.0, 1.0, 0.1], [-1.0, 0.0, 3.0]])
    for y in ([0, 1], smooth_labels([0, 1], num_classes=3)):
        numeric = numeric_gradient(
            lambda z, y=y: cross_entropy(z, y), logits.copy()
        )
        assert_same(cross_entropy_grad(logits, y), numeric, rtol=1e-7)


def test_cross_entropy_worked_by_hand():
    assert round(cross_entropy([[2.0, 1.0, 0.1]], [0]), 4) == 0.4170
    assert cross_entropy(np.zeros((3, 10)), [0, 5, 9]) == pytest.approx(
        math.log(10)
    )
    assert cross_entropy([[1000.0, 0.0]], [1]) == 1000.0


def test_two_classes_are_the_binary_case():
    z, y = np.array([-2.0, 0.5, 300.0]), [0, 1, 0]
    two = np.column_stack([np.zeros(3), z])
    assert cross_entropy(two, y) == pytest.approx(binary_cross_entropy(z, y))


@pytest.mark.parametrize("function", [cross_entropy, cross_entropy_grad])
@pytest.mark.parametrize(
    ("logits", "y", "message"),
    [
        ([0.0], [0], r"logits has shape \(1,\); expected \(N, K\)"),
        ([[0.0]], [0, 0], r"y has shape \(2,\); expected \(1,\) or \(1, 1\)"),
        ([[0.0, 1.0]], [2], "y holds 2; classes run from 0 to 1"),
        ([[0.0, 1.0]], [-1], "y holds -1; classes run from 0 to 1"),
        ([[0.0, 1.0]], [0.5], "y holds 0.5; classes run from 0 to 1"),
        ([[0.0, 1.0]], [[0.5, 0.6]], "no probability distribution"),
        ([[0.0, 1.0]], [[1.5, -0.5]], "no probability distribution"),
        ([[math.nan, 1.0]], [0], "logits holds NaN or infinity"),
        (np.zeros((0, 2)), [], "logits is empty"),
    ],
)
def test_cross_entropy_refuses_bad_input(function, logits, y, message):
    with pytest.raises(ValueError, match=message):
        function(logits, y)


@pytest.mark.parametrize(
    ("y", "settings", "message"),
    [
        ([0], {"num_classes": 0}, "num_classes is 0"),
        ([2], {"num_classes": 2}, "y holds 2; classes run from 0 to 1"),
        ([[0]], {"num_classes": 2}, r"y has shape \(1, 1\); expected \(N,\)"),
        ([0], {"num_classes": 2, "epsilon": 1.5}, "epsilon is 1.5"),
        ([0], {"num_classes": 2, "epsilon": math.nan}, "epsilon is nan"),
    ],
)
def test_smoothing_refuses_bad_input(y, settings, message):
    with pytest.raises(ValueError, match=message):
        smooth_labels(y, **settings)
