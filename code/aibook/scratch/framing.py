"""Crop, shift, flip and flatten an image: pixels move, none is computed.

An image has the shape (H, W) or (H, W, C), channels last, any real type, which the
result keeps. Every function returns a new array: writing into it leaves the image
as it was, and PyTorch accepts it (of a reversed view it does not).

Not here: borders (`aibook.scratch.padding`), values between pixels
(`aibook.scratch.resampling`, `aibook.scratch.warping`), batches.

Source: C. R. Harris et al., "Array programming with NumPy", Nature 585, 2020.

Book page: images/pixels.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import ArrayLike, NDArray

from aibook.scratch.image_checks import check_choice, check_image, check_whole
from aibook.scratch.padding import filled

__all__ = ["crop", "flatten", "flip", "shift"]

AXES = ("horizontal", "vertical")

Image = NDArray[Any]


def crop(
    image: ArrayLike, top: int, left: int, height: int, width: int
) -> Image:
    """Cut a rectangle out of an image.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    top, left
        Row and column of the rectangle's first pixel, from 0.
    height, width
        Its size, 1 or more; it must lie inside the image.

    Returns
    -------
    Array of shape (height, width) or (height, width, C), a copy.

    Raises
    ------
    ValueError
        For a bad image or number, or a rectangle that leaves the image.

    Examples
    --------
    >>> crop([[1, 2, 3], [4, 5, 6]], 0, 1, 2, 2)
    array([[2, 3],
           [5, 6]])
    >>> crop([[1, 2, 3], [4, 5, 6]], 1, 1, 2, 2)
    Traceback (most recent call last):
    ...
    ValueError: rows 1 to 2 leave an image with 2 rows, 0 to 1
    """
    array = check_image(image)
    sides = (("top", top, height, "rows"), ("left", left, width, "columns"))
    for (name, first, size, what), n in zip(sides, array.shape, strict=False):
        check_whole(name, first, 0)
        check_whole("height" if name == "top" else "width", size, 1)
        if first + size > n:
            raise ValueError(
                f"{what} {first} to {first + size - 1} leave an image with "
                f"{n} {what}, 0 to {n - 1}"
            )
    return array[top : top + height, left : left + width].copy()


def shift(
    image: ArrayLike, down: int, right: int, *, fill: float = 0
) -> Image:
    """Move an image; what leaves it is lost, what is left free is filled.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    down, right
        By how many pixels; negative numbers move up and left.
    fill
        The value of free pixels; the image's type must be able to hold it.

    Returns
    -------
    Array of the same shape.

    Raises
    ------
    ValueError
        For a bad image, number or value.

    Examples
    --------
    >>> shift([[1, 2], [3, 4]], 0, 1)
    array([[0, 1],
           [0, 3]])
    """
    array = check_image(image)
    moved = filled(array.shape, array.dtype, fill)
    targets, sources = [], []
    for name, step, n in (
        ("down", down, array.shape[0]),
        ("right", right, array.shape[1]),
    ):
        k = max(-n, min(n, check_whole(name, step)))
        targets.append(slice(max(k, 0), n + min(k, 0)))
        sources.append(slice(max(-k, 0), n - max(k, 0)))
    moved[tuple(targets)] = array[tuple(sources)]
    return moved


def flip(image: ArrayLike, axis: str) -> Image:
    """Mirror an image.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    axis
        ``"horizontal"``: left and right change places; ``"vertical"``: top and
        bottom do.

    Returns
    -------
    Array of the same shape, a copy.

    Raises
    ------
    ValueError
        For a bad image, or another axis.

    Examples
    --------
    >>> flip([[1, 2], [3, 4]], "horizontal")
    array([[2, 1],
           [4, 3]])
    """
    array = check_image(image)
    if check_choice("axis", axis, AXES) == "horizontal":
        return array[:, ::-1].copy()
    return array[::-1].copy()


def flatten(image: ArrayLike) -> Image:
    """Write the values of an image in one row: line by line, pixel by pixel.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).

    Returns
    -------
    Array of shape (H W,) or (H W C,), a copy; pixel (i, j), channel c, stands at
    (i W + j) C + c.

    Raises
    ------
    ValueError
        For a bad image.

    Examples
    --------
    >>> flatten([[1, 2, 3], [4, 5, 6]])
    array([1, 2, 3, 4, 5, 6])
    """
    return check_image(image).reshape(-1).copy()
