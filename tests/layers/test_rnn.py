import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.recurrent import Stack
from aibook.layers.rnn import RNN
from helpers import assert_same


def twins(num_inputs: int, hidden: int, seed: int = 0) -> tuple[RNN, nn.RNN]:
    torch.manual_seed(seed)
    options = {"batch_first": True, "dtype": torch.float64}
    twin = nn.RNN(num_inputs, hidden, **options)
    return RNN(num_inputs, hidden).double().copy_torch(twin), twin


@given(
    st.integers(1, 4),
    st.integers(1, 7),
    st.integers(1, 5),
    st.integers(1, 6),
    st.booleans(),
    st.integers(0, 99),
)
def test_is_torch_forward_and_backward(N, T, D, H, with_state, seed):
    ours, twin = twins(D, H, seed)
    X = torch.randn(N, T, D, dtype=torch.float64, requires_grad=True)
    twin_X = X.detach().clone().requires_grad_()
    h = torch.randn(N, H, dtype=torch.float64)
    outputs, last = ours(X, h if with_state else None)
    expected, twin_last = twin(twin_X, h[None] if with_state else None)
    assert_same(outputs, expected)
    assert_same(last, twin_last[0])

    slopes = torch.randn_like(outputs)
    for y in (outputs, expected):
        (y * slopes).sum().backward()
    assert_same(X.grad, twin_X.grad)
    assert_same(ours.from_input.weight.grad, twin.weight_ih_l0.grad)
    assert_same(ours.from_hidden.weight.grad, twin.weight_hh_l0.grad)
    assert_same(ours.from_input.bias.grad, twin.bias_ih_l0.grad)


def test_layers_on_layers_have_weights_of_their_own():
    torch.manual_seed(0)
    twin = nn.RNN(2, 3, num_layers=2, batch_first=True)
    ours = Stack(RNN, 2, 3, num_layers=2)
    for depth, reader in enumerate(ours.readers):
        reader.copy_torch(twin, f"l{depth}")
    X = torch.randn(4, 5, 2)
    outputs, last = ours(X)
    expected, twin_last = twin(X)
    assert_same(outputs, expected.detach(), rtol=1e-5, atol=1e-6)
    assert_same(last, twin_last.detach(), rtol=1e-5, atol=1e-6)


def test_padding_leaves_the_state():
    layer = RNN(2, 3)
    X = torch.randn(2, 6, 2)
    mask = torch.arange(6) < torch.tensor([[6], [4]])
    _, last = layer(X, mask=mask)
    assert_same(last[1:], layer(X[1:, :4])[1].detach(), rtol=1e-5)


@pytest.mark.parametrize("scale", [1e3, 1e30])
def test_extreme_inputs_give_numbers(scale):
    X = torch.full((1, 4, 2), scale, requires_grad=True)
    outputs, _ = RNN(2, 3)(X)
    outputs.sum().backward()
    assert outputs.isfinite().all()
    assert X.grad.isfinite().all()


@pytest.mark.parametrize("sizes", [(0, 3), (3, 0), (-1, 1)])
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="expected 1 or more"):
        RNN(*sizes)


def test_bad_input():
    with pytest.raises(ValueError, match=r"expected \(N, T, D\)"):
        RNN(2, 3)(torch.zeros(4, 2))
