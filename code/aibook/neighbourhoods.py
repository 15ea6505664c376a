"""Precision and recall of generators, by the neighbourhoods of their features.

Around each point of a set lies a ball that reaches to its k-th nearest neighbour, and
all balls together are the guessed region of the set. Precision is the share of
generated images in the region of the real ones: it falls with bad images. Recall is the
share of real images in the region of the generated ones: it falls with missing images.

Letters: N real and M generated images, D features.

Not here: distances that tell everything in one number (`aibook.frechet`,
`aibook.generative_metrics`).

Source: T. Kynkäänniemi et al., "Improved Precision and Recall Metric for Assessing
Generative Models", NeurIPS 2019.

Book page: generative/evaluation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist

from aibook.generative_metrics import check_features

__all__ = ["PrecisionRecall", "neighbour_radii", "precision_recall"]

Array = NDArray[np.float64]


class PrecisionRecall(NamedTuple):
    """How much of the one set lies where the other one does.

    Parameters
    ----------
    precision
        The share of generated images in the region of the real ones, 0 to 1.
    recall
        The share of real images in the region of the generated ones, 0 to 1.
    """

    precision: float
    recall: float


def neighbour_radii(points: ArrayLike, num_neighbours: int) -> Array:
    """Return each point's distance to its k-th nearest neighbour, shape (N,).

    Parameters
    ----------
    points
        Shape (N, D). Copies of a point are neighbours at distance 0.
    num_neighbours
        k, from 1 to N - 1.

    Raises
    ------
    ValueError
        For another shape, or a k for which there are too few points.

    Examples
    --------
    >>> neighbour_radii([[0.0], [1.0], [5.0]], 1)
    array([1., 1., 4.])
    """
    X = np.asarray(points, dtype=np.float64)
    if X.ndim != 2:
        raise ValueError(f"points have shape {X.shape}; expected (N, D)")
    if not 1 <= num_neighbours < len(X):
        raise ValueError(
            f"num_neighbours = {num_neighbours} with {len(X)} points; it must be "
            "1 or more and below their number"
        )
    apart = np.partition(cdist(X, X), num_neighbours, axis=1)  # self is first
    return np.asarray(apart[:, num_neighbours])


def precision_recall(
    real: ArrayLike, fake: ArrayLike, *, num_neighbours: int = 3
) -> PrecisionRecall:
    """Return how much of the one set lies in the region of the other.

    The region of a set is guessed: around each point a ball that reaches to its
    k-th nearest neighbour of the same set.

    Parameters
    ----------
    real, fake
        Shapes (N, D) and (M, D), both with more than k rows.
    num_neighbours
        k, 1 or more.

    Returns
    -------
    PrecisionRecall

    Raises
    ------
    ValueError
        For other shapes, too few images for k, k below 1, or a number that is
        not finite.

    References
    ----------
    Kynkäänniemi et al. (2019), equations 1 and 2.

    Examples
    --------
    >>> line = [[0.0], [1.0], [2.0], [3.0]]
    >>> precision_recall(line, [[0.0], [0.1], [0.2]], num_neighbours=1)
    PrecisionRecall(precision=1.0, recall=0.25)
    """
    X, Y = check_features(real, fake)
    reach, grasp = (neighbour_radii(part, num_neighbours) for part in (X, Y))
    between = cdist(X, Y)  # (N, M)
    return PrecisionRecall(
        precision=float((between <= reach[:, None]).any(axis=0).mean()),
        recall=float((between <= grasp).any(axis=1).mean()),
    )
