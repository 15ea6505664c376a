import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.lstm import LSTM
from helpers import assert_same


def twins(num_inputs: int, hidden: int, seed: int = 0) -> tuple[LSTM, nn.LSTM]:
    torch.manual_seed(seed)
    options = {"batch_first": True, "dtype": torch.float64}
    twin = nn.LSTM(num_inputs, hidden, **options)
    return LSTM(num_inputs, hidden).double().copy_torch(twin), twin


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
    h, c = torch.randn(2, N, H, dtype=torch.float64)
    outputs, state = ours(X, (h, c) if with_state else None)
    expected, twin_state = twin(
        twin_X, (h[None], c[None]) if with_state else None
    )
    assert_same(outputs, expected)
    for value, of_twin in zip(state, twin_state, strict=True):
        assert_same(value, of_twin[0])

    slopes = torch.randn_like(outputs)
    last = torch.randn_like(c)
    for y, final in ((outputs, state[1]), (expected, twin_state[1][0])):
        ((y * slopes).sum() + (final * last).sum()).backward()
    assert_same(X.grad, twin_X.grad)
    assert_same(ours.from_input.weight.grad, twin.weight_ih_l0.grad)
    assert_same(ours.from_hidden.weight.grad, twin.weight_hh_l0.grad)
    assert_same(ours.from_input.bias.grad, twin.bias_ih_l0.grad)
    assert_same(ours.from_input.bias.grad, twin.bias_hh_l0.grad)


def test_a_step_by_hand():
    layer = LSTM(1, 1)
    with torch.no_grad():  # input, forget, candidate, output
        layer.from_input.weight[:] = torch.tensor([[1.0], [0.0], [2.0], [0.0]])
        layer.from_input.bias[:] = torch.tensor([0.0, -0.5, 0.0, 3.0])
        layer.from_hidden.weight[:] = torch.tensor([[0.0], [1.0], [0.0], [0]])
    h, c = layer.step(*torch.tensor([[[1.0]], [[0.5]], [[2.0]]]))
    i, f, g, o = 0.731059, 0.5, 0.964028, 0.952574
    assert c.item() == pytest.approx(f * 2 + i * g, abs=1e-5)
    assert h.item() == pytest.approx(
        o * torch.tensor(c.item()).tanh().item(), abs=1e-5
    )


def test_gates_are_shares_and_the_candidate_has_a_sign():
    torch.manual_seed(0)
    i, f, g, o = LSTM(3, 4).gates(torch.randn(9, 3) * 99, torch.randn(9, 4))
    for gate in (i, f, o):
        assert ((gate >= 0) & (gate <= 1)).all()
    assert (g.abs() <= 1).all()
    assert (g < 0).any()
    assert (g > 0).any()


@pytest.mark.parametrize("scale", [1e3, 1e30])
def test_extreme_inputs_give_numbers(scale):
    layer = LSTM(2, 3)
    X = torch.full((1, 4, 2), scale, requires_grad=True)
    outputs, (_, c) = layer(X)
    outputs.sum().backward()
    assert outputs.isfinite().all()
    assert c.isfinite().all()
    assert X.grad.isfinite().all()


def test_an_open_forget_gate_and_a_closed_input_gate_keep_the_cell():
    layer = LSTM(2, 3, forget_bias=100.0)
    with torch.no_grad():
        layer.from_input.weight.zero_()
        layer.from_hidden.weight.zero_()
        layer.from_input.bias[:3] = -100.0
    c = torch.tensor([[-2.0, 0.5, 7.0]], requires_grad=True)
    _, (_, last) = layer(torch.randn(1, 500, 2), (torch.zeros(1, 3), c))
    last.sum().backward()
    assert_same(last, c.detach().numpy())
    assert_same(c.grad, torch.ones(1, 3))


def test_only_the_forget_gate_starts_with_a_bias():
    bias = LSTM(2, 3, forget_bias=1.5).from_input.bias
    assert bias.tolist() == [0.0] * 3 + [1.5] * 3 + [0.0] * 6


def test_counts_of_parameters():
    assert sum(p.numel() for p in LSTM(8, 4).parameters()) == 208
    assert sum(p.numel() for p in nn.LSTM(8, 4).parameters()) == 224


@pytest.mark.parametrize(("D", "H"), [(0, 1), (1, 0)])
def test_refuses_sizes_out_of_range(D, H):
    with pytest.raises(ValueError, match="expected 1 or more"):
        LSTM(D, H)
