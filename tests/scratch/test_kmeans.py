import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.cluster import KMeans

from aibook.data.mnist import load_mnist
from aibook.scratch.kmeans import assign, kmeans, kmeans_plus_plus
from helpers import assert_same


@pytest.mark.parametrize("seed", range(5))
def test_from_the_same_start_it_ends_where_scikit_learn_does(seed):
    X = load_mnist(limit=500)[0].reshape(-1, 784) / 255
    start = kmeans_plus_plus(X, 10, seed=seed)
    twin = KMeans(10, init=start, n_init=1, tol=0, algorithm="lloyd").fit(X)
    ours = kmeans(X, start)
    assert_same(ours.centres, twin.cluster_centers_, rtol=1e-9, atol=1e-12)
    assert_same(ours.labels, twin.labels_.astype(np.int64))
    assert ours.inertia == pytest.approx(twin.inertia_, rel=1e-9)


def test_four_corners_by_hand():
    """Two ends are stable; the inertia is 4 * 0.25 and 4 * 9."""
    X = [[0, 0], [0, 1], [6, 0], [6, 1]]
    assert kmeans(X, [[0, 0.5], [6, 0.5]]).inertia == 1.0
    assert kmeans(X, [[3, 0], [3, 1]]).inertia == 36.0


@given(
    arrays(np.float64, (9, 2), elements=st.floats(-1e6, 1e6)),
    st.integers(1, 9),
)
def test_inertia_never_rises_and_the_end_is_stable(X, num_clusters):
    result = kmeans(X, X[:num_clusters])
    scale = max(1.0, result.history[0])
    assert np.diff(result.history).max(initial=0) <= 1e-9 * scale
    labels, distances = assign(X, result.centres)
    assert_same(result.labels, labels)
    assert result.inertia == pytest.approx(distances.sum())
    assert np.isfinite(result.centres).all()


def test_an_empty_cluster_takes_the_farthest_point():
    X = np.array([[0.0], [1.0], [10.0]])
    result = kmeans(X, [[0.5], [100.0]])
    assert sorted(result.centres.ravel().tolist()) == [0.5, 10.0]


def test_as_many_clusters_as_points_leave_no_distance():
    X = np.array([[0.0], [0.0], [5.0]])
    assert kmeans(X, [[7.0], [8.0], [9.0]]).inertia == 0.0


def test_the_first_centre_of_equally_near_ones_is_taken():
    labels, distances = assign([[0.0]], [[1.0], [-1.0]])
    assert labels.tolist() == [0]
    assert distances.tolist() == [1.0]


def test_the_start_holds_distinct_points_of_the_data():
    X = np.repeat(np.eye(4), 3, axis=0)
    for seed in range(20):
        start = kmeans_plus_plus(X, 4, seed=seed)
        assert len(np.unique(start, axis=0)) == 4


def test_the_second_centre_is_drawn_by_squared_distance():
    """From 0, the points 1 and 3 have chances of 1/10 and 9/10."""
    drawn = [
        kmeans_plus_plus([[0.0], [1.0], [3.0]], 2, seed=s) for s in range(3000)
    ]
    second = [d[1, 0] for d in drawn if d[0, 0] == 0]
    share = np.mean(np.array(second) == 3.0)
    assert abs(share - 0.9) < 5 * np.sqrt(0.09 / len(second))


@pytest.mark.parametrize(
    "call",
    [
        lambda: kmeans([[0.0]], [[0.0], [1.0]]),
        lambda: kmeans([[0.0]], [0.0]),
        lambda: kmeans([[0.0, 1.0]], [[0.0]]),
        lambda: kmeans([[np.nan]], [[0.0]]),
        lambda: kmeans([[0.0]], [[0.0]], max_steps=0),
        lambda: kmeans_plus_plus([[0.0], [0.0]], 2),
        lambda: kmeans_plus_plus([[0.0]], 0),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match=r"expected|only finite"):
        call()
