"""How far apart two clouds of points are: the Fréchet distance of two Gaussians.

A normal distribution is fitted to each cloud, that is, a mean and a covariance. The
distance of two normal distributions has a closed form, which is 0 only if they are
equal. It sees where a cloud lies and how it spreads, so a generator that leaves out
a part of the data is as far away as one that makes bad samples. The famous FID is
this distance between features of an Inception network.

Letters: N points, D numbers each.

Not here: the network that makes features of images (`aibook.models.judge`).

Sources: D. C. Dowson and B. V. Landau, "The Fréchet distance between multivariate
normal distributions", Journal of Multivariate Analysis 12, 1982; M. Heusel et al.,
"GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
NeurIPS 2017.

Book pages: generative/gan, generative/evaluation.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Gaussian", "fit_gaussian", "frechet_distance", "matrix_sqrt"]

Array = NDArray[np.float64]


class Gaussian(NamedTuple):
    """A normal distribution of D numbers.

    Parameters
    ----------
    mean
        Shape (D,).
    cov
        The covariances, shape (D, D).
    """

    mean: Array
    cov: Array


def fit_gaussian(points: ArrayLike) -> Gaussian:
    """Return the mean and the covariances of points.

    Parameters
    ----------
    points
        Shape (N, D), N of 2 or more. With N up to D the covariances are
        singular; the distance allows that.

    Returns
    -------
    Gaussian
        With the unbiased covariances, divided by N - 1.

    Raises
    ------
    ValueError
        For another shape, fewer than two points, or a number that is not finite.

    Examples
    --------
    >>> fit_gaussian([[0.0, 0.0], [2.0, 0.0]])
    Gaussian(mean=array([1., 0.]), cov=array([[2., 0.],
           [0., 0.]]))
    """
    X = np.asarray(points, dtype=np.float64)
    if X.ndim != 2 or len(X) < 2 or X.shape[1] < 1:
        raise ValueError(
            f"points have shape {X.shape}; expected (N, D) with N of 2 or more"
        )
    if not np.isfinite(X).all():
        raise ValueError("points hold NaN or infinity; give finite numbers")
    mean = X.mean(axis=0)
    centred = X - mean
    return Gaussian(mean, centred.T @ centred / (len(X) - 1))


def matrix_sqrt(S: ArrayLike) -> Array:
    """Return the symmetric matrix R without negative eigenvalue and with R R = S.

    S is turned into its eigenvectors' frame, where it only stretches: there the
    root is the root of each stretch. Stretches as small as rounding errors count
    as 0, whatever their sign, so singular matrices do no harm.

    Parameters
    ----------
    S
        Shape (D, D), symmetric and positive semi-definite, up to rounding.

    Returns
    -------
    Array of shape (D, D).

    Raises
    ------
    ValueError
        If S is not square, not finite, not symmetric, or has an eigenvalue that is
        negative beyond rounding.

    Examples
    --------
    >>> matrix_sqrt([[2.0, 2.0], [2.0, 2.0]])
    array([[1., 1.],
           [1., 1.]])
    """
    A = np.asarray(S, dtype=np.float64)
    if A.ndim != 2 or A.shape[0] != A.shape[1] or A.size == 0:
        raise ValueError(f"the matrix has shape {A.shape}; expected (D, D)")
    if not np.isfinite(A).all():
        raise ValueError("the matrix holds NaN or infinity; it must be finite")
    largest = np.abs(A).max()
    if np.abs(A - A.T).max() > 1e-8 * largest:
        raise ValueError("the matrix is not symmetric; covariances are")
    stretches, frame = np.linalg.eigh((A + A.T) / 2)
    if stretches[0] < -1e-8 * len(A) * largest:
        raise ValueError(
            f"the matrix has the eigenvalue {stretches[0]:g}; a covariance has "
            "none below 0"
        )
    noise = len(A) * np.finfo(np.float64).eps * np.abs(stretches).max()
    stretches[stretches < noise] = 0.0
    root: Array = (frame * np.sqrt(stretches)) @ frame.T
    return root


def frechet_distance(a: Gaussian, b: Gaussian) -> float:
    """Return the squared Fréchet distance of two normal distributions.

    The squared distance of the means, plus tr(A + B - 2 (AB)^(1/2)) for the
    covariances A and B. The trace of that root is computed as the sum of the
    singular values of A^(1/2) B^(1/2): the same number, without complex parts,
    and accurate also where A or B is singular.

    Parameters
    ----------
    a, b
        Of the same D; also as pairs (mean, covariances).

    Returns
    -------
    float
        0 or more, in the squared unit of the points; this is what papers report
        as FID.

    Raises
    ------
    ValueError
        For shapes that do not fit, and as `matrix_sqrt`.

    References
    ----------
    Dowson and Landau (1982); Heusel et al. (2017), equation 6.

    Examples
    --------
    >>> wide, narrow = ([0.0], [[9.0]]), ([4.0], [[1.0]])
    >>> frechet_distance(wide, narrow)  # 4 squared plus (3 - 1) squared
    20.0
    """
    means = [np.asarray(part[0], dtype=np.float64) for part in (a, b)]
    roots = [matrix_sqrt(part[1]) for part in (a, b)]
    shapes = [(m.shape, r.shape) for m, r in zip(means, roots, strict=True)]
    D = len(roots[0])
    if any(shape != ((D,), (D, D)) for shape in shapes):
        raise ValueError(
            f"means and covariances have the shapes {shapes}; expected (D,) and "
            "(D, D) with the same D"
        )
    if not all(np.isfinite(mean).all() for mean in means):
        raise ValueError("a mean holds NaN or infinity; give finite numbers")
    A, B = roots
    overlap = np.linalg.svd(A @ B, compute_uv=False).sum()
    spread = (A * A).sum() + (B * B).sum() - 2 * overlap
    return float(((means[0] - means[1]) ** 2).sum() + max(spread, 0.0))
