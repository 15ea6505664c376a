"""Morphology: the least and the greatest value under a shape that slides.

Erosion takes the minimum of what a structuring element covers, dilation the
maximum; opening and closing do one after the other. In an image of bool, minimum
is *and*, maximum is *or*. Every function returns an array of the image's own shape
and type.

Dilation reads the element turned by half a turn, as in Haralick et al. and in
`scipy.ndimage`; so opening never adds to an image and closing never takes from it.
scikit-image's ``dilation`` reads the element as it is, and its default origin of an
element of even size is one cell further up and left.

Not here: the elements (`aibook.vision.elements`), connected components
(`aibook.vision.components`), reconstruction, skeletons.

Sources: J. Serra, "Image Analysis and Mathematical Morphology", Academic Press,
1982; R. M. Haralick, S. R. Sternberg and X. Zhuang, "Image analysis using
mathematical morphology", IEEE Transactions on Pattern Analysis and Machine
Intelligence 9(4), 1987.

Book page: scenes/morphology.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.vision.sliding import (
    Border,
    Cell,
    check_element,
    check_image,
    slide,
)

__all__ = [
    "bottom_hat",
    "closing",
    "dilate",
    "erode",
    "gradient",
    "opening",
    "top_hat",
]

Array = NDArray[Any]


def erode(
    image: ArrayLike,
    element: ArrayLike,
    *,
    origin: Cell | None = None,
    border: Border = "ignore",
) -> Array:
    """Return, for each pixel, the least value that the element covers there.

    Parameters
    ----------
    image
        Shape (H, W), H and W from 1: bool, whole numbers, or fractions, no NaN.
    element
        Shape (h, w), True (or 1) where it covers a pixel, at least once.
    origin
        Row and column of the cell that stands on the pixel; (h // 2, w // 2) by
        default.
    border
        What lies outside of the image: ``"ignore"`` nothing (where the element
        covers no pixel at all, the result is the greatest value of the type),
        ``"edge"`` the nearest pixel, ``"symmetric"`` the image in a mirror that
        stands at its edge, or a number that the type can hold. `scipy.ndimage`
        calls the last three *nearest*, *reflect* and *constant*.

    Returns
    -------
    Array of the image's shape and type.

    Raises
    ------
    ValueError
        For an image or element of another kind, an element that covers nothing,
        an origin outside of it, or an unknown border.

    Examples
    --------
    >>> erode([[3, 1, 4, 1, 5, 9, 2]], [[1, 1, 1]])
    array([[1, 1, 1, 1, 1, 2, 2]])
    """
    array = check_image(image)
    covered, origin = check_element(element, origin)
    return slide(np.minimum, array, covered, origin=origin, border=border)


def dilate(
    image: ArrayLike,
    element: ArrayLike,
    *,
    origin: Cell | None = None,
    border: Border = "ignore",
) -> Array:
    """Return, for each pixel, the greatest value that the turned element covers.

    Seen from the other side, each pixel paints its value over the cells of the
    element that stands on it, and the greatest wins. Parameters, result and errors
    are those of `erode`; where nothing is covered the result is the least value.

    Examples
    --------
    >>> dilate([[3, 1, 4, 1, 5, 9, 2]], [[1, 1, 1]])
    array([[3, 4, 4, 5, 9, 9, 9]])
    """
    array = check_image(image)
    covered, (row, column) = check_element(element, origin)
    turned = covered[::-1, ::-1]  # by half a turn
    origin = (turned.shape[0] - 1 - row, turned.shape[1] - 1 - column)
    return slide(np.maximum, array, turned, origin=origin, border=border)


def opening(
    image: ArrayLike,
    element: ArrayLike,
    *,
    origin: Cell | None = None,
    border: Border = "ignore",
) -> Array:
    """Erode, then dilate: what is bright and smaller than the element goes.

    With the default border the result is nowhere above the image, and another
    opening changes nothing more. Parameters and errors are those of `erode`.

    Examples
    --------
    >>> opening([[0, 9, 0, 9, 9, 9]], [[1, 1]])
    array([[0, 0, 0, 9, 9, 9]])
    """
    eroded = erode(image, element, origin=origin, border=border)
    return dilate(eroded, element, origin=origin, border=border)


def closing(
    image: ArrayLike,
    element: ArrayLike,
    *,
    origin: Cell | None = None,
    border: Border = "ignore",
) -> Array:
    """Dilate, then erode: what is dark and smaller than the element goes.

    With the default border the result is nowhere below the image, and another
    closing changes nothing more. Parameters and errors are those of `erode`.

    Examples
    --------
    >>> closing([[9, 0, 9, 0, 0, 9]], [[1, 1]])
    array([[9, 9, 9, 0, 0, 9]])
    """
    dilated = dilate(image, element, origin=origin, border=border)
    return erode(dilated, element, origin=origin, border=border)


def gradient(image: ArrayLike, element: ArrayLike) -> Array:
    """Return dilation less erosion: large where the brightness changes.

    Parameters
    ----------
    image
        As for `erode`, and finite.
    element
        As for `erode`; it covers its middle cell.

    Returns
    -------
    Array of the image's shape and type, 0 or more.

    Raises
    ------
    ValueError
        As for `erode`, if the element leaves out its middle cell, and for a
        difference that a signed type cannot hold.

    Examples
    --------
    >>> gradient([[1, 1, 1, 5, 5, 5]], [[1, 1, 1]])
    array([[0, 0, 4, 4, 0, 0]])
    """
    array, covered = _check(image, element)
    return _less(dilate(array, covered), erode(array, covered))


def top_hat(image: ArrayLike, element: ArrayLike) -> Array:
    """Return the image less its opening: what is bright and small.

    Parameters, result and errors are those of `gradient`.

    Examples
    --------
    >>> top_hat([[4, 9, 5, 6, 7, 7]], [[1, 1]])
    array([[0, 4, 0, 0, 0, 0]])
    """
    array, covered = _check(image, element)
    return _less(array, opening(array, covered))


def bottom_hat(image: ArrayLike, element: ArrayLike) -> Array:
    """Return the closing less the image: what is dark and small.

    Parameters, result and errors are those of `gradient`.

    Examples
    --------
    >>> bottom_hat([[7, 2, 7, 6, 5, 4]], [[1, 1]])
    array([[0, 5, 0, 0, 0, 0]])
    """
    array, covered = _check(image, element)
    return _less(closing(array, covered), array)


def _check(
    image: ArrayLike, element: ArrayLike
) -> tuple[Array, NDArray[np.bool_]]:
    """Return image and element, or refuse what leaves no difference."""
    covered, middle = check_element(element)
    if not covered[middle]:
        raise ValueError(
            f"element leaves out its middle cell {middle}; expected it covered"
        )
    array = check_image(image)
    if not np.isfinite(array).all():
        raise ValueError("image holds infinity; expected finite numbers")
    return array, covered


def _less(a: Array, b: Array) -> Array:
    """Return a - b, where a is nowhere less than b."""
    if a.dtype.kind == "b":
        return a & ~b
    difference: Array = a - b
    if (difference < 0).any():  # it has wrapped around
        raise ValueError(
            f"a difference does not fit into {a.dtype}; give a wider type"
        )
    return difference
