import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.gru import GRU
from helpers import assert_same


def twins(num_inputs: int, hidden: int, seed: int = 0) -> tuple[GRU, nn.GRU]:
    torch.manual_seed(seed)
    options = {"batch_first": True, "dtype": torch.float64}
    twin = nn.GRU(num_inputs, hidden, **options)
    return GRU(num_inputs, hidden).double().copy_torch(twin), twin


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
    assert_same(ours.from_hidden.bias.grad, twin.bias_hh_l0.grad)


def test_the_update_gate_mixes_old_and_new():
    layer = GRU(2, 3)
    x, h = torch.randn(5, 2), torch.randn(5, 3)
    _, z, n = layer.gates(x, h)
    (after,) = layer.step(x, h)
    assert_same(after, (n + z * (h - n)).detach().numpy(), rtol=1e-5)
    with torch.no_grad():
        layer.from_input.bias[3:6] = 200.0
    assert_same(layer.step(x, h)[0], h.numpy())


def test_a_closed_reset_gate_hides_the_state_from_the_candidate():
    layer = GRU(2, 3)
    with torch.no_grad():
        layer.from_input.bias[:3] = -200.0
    x = torch.randn(5, 2)
    _, _, n = layer.gates(x, torch.randn(5, 3))
    expected = layer.from_input(x)[:, 6:].tanh()
    assert_same(n, expected.detach().numpy())


@pytest.mark.parametrize("scale", [1e3, 1e30])
def test_extreme_inputs_give_numbers(scale):
    X = torch.full((1, 4, 2), scale, requires_grad=True)
    outputs, _ = GRU(2, 3)(X)
    outputs.sum().backward()
    assert outputs.isfinite().all()
    assert X.grad.isfinite().all()


def test_only_the_update_gate_starts_with_a_bias():
    layer = GRU(2, 3, keep_bias=1.5)
    assert layer.from_input.bias.tolist() == [0.0] * 3 + [1.5] * 3 + [0.0] * 3
    assert not layer.from_hidden.bias.any()


def test_counts_of_parameters():
    for layer in (GRU(8, 4), nn.GRU(8, 4)):
        assert sum(p.numel() for p in layer.parameters()) == 168


@pytest.mark.parametrize(("D", "H"), [(0, 1), (1, 0)])
def test_refuses_sizes_out_of_range(D, H):
    with pytest.raises(ValueError, match="expected 1 or more"):
        GRU(D, H)
