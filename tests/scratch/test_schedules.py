import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.optim import lr_scheduler

from aibook.scratch.schedules import (
    cosine,
    step_decay,
    warmup,
    warmup_cosine,
)
from helpers import assert_same


def torch_factors(make, num_steps):
    """Return the rates of a torch schedule that starts from a rate of 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = make(optimizer)
    factors = []
    for _ in range(num_steps):
        factors.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return np.array(factors)


def warm_and_cold(optimizer):
    return lr_scheduler.SequentialLR(
        optimizer,
        [
            lr_scheduler.LinearLR(optimizer, 0.1, total_iters=10),
            lr_scheduler.CosineAnnealingLR(optimizer, 40, eta_min=0.05),
        ],
        milestones=[10],
    )


TWINS = [
    (
        lambda t: step_decay(t, step_size=7, gamma=0.3),
        lambda o: lr_scheduler.StepLR(o, 7, gamma=0.3),
        50,
    ),
    (
        lambda t: cosine(t, num_steps=40, lowest=0.1),
        lambda o: lr_scheduler.CosineAnnealingLR(o, 40, eta_min=0.1),
        41,
    ),
    (
        lambda t: warmup(t, num_warmup=8, start=0.25),
        lambda o: lr_scheduler.LinearLR(o, 0.25, total_iters=8),
        50,
    ),
    (
        lambda t: warmup_cosine(
            t, num_warmup=10, num_steps=50, start=0.1, lowest=0.05
        ),
        warm_and_cold,
        51,
    ),
]


@pytest.mark.filterwarnings("ignore:The epoch parameter:UserWarning")
@pytest.mark.parametrize(("ours", "twin", "num_steps"), TWINS)
def test_factors_are_torchs(ours, twin, num_steps):
    found = np.array([ours(t) for t in range(num_steps)])
    assert_same(found, torch_factors(twin, num_steps), rtol=0, atol=1e-12)


@given(
    st.integers(0, 500),
    st.integers(1, 100),
    st.integers(1, 100),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_factors_lie_between_their_ends(t, num_warmup, rest, start, lowest):
    sizes = {"num_warmup": num_warmup, "num_steps": num_warmup + rest}
    factor = warmup_cosine(t, start=start, lowest=lowest, **sizes)
    assert min(start, lowest) - 1e-12 <= factor <= 1 + 1e-12
    assert step_decay(t, step_size=rest, gamma=lowest) <= 1
    if t >= sizes["num_steps"]:
        assert factor == pytest.approx(lowest)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: step_decay(-1, step_size=1), r"t \+ 1 is 0"),
        (lambda: step_decay(0, step_size=0), "step_size is 0"),
        (lambda: step_decay(0, step_size=1, gamma=2), "gamma is 2; .* 0 to 1"),
        (lambda: cosine(0, num_steps=0), "num_steps is 0"),
        (lambda: cosine(0, num_steps=1, lowest=-1), "lowest is -1"),
        (lambda: warmup(0, num_warmup=0), "num_warmup is 0"),
        (lambda: warmup(0, num_warmup=1, start=np.nan), "start is nan"),
        (
            lambda: warmup_cosine(0, num_warmup=5, num_steps=5),
            "num_steps is 5; expected more than num_warmup, 5",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
