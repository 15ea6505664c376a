import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from aibook.scratch.optimisers import SGD, Adam, AdamW, Optimiser, RMSProp
from helpers import assert_same

NUM_STEPS = 300
# Ours, and torch's with the same options.
PAIRS = [
    (SGD, torch.optim.SGD, {"lr": 0.03}),
    (SGD, torch.optim.SGD, {"lr": 0.03, "weight_decay": 0.1}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    (SGD, torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "nesterov": True}),
    (
        SGD,
        torch.optim.SGD,
        {"lr": 0.01, "momentum": 0.5, "nesterov": True, "weight_decay": 0.2},
    ),
    (RMSProp, torch.optim.RMSprop, {}),
    (RMSProp, torch.optim.RMSprop, {"lr": 0.05, "alpha": 0.9, "eps": 1e-6}),
    (RMSProp, torch.optim.RMSprop, {"lr": 0.02, "weight_decay": 0.1}),
    (Adam, torch.optim.Adam, {}),
    (Adam, torch.optim.Adam, {"lr": 0.1, "betas": (0.5, 0.9), "eps": 1e-4}),
    (Adam, torch.optim.Adam, {"lr": 0.1, "betas": (0.0, 0.999)}),
    (Adam, torch.optim.Adam, {"lr": 0.05, "weight_decay": 0.1}),
    (AdamW, torch.optim.AdamW, {"lr": 0.05, "weight_decay": 0.1}),
]


def gradients(params, step):
    """Gradients of a bumpy function, and noise: the same for both."""
    noise = np.random.default_rng(step)
    return [np.sin(3 * w) + w + noise.normal(size=w.shape) for w in params]


def start():
    rng = np.random.default_rng(0)
    return [rng.normal(size=shape) for shape in [(3, 2), (4,), ()]]


def torch_path(make, options, num_steps, lrs=None):
    params = [torch.tensor(w, requires_grad=True) for w in start()]
    optimizer = make(params, **options)
    path = []
    for step in range(num_steps):
        if lrs:
            optimizer.param_groups[0]["lr"] = lrs[step]
        arrays = [p.detach().numpy().copy() for p in params]
        for p, g in zip(params, gradients(arrays, step), strict=True):
            p.grad = torch.tensor(g)
        optimizer.step()
        path.append([p.detach().numpy().copy() for p in params])
    return path


@pytest.mark.parametrize(("make", "make_twin", "options"), PAIRS)
def test_every_step_is_torchs(make, make_twin, options):
    ours, params = make(**options), start()
    twin = torch_path(make_twin, options, NUM_STEPS)
    for step, expected in enumerate(twin):
        params = ours.step(params, gradients(params, step))
        for w, e in zip(params, expected, strict=True):
            assert_same(w, e, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("make", "make_twin", "options"), PAIRS[::3])
def test_the_rate_may_change_on_the_way(make, make_twin, options):
    lrs = [0.05 / (step + 1) for step in range(100)]
    ours, params = make(**options), start()
    twin = torch_path(make_twin, options, len(lrs), lrs)
    for step, expected in enumerate(twin):
        ours.lr = lrs[step]
        params = ours.step(params, gradients(params, step))
        for w, e in zip(params, expected, strict=True):
            assert_same(w, e, rtol=0, atol=1e-12)


def test_torchs_defaults_are_ours():
    """Except SGD's rate, and the weight decay of AdamW."""
    parameter = [torch.nn.Parameter(torch.zeros(1))]
    adam = torch.optim.Adam(parameter).defaults
    ours = Adam()
    assert (ours.lr, ours.betas, ours.eps, ours.weight_decay) == (
        adam["lr"],
        adam["betas"],
        adam["eps"],
        adam["weight_decay"],
    )
    rmsprop = torch.optim.RMSprop(parameter).defaults
    theirs = [rmsprop[name] for name in ("lr", "alpha", "eps")]
    assert [RMSProp().lr, RMSProp().alpha, RMSProp().eps] == theirs


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(max_dims=3, max_side=4),
        elements=st.floats(-1e100, 1e100),
    ),
    st.sampled_from([SGD, RMSProp, Adam, AdamW]),
)
def test_any_gradient_gives_finite_parameters_of_its_shape(g, make):
    optimiser = make(lr=0.1)
    w = np.ones(g.shape)
    for _ in range(3):
        (w,) = optimiser.step([w], [g])
    assert w.shape == g.shape
    assert np.isfinite(w).all()
    # Where the gradient is zero nothing moves.
    assert_same(w[g == 0], np.ones((g == 0).sum()))


@given(st.floats(1e-3, 1e3), st.floats(1e-4, 1.0), st.booleans())
def test_adams_first_step_has_the_length_of_the_rate(size, lr, negative):
    g = -size if negative else size
    (w,) = Adam(lr=lr).step([0.0], [g])
    assert float(w) == pytest.approx(-math.copysign(lr, g), rel=1e-4)


def test_momentum_adds_up_to_a_longer_step():
    """A constant gradient is worth 1 / (1 - momentum) steps in the end."""
    optimiser, w = SGD(lr=0.1, momentum=0.9), [np.zeros(1)]
    for _ in range(400):
        before = w
        w = optimiser.step(w, [np.ones(1)])
    assert_same(before[0] - w[0], np.array([0.1 / (1 - 0.9)]))


def test_what_was_given_stays_as_it_is():
    w, g = np.ones(3), np.ones(3)
    for make in (SGD, RMSProp, Adam, AdamW):
        optimiser = make(weight_decay=0.1)
        (new,) = optimiser.step([w], [g])
        assert new is not w
        assert (w == 1).all()
        assert (g == 1).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: SGD(lr=0.0), "lr is 0.0; expected a positive"),
        (lambda: SGD(momentum=1.0), r"momentum is 1.0; .* up to but not 1"),
        (lambda: SGD(nesterov=True), "nesterov needs momentum"),
        (lambda: SGD(weight_decay=-1), "weight_decay is -1; .* from 0"),
        (lambda: RMSProp(alpha=math.nan), "alpha is nan"),
        (lambda: RMSProp(eps=0.0), "eps is 0.0"),
        (lambda: Adam(betas=(1.0, 0.9)), r"betas\[0\] is 1.0"),
        (lambda: Adam(betas=(0.9, -0.1)), r"betas\[1\] is -0.1"),
        (lambda: Adam(eps=math.inf), "eps is inf"),
        (
            lambda: SGD().step([[1.0]], [[1.0, 2.0]]),
            r"grads have shapes \[\(2,\)\]; expected \[\(1,\)\]",
        ),
        (lambda: SGD().step([[1.0]], []), r"grads have shapes \[\]"),
        (lambda: SGD().step([[1.0]], [[math.nan]]), "grads holds NaN"),
        (lambda: SGD().step([[math.inf]], [[1.0]]), "params holds NaN"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_parameters_stay_the_same_ones():
    optimiser = SGD(momentum=0.9)
    optimiser.step([[1.0]], [[1.0]])
    with pytest.raises(ValueError, match=r"params have shapes .* as before"):
        optimiser.step([[1.0, 2.0]], [[1.0, 2.0]])


def test_the_base_says_nothing_of_how_to_move():
    with pytest.raises(NotImplementedError):
        Optimiser(lr=0.1).step([[1.0]], [[1.0]])
