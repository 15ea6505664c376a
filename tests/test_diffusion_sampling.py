import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from aibook.data.ring import count_modes, ring_centres
from aibook.diffusion import TARGETS, estimate, make_target, posterior
from aibook.diffusion_exact import MixtureDenoiser
from aibook.diffusion_sampling import ddim_sample, ddpm_sample, guided
from aibook.noise_schedules import cosine_schedule, linear_schedule
from helpers import assert_same

SCHEDULE = cosine_schedule(100)


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def as_target(exact, schedule, target):
    """Let a denoiser that answers the noise answer something else."""

    def denoise(x, t):
        seen = estimate(schedule, x, t, exact(x, t))
        return make_target(schedule, seen.clean, t, seen.noise, target=target)

    return denoise


class Told(nn.Module):
    """Answers with the condition, and keeps what it was asked."""

    def __init__(self):
        super().__init__()
        self.asked = []

    def forward(self, x, t, condition):
        self.asked.append((len(x), condition))
        return torch.zeros_like(x) + condition.float()[:, None]


def test_one_heap_is_hit_exactly():
    """For a single heap the score is linear, and so is the whole way back."""
    schedule = linear_schedule(400, first=1e-4, last=0.05)
    exact = MixtureDenoiser(schedule, torch.tensor([[1.0, -2.0]]), std=0.5)
    start = torch.randn(20_000, 2, generator=rng())
    for samples in (
        ddpm_sample(exact, schedule, start, generator=rng(1)),
        ddim_sample(exact, schedule, start, num_steps=200),
        ddim_sample(
            exact, schedule, start, num_steps=200, eta=1.0, generator=rng(1)
        ),
    ):
        assert samples.mean(dim=0).tolist() == pytest.approx(
            [1.0, -2.0], abs=0.02
        )
        assert samples.std(dim=0).tolist() == pytest.approx(
            [0.5, 0.5], rel=0.05
        )


@pytest.mark.parametrize("sampler", ["ddpm", "ddim"])
def test_the_exact_denoiser_makes_the_ring(sampler):
    centres = ring_centres()
    exact = MixtureDenoiser(SCHEDULE, torch.tensor(centres), std=0.05)
    start = torch.randn(2000, 2, generator=rng()).double()
    if sampler == "ddpm":
        points = ddpm_sample(exact, SCHEDULE, start, generator=rng(1))
    else:
        points = ddim_sample(exact, SCHEDULE, start, num_steps=100)
    result = count_modes(points, centres)
    assert result.covered == 8
    assert result.near > 0.95
    assert result.counts.min() > 180
    assert result.counts.max() < 320


@pytest.mark.parametrize("target", TARGETS)
def test_what_was_asked_for_makes_no_difference(target):
    exact = MixtureDenoiser(SCHEDULE, torch.tensor(ring_centres()), std=0.2)
    start = torch.randn(50, 2, generator=rng()).double()
    denoise = as_target(exact, SCHEDULE, target)
    assert_same(
        ddim_sample(denoise, SCHEDULE, start, num_steps=20, target=target),
        ddim_sample(exact, SCHEDULE, start, num_steps=20),
        rtol=1e-5,
        atol=1e-6,
    )


def test_ddpm_by_hand():
    schedule = cosine_schedule(4)
    denoise = nn.Linear(2, 2).double()
    start = torch.randn(3, 2, generator=rng()).double()
    found = ddpm_sample(
        lambda x, _: denoise(x), schedule, start, generator=rng(1)
    )
    generator, x = rng(1), start
    with torch.no_grad():
        for t in (4, 3, 2, 1):
            eps = denoise(x)
            beta, kept = schedule.betas[t], schedule.kept[t]
            z = torch.randn(x.shape, generator=generator).double()
            before = schedule.kept[t - 1]
            sigma = (beta * (1 - before) / (1 - kept)).sqrt()
            # algorithm 2 of the paper
            x = (x - beta / (1 - kept).sqrt() * eps) / (1 - beta).sqrt()
            x = x + sigma * z
    assert_same(found, x, rtol=1e-8)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 12), st.integers(0, 99))
def test_ddim_with_all_steps_and_all_noise_is_ddpm(num_steps, seed):
    schedule = cosine_schedule(num_steps)
    torch.manual_seed(seed)
    net = nn.Linear(2, 2).double()

    def denoise(x, t):
        return net(x) + t[:, None] / num_steps

    start = torch.randn(3, 2).double()

    def noises():  # DDPM draws in the last step too, and does not use it
        return torch.Generator().manual_seed(seed)

    assert_same(
        ddim_sample(
            denoise,
            schedule,
            start,
            num_steps=num_steps,
            eta=1.0,
            generator=noises(),
        ),
        ddpm_sample(denoise, schedule, start, generator=noises()),
        rtol=1e-4,
        atol=1e-6,
    )


@given(st.integers(1, 200), st.data())
def test_ddim_stops_at_different_steps_evenly_spaced(num_steps, data):
    jumps = data.draw(st.integers(1, num_steps))
    schedule, asked, reached = cosine_schedule(num_steps), [], []

    def denoise(x, t):
        asked.append(int(t[0]))
        return torch.zeros_like(x)

    ddim_sample(
        denoise,
        schedule,
        torch.zeros(1, 1),
        num_steps=jumps,
        on_step=lambda t, x, clean: reached.append(t),
    )
    assert asked[0] == num_steps
    assert reached[-1] == 0
    assert asked[1:] == reached[:-1]
    lengths = [a - b for a, b in itertools.pairwise([*asked, 0])]
    assert len(lengths) == jumps
    assert max(lengths) - min(lengths) <= 1
    assert min(lengths) >= 1


def test_limits_hold_for_the_clean_estimate_and_change_the_noise():
    def wild(x, t):
        return 5 * torch.ones_like(x)

    seen = []
    out = ddpm_sample(
        wild,
        SCHEDULE,
        torch.randn(2, 2, generator=rng()),
        generator=rng(),
        target="clean",
        limits=(-1, 1),
        on_step=lambda t, x, clean: seen.append((t, clean.max().item())),
    )
    assert seen == [(t, 1.0) for t in range(99, -1, -1)]
    assert_same(out, torch.ones(2, 2))
    start = torch.randn(2, 2, generator=rng())
    one = ddim_sample(
        wild,
        SCHEDULE,
        start,
        num_steps=2,
        target="clean",
        limits=(-1, 1),
        on_step=lambda t, x, clean: seen.append(x),
    )
    assert_same(one, torch.ones(2, 2))
    half = estimate(SCHEDULE, start, 100, torch.ones(2, 2), target="clean")
    signal, noise = SCHEDULE.factors(50, start)
    assert_same(seen[-2], signal + noise * half.noise, rtol=1e-5)


def test_ddpm_steps_into_the_posterior():
    """What is kept of the way is what the posterior makes of the estimate."""
    schedule, way = cosine_schedule(5), []
    start = torch.randn(2, 2, generator=rng())
    ddpm_sample(
        lambda x, t: 0.5 * x,
        schedule,
        start,
        generator=rng(3),
        on_step=lambda t, x, clean: way.append((t, x, clean)),
    )
    noise = torch.randn(2, 2, generator=rng(3))
    t, x, clean = way[0]
    mean, variance = posterior(schedule, clean, start, 5)
    assert t == 4
    assert_same(x, mean + variance.sqrt() * noise)


@given(st.floats(-2, 5))
def test_guidance_is_a_straight_line_through_both_answers(scale):
    condition, blank = torch.tensor([1, 3, 7]), torch.tensor(10)
    model = Told()
    x, t = torch.zeros(3, 2), torch.ones(3, dtype=torch.long)
    answer = guided(model, condition, blank, scale=scale)(x, t)
    expected = 10 + scale * (condition - 10)
    assert_same(
        answer, expected.float()[:, None].expand(3, 2), rtol=1e-5, atol=1e-5
    )
    rows = 3 if scale in (0, 1) else 6  # is the network asked once or twice?
    assert [num for num, _ in model.asked] == [rows]


def test_conditions_may_be_of_any_shape():
    class Sum(nn.Module):
        def forward(self, x, t, condition):
            return x + condition.sum(dim=1, keepdim=True)

    condition = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    answer = guided(Sum(), condition, torch.zeros(2), scale=2.0)
    t = torch.ones(2, dtype=torch.long)
    assert answer(torch.zeros(2, 1), t).tolist() == [[6.0], [14.0]]


def test_no_condition_no_guidance():
    asked = []

    class Plain(nn.Module):
        def forward(self, x, t, condition):
            asked.append(condition)
            return x

    guided(Plain())(torch.zeros(1, 1), torch.tensor([1]))
    assert asked == [None]
    for scale in (0.0, 2.0):
        with pytest.raises(ValueError, match="needs a condition"):
            guided(Plain(), scale=scale)
        with pytest.raises(ValueError, match="needs a condition"):
            guided(Plain(), torch.tensor([1]), scale=scale)


@pytest.mark.parametrize(
    "options",
    [
        {"num_steps": 0},
        {"num_steps": 101},
        {"eta": -0.1},
        {"eta": 1.5, "generator": rng()},
        {"eta": 0.5},
        {"target": "image"},
    ],
)
def test_bad_input_is_refused(options):
    with pytest.raises(ValueError, match=r"expected|generator"):
        ddim_sample(lambda x, t: x, SCHEDULE, torch.zeros(1, 1), **options)
