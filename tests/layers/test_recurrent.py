import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from aibook.layers.gru import GRU
from aibook.layers.lstm import LSTM
from aibook.layers.recurrent import Stack, length_mask, unroll
from helpers import assert_same

TWINS = {LSTM: nn.LSTM, GRU: nn.GRU}


def twins(layer, D, H, **options):
    twin = TWINS[layer](D, H, batch_first=True, dtype=torch.float64, **options)
    ours = Stack(layer, D, H, **options).double()
    suffixes = [
        f"l{depth}{way}"
        for depth in range(ours.num_layers)
        for way in ("", "_reverse")[: len(ours.directions)]
    ]
    for reader, suffix in zip(ours.readers, suffixes, strict=True):
        reader.copy_torch(twin, suffix)
    return ours, twin


def run_twin(twin, X, lengths):
    if lengths is None:
        outputs, state = twin(X)
    else:
        packed = pack_padded_sequence(
            X, lengths, batch_first=True, enforce_sorted=False
        )
        outputs, state = twin(packed)
        outputs, _ = pad_packed_sequence(
            outputs, batch_first=True, total_length=X.shape[1]
        )
    return outputs, state[0] if isinstance(state, tuple) else state


@given(
    st.sampled_from([LSTM, GRU]),
    st.integers(1, 3),
    st.booleans(),
    st.lists(st.integers(1, 6), min_size=1, max_size=4),
    st.integers(0, 2),
    st.booleans(),
    st.integers(0, 99),
)
def test_is_torch_forward_and_backward(
    layer, num_layers, bidirectional, lengths, padding, masked, seed
):
    torch.manual_seed(seed)
    options = {"num_layers": num_layers, "bidirectional": bidirectional}
    ours, twin = twins(layer, 2, 3, **options)
    T = max(lengths) + padding
    X = torch.randn(len(lengths), T, 2, dtype=torch.float64)
    X.requires_grad_()
    twin_X = X.detach().clone().requires_grad_()
    given_lengths = torch.tensor(lengths) if masked else None
    outputs, last = ours(X, lengths=given_lengths)
    expected, twin_last = run_twin(twin, twin_X, given_lengths)
    assert_same(outputs, expected)
    assert_same(last, twin_last)

    slopes, ends = torch.randn_like(outputs), torch.randn_like(last)
    for y, h in ((outputs, last), (expected, twin_last)):
        ((y * slopes).sum() + (h * ends).sum()).backward()
    assert_same(X.grad, twin_X.grad)
    for depth in range(num_layers):
        reader = ours.readers[depth * len(ours.directions)]
        gradient = getattr(twin, f"weight_hh_l{depth}").grad
        assert_same(reader.from_hidden.weight.grad, gradient)


@pytest.mark.parametrize("layer", TWINS)
def test_a_mask_in_the_middle_leaves_steps_out(layer):
    torch.manual_seed(0)
    reader = layer(2, 3)
    X = torch.randn(1, 6, 2)
    mask = torch.tensor([[True, False, True, True, False, False]])
    outputs, _ = reader(X, mask=mask)
    alone, _ = reader(X[:, mask[0]])
    assert_same(outputs[:, mask[0]], alone.detach().numpy())
    assert not outputs[:, ~mask[0]].any()


@pytest.mark.parametrize("layer", TWINS)
def test_what_stands_at_the_padding_does_not_matter(layer):
    torch.manual_seed(0)
    stack = Stack(layer, 2, 3, num_layers=2, bidirectional=True)
    X, lengths = torch.randn(3, 5, 2), torch.tensor([5, 2, 1])
    other = X.clone()
    other[1, 2:], other[2, 1:] = 1e6, -1e6
    for value, again in zip(
        stack(X, lengths=lengths), stack(other, lengths=lengths), strict=True
    ):
        assert torch.equal(value, again)


def test_dropout_is_between_layers_and_in_training_only():
    torch.manual_seed(0)
    X = torch.randn(2, 4, 2)
    one = Stack(LSTM, 2, 8, dropout=0.9)
    assert torch.equal(one(X)[0], one(X)[0])
    two = Stack(LSTM, 2, 8, num_layers=2, dropout=0.9)
    assert not torch.equal(two(X)[0], two(X)[0])
    assert torch.equal(two(X)[1][0], two(X)[1][0])  # below it
    two.eval()
    assert torch.equal(two(X)[0], two(X)[0])


def test_masks_of_lengths():
    mask = length_mask(torch.tensor([2, 3, 1]), 4)
    assert mask.sum(dim=1).tolist() == [2, 3, 1]
    assert mask[:, 0].all()
    assert not mask[:, 3].any()


@pytest.mark.parametrize("lengths", [[0, 1], [1, 5], [], [[1]]])
def test_refuses_lengths_out_of_range(lengths):
    with pytest.raises(ValueError, match="expected"):
        length_mask(torch.tensor(lengths), 4)


@pytest.mark.parametrize("shape", [(2, 3), (2, 0, 3)])
def test_refuses_what_is_no_sequence(shape):
    with pytest.raises(ValueError, match=r"expected \(N, T, D\)"):
        unroll(lambda x, s: (s + x,), torch.zeros(shape), (torch.zeros(2, 3),))


@pytest.mark.parametrize(
    "mask", [torch.ones(2, 3), torch.ones(3, 2, dtype=torch.bool)]
)
def test_refuses_a_mask_that_does_not_fit(mask):
    with pytest.raises(ValueError, match="expected"):
        LSTM(4, 5)(torch.zeros(2, 3, 4), mask=mask)


@pytest.mark.parametrize(
    "options", [{"num_layers": 0}, {"dropout": 1.0}, {"dropout": -0.1}]
)
def test_refuses_options_out_of_range(options):
    with pytest.raises(ValueError, match="expected"):
        Stack(LSTM, 2, 3, **options)
