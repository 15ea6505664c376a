"""How good scores are at every threshold: ROC, precision-recall, what sums them up.

A score says how positive an example looks; a threshold turns scores into
decisions. Class 1 is called positive: what is looked for.

Not here: measures of decisions made at one threshold
(`aibook.classification_metrics`), several classes.

Source: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition
Letters 27(8), 2006.

Book pages: ai/evaluation, sequences/speech (equal error rate).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite

__all__ = [
    "Curve",
    "area_under_roc",
    "average_precision",
    "count_at_thresholds",
    "equal_error_rate",
    "precision_recall_curve",
    "roc_curve",
]

Values = NDArray[np.float64]


class Curve(NamedTuple):
    """Two measures at each threshold, from the highest threshold to the lowest."""

    x: Values
    """Shape (T,): the measure for the horizontal axis."""
    y: Values
    """Shape (T,): the measure for the vertical axis."""
    thresholds: Values
    """Shape (T,): positive is what scores this much or more."""


def count_at_thresholds(scores: ArrayLike, y: ArrayLike) -> tuple[Values, ...]:
    """Count the true and false positives at each different score.

    Parameters
    ----------
    scores, y
        As for `roc_curve`, but negative examples may be missing.

    Returns
    -------
    tp, fp, thresholds : ndarray of float64
        Shape (T,) each, from the highest score to the lowest.

    Raises
    ------
    ValueError
        For other shapes, NaN or infinity, a class other than 0 and 1, or if
        there is no positive example.

    Examples
    --------
    >>> tp, fp, thresholds = count_at_thresholds([0.9, 0.4, 0.4], [1, 1, 0])
    >>> tp.tolist(), fp.tolist(), thresholds.tolist()
    ([1.0, 2.0], [0.0, 1.0], [0.9, 0.4])
    """
    scores, labels = check_finite("scores", scores), check_finite("y", y)
    if scores.ndim != 1 or scores.shape != labels.shape:
        raise ValueError(
            f"scores has shape {scores.shape}, y has {labels.shape}; "
            "expected (N,) for both"
        )
    wrong = labels[(labels != 0) & (labels != 1)]
    if wrong.size:
        raise ValueError(f"y holds {wrong[0]:g}; classes are 0 and 1")
    if not labels.any():
        raise ValueError("y holds no 1; recall needs positive examples")
    order = np.argsort(-scores, kind="stable")
    scores, labels = scores[order], labels[order]
    last = np.append(scores[1:] != scores[:-1], True)  # of each run of ties
    tp, fp = np.cumsum(labels), np.cumsum(1 - labels)
    return tp[last], fp[last], scores[last]


def roc_curve(scores: ArrayLike, y: ArrayLike) -> Curve:
    """Return false positive rate (x) and recall (y) at every threshold.

    Parameters
    ----------
    scores
        Shape (N,), finite; the higher, the more positive. Any scale will do:
        only their order counts.
    y
        True classes, 0 or 1, shape (N,).

    Returns
    -------
    Curve
        From (0, 0), at the threshold infinity, to (1, 1). Equal scores share a
        threshold.

    Raises
    ------
    ValueError
        For other shapes, NaN or infinity, a class other than 0 and 1, or if
        one of the classes is missing.

    Examples
    --------
    >>> x, y, thresholds = roc_curve([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])
    >>> x.tolist(), y.tolist(), thresholds.tolist()
    ([0.0, 0.0, 0.5, 1.0], [0.0, 0.5, 1.0, 1.0], [inf, 0.9, 0.4, 0.1])
    """
    tp, fp, thresholds = count_at_thresholds(scores, y)
    if fp[-1] == 0:
        raise ValueError(
            "y holds no 0; false positives need negative examples"
        )
    start = np.zeros(1)
    return Curve(
        np.concatenate([start, fp / fp[-1]]),
        np.concatenate([start, tp / tp[-1]]),
        np.concatenate([[np.inf], thresholds]),
    )


def area_under_roc(scores: ArrayLike, y: ArrayLike) -> float:
    """Return the area under the ROC curve, by trapezoids.

    It is the probability that a positive example drawn at random scores higher
    than a negative one, a tie counting half: 1 for a perfect order, 0.5 for
    chance. Parameters and errors as for `roc_curve`.

    Examples
    --------
    >>> area_under_roc([0.9, 0.4, 0.4, 0.1], [1, 1, 0, 0])
    0.875
    """
    x, y_axis, _ = roc_curve(scores, y)
    return float(np.sum(np.diff(x) * (y_axis[1:] + y_axis[:-1]) / 2))


def equal_error_rate(scores: ArrayLike, y: ArrayLike) -> float:
    """Return the error rate at the threshold where both kinds are equally frequent.

    There the share of negative examples that are called positive is the share of
    positive ones that are missed. Between two thresholds the ROC curve is taken
    as straight. Parameters and errors as for `roc_curve`.

    Returns
    -------
    float
        0 for a perfect order, 0.5 for chance, 1 for the reverse order.

    Examples
    --------
    >>> equal_error_rate([0.9, 0.8, 0.3, 0.7, 0.2, 0.1], [1, 1, 1, 0, 0, 0])
    0.3333333333333333
    """
    x, y_axis, _ = roc_curve(scores, y)
    # Rises from -1 to 1: one of the two shares grows at every threshold.
    return float(np.interp(0.0, x + y_axis - 1, x))


def precision_recall_curve(scores: ArrayLike, y: ArrayLike) -> Curve:
    """Return recall (x) and precision (y) at every threshold.

    Parameters
    ----------
    scores, y
        As for `roc_curve`.

    Returns
    -------
    Curve
        One point for each different score, up to recall 1, where the precision
        is the share of positives. There is no point at recall 0.

    Raises
    ------
    ValueError
        As `roc_curve`, but only positive examples must not be missing.

    Examples
    --------
    >>> x, y, _ = precision_recall_curve([0.9, 0.5, 0.4, 0.1], [1, 0, 1, 0])
    >>> x.tolist(), y.round(2).tolist()
    ([0.5, 0.5, 1.0, 1.0], [1.0, 0.5, 0.67, 0.5])
    """
    tp, fp, thresholds = count_at_thresholds(scores, y)
    return Curve(tp / tp[-1], tp / (tp + fp), thresholds)


def average_precision(scores: ArrayLike, y: ArrayLike) -> float:
    """Return the precision averaged over the steps of the recall.

    Each step of the precision-recall curve counts as much as the recall grows
    by it. A random order scores about the share of positives. Parameters and
    errors as for `precision_recall_curve`.

    Examples
    --------
    >>> average_precision([0.9, 0.5, 0.4, 0.1], [1, 0, 1, 0])
    0.8333333333333333
    """
    x, y_axis, _ = precision_recall_curve(scores, y)
    return float(np.sum(np.diff(x, prepend=0.0) * y_axis))
