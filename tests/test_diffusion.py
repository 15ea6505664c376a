import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.diffusion import (
    TARGETS,
    diffuse,
    estimate,
    make_target,
    noise_step,
    posterior,
)
from aibook.noise_schedules import cosine_schedule, linear_schedule
from helpers import assert_same

schedules = st.sampled_from([linear_schedule, cosine_schedule])
seeds = st.integers(0, 2**32 - 1)


@given(schedules, st.integers(1, 30), seeds)
def test_one_step_follows_another_and_both_are_the_closed_form(
    make, num_steps, seed
):
    """Each step is linear: its mean and variance are followed, not sampled."""
    schedule = make(num_steps)
    generator = torch.Generator().manual_seed(seed)
    x0 = torch.randn(2, 3, generator=generator).double()
    zero, one = torch.zeros_like(x0), torch.ones_like(x0)
    mean, variance = x0, zero
    for t in range(1, num_steps + 1):
        shrunk = noise_step(schedule, mean, t, zero)
        # the factor of the sample, and that of the noise
        factor = noise_step(schedule, one, t, zero)
        added = noise_step(schedule, zero, t, one)
        mean, variance = shrunk, factor**2 * variance + added**2
        assert_same(diffuse(schedule, x0, t, zero), mean, rtol=1e-9)
        assert_same(diffuse(schedule, zero, t, one) ** 2, variance, rtol=1e-9)


def test_a_thousand_single_steps_have_the_spread_of_the_closed_form():
    schedule = linear_schedule(100, first=1e-3, last=0.1)
    generator = torch.Generator().manual_seed(0)
    x0 = torch.full((200_000,), 2.0)
    x = x0
    for t in range(1, 41):
        x = noise_step(
            schedule, x, t, torch.randn(x.shape, generator=generator)
        )
    kept = schedule.kept[40].item()
    assert x.mean().item() == pytest.approx(2 * kept**0.5, abs=0.01)
    assert x.var().item() == pytest.approx(1 - kept, rel=0.02)


@given(schedules, st.integers(2, 50), st.data())
def test_the_posterior_is_that_of_bayes(make, num_steps, data):
    """Product of two normal densities in x_{t-1}, its precision added up."""
    schedule = make(num_steps)
    t = data.draw(st.integers(2, num_steps))
    x0 = torch.tensor([[0.3, -2.0]], dtype=torch.double)
    x_t = torch.tensor([[-1.0, 0.5]], dtype=torch.double)
    beta, before = schedule.betas[t], schedule.kept[t - 1]
    # x_t given x_{t-1}, as a density of x_{t-1}; and x_{t-1} given x_0
    precisions = (1 - beta) / beta, 1 / (1 - before)
    places = x_t / (1 - beta).sqrt(), before.sqrt() * x0
    total = precisions[0] + precisions[1]
    mean = (precisions[0] * places[0] + precisions[1] * places[1]) / total
    found, variance = posterior(schedule, x0, x_t, t)
    assert_same(found, mean, rtol=1e-8)
    assert_same(variance, (1 / total).view(1, 1), rtol=1e-8)


def test_the_first_step_back_ends_at_the_clean_sample():
    x0, x_t = torch.randn(4, 2), torch.randn(4, 2)
    mean, variance = posterior(cosine_schedule(50), x0, x_t, 1)
    assert_same(mean, x0)
    assert_same(variance, torch.zeros(4, 1))


@settings(deadline=None)
@given(schedules, st.integers(1, 40), seeds, st.sampled_from(TARGETS))
def test_a_right_answer_gives_clean_sample_and_noise_back(
    make, num_steps, seed, target
):
    schedule = make(num_steps)
    generator = torch.Generator().manual_seed(seed)
    x0, noise = torch.randn(2, 5, 2, 2, generator=generator).double()
    t = torch.randint(1, num_steps + 1, (5,), generator=generator)
    x_t = diffuse(schedule, x0, t, noise)
    wanted = make_target(schedule, x0, t, noise, target=target)
    seen = estimate(schedule, x_t, t, wanted, target=target)
    assert_same(seen.clean, x0, rtol=1e-5, atol=1e-5)
    assert_same(seen.noise, noise, rtol=1e-5, atol=1e-5)


@given(schedules, st.integers(1, 40), seeds, st.sampled_from(TARGETS))
def test_any_answer_splits_the_sample_without_rest(
    make, num_steps, seed, target
):
    schedule = make(num_steps)
    generator = torch.Generator().manual_seed(seed)
    x_t, answer = torch.randn(2, 3, 2, generator=generator).double()
    t = torch.randint(1, num_steps + 1, (3,), generator=generator)
    seen = estimate(schedule, x_t, t, answer, target=target)
    assert_same(diffuse(schedule, seen.clean, t, seen.noise), x_t, rtol=1e-6)
    if target != "velocity":
        assert_same(getattr(seen, target), answer)


def test_targets():
    schedule = cosine_schedule(10)
    x0, noise = torch.tensor([[2.0]]), torch.tensor([[3.0]])
    assert make_target(schedule, x0, 5, noise) is noise
    assert make_target(schedule, x0, 5, noise, target="clean") is x0
    signal, rest = schedule.factors(5, x0)
    velocity = make_target(schedule, x0, 5, noise, target="velocity")
    assert_same(velocity, 3 * signal - 2 * rest)
    # half-way round the circle from clean sample to noise
    assert_same(
        make_target(schedule, x0, 10, noise, target="velocity"),
        -x0,
        atol=0.1,
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda s, x: noise_step(s, x, 0, x),
        lambda s, x: noise_step(s, x, 11, x),
        lambda s, x: noise_step(s, x, 1, x[:1]),
        lambda s, x: diffuse(s, x, 1, x[:, :1]),
        lambda s, x: diffuse(s, x, 11, x),
        lambda s, x: posterior(s, x, x[:1], 1),
        lambda s, x: posterior(s, x, x, 0),
        lambda s, x: make_target(s, x, 1, x, target="image"),
        lambda s, x: make_target(s, x, 1, x[:1]),
        lambda s, x: estimate(s, x, 1, x, target="image"),
        lambda s, x: estimate(s, x, 0, x),
        lambda s, x: estimate(s, x, 1, x[:1]),
        lambda s, x: diffuse(s, torch.tensor(0.0), 1, torch.tensor(0.0)),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError, match="expected"):
        call(cosine_schedule(10), torch.zeros(2, 3))
