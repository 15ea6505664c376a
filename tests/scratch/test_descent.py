import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.descent import descend, minibatches
from aibook.scratch.optimisers import SGD, Adam
from aibook.scratch.schedules import cosine
from helpers import assert_same


@given(
    st.floats(0.01, 3.0), st.floats(0.1, 10.0), st.floats(-5, 5), st.integers()
)
def test_a_parabola_has_a_closed_form(lr, curvature, start, seed):
    """After T steps w is (1 - lr * curvature) ** T times the start."""
    num_steps = 1 + seed % 10
    path = descend(
        lambda w: curvature * w, start, SGD(lr=lr), num_steps=num_steps
    )
    factor = 1 - lr * curvature
    expected = start * factor ** np.arange(num_steps + 1)
    assert_same(path, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("curvature", [0.1, 1.0, 25.0])
def test_it_converges_below_two_over_the_curvature_only(curvature):
    for share, fate in [(0.99, "in"), (1.0, "stuck"), (1.01, "out")]:
        path = descend(
            lambda w: curvature * w,
            1.0,
            SGD(lr=share * 2 / curvature),
            num_steps=1000,
        )
        end = abs(path[-1])
        assert {"in": end < 1e-6, "stuck": abs(end - 1) < 1e-9}.get(
            fate, end > 1e6
        )


def test_the_way_is_torchs():
    scales = torch.tensor([1.0, 10.0], dtype=torch.float64)
    w = torch.tensor([1.0, -1.0], dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 60)
    expected = [w.detach().numpy().copy()]
    for _ in range(60):
        optimizer.zero_grad()
        (0.5 * scales * w**2).sum().backward()
        optimizer.step()
        schedule.step()
        expected.append(w.detach().numpy().copy())
    path = descend(
        lambda w: np.array([1.0, 10.0]) * w,
        [1.0, -1.0],
        Adam(lr=0.1),
        num_steps=60,
        schedule=lambda t: cosine(t, num_steps=60),
    )
    assert_same(path, np.stack(expected), rtol=0, atol=1e-12)


def test_the_optimiser_keeps_its_rate():
    optimiser = SGD(lr=0.5)
    descend(
        lambda w: w,
        1.0,
        optimiser,
        num_steps=3,
        schedule=lambda t: 1 / (t + 1),
    )
    assert optimiser.lr == 0.5


@given(st.integers(1, 40), st.integers(1, 40), st.integers(1, 3))
def test_every_epoch_has_every_row_once(num_examples, size, num_epochs):
    size = min(size, num_examples)
    batches = list(
        minibatches(num_examples, batch_size=size, num_epochs=num_epochs)
    )
    rows = np.concatenate(batches).reshape(num_epochs, num_examples)
    assert_same(
        np.sort(rows), np.tile(np.arange(num_examples), (num_epochs, 1))
    )
    assert all(1 <= len(batch) <= size for batch in batches)


def test_orders_differ_and_depend_on_the_seed_alone():
    def order(seed):
        batches = minibatches(50, batch_size=50, num_epochs=2, seed=seed)
        return [batch.tolist() for batch in batches]

    first, second = order(0)
    assert first != second
    assert order(0) == [first, second]
    assert order(1) != [first, second]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: descend(lambda w: w, np.nan, SGD(), num_steps=1),
            "start holds NaN",
        ),
        (
            lambda: descend(lambda w: w, 1.0, SGD(), num_steps=0),
            "num_steps is 0",
        ),
        (
            lambda: descend(lambda w: w, [1.0], SGD(lr=1e9), num_steps=99),
            "holds NaN or infinity",
        ),
        (
            lambda: next(minibatches(3, batch_size=4, num_epochs=1)),
            "batch_size is 4; expected a whole number from 1 to 3",
        ),
        (
            lambda: next(minibatches(0, batch_size=1, num_epochs=1)),
            "num_examples is 0",
        ),
        (
            lambda: next(minibatches(3, batch_size=1, num_epochs=0)),
            "num_epochs is 0",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
