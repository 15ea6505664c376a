import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.scratch.batch_norm import BatchNorm
from helpers import assert_same, numeric_gradient


def pair(C, momentum=0.1):
    """Return ours and torch's, with the same learned numbers."""
    ours, twin = BatchNorm(C, momentum=momentum), nn.BatchNorm2d(C).double()
    rng = np.random.default_rng(C)
    ours.gamma, ours.beta = rng.normal(size=C), rng.normal(size=C)
    twin.momentum = momentum
    with torch.no_grad():
        twin.weight.copy_(torch.tensor(ours.gamma))
        twin.bias.copy_(torch.tensor(ours.beta))
    return ours, twin


def batch(seed, N, C, H, W):
    rng = np.random.default_rng(seed)
    return rng.normal(2.0, 3.0, size=(N, C, H, W))


@given(
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(1, 4),
    st.integers(2, 4),
    st.booleans(),
    st.sampled_from([0.1, 0.5, 1.0]),
)
def test_values_estimates_and_gradients_are_those_of_torch(
    N, C, H, W, training, momentum
):
    ours, twin = pair(C, momentum)
    for seed in range(3):
        X = batch(seed, N, C, H, W)
        assert_same(ours.forward(X), twin(torch.tensor(X)), rtol=1e-8)
    assert_same(ours.mean, twin.running_mean, rtol=1e-10)
    assert_same(ours.var, twin.running_var, rtol=1e-10)
    ours.training = training
    twin.train(training)
    X, dY = batch(8, N, C, H, W), batch(9, N, C, H, W)
    x = torch.tensor(X, requires_grad=True)
    y = twin(x)
    assert_same(ours.forward(X), y, rtol=1e-8)
    y.backward(torch.tensor(dY))
    gradients = [x.grad, twin.weight.grad, twin.bias.grad]
    for mine, theirs in zip(ours.backward(dY), gradients, strict=True):
        assert_same(mine, theirs, rtol=1e-6, atol=1e-8)


def test_the_gradient_is_the_numeric_one():
    ours, _ = pair(2)
    X, dY = batch(0, 3, 2, 2, 2), batch(1, 3, 2, 2, 2)
    ours.forward(X)
    dX, _, _ = ours.backward(dY)
    numeric = numeric_gradient(
        lambda X: float((dY * ours.forward(X)).sum()), X
    )
    assert_same(dX, numeric, rtol=1e-5, atol=1e-7)


def test_the_batch_comes_to_mean_zero_and_variance_one():
    Y = BatchNorm(3).forward(batch(0, 4, 3, 5, 5))
    assert_same(Y.mean(axis=(0, 2, 3)), np.zeros(3), atol=1e-12)
    assert_same(Y.var(axis=(0, 2, 3)), np.ones(3), rtol=1e-4)


def test_only_training_looks_at_the_batch():
    norm = BatchNorm(1)
    X = batch(0, 4, 1, 2, 2)
    assert not np.allclose(norm.forward(X)[:2], norm.forward(X[:2]))
    norm.training = False
    kept = norm.mean.copy(), norm.var.copy()
    assert_same(norm.forward(X)[:1], norm.forward(X[:1]))
    assert_same(norm.mean, kept[0])
    assert_same(norm.var, kept[1])


def test_a_channel_without_variance_gives_its_offset():
    norm = BatchNorm(1)
    norm.beta[:] = 7.0
    assert_same(
        norm.forward(np.full((2, 1, 2, 2), 5.0)), np.full((2, 1, 2, 2), 7.0)
    )


@pytest.mark.parametrize(
    "make",
    [
        lambda: BatchNorm(0),
        lambda: BatchNorm(1, momentum=0.0),
        lambda: BatchNorm(1, momentum=1.1),
        lambda: BatchNorm(1, eps=0.0),
        lambda: BatchNorm(2).forward(np.ones((4, 1, 2, 2))),
        lambda: BatchNorm(1).forward(np.ones((4, 1))),
        lambda: BatchNorm(1).forward(np.ones((1, 1, 1, 1))),
        lambda: BatchNorm(1).forward(np.full((2, 1, 1, 1), np.inf)),
    ],
)
def test_bad_input_is_refused(make):
    with pytest.raises(ValueError, match=r"expected|variance|NaN"):
        make()


def test_a_gradient_of_another_shape_is_refused():
    norm = BatchNorm(1)
    norm.forward(np.ones((2, 1, 2, 2)))
    with pytest.raises(ValueError, match="dY has shape"):
        norm.backward(np.ones((2, 1, 2, 1)))
