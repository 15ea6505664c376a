"""The parts of LLaMA against PyTorch's, and the cache against none."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention

from aibook.layers.positions import rotate
from aibook.models.llama import (
    GroupedAttention,
    LLaMA,
    RMSNorm,
    SwiGLU,
)
from aibook.sampling import generate
from aibook.training import seed_everything
from helpers import assert_same

groups = st.sampled_from([(4, 4), (4, 2), (4, 1), (2, 1)])


def make(num_heads: int = 4, num_groups: int = 2) -> LLaMA:
    model = LLaMA(
        30, width=16, num_heads=num_heads, num_groups=num_groups, num_layers=2
    )
    for p in model.parameters():  # larger than at the start: answers differ
        nn.init.normal_(p, std=0.3)
    return model.double().eval()


@given(
    st.lists(st.integers(1, 4), min_size=0, max_size=3),
    st.integers(1, 9),
    st.sampled_from([1e-12, 1e-3, 1.0, 1e6]),
)
def test_rms_norm_is_pytorchs(shape: list[int], d: int, scale: float) -> None:
    seed_everything(d)
    ours = RMSNorm(d, eps=1e-5).double()
    theirs = nn.RMSNorm(d, eps=1e-5, dtype=torch.float64)
    nn.init.normal_(ours.weight)
    theirs.load_state_dict(ours.state_dict())
    x = (scale * torch.randn(*shape, d, dtype=torch.float64)).requires_grad_()
    y = x.detach().clone().requires_grad_()
    direction = torch.randn_like(x)
    out, expected = ours(x), theirs(y)
    assert_same(out, expected)
    (out * direction).sum().backward()
    (expected * direction).sum().backward()
    assert_same(x, y)
    assert_same(ours.weight, theirs.weight)


def test_rms_norm_of_zeros() -> None:
    assert_same(RMSNorm(3)(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_swiglu_by_hand() -> None:
    layer = SwiGLU(1, hidden=1).double()
    for part, value in ((layer.gate, 2.0), (layer.up, 3.0), (layer.out, 5.0)):
        nn.init.constant_(part.weight, value)
    x = torch.tensor([[1.0], [-1.0]], dtype=torch.float64)
    expected = 5 * (2 * x * torch.sigmoid(2 * x)) * (3 * x)
    assert_same(layer(x), expected)


@given(st.integers(1, 3), st.integers(1, 7), groups)
@settings(max_examples=30, deadline=None)
def test_grouped_attention_is_pytorchs(
    n: int, length: int, heads: tuple[int, int]
) -> None:
    seed_everything(length)
    H, G = heads
    layer = GroupedAttention(16, num_heads=H, num_groups=G).double()
    x = torch.randn(n, length, 16, dtype=torch.float64, requires_grad=True)
    y = x.detach().clone().requires_grad_()

    def split(t: Tensor, num: int) -> Tensor:
        return t.reshape(n, length, num, 16 // H).transpose(1, 2)

    mixture = scaled_dot_product_attention(
        rotate(split(layer.queries(y), H)),
        rotate(split(layer.keys(y), G)),
        split(layer.values(y), G),
        is_causal=True,
        enable_gqa=True,
    )
    expected = layer.out(mixture.transpose(1, 2).reshape(n, length, 16))
    actual = layer(x)
    assert_same(actual, expected)
    direction = torch.randn_like(actual)
    (actual * direction).sum().backward()
    (expected * direction).sum().backward()
    assert_same(x, y)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), groups)
@settings(max_examples=30, deadline=None)
def test_the_cache_changes_nothing(
    pieces: list[int], heads: tuple[int, int]
) -> None:
    seed_everything(sum(pieces))
    model = make(*heads)
    ids = torch.randint(30, (2, sum(pieces)))
    caches = model.new_cache()
    with torch.no_grad():
        parts = [model(piece, caches) for piece in ids.split(pieces, dim=1)]
        assert_same(torch.cat(parts, dim=1), model(ids))
    assert caches[0].length == sum(pieces)


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_the_cache_gives_the_same_tokens(
    seed: int, temperature: float
) -> None:
    seed_everything(seed)
    model = make().float()
    start = torch.randint(30, (3, 4))
    runs = [
        generate(
            model,
            start,
            num_tokens=40,
            temperature=temperature,
            cache=cache,
            generator=torch.Generator().manual_seed(seed),
        )
        for cache in (False, True)
    ]
    assert torch.equal(*runs)


def test_only_distances_count() -> None:
    """Positions are in the attention alone, so a shift of all changes nothing."""
    seed_everything(0)
    layer = GroupedAttention(16, num_heads=4, num_groups=2).double()
    q = torch.randn(1, 4, 5, 4, dtype=torch.float64)
    k = torch.randn(1, 4, 5, 4, dtype=torch.float64)
    near = rotate(q) @ rotate(k).mT
    far = rotate(q, start=30) @ rotate(k, start=30).mT
    assert_same(near, far, rtol=1e-4, atol=1e-5)
    assert layer.num_groups == 2


def test_no_token_sees_what_follows() -> None:
    seed_everything(0)
    model = make()
    ids = torch.randint(30, (1, 9))
    other = ids.clone()
    other[0, 5:] = (other[0, 5:] + 1) % 30
    assert_same(model(ids)[:, :5], model(other)[:, :5])


def test_number_of_parameters() -> None:
    V, D, hidden, B = 30, 16, 42, 2
    block = 2 * D * D + 2 * (D * D // 2) + 3 * D * hidden + 2 * D
    assert sum(p.numel() for p in make().parameters()) == (
        2 * V * D + B * block + D
    )


@pytest.mark.parametrize("sizes", [(8, 3, 1), (8, 4, 3), (6, 2, 1), (8, 4, 0)])
def test_sizes_that_do_not_fit(sizes: tuple[int, int, int]) -> None:
    width, heads, num_groups = sizes
    with pytest.raises(ValueError, match="groups that divide the heads"):
        GroupedAttention(width, num_heads=heads, num_groups=num_groups)
