"""Magnitude pruning: the smallest weights become zero, and what that saves.

What not: pruning whole channels (which needs no special storage), and choosing by
the loss instead of by size, as optimal brain damage does.

Sources: S. Han, J. Pool, J. Tran and W. Dally, "Learning both Weights and
Connections for Efficient Neural Networks", NeurIPS 2015; Y. LeCun, J. Denker and
S. Solla, "Optimal Brain Damage", NeurIPS 1990.

Book page: labs/on-device
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["magnitude_mask", "sparse_bytes"]


def magnitude_mask(W: ArrayLike, share: float) -> NDArray[np.bool_]:
    """Return which weights stay when the smallest are set to zero.

    Parameters
    ----------
    W
        Weights of any shape.
    share
        How many go, 0 to 1; ``round(share * W.size)`` of them, the smallest in
        absolute value, of equal ones the first.

    Returns
    -------
    numpy.ndarray
        Booleans of the shape of W: True stays.

    Raises
    ------
    ValueError
        If `share` lies outside of 0 to 1, or a weight is no number.

    Examples
    --------
    >>> magnitude_mask([[0.5, -0.1], [0.2, -3.0]], 0.5).tolist()
    [[True, False], [False, True]]
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}; expected 0 to 1")
    W = np.asarray(W)
    if np.isnan(W).any():
        raise ValueError("W holds NaN, which has no size")
    mask = np.ones(W.size, dtype=bool)
    order = np.argsort(np.abs(W).ravel(), kind="stable")
    mask[order[: round(share * W.size)]] = False
    return mask.reshape(W.shape)


def sparse_bytes(num_weights: int, num_kept: int, *, num_bits: int) -> int:
    """Return the bytes of weights of which only those that stayed are stored.

    A bit for each place says whether something stands there; then come the values
    that do.

    Parameters
    ----------
    num_weights, num_kept
        How many places there are, and how many hold a value.
    num_bits
        Of one value, 1 or more.

    Raises
    ------
    ValueError
        If `num_kept` lies outside of 0 to `num_weights`, or for fewer than 1 bit.

    Examples
    --------
    >>> sparse_bytes(800, 100, num_bits=32)  # instead of 3,200
    500
    """
    if not 0 <= num_kept <= num_weights or num_bits < 1:
        raise ValueError(
            f"num_kept = {num_kept} of {num_weights}, num_bits = {num_bits}; "
            "expected 0 to all of them, and 1 or more"
        )
    return -(-num_weights // 8) + -(-num_kept * num_bits // 8)
