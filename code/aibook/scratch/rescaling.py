"""Bring the values of images to a common range or a common mean and deviation.

All of it is shifting and stretching, x -> a x + b with a > 0: the order of the
values and the shape of their distribution stay.

Not here: maps that do change the shape (histogram equalisation, ranks), and batch
normalisation, which a network does inside.

Source: A. Krizhevsky, I. Sutskever and G. E. Hinton, "ImageNet classification with
deep convolutional neural networks", NIPS 2012 (constants from the training set).

Book page: images/pixels.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite
from aibook.scratch.image_checks import check_image, finite_image

__all__ = [
    "channel_statistics",
    "min_max",
    "standardise",
    "to_float",
    "to_uint8",
]

Array = NDArray[np.float64]


def to_float(image: ArrayLike) -> Array:
    """Return an image of bytes, 0 to 255, as fractions, 0 to 1.

    Raises
    ------
    ValueError
        For a bad image, or one that is not of type uint8.

    Examples
    --------
    >>> to_float(np.array([[0, 51, 255]], np.uint8))
    array([[0. , 0.2, 1. ]])
    """
    array = check_image(image)
    if array.dtype != np.uint8:
        raise ValueError(f"image has the type {array.dtype}; expected uint8")
    return array / 255


def to_uint8(image: ArrayLike) -> NDArray[np.uint8]:
    """Return an image of fractions, 0 to 1, as bytes, 0 to 255, rounded.

    Raises
    ------
    ValueError
        For a bad image, an image of integers, and values outside of 0 to 1:
        clip them first, if that is what you want.

    Examples
    --------
    >>> to_uint8([[0.0, 0.2, 1.0]])
    array([[  0,  51, 255]], dtype=uint8)
    >>> to_uint8([[0.0, 1.2]])
    Traceback (most recent call last):
    ...
    ValueError: image holds values from 0 to 1.2; expected 0 to 1
    """
    array: NDArray[Any] = check_image(image)
    if array.dtype.kind != "f":
        raise ValueError(
            f"image has the type {array.dtype}; expected fractions, 0 to 1"
        )
    array = finite_image(array)
    low, high = array.min(), array.max()
    if low < 0 or high > 1:
        raise ValueError(
            f"image holds values from {low:g} to {high:g}; expected 0 to 1"
        )
    return np.rint(array * 255).astype(np.uint8)


def min_max(image: ArrayLike) -> Array:
    """Stretch an image so that its least value is 0 and its greatest 1.

    Parameters
    ----------
    image
        Shape (H, W) or (H, W, C); one minimum and one maximum for all channels.

    Returns
    -------
    Array of the same shape, 0 to 1; all 0 if the image has one value only.

    Raises
    ------
    ValueError
        For a bad image, NaN or infinity.

    Examples
    --------
    >>> min_max([[0, 1, 2, 3, 10]])
    array([[0. , 0.1, 0.2, 0.3, 1. ]])
    >>> min_max([[7, 7]])
    array([[0., 0.]])
    """
    x = finite_image(image)
    if np.abs(x).max() > 1e300:
        x = x / 2  # or max - min might overflow
    low, high = x.min(), x.max()
    if low == high:
        return np.zeros_like(x)
    scaled: Array = (x - low) / (high - low)
    return scaled


def channel_statistics(images: ArrayLike) -> tuple[Array, Array]:
    """Return the mean and the standard deviation of each channel.

    Parameters
    ----------
    images
        Shape (..., C), channels last: one image or many.

    Returns
    -------
    means, deviations
        Shape (C,) each.

    Raises
    ------
    ValueError
        For fewer than two axes, no value, NaN or infinity.

    Examples
    --------
    >>> channel_statistics([[[0, 5], [2, 5]]])
    (array([1., 5.]), array([1., 0.]))
    """
    x = check_finite("images", images)
    if x.ndim < 2:
        raise ValueError(f"images have shape {x.shape}; expected (..., C)")
    axes = tuple(range(x.ndim - 1))
    low, high = x.min(axis=axes), x.max(axis=axes)
    constant = low == high  # rounding would give a deviation of about 1e-17
    means = np.where(constant, low, x.mean(axis=axes))
    return means, np.where(constant, 0.0, x.std(axis=axes))


def standardise(
    images: ArrayLike, means: ArrayLike, deviations: ArrayLike
) -> Array:
    """Subtract a mean from each channel and divide by a standard deviation.

    With the statistics of the same values, every channel has mean 0 and deviation
    1 afterwards. In training the statistics are those of the training set, for all
    images alike, new ones included.

    Parameters
    ----------
    images
        Shape (..., C), channels last: one image or many.
    means, deviations
        Shape (C,), as from `channel_statistics`. A channel whose deviation is 0
        has one value only; it is not divided.

    Returns
    -------
    Array of the same shape.

    Raises
    ------
    ValueError
        For shapes that do not fit, a deviation below 0, NaN or infinity.

    Examples
    --------
    >>> x = np.array([[[0.0, 5.0], [2.0, 5.0]]])
    >>> standardise(x, *channel_statistics(x))
    array([[[-1.,  0.],
            [ 1.,  0.]]])
    """
    x = check_finite("images", images)
    mean, deviation = (
        check_finite(name, values)
        for name, values in (("means", means), ("deviations", deviations))
    )
    if x.ndim < 2 or not mean.shape == deviation.shape == x.shape[-1:]:
        raise ValueError(
            f"images have shape {x.shape}, means {mean.shape}, deviations "
            f"{deviation.shape}; expected (..., C), (C,) and (C,)"
        )
    if (deviation < 0).any():
        raise ValueError(
            f"deviations hold {deviation.min():g}; expected 0 or more"
        )
    return (x - mean) / np.where(deviation > 0, deviation, 1.0)
