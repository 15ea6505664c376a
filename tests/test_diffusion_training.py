import copy

import numpy as np
import pytest
import torch
from torch import nn

from aibook.data.ring import count_modes, load_ring, ring_centres
from aibook.diffusion import diffuse, make_target
from aibook.diffusion_exact import MixtureDenoiser
from aibook.diffusion_sampling import ddpm_sample, guided
from aibook.diffusion_training import (
    diffusion_loss,
    drop_conditions,
    train_diffusion,
)
from aibook.models.denoiser import PointDenoiser
from aibook.noise_schedules import cosine_schedule
from aibook.training import make_loader, seed_everything
from helpers import assert_same

SCHEDULE = cosine_schedule(100)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


class Echo(nn.Module):
    """Multiplies by one weight, and keeps what it was asked."""

    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(0.5))
        self.asked = []

    def forward(self, x, t, condition):
        self.asked.append((x.detach(), t, condition))
        return self.weight * x


@pytest.mark.parametrize("target", ["noise", "clean", "velocity"])
def test_the_loss_is_the_mean_squared_error_at_the_drawn_steps(target):
    x0 = torch.randn(6, 2, 3, generator=rng(1))
    told = torch.arange(6)
    model = Echo()
    loss = diffusion_loss(
        model, SCHEDULE, x0, told, generator=rng(), target=target
    )
    generator = rng()
    t = torch.randint(1, 101, (6,), generator=generator)
    noise = torch.randn(6, 2, 3, generator=generator)
    total = 0.0
    for i in range(6):  # sample by sample
        one = x0[i : i + 1], int(t[i]), noise[i : i + 1]
        wanted = make_target(SCHEDULE, *one, target=target)
        answer = 0.5 * diffuse(SCHEDULE, *one)
        total += (answer - wanted).square().sum().item()
    assert loss.item() == pytest.approx(total / x0.numel(), rel=1e-5)
    _, steps, condition = model.asked[0]
    assert torch.equal(steps, t)
    assert condition is told


def test_every_step_is_drawn_equally_often():
    model, schedule = Echo(), cosine_schedule(5)
    diffusion_loss(model, schedule, torch.zeros(50_000, 1), generator=rng())
    counts = torch.bincount(model.asked[0][1], minlength=6)
    assert counts[0] == 0
    assert (counts[1:] - 10_000).abs().max() < 400


def test_conditions_are_dropped_at_the_share():
    told = torch.randn(20_000, 3)
    blank = torch.full((3,), 9.0)
    out = drop_conditions(told, blank, share=0.2, generator=rng())
    hit = (out == blank).all(dim=1)
    assert 0.19 < hit.float().mean() < 0.21
    assert torch.equal(out[~hit], told[~hit])
    kept = drop_conditions(told, blank, share=0.0, generator=rng())
    assert torch.equal(kept, told)


def test_one_epoch_is_plain_gradient_descent():
    batches = [(torch.randn(4, 2), torch.tensor([0, 1, 2, 0]))] * 3
    model, twin = Echo(), Echo()
    train_diffusion(
        model,
        SCHEDULE,
        batches,
        optimizer=torch.optim.SGD(model.parameters(), lr=0.1),
        num_epochs=1,
        slower=False,
        seed=3,
    )
    generator = rng(3)
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    for x0, _ in batches:
        optimizer.zero_grad()
        diffusion_loss(twin, SCHEDULE, x0, generator=generator).backward()
        optimizer.step()
    assert_same(model.weight.detach(), twin.weight.detach())
    assert all(condition is None for _, _, condition in model.asked)


def test_the_model_is_told_and_sometimes_not():
    batches = [(torch.randn(400, 2), torch.arange(400) % 3)]
    model = Echo()
    train_diffusion(
        model,
        SCHEDULE,
        batches,
        optimizer=torch.optim.SGD(model.parameters(), lr=0.0),
        num_epochs=2,
        blank=torch.tensor(3),
        share=0.25,
    )
    hits = [condition == 3 for _, _, condition in model.asked]
    assert all(0.15 < hit.float().mean() < 0.35 for hit in hits)
    assert not torch.equal(*hits)
    told = model.asked[0][2]
    assert torch.equal(told[~hits[0]], batches[0][1][~hits[0]])


def test_the_learning_rate_rises_then_falls_and_the_average_follows(capsys):
    rates, model = [], Echo()
    average = copy.deepcopy(model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)

    class Batches(list):
        def __iter__(self):
            for pair in super().__iter__():
                yield pair
                rates.append(optimizer.param_groups[0]["lr"])

    seen = []
    losses = train_diffusion(
        model,
        SCHEDULE,
        Batches([(torch.randn(4, 2), torch.zeros(4))] * 10),
        optimizer=optimizer,
        num_epochs=10,
        average=average,
        log_every=5,
        on_epoch=lambda epoch, losses: seen.append((epoch, len(losses))),
    )
    top = int(np.argmax(rates))
    assert 2 <= top <= 6
    assert rates[top] == pytest.approx(0.1, rel=0.02)
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] < 1e-3
    assert average.weight != model.weight
    assert (average.weight - model.weight).abs() < 0.2
    assert seen == [(i, i) for i in range(1, 11)]
    assert len(losses) == 10
    lines = capsys.readouterr().out.splitlines()
    assert lines[-1] == f"epoch   10  loss {losses[-1]:.4f}"
    assert len(lines) == 2


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_small_network_learns_the_ring(seed):
    X, y = load_ring(4000, seed=seed)
    seed_everything(seed)
    model = PointDenoiser(2, num_steps=100)
    train_diffusion(
        model,
        SCHEDULE,
        make_loader(X, y, batch_size=500, shuffle=True, seed=seed),
        optimizer=torch.optim.Adam(model.parameters(), lr=5e-3),
        num_epochs=60,
        seed=seed,
    )
    centres = ring_centres()
    exact = MixtureDenoiser(SCHEDULE, torch.tensor(centres).float(), std=0.05)
    test = torch.tensor(load_ring(4000, seed=99)[0]).float()
    with torch.no_grad():
        best, own = (
            diffusion_loss(net, SCHEDULE, test, generator=rng()).item()
            for net in (lambda x, t, _: exact(x, t), model)
        )
    assert best < own < 1.15 * best
    start = torch.randn(1000, 2, generator=rng(1))
    points = ddpm_sample(guided(model), SCHEDULE, start, generator=rng(2))
    result = count_modes(points, centres)
    assert result.covered == 8
    assert result.near > 0.8


def train(**options):
    model = options.pop("model", Echo())
    batches = [(torch.zeros(2, 2), torch.zeros(2, dtype=torch.long))]
    return train_diffusion(
        model,
        SCHEDULE,
        options.pop("batches", batches),
        optimizer=torch.optim.SGD(model.parameters(), lr=1.0),
        **{"num_epochs": 1, **options},
    )


class Wrong(Echo):
    def forward(self, x, t, condition):
        return self.weight * x[:, :1]


@pytest.mark.parametrize(
    "options",
    [
        {"num_epochs": 0},
        {"batches": []},
        {"target": "image"},
        {"model": Wrong()},
        {"blank": torch.tensor(3), "share": 1.5},
        {"blank": torch.zeros(2)},
        {"average": nn.Linear(1, 1)},
        {"average": Echo(), "decay": 2.0},
    ],
)
def test_bad_input_is_refused(options):
    with pytest.raises(
        ValueError, match=r"expected|must|no batch|other weights"
    ):
        train(**options)


def test_a_loss_that_is_no_number_stops_the_training():
    model = Echo()
    with torch.no_grad():
        model.weight.fill_(torch.nan)
    with pytest.raises(FloatingPointError, match="smaller learning rate"):
        train(model=model)
