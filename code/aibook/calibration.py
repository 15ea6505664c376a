"""Whether probabilities mean what they say: reliability, Brier score.

A model is calibrated if of the examples to which it gives 0.7, seven in ten are
of class 1. Two classes, class 1 called positive.

Not here: how to order examples (`aibook.threshold_metrics`), methods that repair
the probabilities of any model.

Sources: G. W. Brier, "Verification of Forecasts Expressed in Terms of
Probability", Monthly Weather Review 78(1), 1950; C. Guo, G. Pleiss, Y. Sun and
K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017 (the
expected calibration error); C. Elkan, "The Foundations of Cost-Sensitive
Learning", IJCAI 2001 (how weights of classes change probabilities).

Book page: labs/income.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_finite,
    check_positive,
)

__all__ = [
    "Bins",
    "brier_score",
    "calibration_error",
    "reliability",
    "undo_class_weight",
]

Floats = NDArray[np.float64]


class Bins(NamedTuple):
    """What a reliability diagram draws, one entry for each bin that is not empty."""

    predicted: Floats
    """Shape (B,): the mean probability."""
    observed: Floats
    """Shape (B,): the share of class 1."""
    counts: NDArray[np.int64]
    """Shape (B,): how many examples."""


def reliability(p: ArrayLike, y: ArrayLike, *, num_bins: int = 10) -> Bins:
    """Compare probabilities with shares, bin by bin.

    Parameters
    ----------
    p
        Probabilities of class 1, shape (N,), in [0, 1].
    y
        True classes, 0 or 1, shape (N,).
    num_bins
        How many bins of equal width cover [0, 1]. An edge belongs to the bin
        on its right, 1 to the last bin.

    Returns
    -------
    Bins
        In ascending order, without the empty bins.

    Raises
    ------
    ValueError
        For other shapes, a value that is no probability, a class other than 0
        and 1, or no bin.

    Examples
    --------
    >>> predicted, observed, counts = reliability(
    ...     [0.1, 0.1, 0.9, 0.7], [0, 1, 1, 1], num_bins=2
    ... )
    >>> predicted.round(2).tolist(), observed.tolist(), counts.tolist()
    ([0.1, 0.8], [0.5, 1.0], [2, 2])
    """
    p, y = _check(p, y)
    num_bins = check_count("num_bins", num_bins)
    edges = np.linspace(0, 1, num_bins + 1)
    bins = np.searchsorted(edges[1:-1], p, side="right")  # (N,)
    counts = np.bincount(bins, minlength=num_bins)
    full = counts > 0
    predicted = np.bincount(bins, weights=p, minlength=num_bins)[full]
    observed = np.bincount(bins, weights=y, minlength=num_bins)[full]
    return Bins(
        predicted / counts[full], observed / counts[full], counts[full]
    )


def calibration_error(
    p: ArrayLike, y: ArrayLike, *, num_bins: int = 10
) -> float:
    """Return the mean distance between probability and share over the bins.

    Each bin weighs as many examples as it holds (expected calibration error,
    for class 1). It depends on the bins and is above 0 by chance even for a
    calibrated model. Parameters and errors as for `reliability`.

    Examples
    --------
    >>> calibration_error([0.25, 0.25, 0.25, 0.25], [0, 0, 1, 1])
    0.25
    """
    bins = reliability(p, y, num_bins=num_bins)
    gaps = np.abs(bins.predicted - bins.observed)
    return float(np.average(gaps, weights=bins.counts))


def brier_score(p: ArrayLike, y: ArrayLike) -> float:
    """Return the mean squared distance between probability and class.

    0 is perfect; always saying the share of class 1 scores that share times its
    rest. On average it is lowest for the true probabilities. Parameters and
    errors as for `reliability`.

    Examples
    --------
    >>> brier_score([1.0, 0.5], [1, 0])
    0.125
    """
    p, y = _check(p, y)
    return float(np.mean((p - y) ** 2))


def undo_class_weight(p: ArrayLike, weight: float) -> Floats:
    """Take back what a weight on class 1 in the loss did to probabilities.

    A model that minimises the cross-entropy with class 1 counted ``weight``
    times learns odds that are ``weight`` times too high. This divides the odds.

    Parameters
    ----------
    p
        Probabilities in [0, 1], any shape.
    weight
        The weight of class 1, that of class 0 being 1. Positive.

    Returns
    -------
    ndarray of float64
        Of the shape of ``p``; 0 and 1 stay.

    Raises
    ------
    ValueError
        For a value that is no probability, or a weight that is not positive.

    Examples
    --------
    >>> undo_class_weight([0.0, 0.75, 1.0], 3.0).tolist()
    [0.0, 0.5, 1.0]
    """
    p, weight = _check_probabilities(p), check_positive("weight", weight)
    if weight > 1:
        weight = 1 / weight
        return p * weight / (p * weight + (1 - p))
    return p / (p + (1 - p) * weight)


def _check(p: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    p = _check_probabilities(p)
    if p.ndim != 1:
        raise ValueError(f"p has shape {p.shape}; expected (N,)")
    _, labels = check_examples(p[:, None], y, 1)
    return p, labels.astype(np.float64)


def _check_probabilities(p: ArrayLike) -> Floats:
    p = check_finite("p", p)
    wrong = p[(p < 0) | (p > 1)]
    if wrong.size:
        raise ValueError(f"p holds {wrong[0]:g}; probabilities lie in 0 to 1")
    return p
