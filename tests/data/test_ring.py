"""The ring of Gaussians, and which of its heaps points fall into."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.ring import count_modes, load_ring, ring_centres
from helpers import assert_same

seeds = st.integers(0, 2**32 - 1)


@given(st.integers(1, 12), st.floats(0.1, 10))
def test_centres_lie_evenly_on_the_circle(num_modes, radius):
    C = ring_centres(num_modes, radius=radius)
    assert_same(np.linalg.norm(C, axis=1), np.full(num_modes, radius))
    turn = np.exp(2j * np.pi / num_modes)
    flat = C[:, 0] + 1j * C[:, 1]
    assert np.allclose(flat * turn, np.roll(flat, -1), atol=1e-9 * radius)


@given(st.integers(1, 100), st.integers(1, 9), seeds)
def test_heaps_are_equally_large(num_points, num_modes, seed):
    X, y = load_ring(num_points, num_modes=num_modes, std=1e-6, seed=seed)
    counts = np.bincount(y, minlength=num_modes)
    assert counts.sum() == num_points
    assert np.ptp(counts) <= 1
    gaps = np.linalg.norm(X - ring_centres(num_modes)[y], axis=1)
    assert gaps.max() < 1e-4


def test_spread_and_share_near_are_those_of_a_normal_distribution():
    X, y = load_ring(40_000, std=0.1, seed=1)
    noise = X - ring_centres()[y]
    assert abs(noise.std() - 0.1) < 0.001
    seen = count_modes(X, ring_centres(), std=0.1)
    assert seen.covered == 8
    assert abs(seen.near - (1 - np.exp(-4.5))) < 0.003  # Rayleigh, 3 std
    assert_same(X, load_ring(40_000, std=0.1, seed=1)[0])


def slow_coverage(X, C, std, least):
    """Count point by point, centre by centre."""
    counts = np.zeros(len(C), dtype=np.int64)
    for x in X:
        distances = [float(np.sqrt(((x - c) ** 2).sum())) for c in C]
        best = min(range(len(C)), key=lambda k: distances[k])
        if distances[best] <= 3 * std:
            counts[best] += 1
    return counts, sum(c / len(X) >= least for c in counts)


@given(seeds, st.integers(1, 60), st.sampled_from([0.01, 0.05, 0.5]))
def test_a_slow_loop_counts_the_same(seed, num, least):
    rng = np.random.default_rng(seed)
    C = ring_centres(int(rng.integers(1, 9)))
    X = C[rng.integers(len(C), size=num)] + rng.normal(size=(num, 2)) / 8
    seen = count_modes(X, C, std=0.05, least=least)
    counts, covered = slow_coverage(X, C, 0.05, least)
    assert_same(seen.counts, counts)
    assert seen.covered == covered
    assert seen.near == pytest.approx(counts.sum() / num)


def test_few_points_do_not_cover_and_the_limit_counts():
    C = ring_centres(2)
    points = np.concatenate([np.repeat(C[:1], 99, axis=0), C[1:]])
    assert count_modes(points, C).covered == 2  # exactly one in a hundred
    assert count_modes(points, C, least=0.011).covered == 1
    assert count_modes([[0.0, 0.0]], C) == (pytest.approx([0, 0]), 0, 0.0)
    edge = C[:1] + np.array([[0.0, 0.75]])
    assert count_modes(edge, C, std=0.25).covered == 1


@pytest.mark.parametrize(
    "options",
    [
        {"num_points": 0},
        {"num_modes": 0},
        {"radius": 0.0},
        {"radius": np.inf},
        {"std": -1.0},
        {"std": np.nan},
        {"seed": -1},
    ],
)
def test_the_loader_refuses(options):
    with pytest.raises(ValueError, match=r"integer|above 0"):
        load_ring(**options)


@pytest.mark.parametrize(
    ("points", "options"),
    [
        ([], {}),
        (np.zeros((0, 2)), {}),
        ([[np.nan, 0.0]], {}),
        ([[0.0, 0.0, 0.0]], {}),
        ([[0.0, 0.0]], {"std": 0.0}),
        ([[0.0, 0.0]], {"least": 1.5}),
    ],
)
def test_the_measure_refuses(points, options):
    with pytest.raises(ValueError, match=r"expected|above 0|at most 1"):
        count_modes(points, ring_centres(), **options)
