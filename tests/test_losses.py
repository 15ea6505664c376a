import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aibook.losses import binary_cross_entropy, binary_cross_entropy_grad
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
