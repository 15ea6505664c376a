"""How weights may start: normal with a fixed spread, Glorot's and He's rule.

A layer's matrix at a time, shape (D_in, D_out); biases start at 0. Both rules keep
the size of the signal about the same from layer to layer, Glorot's where the
activation is nearly the identity, He's where half of the values become 0.

Sources: X. Glorot and Y. Bengio, "Understanding the difficulty of training deep
feedforward neural networks", AISTATS 2010; K. He, X. Zhang, S. Ren and J. Sun,
"Delving deep into rectifiers", ICCV 2015.

Book page: networks/backpropagation
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.checks import check_count, check_positive

__all__ = ["glorot_uniform", "he_normal", "normal"]

Array = NDArray[np.float64]


def normal(
    num_in: int, num_out: int, rng: np.random.Generator, *, std: float = 0.01
) -> Array:
    """Draw weights with a spread that knows nothing of the layer's size.

    Parameters
    ----------
    num_in, num_out
        How many values enter the layer and leave it.
    rng
        Where the numbers are drawn from; it moves on.
    std
        Standard deviation of the weights.

    Returns
    -------
    numpy.ndarray
        Weights, shape (D_in, D_out).

    Raises
    ------
    ValueError
        If a size is no positive integer or ``std`` not positive.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> normal(2, 3, rng, std=1.0).round(2)
    array([[ 0.13, -0.13,  0.64],
           [ 0.1 , -0.54,  0.36]])
    """
    size = check_count("num_in", num_in), check_count("num_out", num_out)
    return rng.normal(0.0, check_positive("std", std), size=size)


def glorot_uniform(
    num_in: int, num_out: int, rng: np.random.Generator
) -> Array:
    """Draw weights uniformly within sqrt(6 / (D_in + D_out)) of 0.

    Their variance is 2 / (D_in + D_out): a compromise between 1 / D_in, which keeps
    the size of the values on the way forward, and 1 / D_out, which keeps that of
    the gradients on the way back.

    Parameters, result and errors are those of `normal`, without ``std``.

    References
    ----------
    Glorot and Bengio (2010), equation 16.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> w = glorot_uniform(200, 100, rng)
    >>> w.shape, bool(abs(w).max() <= 0.02**0.5)
    ((200, 100), True)
    """
    size = check_count("num_in", num_in), check_count("num_out", num_out)
    limit = np.sqrt(6 / (num_in + num_out))
    return rng.uniform(-limit, limit, size=size)


def he_normal(num_in: int, num_out: int, rng: np.random.Generator) -> Array:
    """Draw weights with the variance 2 / D_in.

    Twice 1 / D_in, because ReLU passes on about half of what enters it.

    Parameters, result and errors are those of `normal`, without ``std``.

    References
    ----------
    He, Zhang, Ren and Sun (2015), equation 10.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> round(float(he_normal(200, 100, rng).var()), 4)
    0.0099
    """
    size = check_count("num_in", num_in), check_count("num_out", num_out)
    return rng.normal(0.0, np.sqrt(2 / num_in), size=size)
