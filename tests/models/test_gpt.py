"""The GPT against PyTorch's layers, and what it must not see."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from aibook.models.gpt import GPT
from aibook.training import seed_everything
from helpers import assert_same
from transformer_twins import twin_of


def make(**options: int) -> GPT:
    sizes = {"max_length": 12, "width": 16, "num_heads": 4, "num_layers": 2}
    return GPT(30, **(sizes | options)).double().eval()


@given(st.integers(1, 3), st.integers(1, 12), st.sampled_from([1, 2, 4]))
@settings(max_examples=20, deadline=None)
def test_values_and_gradients_are_pytorchs(
    n: int, length: int, h: int
) -> None:
    seed_everything(n + 10 * length)
    model = make(num_heads=h)
    for p in model.parameters():
        nn.init.normal_(p, std=0.3)
    twin = twin_of(model.blocks, model.norm)
    ids = torch.randint(30, (n, length))
    embedded = model.positions(model.tokens(ids))
    mask = nn.Transformer.generate_square_subsequent_mask(
        length, dtype=torch.float64
    )
    expected = twin(embedded, mask=mask) @ model.head.weight.T
    actual = model(ids)
    assert_same(actual, expected)
    table = model.tokens.weight
    direction = torch.randn_like(actual)
    (a,) = torch.autograd.grad((actual * direction).sum(), table)
    (e,) = torch.autograd.grad((expected * direction).sum(), table)
    assert_same(a, e)


def test_no_token_sees_what_follows() -> None:
    seed_everything(0)
    model = make()
    nn.init.normal_(model.head.weight)
    ids = torch.randint(30, (1, 12))
    other = ids.clone()
    other[0, 7:] = (other[0, 7:] + 1) % 30
    before, after = model(ids), model(other)
    assert_same(before[:, :7], after[:, :7])
    assert (before[:, 7:] - after[:, 7:]).abs().amax(dim=-1).min() > 1e-6


def test_the_start_knows_nothing() -> None:
    seed_everything(0)
    model = GPT(1000, max_length=16, width=64, num_heads=4, num_layers=4)
    ids = torch.randint(1000, (8, 16))
    loss = nn.functional.cross_entropy(
        model(ids)[:, :-1].flatten(0, 1), ids[:, 1:].flatten()
    )
    assert loss.item() == pytest.approx(math.log(1000), abs=1e-4)


def test_the_start_is_that_of_gpt_2() -> None:
    seed_everything(0)
    model = GPT(500, width=128, num_heads=4, num_layers=8)
    block = model.blocks[0]
    for layer, std in (
        (model.tokens, 0.02),
        (block.attention.queries, 0.02),
        (block.network[0], 0.02),
        (block.attention.out, 0.005),
        (block.network[2], 0.005),
    ):
        assert layer.weight.std().item() == pytest.approx(std, rel=0.05)
    assert block.network[0].bias.abs().max() == 0


def test_number_of_parameters() -> None:
    V, L, D, B = 30, 12, 16, 2
    block = 4 * (D * D + D) + (4 * D * D + 4 * D) + (4 * D * D + D) + 4 * D
    model = make()
    assert sum(p.numel() for p in model.parameters()) == (
        2 * V * D + L * D + B * block + 2 * D
    )


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="with L up to 12"):
        make()(torch.zeros(1, 13, dtype=torch.long))
