"""Global thresholds: the histogram of an image, Otsu's choice, two classes.

A threshold t puts each pixel in one of two classes: dark, with a value of t or
less, or bright, with a value above t. Otsu's method takes the t whose classes lie
furthest apart, measured by the variance between them.

Not here: a threshold for each pixel (`aibook.vision.local_thresholds`), what is
done to the binary image afterwards, more than two classes.

Source: N. Otsu, "A threshold selection method from gray-level histograms", IEEE
Transactions on Systems, Man, and Cybernetics 9(1), 1979.

Book page: scenes/thresholding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["between_class_variance", "binarise", "histogram", "otsu_threshold"]

Array = NDArray[np.float64]


def histogram(image: ArrayLike, *, num_levels: int = 256) -> NDArray[np.int64]:
    """Count how often each level occurs.

    Parameters
    ----------
    image
        Any shape, one pixel or more; whole numbers from 0 to ``num_levels`` - 1.
    num_levels
        How many levels there can be; 256 for bytes.

    Returns
    -------
    Array of shape (num_levels,): entry v counts the pixels of value v.

    Raises
    ------
    ValueError
        For no pixel, other types, or values out of range.

    Examples
    --------
    >>> histogram([[0, 2], [2, 3]], num_levels=4)
    array([1, 0, 2, 1])
    """
    if num_levels < 2:
        raise ValueError(f"num_levels is {num_levels}; expected 2 or more")
    array = np.asarray(image)
    if array.size == 0:
        raise ValueError(
            f"image has shape {array.shape}; expected one pixel or more"
        )
    if array.dtype.kind not in "iu":
        raise ValueError(
            f"image has the type {array.dtype}; expected whole numbers, for "
            "fractions give np.rint(image * 255).astype(int)"
        )
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= num_levels:
        raise ValueError(
            f"image holds values from {low} to {high}; expected 0 to "
            f"{num_levels - 1}"
        )
    return np.bincount(array.ravel().astype(np.int64), minlength=num_levels)


def between_class_variance(counts: ArrayLike) -> Array:
    """Return the variance between the two classes of every threshold.

    Cumulative sums give all thresholds at once. For whole counts, 256 levels and
    up to five million pixels these sums and their products are exact, so that
    thresholds that part the pixels alike, or as in a mirror, have exactly equal
    values.

    Parameters
    ----------
    counts
        A histogram, shape (L,), L of 2 or more: entry v counts the pixels of
        value v.

    Returns
    -------
    Array of shape (L,), levels squared: entry t for the classes "t or less" and
    "above t". 0 where a class is empty.

    Raises
    ------
    ValueError
        For another shape, a negative or infinite count, or no pixel at all.

    Examples
    --------
    Two pixels of 0 and two of 3: wherever they are parted, the means are 1.5 away
    from the mean of all.

    >>> between_class_variance([2, 0, 0, 2])
    array([2.25, 2.25, 2.25, 0.  ])
    """
    n = np.asarray(counts, dtype=np.float64)
    if n.ndim != 1 or len(n) < 2:
        raise ValueError(
            f"counts has shape {n.shape}; expected (L,) with L of 2 or more"
        )
    if not (np.isfinite(n).all() and (n >= 0).all() and n.any()):
        raise ValueError(
            "counts must be finite, 0 or more, and not all 0; they go from "
            f"{n.min()} to {n.max()}"
        )
    below = np.cumsum(n)  # (L,), pixels of t or less
    sums = np.cumsum(n * np.arange(len(n)))  # (L,), their values added up
    num, total = below[-1], sums[-1]
    # num * below * (mean below - mean of all)
    gap = num * sums - total * below
    sizes = below * (num - below)
    variance = np.zeros_like(n)
    np.divide(gap**2, num**2 * sizes, out=variance, where=sizes > 0)
    return variance


def otsu_threshold(image: ArrayLike, *, num_levels: int = 256) -> int:
    """Return the threshold with the greatest variance between the classes.

    Often several thresholds are equally good: all that lie in a gap of the
    histogram part the pixels in the same way. The lowest of the best is returned,
    like scikit-image's. An image of one value cannot be parted; it gives that
    value, so that no pixel is bright.

    Parameters
    ----------
    image, num_levels
        As for `histogram`.

    Returns
    -------
    Level t: the classes are "t or less" and "above t" (`binarise`).

    Raises
    ------
    ValueError
        As for `histogram`.

    Examples
    --------
    >>> otsu_threshold([[10, 12, 11], [200, 210, 205]])
    12
    """
    counts = histogram(image, num_levels=num_levels)
    variance = between_class_variance(counts)
    if not variance.any():  # one value only
        return int(counts.argmax())
    return int(variance.argmax())  # the first of the greatest


def binarise(
    image: ArrayLike, threshold: ArrayLike, *, dark: bool = False
) -> NDArray[np.bool_]:
    """Part the pixels in two at a threshold.

    Parameters
    ----------
    image
        Any shape; real numbers.
    threshold
        One number, or one for each pixel, in the units of the image.
    dark
        What is looked for: bright pixels, above the threshold, or dark ones, of
        the threshold or less.

    Returns
    -------
    Array of bool with the image's shape: True for what is looked for.

    Raises
    ------
    ValueError
        If a shape differs, or a value is not a finite real number.

    Examples
    --------
    >>> binarise([[10, 12], [200, 13]], 12)
    array([[False, False],
           [ True,  True]])
    """
    pixels, t = np.asarray(image), np.asarray(threshold)
    for name, array in {"image": pixels, "threshold": t}.items():
        if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
            raise ValueError(f"{name} must hold finite real numbers only")
    if t.ndim and t.shape != pixels.shape:
        raise ValueError(
            f"threshold has shape {t.shape}; expected one number, or the "
            f"image's shape {pixels.shape}"
        )
    bright = pixels > t
    return np.asarray(~bright if dark else bright)
