"""Clipping: gradients that are too long are shortened before a step is taken.

Not here: why they become so long (`aibook.scratch.rnn`), clipping of single numbers.

Source: R. Pascanu, T. Mikolov and Y. Bengio, "On the difficulty of training
recurrent neural networks", ICML 2013.

Book page: sequences/rnn.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.checks import check_finite

__all__ = ["clip_by_norm"]

Array = NDArray[np.float64]


def clip_by_norm(
    gradients: list[Array], max_norm: float
) -> tuple[list[Array], float]:
    """Shorten gradients that are too long together, and keep their direction.

    Parameters
    ----------
    gradients
        Arrays of any shapes, finite.
    max_norm
        The greatest norm that is let through, above 0.

    Returns
    -------
    gradients : list of numpy.ndarray
        As they are, or all multiplied by ``max_norm / norm``.
    norm : float
        The norm before: the root of the sum of all squares.

    Raises
    ------
    ValueError
        For no gradient, a number that is not finite, or a norm of 0 or less.

    References
    ----------
    Pascanu et al. (2013), algorithm 1.

    Examples
    --------
    >>> clip_by_norm([np.array([3.0]), np.array([4.0])], 1.0)
    ([array([0.6]), array([0.8])], 5.0)
    """
    if not max_norm > 0:
        raise ValueError(f"max_norm is {max_norm}; expected more than 0")
    arrays = [check_finite("a gradient", g) for g in gradients]
    if not arrays:
        raise ValueError("gradients is empty; give one array or more")
    largest = max(float(np.abs(g).max()) for g in arrays)
    if largest == 0:
        return arrays, 0.0
    scaled = sum(float(((g / largest) ** 2).sum()) for g in arrays)
    norm = largest * scaled**0.5  # squares of the largest would overflow
    return [g * min(1.0, max_norm / norm) for g in arrays], norm
