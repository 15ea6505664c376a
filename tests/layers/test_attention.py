import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.attention import MultiHeadAttention, attention, causal_mask
from helpers import assert_same
from reference import attention_loop

axis = st.integers(1, 5)
batch = st.lists(st.integers(1, 3), max_size=2)
seed = st.integers(0, 99)
TIGHT = {"rtol": 1e-9, "atol": 1e-11}


def normal(*shape, scale=1.0, grad=True):
    x = scale * torch.randn(*shape, dtype=torch.double)
    return x.requires_grad_(grad)


def twins(*tensors):
    return [x.detach().clone().requires_grad_() for x in tensors]


def random_mask(*shape):
    """Return a mask; about one row in four may look nowhere."""
    mask = torch.rand(*shape) < 0.6
    return mask & (torch.rand(*shape[:-1], 1) < 0.75)


def copied(layer):
    """Return PyTorch's layer with the weights of ours."""
    bias = layer.queries.bias is not None
    width = layer.out.in_features
    twin = nn.MultiheadAttention(
        width, layer.num_heads, bias=bias, batch_first=True
    ).to(layer.out.weight.dtype)
    projections = layer.queries, layer.keys, layer.values
    with torch.no_grad():
        weights = torch.cat([part.weight for part in projections])
        twin.in_proj_weight.copy_(weights)
        twin.out_proj.weight.copy_(layer.out.weight)
        if bias:
            biases = torch.cat([part.bias for part in projections])
            twin.in_proj_bias.copy_(biases)
            twin.out_proj.bias.copy_(layer.out.bias)
    return twin


# --- attention ------------------------------------------------------------------------


@given(batch, axis, axis, axis, axis, st.booleans(), seed)
def test_values_and_gradients_are_those_of_torch(b, L, S, d, e, masked, n):
    torch.manual_seed(n)
    Q, K, V = normal(*b, L, d), normal(*b, S, d), normal(*b, S, e)
    q, k, v = twins(Q, K, V)
    mask = random_mask(*b, L, S) if masked else None
    ours, weights = attention(Q, K, V, mask=mask)
    theirs = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    assert_same(ours, theirs, **TIGHT)
    G = torch.randn_like(ours)
    ours.backward(G)
    theirs.backward(G)
    for mine, twin in zip((Q, K, V), (q, k, v), strict=True):
        assert_same(mine, twin, **TIGHT)
    assert weights.shape == (*b, L, S)


@given(axis, axis, axis, axis, seed)
def test_the_loop_gives_the_same(L, S, d, e, n):
    torch.manual_seed(n)
    Q, K = normal(L, d, grad=False), normal(S, d, grad=False)
    V, mask = normal(S, e, grad=False), random_mask(L, S)
    mixture, weights = attention(Q, K, V, mask=mask)
    rows, shares = attention_loop(*(x.tolist() for x in (Q, K, V, mask)))
    assert_same(mixture, torch.tensor(rows, dtype=torch.double), rtol=1e-9)
    assert_same(weights, torch.tensor(shares, dtype=torch.double), rtol=1e-9)


def test_gradients_are_the_numeric_ones():
    Q, K, V = normal(2, 3, 4), normal(2, 5, 4), normal(2, 5, 3)
    mask = random_mask(2, 3, 5)
    mask[0, 1] = False
    for chosen in (None, mask):
        assert torch.autograd.gradcheck(
            lambda *x, m=chosen: attention(*x, mask=m), (Q, K, V)
        )


def test_worked_by_hand():
    eye = torch.eye(2, dtype=torch.double)
    high = 1 / (1 + math.exp(-1 / math.sqrt(2)))
    expected = torch.tensor(
        [[high, 1 - high], [1 - high, high]], dtype=torch.double
    )
    assert_same(attention(eye, eye, eye)[0], expected, rtol=1e-12)


@given(axis, axis, axis, st.sampled_from([1e-300, 1.0, 1e3, 1e100]), seed)
def test_weights_are_shares_at_any_size(L, S, d, scale, n):
    torch.manual_seed(n)
    Q, K = normal(L, d, scale=scale), normal(S, d, scale=scale)
    mask = random_mask(L, S)
    weights = attention(Q, K, normal(S, 2), mask=mask)[1]
    assert (weights >= 0).all()
    assert not weights[~mask].any()
    seeing = mask.any(dim=-1)
    sums = weights.sum(dim=-1)
    assert_same(sums, seeing.double(), rtol=1e-12)
    weights.sum().backward()
    assert Q.grad.isfinite().all()
    assert K.grad.isfinite().all()


def test_who_may_look_nowhere_gets_zeros_and_gives_no_gradient():
    Q, K, V = normal(3, 4), normal(5, 4), normal(5, 2)
    mask = torch.ones(3, 5, dtype=torch.bool)
    mask[1] = False
    mixture, weights = attention(Q, K, V, mask=mask)
    assert not mixture[1].any()
    assert not weights[1].any()
    mixture.sum().backward()
    assert not Q.grad[1].any()
    for x in (Q, K, V):
        assert x.grad.isfinite().all()


def test_with_autograd_watching_for_nan_all_rows_hidden_is_no_error():
    Q = normal(2, 3)
    nowhere = torch.zeros(2, 2, dtype=torch.bool)
    attention(Q, Q, Q, mask=nowhere)[0].sum().backward()
    assert not Q.grad.any()


@given(axis, axis, seed)
def test_order_of_the_keys_does_not_matter(L, S, n):
    torch.manual_seed(n)
    Q, K, V = normal(L, 4), normal(S, 4), normal(S, 3)
    p = torch.randperm(S)
    mixture, weights = attention(Q, K, V)
    shuffled, moved = attention(Q, K[p], V[p])
    assert_same(shuffled, mixture, **TIGHT)
    assert_same(moved, weights[:, p], **TIGHT)


@pytest.mark.parametrize(
    "shapes",
    [
        [(3, 4), (5, 3), (5, 2)],
        [(3, 4), (5, 4), (4, 2)],
        [(4,), (5, 4), (5, 2)],
        [(3, 4), (5, 4), (5,)],
        [(2, 3, 4), (3, 5, 4), (3, 5, 2)],
        [(3, 4), (0, 4), (0, 2)],
        [(3, 0), (5, 0), (5, 2)],
    ],
)
def test_shapes_that_do_not_fit(shapes):
    with pytest.raises(ValueError, match=r"Q, K and V have shapes"):
        attention(*(torch.zeros(shape) for shape in shapes))


@pytest.mark.parametrize("shape", [(5,), (2, 2, 3), (3, 2), (4,)])
def test_masks_that_do_not_fit(shape):
    x = torch.zeros(2, 3)
    with pytest.raises(ValueError, match="mask has shape"):
        attention(x, x, x, mask=torch.ones(shape, dtype=torch.bool))


def test_masks_are_bool():
    x = torch.zeros(2, 3)
    with pytest.raises(ValueError, match=r"mask is of torch\.float32"):
        attention(x, x, x, mask=torch.ones(2, 2))


# --- causal_mask ----------------------------------------------------------------------


@given(st.integers(1, 20))
def test_each_position_sees_itself_and_those_before(length):
    mask = causal_mask(length)
    assert mask.dtype is torch.bool
    expected = [[j <= i for j in range(length)] for i in range(length)]
    assert mask.tolist() == expected


@given(axis, axis, seed)
def test_causal_is_that_of_torch(length, d, n):
    torch.manual_seed(n)
    Q, K, V = (normal(length, d) for _ in range(3))
    ours, _ = attention(Q, K, V, mask=causal_mask(length))
    theirs = F.scaled_dot_product_attention(Q, K, V, is_causal=True)
    assert_same(ours, theirs, **TIGHT)


@pytest.mark.parametrize("length", [0, -1])
def test_no_length(length):
    with pytest.raises(ValueError, match=f"length is {length}"):
        causal_mask(length)


# --- MultiHeadAttention --------------------------------------------------------------


@given(
    *(axis, axis, axis, st.sampled_from([1, 2, 3]), axis),
    *(st.booleans(), st.booleans(), st.booleans(), seed),
)
def test_equals_torchs_layer(N, L, S, H, d, bias, cross, masked, n):
    torch.manual_seed(n)
    layer = MultiHeadAttention(H * d, num_heads=H, bias=bias).double()
    twin = copied(layer)
    x = normal(N, L, H * d)
    context = normal(N, S, H * d) if cross else x
    mask = None
    if masked:  # theirs gives NaN where a row may look nowhere: leave one key
        mask = torch.rand(N, H, L, context.shape[1]) < 0.6
        mask[..., 0] = True
    (x_,) = twins(x)
    context_ = twins(context)[0] if cross else x_
    ours = layer(x, context if cross else None, mask=mask)
    theirs, weights = twin(
        x_,
        context_,
        context_,
        attn_mask=None if mask is None else ~mask.flatten(0, 1),
        average_attn_weights=False,
    )
    assert_same(ours, theirs, **TIGHT)
    assert_same(layer.weights, weights, **TIGHT)
    G = torch.randn_like(ours)
    ours.backward(G)
    theirs.backward(G)
    assert_same(x, x_, **TIGHT)
    assert_same(context, context_, **TIGHT)
    projections = layer.queries, layer.keys, layer.values
    gradients = torch.cat([part.weight.grad for part in projections])
    assert_same(gradients, twin.in_proj_weight.grad, **TIGHT)
    assert_same(layer.out.weight, twin.out_proj.weight, **TIGHT)
    if bias:
        gradients = torch.cat([part.bias.grad for part in projections])
        assert_same(gradients, twin.in_proj_bias.grad, **TIGHT)
        assert_same(layer.out.bias, twin.out_proj.bias, **TIGHT)


@given(axis, axis, st.integers(2, 5), seed)
def test_padding_is_that_of_torch(N, L, S, n):
    torch.manual_seed(n)
    layer = MultiHeadAttention(4, num_heads=2).double()
    x, context = normal(N, L, 4), normal(N, S, 4)
    lengths = torch.randint(1, S + 1, (N,))
    there = torch.arange(S) < lengths[:, None]  # (N, S)
    ours = layer(x, context, mask=there[:, None, None])
    theirs, _ = copied(layer)(x, context, context, key_padding_mask=~there)
    assert_same(ours, theirs, **TIGHT)
    short = layer(x[:1], context[:1, : lengths[0]])
    assert_same(ours[:1], short, **TIGHT)


def test_equals_torchs_layer_in_single_precision():
    layer = MultiHeadAttention(32, num_heads=4)
    x = torch.randn(3, 7, 32)
    theirs, _ = copied(layer)(x, x, x)
    assert_same(layer(x), theirs, rtol=1e-5, atol=1e-6)


@given(axis, st.integers(1, 6), seed)
def test_shuffled_inputs_give_shuffled_outputs(N, L, n):
    torch.manual_seed(n)
    layer = MultiHeadAttention(6, num_heads=3).double()
    x, p = normal(N, L, 6), torch.randperm(L)
    assert_same(layer(x[:, p]), layer(x)[:, p], **TIGHT)


def test_who_may_look_nowhere_gets_the_bias():
    layer = MultiHeadAttention(4, num_heads=2)
    y = layer(torch.randn(2, 3, 4), mask=torch.zeros(3, 3, dtype=torch.bool))
    assert_same(y, layer.out.bias.expand(2, 3, 4))
    y.sum().backward()
    for p in layer.parameters():
        assert p.grad.isfinite().all()


def test_the_weights_kept_hold_no_graph():
    layer = MultiHeadAttention(4, num_heads=2)
    assert layer.weights is None
    layer(torch.randn(2, 3, 4), torch.randn(2, 5, 4))
    assert layer.weights.shape == (2, 2, 3, 5)
    assert not layer.weights.requires_grad


@pytest.mark.parametrize(
    ("width", "heads"), [(6, 4), (0, 1), (4, 0), (-4, 2), (4, -2)]
)
def test_widths_that_heads_do_not_divide(width, heads):
    with pytest.raises(ValueError, match=f"width is {width}, num_heads"):
        MultiHeadAttention(width, num_heads=heads)


@pytest.mark.parametrize("shape", [(3, 4), (2, 3, 5), (1, 2, 3, 4)])
def test_inputs_of_another_shape(shape):
    layer, good = MultiHeadAttention(4, num_heads=2), torch.zeros(2, 3, 4)
    with pytest.raises(ValueError, match="x or context has shape"):
        layer(torch.zeros(shape))
    with pytest.raises(ValueError, match="x or context has shape"):
        layer(good, torch.zeros(shape))
