"""Checks of what a function is given, with messages that say what is allowed.

Only for arrays that NumPy models take: examples, labels and hyperparameters.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "check_count",
    "check_examples",
    "check_finite",
    "check_fraction",
    "check_inputs",
    "check_nonnegative",
    "check_positive",
]


def check_finite(name: str, values: ArrayLike) -> NDArray[np.float64]:
    """Return the values as float64, or refuse an empty, NaN or infinite array.

    Parameters
    ----------
    name
        What the message calls the array.
    values
        Numbers, any shape.

    Returns
    -------
    Array of the same shape.

    Raises
    ------
    ValueError
        If the array is empty or holds anything but finite numbers.

    Examples
    --------
    >>> check_finite("X", [[1, 2]])
    array([[1., 2.]])
    >>> check_finite("X", [1.0, float("nan")])
    Traceback (most recent call last):
    ...
    ValueError: X holds NaN or infinity; only finite numbers are allowed
    """
    try:
        array = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        message = f"{name} is not an array of numbers: {error}"
        raise ValueError(message) from error
    if array.size == 0:
        message = f"{name} is empty, shape {array.shape}; one example at least"
        raise ValueError(message)
    if not np.isfinite(array).all():
        message = (
            f"{name} holds NaN or infinity; only finite numbers are allowed"
        )
        raise ValueError(message)
    return array


def check_inputs(X: ArrayLike, num_inputs: int) -> NDArray[np.float64]:
    """Return the examples as a float64 matrix of ``num_inputs`` columns.

    Parameters
    ----------
    X
        Examples, shape (N, D).
    num_inputs
        The D that is expected.

    Returns
    -------
    Array of shape (N, D).

    Raises
    ------
    ValueError
        If the shape differs, N is 0, or a number is not finite.

    Examples
    --------
    >>> check_inputs([1.0, 2.0], 2)
    Traceback (most recent call last):
    ...
    ValueError: X has shape (2,); expected (N, 2)
    """
    array = check_finite("X", X)
    if array.ndim != 2 or array.shape[1] != num_inputs:
        raise ValueError(
            f"X has shape {array.shape}; expected (N, {num_inputs})"
        )
    return array


def check_examples(
    X: ArrayLike, y: ArrayLike, num_inputs: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the examples and their labels, one of 0 and 1 each.

    Parameters
    ----------
    X
        Examples, shape (N, D).
    y
        Labels, shape (N,), each 0 or 1.
    num_inputs
        The D that is expected.

    Returns
    -------
    Array of shape (N, D) and array of shape (N,).

    Raises
    ------
    ValueError
        If a shape differs, N is 0, a number is not finite, or a label is not
        0 or 1.

    Examples
    --------
    >>> check_examples([[0.0], [1.0]], [0, 2], 1)
    Traceback (most recent call last):
    ...
    ValueError: y holds 2; only the labels 0 and 1 are allowed
    """
    inputs = check_inputs(X, num_inputs)
    labels = check_finite("y", y)
    if labels.shape != (len(inputs),):
        message = f"y has shape {labels.shape}; expected ({len(inputs)},) as X has rows"
        raise ValueError(message)
    wrong = labels[(labels != 0) & (labels != 1)]
    if wrong.size:
        raise ValueError(
            f"y holds {wrong[0]:g}; only the labels 0 and 1 are allowed"
        )
    return inputs, labels.astype(np.int64)


def check_positive(name: str, value: float) -> float:
    """Return the hyperparameter, or refuse it unless positive and finite.

    Raises
    ------
    ValueError
        If the value is zero, negative, NaN or infinite.

    Examples
    --------
    >>> check_positive("lr", 0.0)
    Traceback (most recent call last):
    ...
    ValueError: lr is 0.0; expected a positive, finite number
    """
    if not (value > 0 and math.isfinite(value)):
        raise ValueError(
            f"{name} is {value!r}; expected a positive, finite number"
        )
    return float(value)


def check_count(name: str, value: Any, maximum: int | None = None) -> int:
    """Return the count, or refuse it unless a whole number from 1 to ``maximum``.

    Raises
    ------
    ValueError
        If the value is no integer, below 1 or above ``maximum``.

    Examples
    --------
    >>> check_count("max_epochs", 0)
    Traceback (most recent call last):
    ...
    ValueError: max_epochs is 0; expected a whole number from 1
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < 1 or (maximum is not None and value > maximum):
        top = "" if maximum is None else f" to {maximum}"
        raise ValueError(
            f"{name} is {value!r}; expected a whole number from 1{top}"
        )
    return int(value)


def check_nonnegative(name: str, value: float) -> float:
    """Return the hyperparameter, or refuse it unless finite and 0 or more.

    Raises
    ------
    ValueError
        If the value is negative, NaN or infinite.

    Examples
    --------
    >>> check_nonnegative("weight_decay", -1.0)
    Traceback (most recent call last):
    ...
    ValueError: weight_decay is -1.0; expected a finite number from 0
    """
    if not (value >= 0 and math.isfinite(value)):
        raise ValueError(
            f"{name} is {value!r}; expected a finite number from 0"
        )
    return float(value)


def check_fraction(name: str, value: float) -> float:
    """Return the hyperparameter, or refuse it unless from 0 up to but not 1.

    Raises
    ------
    ValueError
        If the value is negative, 1 or more, or NaN.

    Examples
    --------
    >>> check_fraction("momentum", 1.0)
    Traceback (most recent call last):
    ...
    ValueError: momentum is 1.0; expected a number from 0 up to but not 1
    """
    if not 0 <= value < 1:
        raise ValueError(
            f"{name} is {value!r}; expected a number from 0 up to but not 1"
        )
    return float(value)
