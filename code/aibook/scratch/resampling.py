"""Resize an image: nearest pixel, or a weighted mean of the pixels around.

A pixel is a square with its value at the centre. Pixel i of n pixels covers
i to i + 1 of a side that is n long, so its centre is i + 1/2. An image with h rows
made from one with H rows has its centres at (i + 1/2) H / h of the old side: the
convention of PyTorch (``align_corners=False``), Pillow and scikit-image.

Not here: cubic and Lanczos filters, crops, batches.

Source: G. Parmar, R. Zhang and J.-Y. Zhu, "On aliased resizing and surprising
subtleties in GAN evaluation", CVPR 2022 (why to shrink with a wider filter).

Book page: images/pixels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.image_checks import (
    check_choice,
    check_image,
    check_whole,
    finite_image,
)

__all__ = ["linear_weights", "nearest_indices", "resize"]

METHODS = ("nearest", "bilinear")


def nearest_indices(n_old: int, n_new: int) -> NDArray[np.int64]:
    """Return, for each new pixel, which old pixel its centre lies in.

    Parameters
    ----------
    n_old, n_new
        Number of pixels along one axis, before and after, 1 or more.

    Returns
    -------
    Array of shape (n_new,). A centre on the border of two pixels counts to the
    second.

    Raises
    ------
    ValueError
        If a number is no integer or below 1.

    Examples
    --------
    >>> nearest_indices(3, 6)
    array([0, 0, 1, 1, 2, 2])
    >>> nearest_indices(6, 2)
    array([1, 4])
    """
    check_whole("n_old", n_old, 1)
    check_whole("n_new", n_new, 1)
    twice = 2 * np.arange(n_new) + 1  # two centres, to stay whole
    return twice * n_old // (2 * n_new)


def linear_weights(
    n_old: int, n_new: int, *, antialias: bool = True
) -> NDArray[np.float64]:
    """Return how much each old pixel counts in each new one, along one axis.

    The weight falls from 1 at the new pixel's centre in a straight line to 0 at
    the distance of one old pixel. When an image shrinks, and with ``antialias``,
    it falls to 0 at the distance of one new pixel, so that no old pixel is left
    out. Weights that fall outside of the image are dropped, and the others are
    scaled to a sum of 1.

    Parameters
    ----------
    n_old, n_new
        Number of pixels before and after, 1 or more.
    antialias
        Whether the filter widens when the image shrinks.

    Returns
    -------
    Array of shape (n_new, n_old); the sum of each row is 1.

    Raises
    ------
    ValueError
        If a number is no integer or below 1.

    Examples
    --------
    >>> linear_weights(2, 4)
    array([[1.  , 0.  ],
           [0.75, 0.25],
           [0.25, 0.75],
           [0.  , 1.  ]])
    """
    check_whole("n_old", n_old, 1)
    check_whole("n_new", n_new, 1)
    ratio = n_old / n_new
    centres = (np.arange(n_new) + 0.5) * ratio  # in old pixels
    reach = max(ratio, 1.0) if antialias else 1.0
    distances = np.abs(np.arange(n_old) + 0.5 - centres[:, None])
    weights = np.maximum(1 - distances / reach, 0)  # (n_new, n_old)
    total: NDArray[np.float64] = weights.sum(axis=1, keepdims=True)
    return weights / total


def resize(
    image: ArrayLike,
    size: tuple[int, int],
    *,
    method: str = "bilinear",
    antialias: bool = True,
) -> NDArray[Any]:
    """Return an image with another number of rows and columns.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C).
    size
        (h, w), the new height and width, 1 or more.
    method
        ``"nearest"`` takes the value of one pixel, ``"bilinear"`` a mean of
        those around, weighted by `linear_weights` along both axes.
    antialias
        For ``"bilinear"``: whether all pixels count when the image shrinks.

    Returns
    -------
    Array of shape (h, w) or (h, w, C): of the image's type for ``"nearest"``, else
    float64, in the range of the image.

    Raises
    ------
    ValueError
        For a bad image, size or method, and for ``"bilinear"`` if a value is not
        finite.

    References
    ----------
    Parmar, Zhang and Zhu (2022).

    Examples
    --------
    >>> resize([[0, 8]], (1, 4))
    array([[0., 2., 6., 8.]])
    >>> resize([[0, 8]], (2, 4), method="nearest")
    array([[0, 0, 8, 8],
           [0, 0, 8, 8]])
    """
    array = check_image(image)
    height, width = (
        check_whole(name, n, 1)
        for name, n in zip(("height", "width"), size, strict=True)
    )
    if check_choice("method", method, METHODS) == "nearest":
        rows = nearest_indices(array.shape[0], height)
        columns = nearest_indices(array.shape[1], width)
        return array[rows][:, columns]
    values = finite_image(array)
    A = linear_weights(array.shape[0], height, antialias=antialias)  # (h, H)
    B = linear_weights(array.shape[1], width, antialias=antialias)  # (w, W)
    mixed: NDArray[np.float64] = np.einsum("hr,rc...->hc...", A, values)
    resized: NDArray[np.float64] = np.einsum("wc,hc...->hw...", B, mixed)
    return resized
