"""How sure a mean over the folds of a cross-validation is.

The folds share most of their training data, so their scores are not independent
and their spread alone would promise too much. Nadeau and Bengio enlarge it by
the share of the test part. They derive it for repeated random splits; for folds
it is a common approximation.

Not here: the interval of one proportion (`aibook.metrics.wilson_interval`).

Source: C. Nadeau and Y. Bengio, "Inference for the Generalization Error",
Machine Learning 52, 2003.

Book page: labs/income.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from aibook.scratch.checks import check_finite

__all__ = ["Interval", "fold_interval"]


class Interval(NamedTuple):
    """A mean and the ends of its interval."""

    mean: float
    low: float
    high: float


def fold_interval(
    scores: ArrayLike, *, test_share: float, confidence: float = 0.95
) -> Interval:
    """Return the mean of the folds' scores with a corrected t interval.

    Parameters
    ----------
    scores
        One number a fold, shape (K,), K at least 2: accuracies, or the
        differences of two models on the same folds.
    test_share
        The part of the examples on which each fold is judged, above 0 and
        below 1; with K folds 1 / K.
    confidence
        Above 0 and below 1. It is met approximately: no exact interval exists.

    Returns
    -------
    Interval
        The mean, and what lies within t standard errors of it. The squared
        standard error is the variance of the scores times 1 / K plus the
        test part's size divided by the training part's.

    Raises
    ------
    ValueError
        For fewer than two scores, NaN or infinity, or a share or confidence
        that does not lie between 0 and 1.

    References
    ----------
    Nadeau and Bengio (2003).

    Examples
    --------
    >>> mean, low, high = fold_interval([0.84, 0.86, 0.85], test_share=1 / 3)
    >>> round(mean, 3), round(low, 3), round(high, 3)
    (0.85, 0.811, 0.889)
    """
    values = check_finite("scores", scores)
    if values.ndim != 1 or len(values) < 2:
        raise ValueError(
            f"scores has shape {values.shape}; expected (K,), K at least 2"
        )
    for name, share in {
        "test_share": test_share,
        "confidence": confidence,
    }.items():
        if not 0 < share < 1:  # true for NaN too
            raise ValueError(f"{name} = {share}; it must lie between 0 and 1")
    factor = 1 / len(values) + test_share / (1 - test_share)
    error = math.sqrt(factor) * float(np.std(values, ddof=1))
    half = float(student.ppf((1 + confidence) / 2, len(values) - 1)) * error
    mean = float(np.mean(values))
    return Interval(mean, mean - half, mean + half)
