"""Information, entropy, cross-entropy, divergence and perplexity, in NumPy.

Probabilities, not logits: `aibook.losses` has the cross-entropy that networks
are trained on. Everything is in bits unless ``base`` says otherwise (e: nats).
0 log 0 is 0, its limit; where q is 0 and p is not, a divergence is infinite.

Sources: C. Shannon, "A mathematical theory of communication", 1948; S. Kullback
and R. Leibler, "On information and sufficiency", 1951.

Book page: networks/entropy
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite

__all__ = [
    "cross_entropy",
    "entropy",
    "kl_divergence",
    "perplexity",
    "self_information",
]

Array = NDArray[np.float64]


def self_information(p: ArrayLike, *, base: float = 2.0) -> Array:
    """Return -log p, how much an outcome of that probability tells.

    Parameters
    ----------
    p
        Probabilities, from 0 to 1, any shape.
    base
        Base of the logarithm, greater than 1.

    Returns
    -------
    Array of the same shape: 0 for a certain outcome, infinite for p = 0.

    Raises
    ------
    ValueError
        If a probability lies outside 0 to 1, or the base is 1 or less.

    Examples
    --------
    >>> self_information([0.5, 0.9, 0.1, 0.01]).round(4)
    array([1.    , 0.152 , 3.3219, 6.6439])
    """
    probabilities = check_finite("p", p)
    if ((probabilities < 0) | (probabilities > 1)).any():
        raise ValueError("p holds a number outside 0 to 1")
    with np.errstate(divide="ignore"):
        bits = np.asarray(-np.log(probabilities) / _log(base))
    return bits + 0.0  # no minus zero


def entropy(p: ArrayLike, *, base: float = 2.0) -> float:
    """Return the entropy of a distribution, the mean of its self-information.

    Parameters
    ----------
    p
        Probabilities of the outcomes, shape (K,), adding up to 1.
    base
        Base of the logarithm, greater than 1.

    Returns
    -------
    From 0 (one outcome is certain) to log K (all are equally probable).

    Raises
    ------
    ValueError
        If p is no distribution, or the base is 1 or less.

    Examples
    --------
    >>> entropy([0.5, 0.5])
    1.0
    >>> round(entropy([0.9, 0.1]), 4), round(entropy([0.9, 0.1], base=math.e), 4)
    (0.469, 0.3251)
    """
    p, _ = _check_distributions(p, p)
    possible = p[p > 0]
    return float((possible * self_information(possible, base=base)).sum())


def cross_entropy(p: ArrayLike, q: ArrayLike, *, base: float = 2.0) -> float:
    """Return the mean of -log q over outcomes that come with probability p.

    Parameters
    ----------
    p, q
        True and assumed probabilities, shape (K,) each, adding up to 1.
    base
        Base of the logarithm, greater than 1.

    Returns
    -------
    ``entropy(p) + kl_divergence(p, q)``; infinite if q rules out what p allows.

    Raises
    ------
    ValueError
        If p or q is no distribution, the lengths differ, or the base is 1 or less.

    Examples
    --------
    >>> round(cross_entropy([0.9, 0.1], [0.7, 0.3]), 4)
    0.6368
    """
    p, q = _check_distributions(p, q)
    possible = p > 0
    information = self_information(q[possible], base=base)
    return float((p[possible] * information).sum())


def kl_divergence(p: ArrayLike, q: ArrayLike, *, base: float = 2.0) -> float:
    """Return the mean of log(p / q) over outcomes that come with probability p.

    Parameters
    ----------
    p, q
        True and assumed probabilities, shape (K,) each, adding up to 1.
    base
        Base of the logarithm, greater than 1.

    Returns
    -------
    0 if p and q are equal, else more; not symmetric, so no distance.

    Raises
    ------
    ValueError
        As `cross_entropy` does.

    Examples
    --------
    >>> round(kl_divergence([0.9, 0.1], [0.7, 0.3]), 4)
    0.1678
    >>> round(kl_divergence([0.7, 0.3], [0.9, 0.1]), 4)
    0.2217
    """
    p, q = _check_distributions(p, q)
    p, q = p[p > 0], q[p > 0]
    with np.errstate(divide="ignore"):
        total = (p * (np.log(p) - np.log(q))).sum()
    return max(0.0, float(total) / _log(base))  # rounding may go below 0


def perplexity(probabilities: ArrayLike) -> float:
    """Return among how many equally likely tokens a model hesitates.

    The inverse of the geometric mean of the probabilities that it gave to the
    tokens that came: the exponential of the cross-entropy, whatever its base.

    Parameters
    ----------
    probabilities
        One for each token, from 0 to 1, shape (N,).

    Returns
    -------
    1 or more; infinite if a token had probability 0.

    Raises
    ------
    ValueError
        If there is no token, or a probability lies outside 0 to 1.

    Examples
    --------
    >>> round(perplexity([1 / 6] * 10), 4)
    6.0
    >>> round(perplexity([0.5, 0.25, 0.125]), 4)
    4.0
    """
    return float(np.exp(self_information(probabilities, base=math.e).mean()))


def _log(base: float) -> float:
    if not (base > 1 and math.isfinite(base)):
        raise ValueError(f"base is {base!r}; expected a number above 1")
    return math.log(base)


def _check_distributions(p: ArrayLike, q: ArrayLike) -> tuple[Array, Array]:
    first, second = check_finite("p", p), check_finite("q", q)
    for name, array in (("p", first), ("q", second)):
        if array.ndim != 1:
            raise ValueError(f"{name} has shape {array.shape}; expected (K,)")
        if (array < 0).any() or not math.isclose(array.sum(), 1, rel_tol=1e-6):
            message = f"{name} is no distribution: expected numbers from 0"
            raise ValueError(
                f"{message} that add up to 1, not {array.sum():g}"
            )
    if first.shape != second.shape:
        raise ValueError(
            f"q has shape {second.shape}; expected {first.shape} as p"
        )
    # A sum within rounding of 1 must not make a probability exceed it.
    return np.minimum(first, 1.0), np.minimum(second, 1.0)
