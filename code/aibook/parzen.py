"""A density that is made of the training data: the Parzen window.

On each training point sits a round normal distribution, all of the same width, and
the density is their mean. It is the simplest model that has both a likelihood and
samples: to draw one, take a training point and add noise. A narrow window is a model
that has learned its data by heart.

Letters: N points, M centres, D numbers each, h the width.

Not here: windows of other shapes, a rule for the width (try some on held-out data).

Sources: E. Parzen, "On Estimation of a Probability Density Function and Mode", Annals
of Mathematical Statistics 33, 1962; L. Theis et al., "A Note on the Evaluation of
Generative Models", ICLR 2016 (why not to judge generators by it).

Book page: generative/evaluation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.distance import cdist
from scipy.special import logsumexp

__all__ = ["parzen_log_density", "parzen_sample"]

Array = NDArray[np.float64]


def parzen_log_density(
    X: ArrayLike, centres: ArrayLike, *, width: float
) -> Array:
    """Return the logarithm of the density at each point.

    Parameters
    ----------
    X
        Where, shape (N, D).
    centres
        The training points, shape (M, D).
    width
        h, the standard deviation of each window, above 0.

    Returns
    -------
    Array of shape (N,)
        In nats; exact also where the density itself would be rounded to 0.

    Raises
    ------
    ValueError
        For other shapes, no centre, or a width that is not above 0.

    Examples
    --------
    >>> parzen_log_density([[0.0]], [[0.0], [0.0]], width=1.0).round(4)
    array([-0.9189])
    """
    X, C = np.asarray(X, dtype=np.float64), _centres(centres, width)
    if X.ndim != 2 or X.shape[1] != C.shape[1]:
        raise ValueError(
            f"X and centres have shapes {X.shape} and {C.shape}; expected (N, D) "
            "and (M, D)"
        )
    M, D = C.shape
    exponents = -cdist(X, C, "sqeuclidean") / (2 * width**2)  # (N, M)
    scale = D * math.log(width * math.sqrt(2 * math.pi))
    return np.asarray(logsumexp(exponents, axis=1) - math.log(M) - scale)


def parzen_sample(
    centres: ArrayLike, num: int, *, width: float, seed: int = 0
) -> Array:
    """Return samples: training points that are drawn at random, plus noise.

    Parameters
    ----------
    centres
        The training points, shape (M, D).
    num
        How many samples, 0 or more.
    width
        h, the standard deviation of the noise, above 0.
    seed
        Of the drawing.

    Returns
    -------
    Array of shape (num, D)

    Raises
    ------
    ValueError
        For another shape, no centre, a negative number, or a width that is not
        above 0.

    Examples
    --------
    >>> parzen_sample([[5.0], [7.0]], 4, width=1e-9).round(3).shape
    (4, 1)
    """
    C = _centres(centres, width)
    if num < 0:
        raise ValueError(f"num = {num}; it must be 0 or more")
    rng = np.random.default_rng(seed)
    drawn = C[rng.integers(len(C), size=num)]
    return np.asarray(drawn + width * rng.standard_normal(drawn.shape))


def _centres(centres: ArrayLike, width: float) -> Array:
    """Return the centres as an array, or refuse them or the width."""
    C = np.asarray(centres, dtype=np.float64)
    if C.ndim != 2 or C.size == 0:
        raise ValueError(f"centres have shape {C.shape}; expected (M, D)")
    if not 0 < width < math.inf:
        raise ValueError(f"width = {width}; it must be above 0")
    return C
