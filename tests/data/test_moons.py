"""Two moons: the circles that they lie on, and bad arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.moons import load_moons
from helpers import assert_same


@given(num_points=st.integers(2, 300), seed=st.integers(0, 2**32 - 1))
def test_without_noise_on_two_half_circles(num_points: int, seed: int) -> None:
    X, y = load_moons(num_points, noise=0.0, seed=seed)
    assert X.shape == (num_points, 2)
    assert X.dtype == np.float64
    assert y.dtype == np.int64
    assert np.bincount(y, minlength=2).tolist() == [
        num_points // 2,
        -(-num_points // 2),
    ]
    centres = np.array([[0.0, 0.0], [1.0, 0.5]])[y]
    assert_same(np.linalg.norm(X - centres, axis=1), np.ones(num_points))
    sides = np.where(y == 0, X[:, 1], 0.5 - X[:, 1])
    assert (sides > -1e-12).all()


def test_noise_is_the_standard_deviation() -> None:
    X, y = load_moons(20_000, noise=0.3, seed=1)
    clean, y_clean = load_moons(20_000, noise=0.0, seed=1)
    assert abs((X - clean).std() - 0.3) < 0.01
    assert_same(y, y_clean)


def test_seed_decides_all() -> None:
    assert_same(load_moons(seed=3)[0], load_moons(seed=3)[0])
    assert not np.allclose(load_moons(seed=3)[0], load_moons(seed=4)[0])
    assert load_moons()[0].shape == (200, 2)


@pytest.mark.parametrize("num_points", [1, 0, -5, 2.0, "9", None, True])
def test_bad_num_points(num_points: object) -> None:
    with pytest.raises(ValueError, match=r"num_points .*at least 2, got"):
        load_moons(num_points)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "noise", [-0.1, float("nan"), float("inf"), "a", None, True]
)
def test_bad_noise(noise: object) -> None:
    with pytest.raises(ValueError, match=r"noise must be .*at least 0, got"):
        load_moons(noise=noise)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, None])
def test_bad_seed(seed: object) -> None:
    with pytest.raises(ValueError, match=r"seed .*from 0 to 4294967295, got"):
        load_moons(seed=seed)  # type: ignore[arg-type]
