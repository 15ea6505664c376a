"""The BERT against PyTorch's layers, and the rule of what is hidden."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from aibook.models.bert import BERT, IGNORED, BERTClassifier, mask_tokens
from aibook.training import seed_everything
from helpers import assert_same
from transformer_twins import twin_of

PAD = 29


def make() -> BERT:
    model = BERT(
        30,
        max_length=12,
        width=16,
        num_heads=4,
        num_layers=2,
        padding_id=PAD,
    )
    for p in model.parameters():
        nn.init.normal_(p, std=0.3)
    return model.double()


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4))
@settings(max_examples=20, deadline=None)
def test_values_and_gradients_are_pytorchs(lengths: list[int]) -> None:
    seed_everything(sum(lengths))
    model = make()
    twin = twin_of(model.blocks, model.norm).train()  # no fused path
    ids = torch.randint(PAD, (len(lengths), max(lengths)))
    for row, length in zip(ids, lengths, strict=True):
        row[length:] = PAD
    read = ids != PAD
    embedded = model.positions(model.tokens(ids))
    hidden = twin(embedded, src_key_padding_mask=~read)
    expected = model.head(hidden)[read]
    actual = model(ids)[read]
    assert_same(actual, expected)
    direction = torch.randn_like(actual)
    table = model.tokens.weight
    (a,) = torch.autograd.grad((actual * direction).sum(), table)
    (e,) = torch.autograd.grad((expected * direction).sum(), table)
    assert_same(a, e)


def test_padding_changes_nothing() -> None:
    seed_everything(0)
    ids = torch.randint(PAD, (1, 5))
    padded = nn.functional.pad(ids, (0, 6), value=PAD)
    classifier = BERTClassifier(make(), num_classes=3).double()
    assert_same(classifier(ids), classifier(padded))
    assert_same(classifier.bert(ids), classifier.bert(padded)[:, :5])


def test_both_sides_are_seen() -> None:
    seed_everything(0)
    model = make()
    ids = torch.randint(PAD, (1, 8))
    for place in (0, 7):
        other = ids.clone()
        other[0, place] = (other[0, place] + 1) % PAD
        change = (model(ids) - model(other)).abs().amax(dim=-1)
        assert change.min() > 1e-6


def test_the_rule_80_10_10() -> None:
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(1000, (400, 500), generator=generator)
    inputs, targets = mask_tokens(
        ids, mask_id=1001, num_ordinary=1000, generator=generator
    )
    chosen = targets != IGNORED
    assert torch.equal(targets[chosen], ids[chosen])
    assert torch.equal(inputs[~chosen], ids[~chosen])
    num = int(chosen.sum())
    masked = inputs[chosen] == 1001
    same = inputs[chosen] == ids[chosen]
    other = ~masked & ~same
    for found, total, p in (
        (num, ids.numel(), 0.15),
        (masked.sum(), num, 0.8),
        (
            same.sum(),
            num,
            0.1 + 0.1 / 1000,
        ),  # drawn at random, by chance right
        (other.sum(), num, 0.1 - 0.1 / 1000),
    ):
        error = math.sqrt(total * p * (1 - p))
        assert abs(int(found) - total * p) < 4 * error
    assert inputs[chosen][other].max() < 1000


def test_special_tokens_stay() -> None:
    ids = torch.tensor([[5, 1000, 7, 1002]]).repeat(200, 1)
    inputs, targets = mask_tokens(
        ids, mask_id=1001, num_ordinary=1000, share=1.0
    )
    assert torch.equal(inputs[:, 1::2], ids[:, 1::2])
    assert (targets[:, 1::2] == IGNORED).all()
    assert (targets[:, ::2] != IGNORED).all()


def test_nothing_is_hidden_at_zero() -> None:
    ids = torch.arange(10)[None]
    inputs, targets = mask_tokens(ids, mask_id=11, num_ordinary=10, share=0.0)
    assert torch.equal(inputs, ids)
    assert (targets == IGNORED).all()


def test_all_chosen_can_become_the_mask() -> None:
    ids = torch.arange(1000)[None]
    inputs, targets = mask_tokens(
        ids, mask_id=1001, num_ordinary=1000, share=0.5, masked=1.0
    )
    assert (inputs == 1001).equal(targets != IGNORED)
    inputs, targets = mask_tokens(
        ids, mask_id=1001, num_ordinary=1000, share=1.0, masked=0.0
    )
    assert not (inputs == 1001).any()
    assert 0.4 < (inputs == ids).float().mean() < 0.6
    with pytest.raises(ValueError, match="masked 2"):
        mask_tokens(ids, mask_id=1001, num_ordinary=1000, masked=2.0)


def test_a_bad_share_is_refused() -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        mask_tokens(
            torch.zeros(1, 1).long(), mask_id=1, num_ordinary=1, share=1.5
        )
