"""Loss functions and their gradients, in NumPy.

Losses take logits (the weighted sums before the sigmoid), not probabilities:
only so are they exact where a probability rounds to 0 or 1. PyTorch models use
PyTorch's own losses.

Source: C. Bishop, "Pattern Recognition and Machine Learning", 2006, section
4.3.2.

Book page: networks/mlp
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.activations import sigmoid
from aibook.scratch.checks import check_finite

__all__ = ["binary_cross_entropy", "binary_cross_entropy_grad"]

Array = NDArray[np.float64]


def binary_cross_entropy(logits: ArrayLike, y: ArrayLike) -> float:
    """Return the mean binary cross-entropy of logits, in nats.

    The mean of -y log p - (1 - y) log(1 - p) with p = sigmoid(z), computed as
    ``max(z, 0) - z y + log(1 + exp(-|z|))``, which neither overflows nor meets log 0.

    Parameters
    ----------
    logits
        Weighted sums z of the output, shape (N,).
    y
        Labels or probabilities, from 0 to 1, shape (N,).

    Returns
    -------
    The mean loss, 0 or more.

    Raises
    ------
    ValueError
        If the shapes differ, N is 0, a number is not finite, or a label lies
        outside 0 to 1.

    Examples
    --------
    >>> round(binary_cross_entropy([0.0, 0.0], [0, 1]), 4)
    0.6931
    >>> binary_cross_entropy([1000.0, -1000.0], [1, 1])
    500.0
    """
    z, y = _check(logits, y)
    return float(
        np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
    )


def binary_cross_entropy_grad(logits: ArrayLike, y: ArrayLike) -> Array:
    """Return the gradient of the mean loss by the logits: (sigmoid(z) - y) / N.

    Parameters
    ----------
    logits
        Weighted sums z of the output, shape (N,).
    y
        Labels or probabilities, from 0 to 1, shape (N,).

    Returns
    -------
    Array of shape (N,).

    Raises
    ------
    ValueError
        As `binary_cross_entropy` does.

    Examples
    --------
    >>> binary_cross_entropy_grad([0.0, 0.0], [0, 1])
    array([ 0.25, -0.25])
    """
    z, y = _check(logits, y)
    return (sigmoid(z) - y) / len(z)


def _check(logits: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    z = check_finite("logits", logits)
    if z.ndim != 1:
        raise ValueError(f"logits has shape {z.shape}; expected (N,)")
    targets = check_finite("y", y)
    if targets.shape != z.shape:
        message = (
            f"y has shape {targets.shape}; expected {z.shape} as the logits"
        )
        raise ValueError(message)
    wrong = targets[(targets < 0) | (targets > 1)]
    if wrong.size:
        raise ValueError(f"y holds {wrong[0]:g}; labels lie between 0 and 1")
    return z, targets
