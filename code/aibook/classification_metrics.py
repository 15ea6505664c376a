"""How good yes-or-no decisions are: precision, recall, specificity, F1.

Class 1 is called positive: what is looked for.

Not here: accuracy and the confusion matrix of many classes (`aibook.metrics`);
scores at every threshold (`aibook.threshold_metrics`).

Source: T. Fawcett, "An introduction to ROC analysis", Pattern Recognition
Letters 27(8), 2006.

Book page: ai/evaluation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from numpy.typing import ArrayLike

from aibook.metrics import confusion_matrix

__all__ = [
    "Counts",
    "count_decisions",
    "f1_score",
    "precision",
    "recall",
    "specificity",
]


class Counts(NamedTuple):
    """How often each of the four outcomes happened.

    Examples
    --------
    >>> Counts(tp=3, fp=1, fn=2, tn=4)
    Counts(tp=3, fp=1, fn=2, tn=4)
    """

    tp: int
    """True positives: said yes, rightly."""
    fp: int
    """False positives: said yes, wrongly."""
    fn: int
    """False negatives: said no, wrongly."""
    tn: int
    """True negatives: said no, rightly."""


def count_decisions(y_hat: ArrayLike, y: ArrayLike) -> Counts:
    """Count right and wrong decisions, positives and negatives apart.

    Parameters
    ----------
    y_hat
        Decisions, 0 or 1, any shape.
    y
        True classes, 0 or 1, of the same shape.

    Raises
    ------
    ValueError
        For shapes that differ, no decision, or a value other than 0 and 1.

    Examples
    --------
    >>> count_decisions([1, 1, 0, 0, 0], [1, 0, 1, 0, 0])
    Counts(tp=1, fp=1, fn=1, tn=2)
    """
    (tn, fp), (fn, tp) = confusion_matrix(y_hat, y, num_classes=2).tolist()
    return Counts(tp, fp, fn, tn)


def precision(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the share of the positive decisions that are right.

    Parameters and errors as for `count_decisions`. NaN if nothing was called
    positive: then there is nothing of which to take a share.

    Examples
    --------
    >>> precision([1, 1, 1, 0], [1, 1, 0, 1])
    0.6666666666666666
    """
    n = count_decisions(y_hat, y)
    return _share(n.tp, n.tp + n.fp)


def recall(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the share of the positive examples that were found.

    Also called sensitivity or true positive rate. Parameters and errors as for
    `count_decisions`. NaN if there is no positive example.

    Examples
    --------
    >>> recall([1, 1, 0, 0], [1, 1, 1, 1])
    0.5
    """
    n = count_decisions(y_hat, y)
    return _share(n.tp, n.tp + n.fn)


def specificity(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the share of the negative examples that were recognised as such.

    Parameters and errors as for `count_decisions`. NaN if there is no negative
    example.

    Examples
    --------
    >>> specificity([1, 0, 0, 0], [0, 0, 0, 0])
    0.75
    """
    n = count_decisions(y_hat, y)
    return _share(n.tn, n.tn + n.fp)


def f1_score(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the harmonic mean of precision and recall.

    Written with counts it is 2 TP / (2 TP + FP + FN), which also has a value,
    0, where nothing was called positive although positives exist. Parameters
    and errors as for `count_decisions`. NaN if there is neither a positive
    example nor a positive decision.

    Examples
    --------
    >>> f1_score([1, 1, 1, 0], [1, 0, 0, 1])
    0.4
    """
    n = count_decisions(y_hat, y)
    return _share(2 * n.tp, 2 * n.tp + n.fp + n.fn)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
