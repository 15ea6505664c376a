"""The least or the greatest value under a shape that slides over an image.

What erosion and dilation have in common (`aibook.vision.morphology`). One cell of
the shape at a time: the whole image, moved by that cell, is compared with the best
values so far. So a shape of n cells costs n - 1 comparisons of whole images, and a
rectangle of h x w cells only h + w - 2.

Not here: weighted sums under a window (`aibook.scratch.convolution`).

Source: R. M. Haralick, S. R. Sternberg and X. Zhuang, "Image analysis using
mathematical morphology", IEEE Transactions on Pattern Analysis and Machine
Intelligence 9(4), 1987, where both are unions and intersections of moved images.

Book page: scenes/morphology.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["check_element", "check_image", "slide"]

Array = NDArray[Any]
Cell = tuple[int, int]
Border = str | float
_MODES = ("edge", "symmetric")  # of np.pad


def slide(
    best: np.ufunc,
    image: Array,
    element: NDArray[np.bool_],
    *,
    origin: Cell,
    border: Border,
) -> Array:
    """Return the best of the values that the element covers, at every pixel.

    Parameters
    ----------
    best
        ``np.minimum`` or ``np.maximum``.
    image
        Shape (H, W), as `check_image` returns it.
    element
        Shape (h, w), as `check_element` returns it.
    origin
        Row and column of the cell that stands on the pixel.
    border
        As for `aibook.vision.morphology.erode`.

    Returns
    -------
    Array of the image's shape and type.

    Raises
    ------
    ValueError
        For an unknown border, or a number that the image's type cannot hold.

    Examples
    --------
    >>> image, element = np.array([[3, 1, 4]]), np.ones((1, 2), bool)
    >>> slide(np.maximum, image, element, origin=(0, 0), border="ignore")
    array([[3, 4, 4]])
    """
    (H, W), (h, w) = image.shape, element.shape
    padded = _pad(best, image, (h, w), origin, border)
    if element.all():  # a rectangle: down first, then across
        lines = _best(best, [padded[i : i + H] for i in range(h)])
        return _best(best, [lines[:, j : j + W] for j in range(w)])
    cells = np.argwhere(element)
    return _best(best, [padded[i : i + H, j : j + W] for i, j in cells])


def check_image(image: ArrayLike) -> Array:
    """Return the image as an array of its own type, or refuse it.

    Parameters
    ----------
    image
        Shape (H, W), H and W from 1: bool, whole numbers, or fractions, no NaN.

    Raises
    ------
    ValueError
        For another shape or another kind of value.

    Examples
    --------
    >>> check_image([[True, False]]).dtype
    dtype('bool')
    """
    array = np.asarray(image)
    if array.ndim != 2 or array.size == 0 or array.dtype.kind not in "biuf":
        raise ValueError(
            f"image has shape {array.shape} and type {array.dtype}; expected "
            "(H, W), 1 or more each, of bool or real numbers"
        )
    if array.dtype.kind == "f" and np.isnan(array).any():
        raise ValueError("image holds NaN; expected numbers")
    return array


def check_element(
    element: ArrayLike, origin: Cell | None = None
) -> tuple[NDArray[np.bool_], Cell]:
    """Return a structuring element as bool and its origin, or refuse them.

    Parameters
    ----------
    element
        Shape (h, w), bool or 0 and 1; it covers one cell or more.
    origin
        Row and column of a cell of the array; (h // 2, w // 2) by default.

    Raises
    ------
    ValueError
        For another shape, other values, nothing covered, or an origin outside.

    Examples
    --------
    >>> check_element([[0, 1, 1]])
    (array([[False,  True,  True]]), (0, 1))
    """
    array = np.asarray(element)
    good = array.ndim == 2 and array.dtype.kind in "biuf"
    if not (good and ((array == 0) | (array == 1)).all() and array.any()):
        raise ValueError(
            f"element has shape {array.shape} and type {array.dtype}; expected "
            "(h, w) of bool, or of 0 and 1, with one cell or more covered"
        )
    h, w = array.shape
    cell = np.asarray((h // 2, w // 2) if origin is None else origin)
    whole = cell.shape == (2,) and cell.dtype.kind in "iu"
    if not (whole and (cell >= 0).all() and (cell < array.shape).all()):
        raise ValueError(
            f"origin is {origin}; expected a cell of the element, (0, 0) to "
            f"{(h - 1, w - 1)}"
        )
    return array.astype(bool), (int(cell[0]), int(cell[1]))


def _best(best: np.ufunc, arrays: Sequence[Array]) -> Array:
    """Return the least, or greatest, of arrays of one shape, place by place."""
    result = arrays[0].copy()
    for array in arrays[1:]:
        best(result, array, out=result)
    return result


def _pad(
    best: np.ufunc, image: Array, shape: Cell, origin: Cell, border: Border
) -> Array:
    """Return the image with as much around it as the element reaches."""
    reach = [(o, n - 1 - o) for o, n in zip(origin, shape, strict=True)]
    if border in _MODES:
        mode: Any = border
        return np.pad(image, reach, mode=mode)
    if image.dtype.kind == "f":
        low, high = -np.inf, np.inf
    elif image.dtype.kind == "b":
        low, high = False, True
    else:
        low, high = np.iinfo(image.dtype).min, np.iinfo(image.dtype).max
    if border == "ignore":
        value = high if best is np.minimum else low
    elif (
        isinstance(border, str)
        or not low <= border <= high
        or (image.dtype.kind != "f" and border != int(border))
    ):
        names = ", ".join(repr(name) for name in ("ignore", *_MODES))
        raise ValueError(
            f"border is {border!r}; expected {names}, or a number that "
            f"{image.dtype} can hold"
        )
    else:
        value = border
    return np.pad(image, reach, constant_values=value)
