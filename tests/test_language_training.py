"""The steps of training against PyTorch by hand, and windows that miss nothing."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor, nn

from aibook.language_training import draw_windows, predict_tokens, train_steps
from aibook.training import seed_everything
from helpers import assert_same


class Distance(nn.Module):
    """Scores each token by how far it is from the one read."""

    def forward(self, ids: Tensor) -> Tensor:
        return -(torch.arange(7) - ids[..., None]).abs().double()


@given(
    st.lists(st.integers(0, 6), min_size=2, max_size=40),
    st.sampled_from([2, 4, 6, 50]),
    st.integers(1, 3),
)
def test_every_token_is_predicted_once(
    text: list[int], length: int, batch_size: int
) -> None:
    tokens = torch.tensor(text)
    p = predict_tokens(
        Distance(), tokens, length=length, batch_size=batch_size
    )
    whole = Distance()(tokens[:-1]).softmax(dim=-1)
    expected = whole.gather(-1, tokens[1:, None])[:, 0]
    assert_same(p, expected)


@pytest.mark.parametrize(
    ("num_tokens", "num_windows"),
    [(2, 1), (8, 1), (9, 1), (10, 2), (13, 2), (14, 3), (17, 3)],
)
def test_no_window_is_read_in_vain(num_tokens: int, num_windows: int) -> None:
    """The first window predicts 8 tokens, each other one 4 more."""
    sizes = []

    class Counted(Distance):
        def forward(self, ids: Tensor) -> Tensor:
            sizes.append(len(ids))
            return super().forward(ids)

    tokens = torch.zeros(num_tokens, dtype=torch.long)
    predict_tokens(Counted(), tokens, length=8, batch_size=2)
    assert sum(sizes) == num_windows


class Count(nn.Module):
    """Gives its probability to the position: shows how much context there was."""

    def forward(self, ids: Tensor) -> Tensor:
        seen = torch.arange(1.0, ids.shape[1] + 1).expand(ids.shape)
        return torch.stack([-seen, torch.zeros_like(seen)], dim=-1)


def test_each_token_has_half_a_window_before_it() -> None:
    tokens = torch.zeros(20, dtype=torch.long)
    p = predict_tokens(Count(), tokens, length=8)
    seen = (1 / p - 1).log().round().int().tolist()
    assert seen == [1, 2, 3, 4, 5, 6, 7, 8, *[5, 6, 7, 8] * 2, 5, 6, 7]


@given(st.integers(1, 20), st.integers(0, 10), st.integers(1, 5))
def test_windows_lie_in_the_text(length: int, more: int, n: int) -> None:
    tokens = torch.arange(100, 100 + length + more)
    windows = draw_windows(tokens, length=length, num_windows=n)
    assert windows.shape == (n, length)
    assert (windows.diff(dim=1) == 1).all()
    assert windows.min() >= 100
    assert windows.max() < 100 + length + more


def test_every_place_is_drawn() -> None:
    windows = draw_windows(
        torch.arange(6),
        length=4,
        num_windows=200,
        generator=torch.Generator().manual_seed(0),
    )
    assert set(windows[:, 0].tolist()) == {0, 1, 2}


class Blocks(nn.Module):
    """A matrix for Muon, and biases and a head for Adam."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList([nn.Linear(3, 3)])
        self.head = nn.Linear(3, 4)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.blocks[0](x))  # type: ignore[no-any-return]


def test_the_steps_are_pytorchs() -> None:
    seed_everything(0)
    model, twin = Blocks(), Blocks()
    twin.load_state_dict(model.state_dict())
    X, y = torch.randn(5, 3), torch.tensor([0, 1, 2, 3, -100])
    losses = train_steps(
        model, lambda: (X, y), num_steps=5, lr=0.1, matrix_lr=0.2, warm_up=2
    )
    matrix = twin.blocks[0].weight
    muon = torch.optim.Muon([matrix], weight_decay=0.0)
    adam = torch.optim.Adam(
        [p for p in twin.parameters() if p is not matrix], betas=(0.9, 0.95)
    )
    for step, share in enumerate([0.5, 1.0, 1.0, 0.4 / 0.6, 0.2 / 0.6]):
        adam.param_groups[0]["lr"] = 0.1 * share
        muon.param_groups[0]["lr"] = 0.2 * share
        loss = nn.functional.cross_entropy(twin(X[:4]), y[:4])
        twin.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(twin.parameters(), 1.0)
        adam.step()
        muon.step()
        assert losses[step] == pytest.approx(loss.item(), rel=1e-4)
    for ours, theirs in zip(
        model.parameters(), twin.parameters(), strict=True
    ):
        assert_same(ours.detach(), theirs.detach(), rtol=1e-4, atol=1e-5)


def test_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    model = nn.Embedding.from_pretrained(torch.zeros(2, 2), freeze=False)
    batch = torch.tensor([0]), torch.tensor([1])
    train_steps(model, lambda: batch, num_steps=2, lr=1e-9, log_every=1)
    assert capsys.readouterr().out == (
        "step     1  loss 0.693\nstep     2  loss 0.693\n"
    )
    assert not model.training


def test_bad_input() -> None:
    model = nn.Embedding(2, 2)
    batch = torch.tensor([0]), torch.tensor([1])
    with pytest.raises(ValueError, match="num_steps is 0"):
        train_steps(model, lambda: batch, num_steps=0, lr=0.1)
    with pytest.raises(ValueError, match="length from 1 to T"):
        draw_windows(torch.arange(3), length=4, num_windows=1)
    with pytest.raises(ValueError, match="an even length"):
        predict_tokens(model, torch.tensor([0, 1]), length=3)
    nn.init.constant_(model.weight, math.nan)
    with pytest.raises(FloatingPointError, match="step 1: the loss is nan"):
        train_steps(model, lambda: batch, num_steps=1, lr=0.1)
