"""Pad an image: put a border around it, of one value or of the image's own pixels.

An image has the shape (H, W) or (H, W, C), channels last, any real type, which the
result keeps. The names of the modes are NumPy's.

Not here: borders of different widths, batches.

Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
learning", arXiv:1603.07285, 2016.

Book page: images/pixels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.image_checks import check_choice, check_image, check_whole

__all__ = ["border_indices", "filled", "pad"]

MODES = ("constant", "edge", "reflect", "wrap")

Image = NDArray[Any]


def pad(
    image: ArrayLike, width: int, *, mode: str = "constant", value: float = 0
) -> Image:
    """Put a border around an image.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    width
        P, the width of the border in pixels, 0 or more.
    mode
        What the border shows: ``"constant"`` one value, ``"edge"`` the nearest
        pixel, ``"reflect"`` a mirror image (the edge itself is not repeated),
        ``"wrap"`` the image over again, from the opposite side.
    value
        Of a constant border; the image's type must be able to hold it.

    Returns
    -------
    Array of shape (H + 2P, W + 2P) or (H + 2P, W + 2P, C).

    Raises
    ------
    ValueError
        For a bad image, width, mode or value.

    Examples
    --------
    >>> pad([[1, 2], [3, 4]], 1)
    array([[0, 0, 0, 0],
           [0, 1, 2, 0],
           [0, 3, 4, 0],
           [0, 0, 0, 0]])
    >>> pad([[1, 2, 3]], 1, mode="reflect")[1]
    array([2, 1, 2, 3, 2])
    """
    array = check_image(image)
    p = check_whole("width", width, 0)
    num_rows, num_columns = array.shape[:2]
    if check_choice("mode", mode, MODES) == "constant":
        shape = (num_rows + 2 * p, num_columns + 2 * p, *array.shape[2:])
        padded = filled(shape, array.dtype, value)
        padded[p : p + num_rows, p : p + num_columns] = array
        return padded
    rows = border_indices(num_rows, p, mode)
    columns = border_indices(num_columns, p, mode)
    return array[rows][:, columns]


def border_indices(n: int, p: int, mode: str) -> NDArray[np.int64]:
    """Return which of n pixels stands at each of -p, ..., n - 1 + p.

    Examples
    --------
    >>> border_indices(3, 2, "wrap")
    array([1, 2, 0, 1, 2, 0, 1])
    """
    places = np.arange(-p, n + p)
    if mode == "edge":
        return places.clip(0, n - 1)
    if mode == "wrap":
        return places % n
    period = max(2 * (n - 1), 1)  # there and back
    places = places % period
    return np.minimum(places, period - places) if n > 1 else places


def filled(
    shape: tuple[int, ...], dtype: np.dtype[Any], value: float
) -> Image:
    """Return an array full of a value, or refuse one that the type cannot hold.

    Examples
    --------
    >>> filled((1, 2), np.dtype("uint8"), 300)
    Traceback (most recent call last):
    ...
    ValueError: 300 does not fit into an image of type uint8
    """
    with np.errstate(all="ignore"):
        stored = np.asarray(value).astype(dtype)
    if dtype.kind != "f" and stored != value:
        raise ValueError(
            f"{value!r} does not fit into an image of type {dtype}"
        )
    return np.full(shape, stored)
