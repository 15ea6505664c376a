import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.stats import multivariate_normal

from aibook.data.ring import ring_centres
from aibook.diffusion import diffuse
from aibook.diffusion_exact import MixtureDenoiser
from aibook.noise_schedules import cosine_schedule
from helpers import assert_same

SCHEDULE = cosine_schedule(100)


def ring(std=0.1):
    return MixtureDenoiser(SCHEDULE, torch.tensor(ring_centres()), std=std)


def test_the_density_is_the_sum_of_the_heaps():
    points = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    points = points.double()
    for step in (0, 1, 30, 99, 100):
        kept = SCHEDULE.kept[step].item()
        expected = np.mean(
            [
                multivariate_normal.pdf(
                    points, kept**0.5 * c, kept * 0.3**2 + 1 - kept
                )
                for c in ring_centres()
            ],
            axis=0,
        )
        found = ring(0.3).log_density(points, torch.full((20,), step)).exp()
        assert_same(found, torch.tensor(expected), rtol=1e-9, atol=1e-300)


def test_the_score_is_the_slope_of_the_log_density():
    exact = ring()
    x = 2 * torch.randn(50, 2).double()
    x.requires_grad_()
    t = torch.arange(1, 51)
    exact.log_density(x, t).sum().backward()
    assert_same(exact.score(x.detach(), t), x.grad, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("place", [-2.0, 0.1, 1.0])
def test_the_answer_is_the_mean_of_the_noise(place):
    """Bayes' rule, integrated: heaps at -1 and 1 on a line."""
    t, std = 60, 0.2
    centres = torch.tensor([[-1.0], [1.0]], dtype=torch.double)
    exact = MixtureDenoiser(SCHEDULE, centres, std=std)
    a = SCHEDULE.kept[t].item() ** 0.5
    b = (1 - a**2) ** 0.5

    def prior(x0):
        return sum(np.exp(-((x0 - c) ** 2) / (2 * std**2)) for c in (-1, 1))

    def joint(noise):  # that x0 and this noise make up the place
        return prior((place - b * noise) / a) * np.exp(-(noise**2) / 2)

    total = quad(joint, -12, 12, limit=400, points=np.linspace(-4, 4, 9))[0]
    mean = quad(
        lambda e: e * joint(e),
        -12,
        12,
        limit=400,
        points=np.linspace(-4, 4, 9),
    )[0]
    x = torch.tensor([[place]], dtype=torch.double)
    assert exact(x, torch.tensor([t])).item() == pytest.approx(
        mean / total, rel=1e-6
    )


def test_no_other_answer_has_a_smaller_error():
    exact = ring()
    generator = torch.Generator().manual_seed(0)
    centres = torch.tensor(ring_centres())
    x0 = centres[torch.randint(8, (20_000,), generator=generator)]
    x0 = x0 + 0.1 * torch.randn(x0.shape, generator=generator)
    noise = torch.randn(x0.shape, generator=generator).double()
    t = torch.full((len(x0),), 40)
    x_t = diffuse(SCHEDULE, x0, t, noise)
    best = exact(x_t, t)
    error = (best - noise).square().mean()
    for other in (0.95 * best, 1.05 * best, best + 0.1 * x_t, best - 0.1):
        assert error < (other - noise).square().mean()


@pytest.mark.parametrize(
    "call",
    [
        lambda: MixtureDenoiser(SCHEDULE, torch.zeros(2), std=1.0),
        lambda: MixtureDenoiser(SCHEDULE, torch.zeros(0, 2), std=1.0),
        lambda: MixtureDenoiser(SCHEDULE, torch.zeros(1, 2), std=0.0),
        lambda: ring()(torch.zeros(1, 3), torch.tensor([1])),
        lambda: ring()(torch.zeros(2), torch.tensor([1])),
        lambda: ring()(torch.zeros(1, 2), torch.tensor([101])),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call()
