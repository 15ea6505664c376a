"""Measures of generators: kernel distance, inception score, endless samples.

What goes in are features of images, or a classifier's probabilities, so that the
measures know no network. They complement the Fréchet distance (`aibook.frechet`): the
kernel distance has no bias, and `extrapolate` takes the bias out of any distance that
falls with the number of images.

Letters: N real and M generated images, D features, K classes.

Not here: the features themselves (`aibook.models.judge`), precision and recall
(`aibook.neighbourhoods`), a likelihood (`aibook.parzen`).

Sources: M. Bińkowski et al., "Demystifying MMD GANs", ICLR 2018; T. Salimans et al.,
"Improved Techniques for Training GANs", NeurIPS 2016; M. J. Chong and D. Forsyth,
"Effectively Unbiased FID and Inception Score and Where to Find Them", CVPR 2020.

Book page: generative/evaluation.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import rel_entr

__all__ = [
    "check_features",
    "extrapolate",
    "inception_score",
    "kernel_distance",
]

Array = NDArray[np.float64]


def kernel_distance(real: ArrayLike, fake: ArrayLike) -> float:
    """Return the kernel distance of two sets of features, without bias.

    The mean similarity within the one set, plus that within the other, minus
    twice that between the two. The similarity is (x y / D + 1) to the third
    power. Nobody is compared with himself, and so the mean over all draws of the
    images is 0 if both sets have the same distribution.

    Parameters
    ----------
    real, fake
        Shapes (N, D) and (M, D), N and M of 2 or more.

    Returns
    -------
    float
        The squared maximum mean discrepancy; by chance it may be below 0.

    Raises
    ------
    ValueError
        For other shapes, fewer than two images, or a number that is not finite.

    References
    ----------
    Bińkowski et al. (2018), where it is called KID with features of Inception.

    Examples
    --------
    >>> kernel_distance([[0.0], [0.0]], [[1.0], [1.0]])  # 1 + 8 - 2
    7.0
    """
    X, Y = check_features(real, fake)
    within = []
    for Z in (X, Y):
        pairs = _similarity(Z, Z)
        others = pairs.sum() - pairs.trace()  # nobody with himself
        within.append(others / (len(Z) * (len(Z) - 1)))
    return float(sum(within) - 2 * _similarity(X, Y).mean())


def inception_score(probabilities: ArrayLike) -> float:
    """Return how sure and how varied a classifier's answers are, from 1 to K.

    The exponential of the mean KL divergence of each answer from the mean answer.

    Parameters
    ----------
    probabilities
        Of the classes for each image, shape (N, K), N of 1 or more.

    Raises
    ------
    ValueError
        For another shape, or rows that are no probabilities.

    References
    ----------
    Salimans et al. (2016), section 4, with the answers of Inception.

    Examples
    --------
    >>> inception_score([[1.0, 0.0], [0.0, 1.0]])
    2.0
    >>> inception_score([[1.0, 0.0], [1.0, 0.0]])
    1.0
    """
    P = np.asarray(probabilities, dtype=np.float64)
    if P.ndim != 2 or P.size == 0:
        raise ValueError(
            f"probabilities have shape {P.shape}; expected (N, K)"
        )
    if not (P >= 0).all() or np.abs(P.sum(axis=1) - 1).max() > 1e-4:
        raise ValueError("each row must be 0 or more and add up to 1")
    divergences = rel_entr(P, P.mean(axis=0)).sum(axis=1)
    return float(np.exp(divergences.mean()))


def extrapolate(sizes: ArrayLike, values: ArrayLike) -> tuple[float, float]:
    """Return where a straight line in 1/N leads for endless N, and its slope.

    Parameters
    ----------
    sizes
        Numbers of images N, above 0, at least two different ones.
    values
        What was measured with them, of the same shape.

    Returns
    -------
    tuple of float
        a and b of the best line, value = a + b / N, by least squares.

    Raises
    ------
    ValueError
        For shapes that differ, or fewer than two different sizes above 0.

    References
    ----------
    Chong and Forsyth (2020), who also draw the images less at random.

    Examples
    --------
    >>> a, b = extrapolate([100, 200, 400], [7.0, 6.0, 5.5])
    >>> round(a, 6), round(b, 6)
    (5.0, 200.0)
    """
    N = np.asarray(sizes, dtype=np.float64)
    y = np.asarray(values, dtype=np.float64)
    if N.ndim != 1 or N.shape != y.shape:
        raise ValueError(
            f"sizes and values have shapes {N.shape} and {y.shape}; expected the "
            "same (n,)"
        )
    if not (N > 0).all() or len(np.unique(N)) < 2:
        raise ValueError("sizes must be above 0, two of them different")
    slope, limit = np.polyfit(1 / N, y, 1)
    return float(limit), float(slope)


def _similarity(X: Array, Y: Array) -> Array:
    """Return the kernel of each pair, shape (N, M)."""
    return np.asarray((X @ Y.T / X.shape[1] + 1) ** 3)


def check_features(real: ArrayLike, fake: ArrayLike) -> tuple[Array, Array]:
    """Return two sets of features as arrays (N, D) and (M, D), or refuse them.

    Raises
    ------
    ValueError
        For other shapes, fewer than two images, or a number that is not finite.

    Examples
    --------
    >>> check_features([[1], [2]], [[3], [4], [5]])[1].shape
    (3, 1)
    """
    X, Y = (np.asarray(part, dtype=np.float64) for part in (real, fake))
    if X.ndim != 2 or Y.ndim != 2 or X.shape[1] != Y.shape[1] or not X.size:
        raise ValueError(
            f"the features have shapes {X.shape} and {Y.shape}; expected (N, D) "
            "and (M, D)"
        )
    if min(len(X), len(Y)) < 2:
        raise ValueError(
            f"{len(X)} and {len(Y)} images; give 2 or more of each"
        )
    if not (np.isfinite(X).all() and np.isfinite(Y).all()):
        raise ValueError(
            "the features hold NaN or infinity; give finite numbers"
        )
    return X, Y
