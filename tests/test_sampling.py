"""Choosing tokens: closed forms, draws counted, and the loop against a slow one."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from aibook.sampling import (
    generate,
    keep_top_k,
    keep_top_p,
    next_probabilities,
)
from helpers import assert_same

scores = st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=8).map(
    torch.tensor
)


def test_temperature_raises_probabilities_to_a_power() -> None:
    p = torch.tensor([0.1, 0.2, 0.7], dtype=torch.float64)
    for temperature in (0.5, 1.0, 3.0):
        power = p ** (1 / temperature)
        assert_same(
            next_probabilities(p.log(), temperature=temperature),
            power / power.sum(),
        )


@given(scores, st.floats(1e-3, 1e3), st.integers(1, 9), st.floats(0.01, 1.0))
def test_probabilities_add_up(
    logits: Tensor, temperature: float, k: int, p: float
) -> None:
    q = next_probabilities(logits, temperature=temperature, top_k=k, top_p=p)
    assert q.isfinite().all()
    assert q.sum().item() == pytest.approx(1, abs=1e-5)
    assert q[logits.argmax()] > 0


@given(scores, st.integers(1, 9))
def test_top_k_keeps_the_k_best(logits: Tensor, k: int) -> None:
    kept = keep_top_k(logits, k)
    stays = kept > -torch.inf
    assert stays.sum() >= min(k, len(logits))
    assert_same(kept[stays], logits[stays])
    if not stays.all():
        assert logits[~stays].max() < logits[stays].min()
        assert len(logits.unique()) < len(logits) or stays.sum() == k


@given(scores, st.floats(0.01, 1.0))
def test_top_p_keeps_the_fewest_that_suffice(logits: Tensor, p: float) -> None:
    shares = logits.double().softmax(dim=0)
    stays = keep_top_p(logits.double(), p) > -torch.inf
    assert shares[stays].sum() >= p - 1e-9
    if stays.sum() > 1:
        assert shares[stays].sum() - shares[stays].min() < p
    if not stays.all():
        assert shares[~stays].max() <= shares[stays].min()


def test_rows_are_treated_one_by_one() -> None:
    logits = torch.tensor([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    rows = torch.stack([keep_top_p(row, 0.8) for row in logits])
    assert_same(keep_top_p(logits, 0.8), rows)
    rows = torch.stack([keep_top_k(row, 2) for row in logits])
    assert_same(keep_top_k(logits, 2), rows)


class Walk(nn.Module):
    """Prefers the sum of the last two tokens, modulo V."""

    def forward(self, ids: Tensor) -> Tensor:
        before = nn.functional.pad(ids, (1, 0))[:, :-1]
        return 50.0 * nn.functional.one_hot((ids + before) % 7, 7).float()


def test_greedy_follows_the_best() -> None:
    ids = generate(Walk(), torch.tensor([[1, 1]]), num_tokens=6, temperature=0)
    assert ids.tolist() == [[1, 1, 2, 3, 5, 1, 6, 0]]


def test_a_window_hides_the_rest() -> None:
    ids = generate(
        Walk(), torch.tensor([[1, 1]]), num_tokens=3, temperature=0, window=1
    )
    assert ids.tolist() == [[1, 1, 1, 1, 1]]


def test_draws_follow_the_probabilities() -> None:
    p = torch.tensor([0.1, 0.2, 0.7])
    model = nn.Embedding.from_pretrained(p.log().repeat(3, 1))
    start = torch.zeros(20_000, 1, dtype=torch.long)
    drawn = generate(
        model,
        start,
        num_tokens=1,
        generator=torch.Generator().manual_seed(0),
    )[:, 1]
    found = torch.bincount(drawn) / 20_000
    error = (p * (1 - p) / 20_000).sqrt()
    assert ((found - p).abs() < 4 * error).all()


def test_the_models_mode_is_kept() -> None:
    model = nn.Sequential(nn.Embedding(3, 3), nn.Dropout(0.5)).train()
    generate(model, torch.tensor([[0]]), num_tokens=1)
    assert model.training


def test_bad_input() -> None:
    logits = torch.zeros(3)
    with pytest.raises(ValueError, match="k is 0"):
        keep_top_k(logits, 0)
    for p in (0.0, 1.1):
        with pytest.raises(ValueError, match="expected above 0, at most 1"):
            keep_top_p(logits, p)
    with pytest.raises(ValueError, match="temperature is -1"):
        next_probabilities(logits, temperature=-1)
    with pytest.raises(ValueError, match="ids have shape"):
        generate(Walk(), torch.tensor([1]), num_tokens=1)
    with pytest.raises(ValueError, match="choose one"):
        generate(
            Walk(), torch.tensor([[1]]), num_tokens=1, cache=True, window=2
        )
