"""Softmax and its logarithm, exact where the plain formula overflows.

``exp(1000)`` is no floating-point number. All three functions subtract the
largest logit of a row first, which changes neither a probability nor, if it is
added back, a logarithm. Losses are in `aibook.losses`.

Source: P. Blanchard, D. Higham and N. Higham, "Accurately computing the
log-sum-exp and softmax functions", 2021.

Book page: networks/loss
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite

__all__ = ["log_softmax", "log_sum_exp", "softmax"]

Array = NDArray[np.float64]


def log_sum_exp(logits: ArrayLike) -> Array:
    """Return log(exp(z_1) + ... + exp(z_K)) over the last axis.

    Parameters
    ----------
    logits
        Numbers z, shape (..., K).

    Returns
    -------
    Array of shape (...): never below the largest z, by log K at most above it.

    Raises
    ------
    ValueError
        If logits has no axis, is empty, or holds NaN or infinity.

    Examples
    --------
    >>> log_sum_exp([[0.0, 0.0], [-9000.0, 1000.0]]).round(4)
    array([6.931e-01, 1.000e+03])
    """
    z = _check(logits)
    top = z.max(axis=-1, keepdims=True)  # (..., 1)
    total = np.exp(z - top).sum(axis=-1)  # from 1 to K
    return np.asarray(np.log(total) + top[..., 0])


def log_softmax(logits: ArrayLike) -> Array:
    """Return the logarithm of `softmax`, finite where softmax rounds to 0.

    Parameters
    ----------
    logits
        Numbers z, shape (..., K).

    Returns
    -------
    Array of the same shape, 0 or less.

    Raises
    ------
    ValueError
        As `log_sum_exp` does.

    Examples
    --------
    >>> log_softmax([0.0, 1000.0])
    array([-1000.,     0.])
    """
    z = _check(logits)
    z = z - z.max(axis=-1, keepdims=True)
    total = np.exp(z).sum(axis=-1, keepdims=True)
    return np.asarray(z - np.log(total))


def softmax(logits: ArrayLike) -> Array:
    """Return the probabilities exp(z_k) / (exp(z_1) + ... + exp(z_K)).

    Parameters
    ----------
    logits
        Numbers z, shape (..., K).

    Returns
    -------
    Array of the same shape, from 0 to 1; the last axis adds up to 1.

    Raises
    ------
    ValueError
        As `log_sum_exp` does.

    Examples
    --------
    >>> softmax([2.0, 1.0, 0.1]).round(4)
    array([0.659 , 0.2424, 0.0986])
    >>> softmax([1000.0, 1000.0])
    array([0.5, 0.5])
    """
    z = _check(logits)
    p = z - z.max(axis=-1, keepdims=True)
    np.exp(p, out=p)  # in place: a batch need not be copied
    p /= p.sum(axis=-1, keepdims=True)
    return np.asarray(p)


def _check(logits: ArrayLike) -> Array:
    z = check_finite("logits", logits)
    if z.ndim == 0:
        raise ValueError("logits has shape (); expected (..., K)")
    return z
