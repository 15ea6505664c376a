"""The blocks against torch's own, with the same weights."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn

from aibook.layers.attention import MultiHeadAttention, causal_mask
from aibook.layers.blocks import FeedForward, TransformerBlock
from helpers import assert_same

WIDTH, HIDDEN = 8, 12


def copy_attention(ours: MultiHeadAttention, twin: nn.MultiheadAttention):
    parts = (ours.queries, ours.keys, ours.values)
    with torch.no_grad():
        twin.in_proj_weight.copy_(torch.cat([p.weight for p in parts]))
        twin.in_proj_bias.copy_(torch.cat([p.bias for p in parts]))
    twin.out_proj.load_state_dict(ours.out.state_dict())


def twin_of(block: TransformerBlock, num_heads: int) -> nn.Module:
    """Return torch's encoder or decoder layer with the block's weights."""
    kind = (
        nn.TransformerEncoderLayer
        if block.cross is None
        else nn.TransformerDecoderLayer
    )
    twin = kind(
        WIDTH,
        num_heads,
        HIDDEN,
        dropout=0.0,
        activation="gelu",
        batch_first=True,
        norm_first=block.pre_norm,
        dtype=torch.float64,
    )
    copy_attention(block.attention, twin.self_attn)
    norms = [block.attention_norm, block.network_norm]
    if block.cross is not None:
        copy_attention(block.cross, twin.multihead_attn)
        norms.insert(1, block.cross_norm)
    for k, norm in enumerate(norms, 1):
        getattr(twin, f"norm{k}").load_state_dict(norm.state_dict())
    twin.linear1.load_state_dict(block.network[0].state_dict())
    twin.linear2.load_state_dict(block.network[2].state_dict())
    return twin


def gradients(block: TransformerBlock, twin: nn.Module):
    """Yield the pairs of gradients that should agree."""
    pairs = [
        (block.attention.out.weight, twin.self_attn.out_proj.weight),
        (block.network[0].weight, twin.linear1.weight),
        (block.network[2].bias, twin.linear2.bias),
        (block.attention_norm.weight, twin.norm1.weight),
    ]
    yield from ((a.grad, b.grad) for a, b in pairs)
    several = [(block.attention, twin.self_attn)]
    if block.cross is not None:
        several.append((block.cross, twin.multihead_attn))
    for ours, theirs in several:
        parts = (ours.queries, ours.keys, ours.values)
        together = torch.cat([p.weight.grad for p in parts])
        yield together, theirs.in_proj_weight.grad


def random_mask(*shape: int) -> Tensor:
    """Return a mask that leaves each query at least one key."""
    mask = torch.rand(shape) < 0.6
    mask[..., 0] = True
    return mask


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    num_texts=st.integers(1, 3),
    length=st.integers(1, 6),
    context_length=st.integers(1, 5),
    num_heads=st.sampled_from([1, 2, 4]),
    cross=st.booleans(),
    pre_norm=st.booleans(),
    causal=st.booleans(),
    padded=st.booleans(),
)
def test_equals_torch_with_copied_weights(
    seed,
    num_texts,
    length,
    context_length,
    num_heads,
    cross,
    pre_norm,
    causal,
    padded,
):
    torch.manual_seed(seed)
    block = TransformerBlock(
        WIDTH,
        num_heads=num_heads,
        hidden=HIDDEN,
        cross=cross,
        pre_norm=pre_norm,
    ).double()
    twin = twin_of(block, num_heads)
    x = torch.randn(num_texts, length, WIDTH, dtype=torch.float64)
    x[0, 0] *= 1000.0  # normalisation sees large values too
    ours, theirs = (x.clone().requires_grad_() for _ in range(2))
    mask, options = None, {}
    if causal:
        mask = causal_mask(length)
        options["tgt_mask" if cross else "src_mask"] = ~mask
    elif padded:
        keys = random_mask(num_texts, length)
        mask = keys[:, None, None]
        name = "tgt_key_padding_mask" if cross else "src_key_padding_mask"
        options[name] = ~keys
    if cross:
        context = torch.randn(
            num_texts, context_length, WIDTH, dtype=torch.float64
        )
        a, b = (context.clone().requires_grad_() for _ in range(2))
        keys = random_mask(num_texts, context_length)
        actual = block(ours, a, mask=mask, context_mask=keys[:, None, None])
        expected = twin(theirs, b, memory_key_padding_mask=~keys, **options)
    else:
        actual, expected = block(ours, mask=mask), twin(theirs, **options)
    assert_same(actual, expected, rtol=1e-5, atol=1e-8)
    weights = torch.randn_like(actual)
    (actual * weights).sum().backward()
    (expected * weights).sum().backward()
    assert_same(ours, theirs, rtol=1e-5, atol=1e-8)
    if cross:
        assert_same(a, b, rtol=1e-5, atol=1e-8)
    for one, other in gradients(block, twin):
        assert_same(one, other, rtol=1e-5, atol=1e-8)


def test_the_network_is_the_same_at_each_position():
    torch.manual_seed(0)
    network, x = FeedForward(4, hidden=3), torch.randn(2, 5, 4)
    apart = torch.stack([network(x[:, [k]])[:, 0] for k in range(5)], dim=1)
    assert_same(network(x).detach(), apart.detach(), atol=1e-6)
    assert isinstance(FeedForward(4, activation=nn.ReLU())[1], nn.ReLU)
    assert FeedForward(4)[0].out_features == 16


def test_dropout_is_on_the_parts_only():
    torch.manual_seed(0)
    block, x = (
        TransformerBlock(4, num_heads=1, dropout=0.9),
        torch.randn(3, 2, 4),
    )
    trained = block(x)
    assert not torch.equal(trained, block.eval()(x))
    assert torch.equal(block(x), block(x))
    # what is added is dropped, never x itself
    assert (trained == x).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_heads": 3}, "num_heads"),
        ({"num_heads": 0}, "num_heads"),
        ({"hidden": 0}, "hidden 0"),
        ({"dropout": 1.0}, "dropout is 1.0"),
        ({"dropout": -0.1}, "dropout"),
    ],
)
def test_refuses_what_is_out_of_range(options, message):
    with pytest.raises(ValueError, match=message):
        TransformerBlock(8, **{"num_heads": 2, **options})


@pytest.mark.parametrize("shape", [(2, 8), (2, 3, 7), (8,)])
def test_refuses_other_shapes(shape):
    block = TransformerBlock(8, num_heads=2, cross=True)
    good, bad = torch.zeros(2, 3, 8), torch.zeros(shape)
    with pytest.raises(ValueError, match=r"x has shape .* 8\)"):
        block(bad, good)
    with pytest.raises(ValueError, match="context has shape"):
        block(good, bad)


def test_refuses_a_context_too_many_or_too_few():
    x = torch.zeros(1, 2, 4)
    with pytest.raises(ValueError, match="given, but the block has no"):
        TransformerBlock(4, num_heads=1)(x, x)
    with pytest.raises(ValueError, match="missing, but the block has a"):
        TransformerBlock(4, num_heads=1, cross=True)(x)
