"""A ring of Gaussians: small heaps of points on a circle, and which of them are met.

What: points in the plane around K centres, the test bench of mode collapse, and the
measure that goes with it: how many of the heaps a generator's points fall into.

What not: no split; draw a second set with another seed for testing.

Source: L. Metz et al., "Unrolled Generative Adversarial Networks", ICLR 2017 (the
ring); Z. Lin et al., "PacGAN: The power of two samples in generative adversarial
networks", NeurIPS 2018 (the measure).

Book page: generative/gan
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer

__all__ = ["Coverage", "count_modes", "load_ring", "ring_centres"]

MAX_SEED = 2**32 - 1

Points = npt.NDArray[np.float64]


class Coverage(NamedTuple):
    """Which heaps points fall into.

    Parameters
    ----------
    counts
        For each heap how many points lie near its centre, shape (K,).
    covered
        How many heaps got at least the share of points that was asked for.
    near
        The share of points that lie near some centre, 0 to 1.
    """

    counts: npt.NDArray[np.int64]
    covered: int
    near: float


def ring_centres(num_modes: int = 8, *, radius: float = 2.0) -> Points:
    """Return the centres, evenly spaced on a circle around 0.

    Parameters
    ----------
    num_modes
        K, 1 or more.
    radius
        Of the circle, above 0.

    Returns
    -------
    numpy.ndarray
        Shape (K, 2); the first lies to the right of 0, the rest follow
        counterclockwise.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> ring_centres(4, radius=1.0).round(3) + 0.0
    array([[ 1.,  0.],
           [ 0.,  1.],
           [-1.,  0.],
           [ 0., -1.]])
    """
    num_modes = integer("num_modes", num_modes, 1)
    radius = _positive("radius", radius)
    angles = 2 * np.pi * np.arange(num_modes) / num_modes
    return radius * np.stack([np.cos(angles), np.sin(angles)], axis=1)


def load_ring(
    num_points: int = 2000,
    *,
    num_modes: int = 8,
    radius: float = 2.0,
    std: float = 0.05,
    seed: int = 0,
) -> tuple[Points, npt.NDArray[np.int64]]:
    """Draw points around the centres of `ring_centres`.

    Parameters
    ----------
    num_points
        N, 1 or more. All heaps have N / K points, rounded up or down.
    num_modes, radius
        As for `ring_centres`.
    std
        Standard deviation of each coordinate within a heap, above 0.
    seed
        Of the draws and of the order, 0 to ``2**32 - 1``.

    Returns
    -------
    X : numpy.ndarray
        Points, shape (N, 2).
    y : numpy.ndarray
        To which heap each belongs, shape (N,), 0 to K - 1.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    References
    ----------
    Metz et al. (2017), section 3.1.

    Examples
    --------
    >>> X, y = load_ring(16)
    >>> X.shape, np.bincount(y).tolist()
    ((16, 2), [2, 2, 2, 2, 2, 2, 2, 2])
    """
    num_points = integer("num_points", num_points, 1)
    centres = ring_centres(num_modes, radius=radius)
    std = _positive("std", std)
    rng = np.random.default_rng(integer("seed", seed, 0, MAX_SEED))
    y = rng.permutation(np.arange(num_points) % num_modes)
    return centres[y] + rng.normal(scale=std, size=(num_points, 2)), y


def count_modes(
    points: npt.ArrayLike,
    centres: npt.ArrayLike,
    *,
    std: float = 0.05,
    least: float = 0.01,
) -> Coverage:
    """Count the heaps into which points fall.

    A point is near the centre closest to it if it is at most three standard
    deviations away. Of the true points 98.9 % are near.

    Parameters
    ----------
    points
        Shape (N, D), finite, N of 1 or more.
    centres
        Shape (K, D), finite, K of 1 or more.
    std
        Standard deviation of each coordinate within a heap, above 0.
    least
        A heap is covered if at least this share of all points is near its centre,
        above 0, at most 1.

    Returns
    -------
    Coverage

    Raises
    ------
    ValueError
        If shapes do not fit, a number is not finite or outside its range.

    References
    ----------
    Lin et al. (2018), section 4.1, with one point as the least.

    Examples
    --------
    >>> centres = ring_centres(4)
    >>> count_modes([[2.0, 0.0], [2.0, 0.1], [0.0, 0.0]], centres)
    Coverage(counts=array([2, 0, 0, 0]), covered=1, near=0.6666666666666666)
    """
    X, C = _points("points", points), _points("centres", centres)
    if X.shape[1] != C.shape[1]:
        raise ValueError(
            f"points have shape {X.shape}, centres {C.shape}; expected (N, D) "
            "and (K, D)"
        )
    std, least = _positive("std", std), _positive("least", least)
    if least > 1:
        raise ValueError(f"least is {least}; a share is at most 1")
    distances = np.linalg.norm(X[:, None] - C[None], axis=2)  # (N, K)
    near = distances.min(axis=1) <= 3 * std
    counts = np.bincount(distances.argmin(axis=1)[near], minlength=len(C))
    covered = int((counts >= least * len(X)).sum())
    return Coverage(counts, covered, float(near.mean()))


def _positive(name: str, value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} is {value!r}; it must be above 0, finite")
    return float(value)


def _points(name: str, values: npt.ArrayLike) -> Points:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 2 or array.size == 0 or not np.isfinite(array).all():
        raise ValueError(
            f"{name} have shape {array.shape}; expected (N, D), finite, each 1 "
            "or more"
        )
    return array
