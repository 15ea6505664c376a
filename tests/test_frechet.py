import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from aibook.frechet import (
    Gaussian,
    fit_gaussian,
    frechet_distance,
    matrix_sqrt,
)
from helpers import assert_same

seeds = st.integers(0, 2**32 - 1)


def random_gaussian(rng, size, *, rank=None, scale=1.0):
    """Return a random mean, and covariances of a rank (full if None)."""
    A = rng.normal(size=(size, rank or 2 * size)) * scale
    return Gaussian(rng.normal(size=size) * scale, A @ A.T)


def scipy_distance(a, b):
    """Return the distance as the literature writes it, with scipy's root."""
    root = sqrtm(a.cov @ b.cov)
    gap = a.mean - b.mean
    return gap @ gap + np.trace(a.cov + b.cov - 2 * root.real)


@given(seeds, st.integers(1, 8))
def test_scipy_agrees(seed, size):
    rng = np.random.default_rng(seed)
    a, b = random_gaussian(rng, size), random_gaussian(rng, size, scale=3.0)
    assert frechet_distance(a, b) == pytest.approx(
        scipy_distance(a, b), rel=1e-6, abs=1e-6
    )
    assert_same(matrix_sqrt(a.cov), sqrtm(a.cov).real, rtol=1e-6, atol=1e-7)


@given(seeds, st.integers(1, 8), st.floats(1e-3, 1e3))
def test_symmetric_and_zero_only_with_itself(seed, size, scale):
    rng = np.random.default_rng(seed)
    a = random_gaussian(rng, size, scale=scale)
    b = random_gaussian(rng, size, scale=scale)
    unit = np.trace(a.cov) + np.trace(b.cov)
    assert frechet_distance(a, b) == pytest.approx(
        frechet_distance(b, a), rel=1e-9
    )
    assert 0 <= frechet_distance(a, a) < 1e-12 * unit
    assert frechet_distance(a, b) > 1e-6 * unit


@given(seeds, st.integers(1, 6))
def test_covariances_that_commute_have_a_closed_form(seed, size):
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.normal(size=(size, size)))[0]
    s, t = rng.uniform(0, 4, (2, size))
    s[0] = 0.0  # one of them is singular
    a = Gaussian(np.zeros(size), (frame * s**2) @ frame.T)
    b = Gaussian(np.ones(size), (frame * t**2) @ frame.T)
    expected = size + ((s - t) ** 2).sum()
    assert frechet_distance(a, b) == pytest.approx(expected, rel=1e-7)


@given(st.floats(-9, 9), st.floats(-9, 9), st.floats(0, 9), st.floats(0, 9))
def test_in_one_dimension_means_and_deviations_count(mean, other, s, t):
    a, b = Gaussian([mean], [[s**2]]), Gaussian([other], [[t**2]])
    expected = (mean - other) ** 2 + (s - t) ** 2
    assert frechet_distance(a, b) == pytest.approx(expected, abs=1e-9)


@given(seeds, st.integers(1, 8))
def test_with_equal_covariances_only_the_means_count(seed, size):
    rng = np.random.default_rng(seed)
    a = random_gaussian(rng, size, rank=max(1, size - 2))
    gap = rng.normal(size=size)
    b = Gaussian(a.mean + gap, a.cov)
    assert frechet_distance(a, b) == pytest.approx(gap @ gap, rel=1e-9)


def test_a_hand_worked_number():
    """5 for the means, and (2 - 1) squared plus (3 - 1) squared."""
    a = Gaussian(np.zeros(2), np.eye(2))
    b = Gaussian(np.array([1.0, 2.0]), np.diag([4.0, 9.0]))
    assert frechet_distance(a, b) == pytest.approx(10, rel=1e-12)


@given(seeds, st.integers(2, 20))
def test_of_singular_covariances(seed, size):
    """Two flat clouds at right angles share nothing: all spread counts."""
    rng = np.random.default_rng(seed)
    frame = np.linalg.qr(rng.normal(size=(size, size)))[0]
    half = size // 2
    A, B = frame[:, :half], frame[:, half:]
    a = Gaussian(np.zeros(size), A @ A.T)
    b = Gaussian(np.zeros(size), B @ B.T)
    assert frechet_distance(a, b) == pytest.approx(size, rel=1e-6)
    assert frechet_distance(a, a) < 1e-12 * size
    nothing = Gaussian(np.zeros(size), np.zeros((size, size)))
    assert frechet_distance(nothing, b) == pytest.approx(size - half)


@given(seeds)
def test_a_few_points_of_many_numbers_give_what_a_shift_costs(seed):
    """Ten points of 40 numbers: singular, yet a pure shift costs its square."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(10, 40))
    shift = rng.normal(size=40)
    distance = frechet_distance(fit_gaussian(X), fit_gaussian(X + shift))
    assert distance == pytest.approx(shift @ shift, rel=1e-9)


@given(seeds)
def test_turning_both_changes_nothing_and_scaling_squares(seed):
    rng = np.random.default_rng(seed)
    a, b = random_gaussian(rng, 4, rank=2), random_gaussian(rng, 4)
    Q = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    turned = [Gaussian(3 * Q @ m, 9 * Q @ C @ Q.T) for m, C in (a, b)]
    assert frechet_distance(*turned) == pytest.approx(
        9 * frechet_distance(a, b), rel=1e-6
    )


def test_the_fit_is_numpys():
    X = np.random.default_rng(0).normal(size=(50, 3))
    mean, cov = fit_gaussian(X)
    assert_same(mean, X.mean(axis=0))
    assert_same(cov, np.cov(X.T))


@pytest.mark.parametrize(
    "bad",
    [
        [[1.0, 2.0]],
        [1.0, 2.0],
        np.zeros((3, 0)),
        [[0.0, np.nan], [0.0, 1.0]],
    ],
)
def test_the_fit_refuses(bad):
    with pytest.raises(ValueError, match=r"expected|finite"):
        fit_gaussian(bad)


@pytest.mark.parametrize(
    "bad",
    [
        np.zeros((2, 3)),
        np.zeros(2),
        np.zeros((0, 0)),
        [[1.0, 0.5], [0.0, 1.0]],
        [[1.0, 2.0], [2.0, 1.0]],
        [[np.inf]],
    ],
)
def test_the_root_refuses(bad):
    with pytest.raises(
        ValueError, match=r"expected|symmetric|eigenvalue|finite"
    ):
        matrix_sqrt(bad)


def test_the_distance_refuses_what_does_not_fit():
    a = Gaussian(np.zeros(2), np.eye(2))
    for b in (
        Gaussian(np.zeros(3), np.eye(3)),
        Gaussian(np.zeros(3), np.eye(2)),
        Gaussian(np.full(2, np.nan), np.eye(2)),
    ):
        with pytest.raises(ValueError, match=r"same D|finite"):
            frechet_distance(a, b)
