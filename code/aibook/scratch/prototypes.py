"""Classify by the nearest prototype: the mean of the few examples of each class.

Nothing is trained: the examples are averaged, and a new one gets the class whose
mean is closest. It works as well as the features are good that it is given.

Not here: the network that makes the features, and its training in episodes.

Source: J. Snell, K. Swersky and R. Zemel, "Prototypical networks for few-shot
learning", NeurIPS 2017, arXiv:1703.05175.

Book page: ai/data
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite

__all__ = ["nearest_prototype", "prototypes"]


def prototypes(support: ArrayLike) -> NDArray[np.float64]:
    """Return the mean of each class's examples.

    Parameters
    ----------
    support
        Features of K examples of each of N classes, shape (N, K, D).

    Returns
    -------
    numpy.ndarray
        Shape (N, D).

    Raises
    ------
    ValueError
        For another number of axes, nothing at all, or a value that is not finite.

    References
    ----------
    Snell, Swersky and Zemel (2017), equation 1.

    Examples
    --------
    >>> prototypes([[[0.0, 0.0], [0.0, 2.0]], [[4.0, 1.0], [6.0, 1.0]]])
    array([[0., 1.],
           [5., 1.]])
    """
    array = _features("support", support, "(N, K, D)", 3)
    mean: NDArray[np.float64] = array.mean(axis=1)
    return mean


def nearest_prototype(X: ArrayLike, means: ArrayLike) -> NDArray[np.int64]:
    """Return the class whose prototype is closest, the first one of equals.

    Parameters
    ----------
    X
        Features, shape (M, D).
    means
        Prototypes, shape (N, D).

    Returns
    -------
    numpy.ndarray
        Shape (M,), 0 to N - 1.

    Raises
    ------
    ValueError
        For other shapes, nothing at all, or a value that is not finite.

    References
    ----------
    Snell, Swersky and Zemel (2017), equation 2.

    Examples
    --------
    >>> nearest_prototype([[1.0, 0.0], [9.0, 0.0]], [[0.0, 1.0], [5.0, 1.0]])
    array([0, 1])
    """
    points = _features("X", X, "(M, D)", 2)
    centres = _features("means", means, "(N, D)", 2)
    if points.shape[1] != centres.shape[1]:
        raise ValueError(
            f"X has shape {points.shape} and means {centres.shape}; "
            "expected equally many columns"
        )
    # |x - c|^2 = |x|^2 - 2 x.c + |c|^2, and |x|^2 is the same for every class.
    middle = centres.mean(axis=0)  # shifted there, large values cost no digits
    points, centres = points - middle, centres - middle
    scores = (centres**2).sum(axis=1) - 2 * points @ centres.T  # (M, N)
    nearest: NDArray[np.int64] = scores.argmin(axis=1)
    return nearest


def _features(
    name: str, values: ArrayLike, form: str, num_axes: int
) -> NDArray[np.float64]:
    """Return the values in double precision, or refuse them."""
    array = check_finite(name, values)
    if array.ndim != num_axes:
        raise ValueError(f"{name} has shape {array.shape}; expected {form}")
    return array
