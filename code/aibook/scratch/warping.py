"""Rotate, shear or otherwise turn an image by a 2x2 matrix about its centre.

The matrix moves points (x, y), x to the right and y upwards, with the origin in
the centre of the image. For each pixel of the new image, the inverse of the matrix
says where it came from, and the value there is a mean of the four pixels around
(bilinear). What comes from outside of the image is filled.

Not here: perspective, elastic deformation, growing the canvas.

Source: R. Szeliski, "Computer Vision: Algorithms and Applications", second edition,
Springer, 2022, section 3.6 (geometric transformations by inverse warping).

Book page: images/pixels.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.image_checks import finite_image

__all__ = ["rotate", "rotation_matrix", "sample", "shear", "warp"]

Array = NDArray[np.float64]


def sample(
    image: ArrayLike, rows: ArrayLike, columns: ArrayLike, *, fill: float = 0.0
) -> Array:
    """Return the values of an image at places between its pixels.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    rows, columns
        Shape (h, w) each: the places; whole numbers are the centres of pixels.
    fill
        The value of every pixel outside of the image.

    Returns
    -------
    Array of shape (h, w) or (h, w, C).

    Raises
    ------
    ValueError
        For a bad image, and if a place or the value to fill is not finite.

    Examples
    --------
    >>> sample([[0.0, 10.0]], [[0.0, 0.0]], [[0.3, 1.5]])
    array([[3., 5.]])
    """
    values = finite_image(image)
    r, c = np.broadcast_arrays(
        np.asarray(rows, np.float64), np.asarray(columns, np.float64)
    )
    if not (np.isfinite(r).all() and np.isfinite(c).all()):
        raise ValueError("a place is NaN or infinite; expected finite numbers")
    if not math.isfinite(fill):
        raise ValueError(f"fill is {fill!r}; expected a finite number")
    height, width = values.shape[:2]
    r, c = r.clip(-1, height), c.clip(-1, width)  # far outside: all fill
    top, left = np.floor(r).astype(int), np.floor(c).astype(int)
    result = np.zeros((*r.shape, *values.shape[2:]))
    for i in (top, top + 1):
        for j in (left, left + 1):
            weight = (1 - np.abs(r - i)) * (1 - np.abs(c - j))  # (h, w)
            inside = (i >= 0) & (i < height) & (j >= 0) & (j < width)
            pixel = values[i.clip(0, height - 1), j.clip(0, width - 1)]
            if values.ndim == 3:
                weight, inside = weight[..., None], inside[..., None]
            result += weight * np.where(inside, pixel, fill)
    return result


def warp(image: ArrayLike, matrix: ArrayLike, *, fill: float = 0.0) -> Array:
    """Move every point of an image by a matrix; the size stays.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    matrix
        Shape (2, 2), invertible: (x, y) goes to matrix @ (x, y).
    fill
        The value of every pixel outside of the image.

    Returns
    -------
    Array of the image's shape.

    Raises
    ------
    ValueError
        For a bad image, and for a matrix of another shape or without an inverse.

    References
    ----------
    Szeliski (2022), section 3.6.

    Examples
    --------
    >>> warp([[1, 2], [3, 4]], [[-1, 0], [0, 1]])  # a flip
    array([[2., 1.],
           [4., 3.]])
    """
    values = finite_image(image)
    M = np.asarray(matrix, np.float64)
    if M.shape != (2, 2) or not np.isfinite(M).all():
        raise ValueError(
            f"matrix has shape {M.shape}; expected (2, 2), finite"
        )
    if abs(np.linalg.det(M)) < 1e-12:
        raise ValueError(f"matrix {M.tolist()} has no inverse")
    height, width = values.shape[:2]
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    rows, columns = np.indices((height, width))
    points = np.stack([columns - middle_column, middle_row - rows])
    x, y = np.tensordot(np.linalg.inv(M), points, axes=1)  # (h, w) each
    return sample(values, middle_row - y, middle_column + x, fill=fill)


def rotation_matrix(degrees: float) -> Array:
    """Return the matrix that turns the plane counter-clockwise.

    Raises
    ------
    ValueError
        If the angle is not finite.

    Examples
    --------
    >>> rotation_matrix(90).round(6) + 0.0
    array([[ 0., -1.],
           [ 1.,  0.]])
    """
    if not math.isfinite(degrees):
        raise ValueError(f"degrees is {degrees!r}; expected a finite number")
    angle = math.radians(degrees)
    c, s = math.cos(angle), math.sin(angle)
    return np.array([[c, -s], [s, c]])


def rotate(image: ArrayLike, degrees: float, *, fill: float = 0.0) -> Array:
    """Turn an image counter-clockwise about its centre; see `warp`.

    Examples
    --------
    >>> rotate([[1, 2], [3, 4]], 90).round(6)
    array([[2., 4.],
           [1., 3.]])
    """
    return warp(image, rotation_matrix(degrees), fill=fill)


def shear(image: ArrayLike, factor: float, *, fill: float = 0.0) -> Array:
    """Push the rows of an image sideways, upper ones to the right; see `warp`.

    A row y pixels above the centre moves by ``factor`` y.

    Examples
    --------
    >>> shear([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 1).astype(int)
    array([[0, 1, 0],
           [0, 1, 0],
           [0, 1, 0]])
    """
    return warp(image, [[1.0, factor], [0.0, 1.0]], fill=fill)
