"""The recurrent layer in NumPy: PyTorch, differences, and closed forms."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.scratch.rnn import RNN
from helpers import assert_same, numeric_gradient

SHAPES = (
    st.integers(1, 4),
    st.integers(1, 8),
    st.integers(1, 4),
    st.integers(1, 5),
    st.integers(0, 999),
)


@given(*SHAPES, st.sampled_from(["tanh", "relu"]))
def test_is_torch_forward_and_backward(N, T, D, H, seed, activation):
    rng = np.random.default_rng(seed)
    layer = RNN(D, H, activation=activation, seed=seed)
    twin = nn.RNN(D, H, nonlinearity=activation, batch_first=True).double()
    with torch.no_grad():
        twin.weight_ih_l0.copy_(torch.tensor(layer.W_x.T))
        twin.weight_hh_l0.copy_(torch.tensor(layer.W_h.T))
        twin.bias_ih_l0.copy_(torch.tensor(layer.b))
        twin.bias_hh_l0.zero_()
    X, dH = rng.normal(size=(N, T, D)), rng.normal(size=(N, T, H))
    twin_X = torch.tensor(X, requires_grad=True)
    expected, _ = twin(twin_X)
    states = layer.forward(X)
    assert_same(states, expected)

    expected.backward(torch.tensor(dH))
    grads = layer.backward(X, states, dH)
    assert_same(grads.X, twin_X.grad)
    assert_same(grads.W_x, twin.weight_ih_l0.grad.T)
    assert_same(grads.W_h, twin.weight_hh_l0.grad.T)
    assert_same(grads.b, twin.bias_ih_l0.grad)


@pytest.mark.parametrize("activation", ["tanh", "identity"])
def test_gradients_are_central_differences(activation):
    rng = np.random.default_rng(0)
    layer = RNN(2, 3, activation=activation)
    X, dH = rng.normal(size=(2, 5, 2)), rng.normal(size=(2, 5, 3))
    grads = layer.backward(X, layer.forward(X), dH)
    for name in ("W_x", "W_h", "b"):
        numeric = numeric_gradient(
            lambda _: float((layer.forward(X) * dH).sum()),
            getattr(layer, name),
        )
        assert_same(getattr(grads, name), numeric, rtol=1e-5, atol=1e-8)


@given(st.integers(1, 30), st.floats(-1.5, 1.5))
def test_one_linear_unit_forgets_by_the_power_of_its_weight(T, w):
    layer = RNN(1, 1, activation="identity")
    layer.W_x[:], layer.W_h[:], layer.b[:] = 1.0, w, 0.0
    X = np.zeros((1, T, 1))
    X[0, 0] = 1.0
    powers = w ** np.arange(T, dtype=float)
    states = layer.forward(X)
    assert_same(states[0, :, 0], powers)
    dH = np.zeros_like(states)
    dH[0, -1] = 1.0
    assert_same(layer.backward(X, states, dH).H[0, :, 0], powers[::-1])


@given(st.floats(0.5, 1.5), st.integers(2, 60), st.integers(0, 99))
def test_a_scaled_rotation_changes_the_norm_by_its_scale(scale, T, seed):
    rng = np.random.default_rng(seed)
    layer = RNN(2, 4, activation="identity")
    layer.W_h = scale * np.linalg.qr(rng.normal(size=(4, 4)))[0]
    X = rng.normal(size=(1, T, 2))
    dH = np.zeros((1, T, 4))
    dH[0, -1] = rng.normal(size=4)
    norms = np.linalg.norm(layer.backward(X, dH, dH).H[0], axis=1)
    steps_back = np.arange(T)[::-1]
    assert_same(norms, norms[-1] * scale**steps_back)


def test_order_matters_and_length_does_not_change_the_weights():
    layer = RNN(1, 4)
    X = np.arange(6.0).reshape(1, 6, 1)
    last = layer.forward(X)[0, -1]
    assert not np.allclose(last, layer.forward(X[:, ::-1])[0, -1])
    assert_same(layer.forward(X[:, :3]), layer.forward(X)[:, :3])


@pytest.mark.parametrize("scale", [1e3, 1e150, -1e300])
def test_extreme_inputs_saturate(scale):
    layer = RNN(1, 2)
    X = np.full((1, 3, 1), scale)
    states = layer.forward(X)
    grads = layer.backward(X, states, np.ones_like(states))
    assert (np.abs(states) <= 1).all()
    assert all(np.isfinite(g).all() for g in grads)


@pytest.mark.parametrize("sizes", [(0, 2), (2, 0), (2.0, 2)])
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="expected a whole number from 1"):
        RNN(*sizes)


def test_bad_input():
    layer = RNN(2, 3)
    with pytest.raises(ValueError, match="expected one of"):
        RNN(2, 3, activation="sine")
    with pytest.raises(ValueError, match=r"\(1, 4\); expected \(N, T, 2\)"):
        layer.forward(np.zeros((1, 4)))
    with pytest.raises(ValueError, match=r"expected \(N, T, 2\)"):
        layer.forward(np.zeros((1, 4, 3)))
    with pytest.raises(ValueError, match="NaN"):
        layer.forward(np.full((1, 4, 2), np.nan))
    with pytest.raises(ValueError, match="one N and one T"):
        layer.backward(
            np.zeros((1, 4, 2)), np.zeros((1, 4, 3)), np.zeros((1, 5, 3))
        )
