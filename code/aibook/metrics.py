"""How good predictions are: accuracy, its uncertainty, the confusion matrix.

NumPy throughout; torch tensors are accepted. Predictions are classes, not scores:
turn logits into classes first (``logits > 0`` or ``logits.argmax(1)``).

Not here: losses (`aibook.losses`), measures of boxes and masks (`aibook.vision`).

Book pages: networks/perceptron, networks/mlp, networks/training.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "accuracy",
    "accuracy_standard_error",
    "confusion_matrix",
    "wilson_interval",
]


def accuracy(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the share of predictions that are right.

    Parameters
    ----------
    y_hat
        Predicted classes: integers (or booleans), any shape.
    y
        True classes, of the same shape.

    Returns
    -------
    float
        Between 0 and 1.

    Raises
    ------
    ValueError
        For shapes that differ, no prediction, or a value that is no whole number
        (a probability is not a class).

    Examples
    --------
    >>> accuracy([0, 1, 1, 0], [0, 1, 1, 1])
    0.75
    """
    y_hat, y = _classes(y_hat, y)
    return float(np.mean(y_hat == y))


def confusion_matrix(
    y_hat: ArrayLike, y: ArrayLike, *, num_classes: int
) -> NDArray[np.int64]:
    """Count how often each class was taken for each class.

    Parameters
    ----------
    y_hat
        Predicted classes from 0 to ``num_classes - 1``, any shape.
    y
        True classes, of the same shape and range.
    num_classes
        K, the number of classes.

    Returns
    -------
    ndarray, shape (K, K)
        Row: true class. Column: predicted class. The diagonal is what was right.

    Raises
    ------
    ValueError
        As for `accuracy`, and for a class out of range.

    Examples
    --------
    >>> confusion_matrix([0, 1, 1, 0], [0, 1, 1, 1], num_classes=2)
    array([[1, 0],
           [1, 2]])
    """
    y_hat, y = _classes(y_hat, y)
    for name, labels in (("y_hat", y_hat), ("y", y)):
        if labels.min() < 0 or labels.max() >= num_classes:
            raise ValueError(
                f"{name} holds classes from {labels.min()} to {labels.max()}; with "
                f"num_classes={num_classes} they run from 0 to {num_classes - 1}"
            )
    # Each pair (true, predicted) is one cell of the flattened matrix.
    cells = (num_classes * y + y_hat).ravel()
    counts = np.bincount(cells, minlength=num_classes**2).astype(np.int64)
    return counts.reshape(num_classes, num_classes)


def accuracy_standard_error(accuracy: float, num_samples: int) -> float:
    """Return the standard error of an accuracy measured on independent samples.

    It is that of a proportion, sqrt(p (1 - p) / n): about 95 % of such
    measurements lie within two of it. It is 0 at accuracies 0 and 1, where it
    says nothing, and too small where few samples were wrong.

    Parameters
    ----------
    accuracy
        The measured accuracy p, in [0, 1].
    num_samples
        The number of samples n on which it was measured.

    Returns
    -------
    float
        In the unit of the accuracy.

    Raises
    ------
    ValueError
        For an accuracy outside [0, 1], or fewer than one sample.

    Examples
    --------
    >>> accuracy_standard_error(0.9, 100)
    0.03
    """
    if not 0 <= accuracy <= 1:  # true for NaN too
        raise ValueError(f"accuracy = {accuracy}; it must lie in [0, 1]")
    if num_samples < 1:
        raise ValueError(f"num_samples = {num_samples}; it must be 1 or more")
    return math.sqrt(accuracy * (1 - accuracy) / num_samples)


def wilson_interval(
    num_correct: int, num_samples: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return the accuracies that go well with what was counted.

    Wilson's score interval: every accuracy p whose expected count p n lies within
    z standard errors, those of p itself, of the count. Unlike p_hat plus or minus
    z standard errors it never leaves [0, 1], and it has a width at 0 and n too.

    Parameters
    ----------
    num_correct
        How many predictions were right, from 0 to ``num_samples``.
    num_samples
        The number n of independent samples.
    confidence
        The share of such intervals that hold the true accuracy, above 0 and
        below 1. It is met approximately.

    Returns
    -------
    low, high : float
        Within [0, 1].

    Raises
    ------
    ValueError
        For no sample, a count out of range, or another confidence.

    References
    ----------
    E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
    Inference", Journal of the American Statistical Association 22(158), 1927.

    Examples
    --------
    >>> low, high = wilson_interval(9, 10)
    >>> round(low, 3), round(high, 3)
    (0.596, 0.982)
    """
    if num_samples < 1:
        raise ValueError(f"num_samples = {num_samples}; it must be 1 or more")
    if not 0 <= num_correct <= num_samples:
        raise ValueError(
            f"num_correct = {num_correct}; it must lie in 0 to {num_samples}"
        )
    if not 0 < confidence < 1:
        raise ValueError(
            f"confidence = {confidence}; it must lie between 0 and 1"
        )
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p, n = num_correct / num_samples, num_samples
    centre = p + z**2 / (2 * n)
    half = z * math.sqrt(p * (1 - p) / n + (z / (2 * n)) ** 2)
    scale = 1 + z**2 / n
    # At the ends, exactly 0 and 1, which rounding would miss.
    low = (centre - half) / scale if num_correct > 0 else 0.0
    high = (centre + half) / scale if num_correct < num_samples else 1.0
    return low, high


def _classes(*labels: ArrayLike) -> list[NDArray[np.int64]]:
    """Return predicted and true classes as integers of one shape."""
    y_hat, y = (_to_numpy(array) for array in labels)
    if y_hat.shape != y.shape:
        raise ValueError(
            f"y_hat has shape {y_hat.shape}, y has {y.shape}; they differ"
        )
    if y.size == 0:
        raise ValueError(
            f"y_hat and y are empty (shape {y.shape}); give predictions"
        )
    for name, array in (("y_hat", y_hat), ("y", y)):
        whole = array.dtype.kind in "biu" or (
            array.dtype.kind == "f" and np.all(array == np.floor(array))
        )
        if not (whole and np.isfinite(array).all()):
            raise ValueError(
                f"{name} (dtype {array.dtype}) holds values that are no classes; "
                "classes are whole numbers"
            )
    return [y_hat.astype(np.int64), y.astype(np.int64)]


def _to_numpy(array: Any) -> NDArray[Any]:
    # Asked of the object, so that metrics need not import torch.
    return np.asarray(
        array.detach().cpu() if hasattr(array, "detach") else array
    )
