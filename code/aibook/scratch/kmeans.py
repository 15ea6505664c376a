"""k-means: group points round centres, without any label.

Lloyd's two steps take turns: give every point to its nearest centre, move every
centre to the mean of its points. Neither step raises the inertia, the sum of the
squared distances from the points to their centres, so the turns come to an end;
the end depends on the start. k-means++ draws a start whose centres lie apart.

Not here: other distances, clusters that are not round, the choice of k.

Sources: S. P. Lloyd, "Least squares quantization in PCM", IEEE Transactions on
Information Theory 28, 1982; D. Arthur and S. Vassilvitskii, "k-means++: the
advantages of careful seeding", SODA 2007.

Book page: ai/tasks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_count, check_finite, check_inputs

__all__ = ["KMeansResult", "assign", "kmeans", "kmeans_plus_plus"]

Array = NDArray[np.float64]


class KMeansResult(NamedTuple):
    """Where k-means ended.

    Parameters
    ----------
    labels
        The cluster of each point, shape (N,), 0 to K - 1.
    centres
        Shape (K, D).
    inertia
        Sum of the squared distances from the points to their centres.
    history
        The inertia after each assignment, from the start to the end.
    """

    labels: NDArray[np.int64]
    centres: Array
    inertia: float
    history: list[float]


def assign(
    X: ArrayLike, centres: ArrayLike
) -> tuple[NDArray[np.int64], Array]:
    """Return each point's nearest centre, and the squared distance to it.

    Parameters
    ----------
    X
        Points, shape (N, D).
    centres
        Shape (K, D). Of equally near centres the first is taken.

    Returns
    -------
    labels, distances
        Shape (N,) each.

    Raises
    ------
    ValueError
        If a shape differs or a number is not finite.

    Examples
    --------
    >>> assign([[0.0], [4.0]], [[1.0], [6.0]])
    (array([0, 1]), array([1., 4.]))
    """
    C = _matrix("centres", centres)
    points = check_inputs(X, C.shape[1])
    distances = np.stack(  # (N, K), one centre at a time to save memory
        [((points - centre) ** 2).sum(axis=1) for centre in C], axis=1
    )
    labels = distances.argmin(axis=1)
    return labels, distances[np.arange(len(points)), labels]


def kmeans_plus_plus(
    X: ArrayLike, num_clusters: int, *, seed: int = 0
) -> Array:
    """Draw centres from the points, each likely to be far from those before it.

    The first is any point; of the rest, a point's chance is in proportion to its
    squared distance from the nearest centre drawn so far.

    Parameters
    ----------
    X
        Points, shape (N, D).
    num_clusters
        K, from 1 to the number of distinct points.
    seed
        Of the draws.

    Returns
    -------
    Array of shape (K, D).

    Raises
    ------
    ValueError
        If X is no matrix of finite numbers, or has fewer than K distinct points.

    References
    ----------
    Arthur and Vassilvitskii (2007), section 2.2.

    Examples
    --------
    >>> kmeans_plus_plus([[0.0], [0.0], [9.0]], 2).ravel().tolist()
    [9.0, 0.0]
    """
    points = _matrix("X", X)
    check_count("num_clusters", num_clusters, len(np.unique(points, axis=0)))
    rng = np.random.default_rng(seed)
    centres = points[[rng.integers(len(points))]]
    while len(centres) < num_clusters:
        _, distances = assign(points, centres)
        share = distances / distances.max()  # tiny distances keep their chance
        i = rng.choice(len(points), p=share / share.sum())
        centres = np.vstack([centres, points[i]])
    return centres


def kmeans(
    X: ArrayLike, start: ArrayLike, *, max_steps: int = 300
) -> KMeansResult:
    """Move centres until no point changes its cluster.

    A cluster that loses all its points restarts at the point that is farthest
    from its own centre (of several empty ones, each takes another point).

    Parameters
    ----------
    X
        Points, shape (N, D).
    start
        The first centres, shape (K, D), K at most N.
    max_steps
        Most moves of the centres, 1 or more.

    Returns
    -------
    KMeansResult
        Labels and inertia belong to the centres returned with them.

    Raises
    ------
    ValueError
        If a shape differs, a number is not finite, K exceeds N, or ``max_steps``
        is below 1.

    References
    ----------
    Lloyd (1982).

    Examples
    --------
    >>> result = kmeans([[0.0], [1.0], [9.0], [10.0]], [[0.0], [1.0]])
    >>> result.centres.ravel().tolist(), result.inertia
    ([0.5, 9.5], 1.0)
    """
    centres = _matrix("start", start).copy()
    points = check_inputs(X, centres.shape[1])
    num_clusters = check_count(
        "the number of centres", len(centres), len(points)
    )
    check_count("max_steps", max_steps)
    labels, distances = assign(points, centres)
    history = [float(distances.sum())]
    for _ in range(max_steps):
        centres = _means(points, labels, distances, num_clusters)
        before = labels
        labels, distances = assign(points, centres)
        history.append(float(distances.sum()))
        if np.array_equal(labels, before):
            break
    return KMeansResult(labels, centres, history[-1], history)


def _means(
    points: Array,
    labels: NDArray[np.int64],
    distances: Array,
    num_clusters: int,
) -> Array:
    """Return the mean of each cluster's points, a far point for an empty one."""
    labels = labels.copy()
    sizes = np.bincount(labels, minlength=num_clusters)
    farthest = iter(np.argsort(-distances, kind="stable"))
    for k in np.flatnonzero(sizes == 0):
        i = next(i for i in farthest if sizes[labels[i]] > 1)
        sizes[labels[i]] -= 1  # its old cluster keeps one point at least
        labels[i], sizes[k] = k, 1
    return np.stack(
        [points[labels == k].mean(axis=0) for k in range(num_clusters)]
    )


def _matrix(name: str, values: ArrayLike) -> Array:
    """Return the values as a matrix of finite numbers."""
    array = check_finite(name, values)
    if array.ndim != 2:
        raise ValueError(f"{name} has shape {array.shape}; expected (K, D)")
    return array
