import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.neighbourhoods import neighbour_radii, precision_recall
from point_sets import two_sets
from reference import precision_recall_loop


@given(two_sets(), st.integers(1, 2))
def test_precision_and_recall_agree_with_the_slow_loop(sets, k):
    real, fake = sets
    precision, recall = precision_recall(real, fake, num_neighbours=k)
    assert precision == precision_recall_loop(real, fake, k)
    assert recall == precision_recall_loop(fake, real, k)


@given(two_sets())
def test_exchanging_the_sets_exchanges_precision_and_recall(sets):
    real, fake = sets
    one = precision_recall(real, fake, num_neighbours=2)
    other = precision_recall(fake, real, num_neighbours=2)
    assert (one.precision, one.recall) == (other.recall, other.precision)


@given(two_sets(), st.integers(1, 2))
def test_the_radii_are_sorted_distances(sets, k):
    points = sets[0]
    expected = [
        sorted(np.linalg.norm(points - point, axis=1))[k] for point in points
    ]
    assert neighbour_radii(points, k) == pytest.approx(np.array(expected))


def test_copies_have_no_room_around_them():
    copies = np.repeat([[0.0, 1.0], [2.0, 3.0]], 5, axis=0)
    assert (neighbour_radii(copies, 4) == 0).all()
    assert (neighbour_radii(copies, 5) > 2).all()


def test_radii_that_are_refused():
    for points, k in (([0.0, 1.0], 1), ([[0.0], [1.0]], 2), ([[0.0]], 0)):
        with pytest.raises(ValueError, match=r"expected|num_neighbours"):
            neighbour_radii(points, k)


def test_a_set_covers_itself_and_nothing_far_away():
    X = np.random.default_rng(0).normal(size=(50, 4))
    assert precision_recall(X, X) == (1, 1)
    assert precision_recall(X, X[::-1]) == (1, 1)
    assert precision_recall(X, X + 1000) == (0, 0)


@pytest.mark.parametrize("seed", range(5))
def test_collapse_loses_recall_and_noise_loses_precision(seed):
    rng = np.random.default_rng(seed)
    centres = 5 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
    real = np.repeat(centres, 100, axis=0) + 0.3 * rng.normal(size=(400, 2))
    collapsed = centres[0] + 0.3 * rng.normal(size=(400, 2))
    precision, recall = precision_recall(real, collapsed)
    assert precision > 0.9
    assert 0.2 < recall < 0.26
    scattered = rng.uniform(-15, 15, (4000, 2))
    precision, recall = precision_recall(real, scattered)
    assert precision < 0.1
    assert recall > 0.9


@pytest.mark.parametrize("k", [-1, 0, 4, 5])
def test_neighbours_that_are_refused(k):
    with pytest.raises(ValueError, match="num_neighbours"):
        precision_recall(np.zeros((9, 1)), np.zeros((4, 1)), num_neighbours=k)


@pytest.mark.parametrize(
    "bad", [np.zeros((9, 3)), np.zeros(9), np.full((9, 2), np.inf)]
)
def test_features_that_are_refused(bad):
    with pytest.raises(ValueError, match=r"expected|finite"):
        precision_recall(np.zeros((9, 2)), bad)
