import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from aibook.parzen import parzen_log_density, parzen_sample
from helpers import assert_same

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.integers(1, 5), st.integers(1, 4), st.floats(0.2, 3))
def test_it_is_the_mean_of_normal_densities(seed, num, size, width):
    rng = np.random.default_rng(seed)
    X, C = rng.normal(size=(3, size)), rng.normal(size=(num, size))
    expected = [
        np.log(np.mean([stats.norm.pdf(x, c, width).prod() for c in C]))
        for x in X
    ]
    assert_same(
        parzen_log_density(X, C, width=width), np.array(expected), rtol=1e-9
    )


def test_the_density_adds_up_to_one():
    x = np.linspace(-10, 10, 20001)
    logs = parzen_log_density(x[:, None], [[-1.0], [0.5], [2.0]], width=0.3)
    assert np.trapezoid(np.exp(logs), x) == pytest.approx(1, abs=1e-9)


def test_far_away_the_logarithm_stays_exact():
    [value] = parzen_log_density([[1000.0]], [[0.0]], width=1.0)
    assert value == pytest.approx(-500000 - np.log(2 * np.pi) / 2)
    assert np.isfinite(value)


def test_samples_are_centres_plus_noise_of_the_width():
    C = np.array([[0.0, 0.0], [100.0, 0.0], [0.0, 100.0]])
    drawn = parzen_sample(C, 30000, width=2.0, seed=3)
    gaps = drawn[:, None] - C
    nearest = (gaps**2).sum(axis=2).argmin(axis=1)
    shares = np.bincount(nearest, minlength=3) / 30000
    assert np.abs(shares - 1 / 3).max() < 0.015
    noise = gaps[np.arange(30000), nearest]
    assert np.abs(noise.std(axis=0) - 2).max() < 0.05
    assert np.abs(noise.mean(axis=0)).max() < 0.05
    assert_same(drawn, parzen_sample(C, 30000, width=2.0, seed=3))
    assert not np.array_equal(
        drawn, parzen_sample(C, 30000, width=2.0, seed=4)
    )
    assert parzen_sample(C, 0, width=1.0).shape == (0, 2)


@pytest.mark.parametrize(
    ("X", "centres", "width"),
    [
        ([[0.0]], [[0.0]], 0.0),
        ([[0.0]], [[0.0]], float("nan")),
        ([[0.0]], [[0.0]], float("inf")),
        ([[0.0]], [[0.0, 1.0]], 1.0),
        ([0.0], [[0.0]], 1.0),
        ([[0.0]], np.zeros((0, 1)), 1.0),
    ],
)
def test_it_refuses(X, centres, width):
    with pytest.raises(ValueError, match=r"expected|above 0"):
        parzen_log_density(X, centres, width=width)


def test_drawing_refuses():
    with pytest.raises(ValueError, match="0 or more"):
        parzen_sample([[0.0]], -1, width=1.0)
    with pytest.raises(ValueError, match="above 0"):
        parzen_sample([[0.0]], 1, width=-1.0)
    with pytest.raises(ValueError, match="expected"):
        parzen_sample([], 1, width=1.0)
