import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aibook.scratch.softmax import log_softmax, log_sum_exp, softmax
from helpers import assert_same

FUNCTIONS = [log_softmax, log_sum_exp, softmax]
TWINS = {
    log_softmax: lambda z: torch.log_softmax(z, dim=-1),
    log_sum_exp: lambda z: torch.logsumexp(z, dim=-1),
    softmax: lambda z: torch.softmax(z, dim=-1),
}


def logits(size):
    shapes = array_shapes(min_dims=1, max_dims=3, max_side=6)
    return arrays(float, shapes, elements=st.floats(-size, size))


@pytest.mark.parametrize("function", FUNCTIONS)
@given(z=logits(1e4))
def test_values_are_those_of_torch(function, z):
    expected = TWINS[function](torch.tensor(z))
    assert_same(np.asarray(function(z)), expected, rtol=1e-12, atol=1e-12)


@given(z=logits(1e300))
def test_extreme_logits_stay_exact(z):
    top, num_classes = z.max(axis=-1), z.shape[-1]
    total = log_sum_exp(z)
    assert (total >= top).all()
    assert (total <= top + math.log(num_classes) + 1e-9 * abs(top)).all()
    p = softmax(z)
    assert ((p >= 0) & (p <= 1)).all()
    assert p.sum(axis=-1) == pytest.approx(np.ones(p.shape[:-1]))
    log_p = log_softmax(z)
    assert np.isfinite(log_p).all()
    assert (log_p <= 0).all()
    assert np.exp(log_p) == pytest.approx(p)


@given(z=logits(100), shift=st.floats(-100, 100))
def test_only_differences_count(z, shift):
    assert_same(softmax(z + shift), softmax(z), rtol=1e-10, atol=1e-12)


def test_values_worked_by_hand():
    assert softmax([2.0, 1.0, 0.1]).round(4).tolist() == [
        0.659,
        0.2424,
        0.0986,
    ]
    assert log_softmax([0.0, 1000.0]).tolist() == [-1000.0, 0.0]
    assert log_sum_exp([0.0, 0.0]) == pytest.approx(math.log(2))


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_logits_given_are_left_as_they_are(function):
    z = np.array([[1.0, 2.0], [3.0, 4.0]])
    function(z)
    assert z.tolist() == [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("z", "message"),
    [
        (1.0, r"logits has shape \(\); expected \(..., K\)"),
        ([], r"logits is empty, shape \(0,\)"),
        ([math.nan], "logits holds NaN or infinity"),
        ([math.inf, 0.0], "logits holds NaN or infinity"),
        (["a"], "logits is not an array of numbers"),
    ],
)
def test_bad_input_is_refused(function, z, message):
    with pytest.raises(ValueError, match=message):
        function(z)
