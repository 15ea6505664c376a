import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import entropy

from aibook.frechet import fit_gaussian, frechet_distance
from aibook.generative_metrics import (
    extrapolate,
    inception_score,
    kernel_distance,
)
from point_sets import two_sets
from reference import kernel_distance_loop

seeds = st.integers(0, 2**32 - 1)


@given(two_sets())
def test_the_kernel_distance_agrees_with_the_slow_loop(sets):
    expected = kernel_distance_loop(*(part.tolist() for part in sets))
    assert kernel_distance(*sets) == pytest.approx(expected, abs=1e-9)


def test_the_kernel_distance_has_no_bias_and_the_frechet_distance_has_one():
    """The mean over many draws, against five times its standard error."""
    rng = np.random.default_rng(0)
    kernel, frechet = [], []
    for _ in range(400):
        X, Y = rng.normal(size=(2, 20, 4))
        kernel.append(kernel_distance(X, Y))
        frechet.append(frechet_distance(fit_gaussian(X), fit_gaussian(Y)))
    error = np.std(kernel) / np.sqrt(400)
    assert abs(np.mean(kernel)) < 5 * error
    assert np.mean(frechet) > 30 * np.std(frechet) / np.sqrt(400)
    assert min(kernel) < 0 < min(frechet)
    moved = [
        kernel_distance(*rng.normal([[[0.0]], [[1.0]]], size=(2, 20, 4)))
        for _ in range(100)
    ]
    assert np.mean(moved) > 10 * error


@pytest.mark.parametrize(
    ("real", "fake"),
    [
        (np.zeros((5, 2)), np.zeros((5, 3))),
        (np.zeros(5), np.zeros(5)),
        (np.zeros((5, 0)), np.zeros((5, 0))),
        (np.zeros((1, 2)), np.zeros((5, 2))),
        (np.zeros((5, 2)), np.full((5, 2), np.nan)),
    ],
)
def test_features_that_are_refused(real, fake):
    with pytest.raises(ValueError, match=r"expected|or more|finite"):
        kernel_distance(real, fake)


@given(seeds, st.integers(1, 9), st.integers(1, 6))
def test_the_inception_score_is_of_entropies(seed, num, classes):
    """The KL divergences' mean is the mean answer's entropy, less the answers'."""
    P = np.random.default_rng(seed).dirichlet(np.full(classes, 0.3), num)
    expected = np.exp(entropy(P.mean(axis=0)) - entropy(P, axis=1).mean())
    score = inception_score(P)
    assert score == pytest.approx(expected, rel=1e-6)
    assert 1 - 1e-9 <= score <= min(classes, num) + 1e-9


@given(st.integers(1, 12), st.integers(1, 5))
def test_its_ends(classes, copies):
    assert inception_score(
        np.tile(np.eye(classes), (copies, 1))
    ) == pytest.approx(classes)
    assert inception_score(np.full((copies, classes), 1 / classes)) == (
        pytest.approx(1)
    )


@pytest.mark.parametrize(
    "bad",
    [
        [0.5, 0.5],
        np.zeros((0, 2)),
        [[0.5, 0.6]],
        [[1.5, -0.5]],
        [[np.nan, 1.0]],
    ],
)
def test_answers_that_are_refused(bad):
    with pytest.raises(ValueError, match=r"expected|add up"):
        inception_score(bad)


@given(st.floats(-100, 100), st.floats(-1000, 1000))
def test_a_line_in_one_over_n_is_found(limit, slope):
    sizes = np.array([50, 100, 300, 1000])
    found = extrapolate(sizes, limit + slope / sizes)
    assert found == pytest.approx((limit, slope), abs=1e-6)


def test_extrapolating_takes_the_bias_away():
    """Two samples of one distribution: the truth is 0."""
    rng = np.random.default_rng(0)
    sizes = np.repeat([200, 400, 800], 10)
    values = []
    for N in sizes:
        X, Y = rng.normal(size=(2, N, 16))
        values.append(frechet_distance(fit_gaussian(X), fit_gaussian(Y)))
    limit, slope = extrapolate(sizes, values)
    assert min(values) > 0.1
    assert abs(limit) < 0.05 * max(values)
    assert slope > 0


@pytest.mark.parametrize(
    ("sizes", "values"),
    [
        ([1.0, 2.0], [1.0]),
        ([[1.0, 2.0]], [[1.0, 2.0]]),
        ([3.0, 3.0], [1.0, 2.0]),
        ([0.0, 3.0], [1.0, 2.0]),
        ([3.0], [1.0]),
    ],
)
def test_sizes_that_are_refused(sizes, values):
    with pytest.raises(ValueError, match=r"expected|different"):
        extrapolate(sizes, values)
