import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.noise_schedules import (
    cosine_schedule,
    linear_schedule,
    pick,
)
from helpers import assert_same


def product_of(betas):
    """Return what is left after each step, one factor after the other."""
    left, kept = 1.0, [1.0]
    for beta in betas[1:]:
        left *= 1 - beta
        kept.append(left)
    return kept


@pytest.mark.parametrize("make", [linear_schedule, cosine_schedule])
@given(num_steps=st.integers(1, 60))
def test_what_is_kept_is_the_product_of_the_steps(make, num_steps):
    schedule = make(num_steps)
    assert schedule.num_steps == num_steps
    assert_same(
        schedule.kept,
        torch.tensor(product_of(schedule.betas.tolist()), dtype=torch.double),
        rtol=1e-12,
    )
    assert schedule.betas[0] == 0
    assert (schedule.betas[1:] > 0).all()
    assert (schedule.kept.diff() < 0).all()
    assert (schedule.kept > 0).all()


def test_the_papers_linear_schedule():
    schedule = linear_schedule()
    assert schedule.betas[1].item() == pytest.approx(1e-4)
    assert schedule.betas[-1].item() == pytest.approx(0.02)
    assert schedule.betas.diff()[1:].std() < 1e-12
    # computed with fractions of Python, for T = 1000
    assert schedule.kept[-1].item() == pytest.approx(4.0358e-5, rel=1e-4)
    assert schedule.kept[-1].sqrt().item() == pytest.approx(0.00635, rel=1e-3)


@given(st.integers(2, 200))
def test_the_cosine_is_met_wherever_the_limit_does_not_bind(num_steps):
    schedule = cosine_schedule(num_steps)

    def wanted(t):
        angle = (t / num_steps + 0.008) / 1.008 * math.pi / 2
        return math.cos(angle) ** 2

    for t in range(num_steps):
        assert schedule.kept[t].item() == pytest.approx(
            wanted(t) / wanted(0), rel=1e-9
        )
    assert schedule.betas[-1] == pytest.approx(0.999)


def test_factors_are_those_of_each_sample_and_square_to_one():
    schedule = cosine_schedule(10)
    x = torch.zeros(3, 2, 5)
    t = torch.tensor([0, 4, 10])
    signal, noise = schedule.factors(t, x)
    assert signal.shape == noise.shape == (3, 1, 1)
    assert_same(signal**2 + noise**2, torch.ones(3, 1, 1))
    assert signal[0] == 1
    assert noise[0] == 0
    assert signal[1].item() == pytest.approx(
        schedule.kept[4].sqrt().item(), rel=1e-6
    )
    same = schedule.factors(4, x)
    assert_same(same[0], signal[1].expand(3, 1, 1))


@pytest.mark.parametrize(
    "call",
    [
        lambda: linear_schedule(0),
        lambda: linear_schedule(first=0.0),
        lambda: linear_schedule(last=1.0),
        lambda: linear_schedule(first=math.nan),
        lambda: cosine_schedule(0),
        lambda: cosine_schedule(offset=-0.1),
        lambda: cosine_schedule(limit=1.0),
        lambda: pick(torch.ones(5), 5, torch.zeros(2)),
        lambda: pick(torch.ones(5), -1, torch.zeros(2)),
        lambda: pick(torch.ones(5), 0, torch.zeros(2), least=1),
        lambda: pick(torch.ones(5), torch.tensor([1.0, 2.0]), torch.zeros(2)),
        lambda: pick(torch.ones(5), torch.tensor([1]), torch.zeros(2)),
    ],
)
def test_bad_input_is_refused(call):
    with pytest.raises(ValueError, match=r"expected|must"):
        call()
