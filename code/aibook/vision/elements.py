"""Structuring elements: the small shapes that morphology slides over an image.

An element is an array of bool, shape (h, w): True where it covers a pixel. Its
origin is the cell that stands on the pixel for which a result is computed, the
middle one unless another is named.

Not here: what is done with an element (`aibook.vision.morphology`), elements with
heights of their own.

Source: R. M. Haralick, S. R. Sternberg and X. Zhuang, "Image analysis using
mathematical morphology", IEEE Transactions on Pattern Analysis and Machine
Intelligence 9(4), 1987.

Book page: scenes/morphology.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["cross", "disk", "square"]

Element = NDArray[np.bool_]


def square(size: int) -> Element:
    """Return a square, every cell covered.

    Parameters
    ----------
    size
        Cells along each side, 1 or more.

    Returns
    -------
    Array of bool, shape (size, size).

    Raises
    ------
    ValueError
        For a size that is no whole number from 1.

    Examples
    --------
    >>> square(3).sum()
    np.int64(9)
    """
    return np.ones((_whole("size", size, 1),) * 2, dtype=bool)


def cross(radius: int = 1) -> Element:
    """Return an upright cross: its middle row and its middle column.

    With radius 1 it covers a pixel and its four nearest neighbours.

    Parameters
    ----------
    radius
        Cells from the middle to each end, 0 or more.

    Returns
    -------
    Array of bool, shape (2 radius + 1, 2 radius + 1).

    Raises
    ------
    ValueError
        For a radius that is no whole number from 0.

    Examples
    --------
    >>> cross(1).astype(int)
    array([[0, 1, 0],
           [1, 1, 1],
           [0, 1, 0]])
    """
    step = np.arange(-_whole("radius", radius, 0), radius + 1)
    covered: Element = (step[:, np.newaxis] == 0) | (step == 0)
    return covered


def disk(radius: int) -> Element:
    """Return a disk: the cells whose middle is at most ``radius`` from its middle.

    Parameters
    ----------
    radius
        In cells, 0 or more.

    Returns
    -------
    Array of bool, shape (2 radius + 1, 2 radius + 1).

    Raises
    ------
    ValueError
        For a radius that is no whole number from 0.

    Examples
    --------
    >>> disk(2).astype(int)
    array([[0, 0, 1, 0, 0],
           [0, 1, 1, 1, 0],
           [1, 1, 1, 1, 1],
           [0, 1, 1, 1, 0],
           [0, 0, 1, 0, 0]])
    """
    step = np.arange(-_whole("radius", radius, 0), radius + 1)
    squared: Element = step[:, np.newaxis] ** 2 + step**2 <= radius**2
    return squared


def _whole(name: str, value: int, least: int) -> int:
    """Return a whole number, or refuse it if it is none or too small."""
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if not whole or value < least:
        raise ValueError(
            f"{name} is {value!r}; expected a whole number from {least}"
        )
    return int(value)
