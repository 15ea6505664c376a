"""Checks of the arguments that several loaders take.

What: one function a kind of argument, which returns the value or raises.

What not: nothing about arrays or files.

Book page: reference/datasets
"""

from __future__ import annotations

import operator
from typing import Any


def integer(name: str, value: Any, low: int, high: int | None = None) -> int:
    """Return `value` as an int that lies between two bounds.

    Parameters
    ----------
    name
        What the value is, for the message.
    value
        An int or a NumPy integer; a bool or a float is refused.
    low, high
        The bounds, both allowed; no upper bound if `high` is None.

    Returns
    -------
    int
        The value.

    Raises
    ------
    ValueError
        If `value` is no integer or out of bounds.

    Examples
    --------
    >>> integer("limit", 3, 1, 10)
    3
    >>> integer("limit", 0, 1, 10)
    Traceback (most recent call last):
    ValueError: limit must be an integer from 1 to 10, got 0
    """
    allowed = f"of at least {low}" if high is None else f"from {low} to {high}"
    message = f"{name} must be an integer {allowed}, got {value!r}"
    try:
        number = operator.index(value)
    except TypeError:
        raise ValueError(message) from None
    if (
        isinstance(value, bool)
        or number < low
        or (high is not None and number > high)
    ):
        raise ValueError(message)
    return number
