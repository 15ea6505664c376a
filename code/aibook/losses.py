"""Loss functions and their gradients, in NumPy.

Mean squared error takes predictions; the cross-entropies take logits (the
weighted sums before sigmoid or softmax), not probabilities: only so are they
exact where a probability rounds to 0 or 1. PyTorch models use PyTorch's losses.

Sources: C. Bishop, "Pattern Recognition and Machine Learning", 2006, sections
1.2.5, 4.3.2 and 4.3.4; C. Szegedy and others, "Rethinking the Inception
architecture for computer vision", 2016 (label smoothing).

Book pages: networks/mlp, networks/loss
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.activations import sigmoid
from aibook.scratch.checks import check_count, check_finite
from aibook.scratch.softmax import log_softmax, log_sum_exp, softmax

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_grad",
    "cross_entropy",
    "cross_entropy_grad",
    "mean_squared_error",
    "mean_squared_error_grad",
    "smooth_labels",
]

Array = NDArray[np.float64]


def mean_squared_error(y_hat: ArrayLike, y: ArrayLike) -> float:
    """Return the mean of the squared differences.

    Parameters
    ----------
    y_hat
        Predictions, any shape.
    y
        Targets, of the same shape.

    Returns
    -------
    The mean over all elements, 0 or more.

    Raises
    ------
    ValueError
        If the shapes differ, there is no element, or a number is not finite.

    Examples
    --------
    >>> round(mean_squared_error([2.5, 5.0, 4.0], [3.0, 5.0, 2.0]), 4)
    1.4167
    """
    y_hat, y = _check_pair(y_hat, y)
    return float(np.mean((y_hat - y) ** 2))


def mean_squared_error_grad(y_hat: ArrayLike, y: ArrayLike) -> Array:
    """Return the gradient by the predictions: 2 (y_hat - y) / size.

    Parameters and errors are those of `mean_squared_error`; the gradient has
    the shape of ``y_hat``.

    Examples
    --------
    >>> mean_squared_error_grad([2.0, 5.0], [3.0, 5.0])
    array([-1.,  0.])
    """
    y_hat, y = _check_pair(y_hat, y)
    return 2 * (y_hat - y) / y.size


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


def cross_entropy(logits: ArrayLike, y: ArrayLike) -> float:
    """Return the mean cross-entropy of K classes, in nats.

    The mean of -log softmax(z)[y], computed as ``log_sum_exp(z) - z[y]``.

    Parameters
    ----------
    logits
        Weighted sums z of the outputs, shape (N, K).
    y
        The true classes, integers from 0 to K - 1, shape (N,); or a probability
        for every class, shape (N, K), rows adding up to 1.

    Returns
    -------
    The mean loss, 0 or more.

    Raises
    ------
    ValueError
        If a shape differs, N is 0, a number is not finite, a class is out of
        range, or a row is no distribution.

    Examples
    --------
    >>> round(cross_entropy([[2.0, 1.0, 0.1]], [0]), 4)
    0.417
    >>> cross_entropy([[0.0, 1000.0]], [0])
    1000.0
    """
    z, y = _check_classes(logits, y)
    if y.ndim == 2:
        return float(-np.mean((y * log_softmax(z)).sum(axis=1)))
    return float(np.mean(log_sum_exp(z) - z[np.arange(len(z)), y]))


def cross_entropy_grad(logits: ArrayLike, y: ArrayLike) -> Array:
    """Return the gradient of the mean loss by the logits: (softmax(z) - t) / N.

    t has a 1 at the true class and 0 elsewhere, or is ``y`` itself if that holds
    probabilities. Parameters and errors are those of `cross_entropy`; the
    gradient has shape (N, K).

    Examples
    --------
    >>> cross_entropy_grad([[0.0, 0.0]], [1])
    array([[ 0.5, -0.5]])
    """
    z, y = _check_classes(logits, y)
    gradient = softmax(z)
    if y.ndim == 2:
        gradient -= y
    else:
        gradient[np.arange(len(z)), y] -= 1
    gradient /= len(z)
    return gradient


def smooth_labels(
    y: ArrayLike, *, num_classes: int, epsilon: float = 0.1
) -> Array:
    """Return the classes as distributions that spread ``epsilon`` evenly.

    Parameters
    ----------
    y
        The true classes, integers from 0 to K - 1, shape (N,).
    num_classes
        How many classes there are, K.
    epsilon
        The share that all K classes get in equal parts, from 0 to 1.

    Returns
    -------
    Array of shape (N, K), rows adding up to 1.

    Raises
    ------
    ValueError
        If a class is out of range, or epsilon outside 0 to 1.

    Examples
    --------
    >>> smooth_labels([1], num_classes=4, epsilon=0.2)
    array([[0.05, 0.85, 0.05, 0.05]])
    """
    if not 0 <= epsilon <= 1:
        raise ValueError(f"epsilon is {epsilon!r}; expected 0 to 1")
    num_classes = check_count("num_classes", num_classes)
    labels = _check_labels(check_finite("y", y), num_classes)
    smooth = np.full((len(labels), num_classes), epsilon / num_classes)
    smooth[np.arange(len(labels)), labels] += 1 - epsilon
    return smooth


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


def _check_pair(y_hat: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    predictions, targets = check_finite("y_hat", y_hat), check_finite("y", y)
    if predictions.shape != targets.shape:
        message = f"y_hat has shape {predictions.shape}, y {targets.shape}"
        raise ValueError(f"{message}; expected the same")
    return predictions, targets


def _check_labels(y: Array, num_classes: int) -> NDArray[np.int64]:
    if y.ndim != 1:
        raise ValueError(f"y has shape {y.shape}; expected (N,)")
    wrong = y[(y < 0) | (y >= num_classes) | (y != np.floor(y))]
    if wrong.size:
        message = (
            f"y holds {wrong[0]:g}; classes run from 0 to {num_classes - 1}"
        )
        raise ValueError(message)
    return y.astype(np.int64)


def _check_classes(
    logits: ArrayLike, y: ArrayLike
) -> tuple[Array, NDArray[Any]]:
    z, targets = check_finite("logits", logits), check_finite("y", y)
    if z.ndim != 2:
        raise ValueError(f"logits has shape {z.shape}; expected (N, K)")
    if targets.shape not in (z.shape, z.shape[:1]):
        raise ValueError(
            f"y has shape {targets.shape}; expected ({len(z)},) or {z.shape}"
        )
    if targets.ndim == 1:
        return z, _check_labels(targets, z.shape[1])
    if (targets < 0).any() or not np.allclose(targets.sum(axis=1), 1):
        raise ValueError("y has a row that is no probability distribution")
    return z, targets
