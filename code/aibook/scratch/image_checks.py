"""Checks of the images that NumPy functions are given.

An image has the shape (H, W), grey, or (H, W, C): H rows from top to bottom, W
columns from left to right, C channels. At most four channels are allowed (grey,
grey and alpha, RGB, RGBA), so that an image with its channels first, as PyTorch
wants it, is noticed instead of being cut and turned along the wrong axes.

Not here: stacks of feature maps, batches, tensors.

Book page: images/pixels.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "MAX_CHANNELS",
    "check_choice",
    "check_image",
    "check_whole",
    "finite_image",
]

MAX_CHANNELS = 4
"""The most channels an image has: red, green, blue and alpha."""


def check_image(image: ArrayLike) -> NDArray[Any]:
    """Return the image as an array of its own type, or refuse it.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C) with H and W of 1 or more and C from 1 to 4;
        real numbers or bool.

    Returns
    -------
    Array of the same shape and type, not copied.

    Raises
    ------
    ValueError
        For another shape, or values that are no real numbers.

    Examples
    --------
    >>> check_image(np.zeros((2, 3), np.uint8)).dtype
    dtype('uint8')
    >>> check_image(np.zeros((3, 28, 28)))  # doctest: +NORMALIZE_WHITESPACE
    Traceback (most recent call last):
    ...
    ValueError: image has shape (3, 28, 28); expected (H, W) or (H, W, C) with
    C from 1 to 4; if the channels come first, give image.transpose(1, 2, 0)
    """
    array = np.asarray(image)
    if array.dtype.kind not in "biuf":
        raise ValueError(
            f"image has the type {array.dtype}; expected real numbers"
        )
    num_channels = array.shape[2] if array.ndim == 3 else 1
    good = array.ndim in (2, 3) and 1 <= num_channels <= MAX_CHANNELS
    if good and array.size:
        return array
    message = (
        f"image has shape {array.shape}; expected (H, W) or (H, W, C) with C "
        f"from 1 to {MAX_CHANNELS}"
    )
    if array.ndim == 3 and 1 <= len(array) <= MAX_CHANNELS < num_channels:
        message += (
            "; if the channels come first, give image.transpose(1, 2, 0)"
        )
    raise ValueError(message)


def finite_image(image: ArrayLike) -> NDArray[np.float64]:
    """Return the image as float64, or refuse it if a value is not finite.

    Parameters
    ----------
    image
        As for `check_image`.

    Returns
    -------
    Array of the same shape.

    Raises
    ------
    ValueError
        As for `check_image`, and for NaN or infinity: one NaN would spoil every
        value that is computed from it.

    Examples
    --------
    >>> finite_image([[0, 255]])
    array([[  0., 255.]])
    >>> finite_image([[0.0, float("nan")]])
    Traceback (most recent call last):
    ...
    ValueError: image holds NaN or infinity; only finite numbers are allowed
    """
    array = check_image(image).astype(np.float64)
    if not np.isfinite(array).all():
        raise ValueError(
            "image holds NaN or infinity; only finite numbers are allowed"
        )
    return array


def check_choice(name: str, value: object, allowed: Iterable[str]) -> str:
    """Return the word, or refuse it unless it is one of those allowed.

    Raises
    ------
    ValueError
        If the value is another.

    Examples
    --------
    >>> check_choice("axis", "x", ["horizontal", "vertical"])
    Traceback (most recent call last):
    ...
    ValueError: axis is 'x'; expected 'horizontal' or 'vertical'
    """
    words = list(allowed)
    if isinstance(value, str) and value in words:
        return value
    listed = " or ".join(repr(word) for word in words)
    raise ValueError(f"{name} is {value!r}; expected {listed}")


def check_whole(name: str, value: Any, minimum: int | None = None) -> int:
    """Return the whole number, or refuse it if it is none or below a minimum.

    Raises
    ------
    ValueError
        If the value is no integer, or below ``minimum``.

    Examples
    --------
    >>> check_whole("width", -1, 0)
    Traceback (most recent call last):
    ...
    ValueError: width is -1; expected a whole number from 0
    """
    whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
    if whole and (minimum is None or value >= minimum):
        return int(value)
    least = "" if minimum is None else f" from {minimum}"
    raise ValueError(f"{name} is {value!r}; expected a whole number{least}")
