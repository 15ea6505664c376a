"""Gliding tones: their pitch, what they do not differ in, and bad arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.glides import load_glides
from helpers import assert_same


@given(st.integers(1, 20), st.integers(2, 50), st.integers(0, 99))
def test_shapes_and_range(N, T, seed):
    X, y = load_glides(N, num_steps=T, noise=0.0, seed=seed)
    assert X.shape == (N, T, 1)
    assert X.dtype == np.float32
    assert (np.abs(X) <= 1).all()
    assert np.isin(y, (0, 1)).all()


def test_the_pitch_rises_or_falls():
    X, y = load_glides(400, num_steps=400, noise=0.0)
    signs = np.sign(X[:, :, 0])
    turns = signs[:, 1:] != signs[:, :-1]  # twice a wave
    first, last = turns[:, :200].sum(axis=1), turns[:, 200:].sum(axis=1)
    assert_same((last > first).astype(np.int64), y)
    waves = turns.sum(axis=1) / 2
    assert waves.min() > 399 * 0.045 - 1
    assert waves.max() < 399 * 0.12 + 1


def test_classes_differ_in_their_order_only():
    X, y = load_glides(20_000, noise=0.1)
    values = X[:, :, 0]
    for statistic in (values.mean(axis=1), values.std(axis=1)):
        a, b = statistic[y == 0], statistic[y == 1]
        error = (a.var() / len(a) + b.var() / len(b)) ** 0.5
        assert abs(a.mean() - b.mean()) < 4 * error


def test_seed_decides_all():
    assert_same(load_glides(5)[0], load_glides(5)[0])
    assert not np.array_equal(load_glides(5)[0], load_glides(5, seed=1)[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"num_tones": 0}, "num_tones"),
        ({"num_steps": 1}, "num_steps"),
        ({"noise": -1.0}, "noise must be"),
        ({"noise": float("nan")}, "noise must be"),
        ({"seed": -1}, "seed"),
    ],
)
def test_bad_arguments(options, message):
    with pytest.raises(ValueError, match=message):
        load_glides(**options)
