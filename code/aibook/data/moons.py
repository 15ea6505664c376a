"""Two moons: points on two interleaved half circles, which no line separates.

What: scikit-learn's generator with fixed types and checked arguments.

What not: no split; draw a second set with another seed for testing.

Source: ``sklearn.datasets.make_moons``, Pedregosa et al. (2011), "Scikit-learn:
machine learning in Python", JMLR 12.

Book page: networks/mlp
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
from sklearn.datasets import make_moons

from aibook.data.checks import integer

MAX_SEED = 2**32 - 1


def load_moons(
    num_points: int = 200, *, noise: float = 0.1, seed: int = 0
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Draw points on two half circles of radius 1.

    Parameters
    ----------
    num_points
        Points of both moons together, at least 2; the lower moon has one more
        if the number is odd.
    noise
        Standard deviation of the Gaussian noise on each coordinate, at least 0.
    seed
        Seed of the noise and of the order, 0 to ``2**32 - 1``.

    Returns
    -------
    X : numpy.ndarray
        Points (N, 2); without noise -1 to 2 across and -0.5 to 1 up.
    y : numpy.ndarray
        Labels (N,): 0 for the upper moon, 1 for the lower.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    References
    ----------
    Pedregosa et al. (2011), JMLR 12, 2825-2830

    Examples
    --------
    >>> X, y = load_moons(6, noise=0.0)
    >>> X.shape, np.bincount(y).tolist()
    ((6, 2), [3, 3])
    """
    num_points = integer("num_points", num_points, 2)
    seed = integer("seed", seed, 0, MAX_SEED)
    if not isinstance(noise, int | float | np.floating) or isinstance(
        noise, bool
    ):
        raise ValueError(
            f"noise must be a number of at least 0, got {noise!r}"
        )
    if not (math.isfinite(noise) and noise >= 0):
        raise ValueError(f"noise must be finite and at least 0, got {noise!r}")
    X, y = make_moons(num_points, noise=float(noise), random_state=seed)
    return X.astype(np.float64), y.astype(np.int64)  # (N, 2), (N,)
