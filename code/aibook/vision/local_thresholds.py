"""A threshold for each pixel, from the mean and the spread around it.

Where the light is uneven, no one threshold serves the whole image. A window is
laid round each pixel, and the values in it set the threshold there. An integral
image, whose every entry is the sum of all pixels above and to the left, gives the
sum over any window by four look-ups, however large the window is.

At the edges of the image the window is cut off: only pixels of the image count.
scikit-image reflects the image there instead, and agrees elsewhere.

Not here: weighted windows (Gaussian), one threshold for the whole image
(`aibook.vision.thresholding`).

Sources: W. Niblack, "An introduction to digital image processing", Prentice-Hall,
1986; J. Sauvola and M. Pietikäinen, "Adaptive document image binarization",
Pattern Recognition 33(2), 2000; F. C. Crow, "Summed-area tables for texture
mapping", SIGGRAPH 1984.

Book page: scenes/thresholding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "integral_image",
    "mean_threshold",
    "niblack_threshold",
    "sauvola_threshold",
    "window_mean_std",
]

Array = NDArray[np.float64]


def integral_image(image: ArrayLike) -> Array:
    """Add up all pixels above and to the left of each corner of the grid.

    Parameters
    ----------
    image
        Shape (H, W), H and W of 1 or more; finite real numbers.

    Returns
    -------
    Array of shape (H + 1, W + 1): entry (i, j) is the sum of ``image[:i, :j]``.

    Raises
    ------
    ValueError
        For another shape, or a value that is not a finite real number.

    Examples
    --------
    >>> integral_image([[1, 2], [3, 4]])
    array([[ 0.,  0.,  0.],
           [ 0.,  1.,  3.],
           [ 0.,  4., 10.]])
    """
    sums = _checked(image).cumsum(axis=0).cumsum(axis=1)
    return np.pad(sums, ((1, 0), (1, 0)))


def window_mean_std(image: ArrayLike, *, window: int) -> tuple[Array, Array]:
    """Return the mean and the standard deviation around each pixel.

    Parameters
    ----------
    image
        As for `integral_image`.
    window
        Side of the square window, odd; it may be larger than the image.

    Returns
    -------
    mean, std
        Shape (H, W) each.

    Raises
    ------
    ValueError
        As for `integral_image`, and for a window that is not odd.

    Examples
    --------
    >>> mean, std = window_mean_std([[0, 0, 6]], window=3)
    >>> mean
    array([[0., 2., 3.]])
    >>> (std**2).round(1)
    array([[0., 8., 9.]])
    """
    pixels = _checked(image)
    if isinstance(window, bool) or not isinstance(window, int | np.integer):
        raise ValueError(f"window is {window!r}; expected an odd whole number")
    if window < 1 or window % 2 == 0:
        raise ValueError(f"window is {window}; expected an odd number from 1")
    (height, width), half = pixels.shape, int(window) // 2
    i, j = np.arange(height), np.arange(width)
    top, bottom = (i - half).clip(0), (i + half + 1).clip(max=height)
    left, right = (j - half).clip(0), (j + half + 1).clip(max=width)
    sizes = np.outer(bottom - top, right - left)  # (H, W), pixels counted

    def window_mean(values: Array) -> Array:
        below, above = (integral_image(values)[edge] for edge in (bottom, top))
        strip = below - above  # (H, W + 1), sums of the window's rows
        return np.asarray((strip[:, right] - strip[:, left]) / sizes)

    middle = pixels.mean()  # squares of small numbers keep more digits
    mean = window_mean(pixels - middle)
    variance = window_mean((pixels - middle) ** 2) - mean**2
    return mean + middle, np.sqrt(variance.clip(min=0))


def mean_threshold(
    image: ArrayLike, *, window: int, offset: float = 0.0
) -> Array:
    """Return the mean around each pixel, less an offset.

    Parameters
    ----------
    image, window
        As for `window_mean_std`.
    offset
        What is subtracted, in the units of the image. With a positive one, plain
        paper is bright in spite of its noise; with a negative one, dark.

    Returns
    -------
    Array of shape (H, W).

    Raises
    ------
    ValueError
        As for `window_mean_std`.

    Examples
    --------
    >>> mean_threshold([[0, 0, 6]], window=3, offset=1)
    array([[-1.,  1.,  2.]])
    """
    return window_mean_std(image, window=window)[0] - offset


def niblack_threshold(
    image: ArrayLike, *, window: int, k: float = 0.2
) -> Array:
    """Return the mean around each pixel, less k standard deviations.

    Parameters
    ----------
    image, window
        As for `window_mean_std`.
    k
        How many standard deviations below the mean; negative for above.

    Returns
    -------
    Array of shape (H, W).

    Raises
    ------
    ValueError
        As for `window_mean_std`.

    Examples
    --------
    >>> niblack_threshold([[0, 0, 6]], window=3, k=0.5).round(2)
    array([[0.  , 0.59, 1.5 ]])
    """
    mean, std = window_mean_std(image, window=window)
    return mean - k * std


def sauvola_threshold(
    image: ArrayLike, *, window: int, k: float = 0.2, r: float = 128.0
) -> Array:
    """Return the mean around each pixel, lowered most where the spread is small.

    On plain paper the standard deviation is near 0 and the threshold is
    (1 - k) times the mean, well below the paper; near ink it comes up towards the mean.

    Parameters
    ----------
    image, window
        As for `window_mean_std`; the formula is meant for values of 0 or more.
    k
        How far the threshold falls where nothing varies, as a share of the mean.
    r
        The standard deviation at which the threshold is the mean, above 0: 128
        for bytes, half their range.

    Returns
    -------
    Array of shape (H, W).

    Raises
    ------
    ValueError
        As for `window_mean_std`, and if r is not above 0.

    Examples
    --------
    >>> sauvola_threshold([[100, 100, 100]], window=3, k=0.2)
    array([[80., 80., 80.]])
    """
    if not r > 0:
        raise ValueError(f"r is {r}; expected a number above 0")
    mean, std = window_mean_std(image, window=window)
    return np.asarray(mean * (1 + k * (std / r - 1)))


def _checked(image: ArrayLike) -> Array:
    """Return the image as float64, or refuse it."""
    array = np.asarray(image)
    if array.ndim != 2 or array.size == 0:
        raise ValueError(
            f"image has shape {array.shape}; expected (H, W), each 1 or more"
        )
    if array.dtype.kind not in "biuf" or not np.isfinite(array).all():
        raise ValueError("image must hold finite real numbers only")
    return array.astype(np.float64)
