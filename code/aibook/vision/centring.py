"""A drawn digit as MNIST would hold it: 28x28 pixels, its middle in the middle.

MNIST's digits were shrunk, proportions kept, until they fitted into 20x20 pixels, and
then placed so that their centre of mass falls into the pixel (14, 14) of 28x28. Here
both happen in one step, and the centre of mass becomes that pixel's middle: each
pixel of the result is the mean of the square of the drawing that it covers, whole
pixels and parts of pixels. ``_static/recogniser.js`` does the same.

What not: turning or straightening, thinning of broad strokes, several digits.

Letters: S is the side of the drawing.

Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits".

Book page: labs/on-device
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["like_mnist"]

SIDE = 28
BOX = 20
MIDDLE = 14.5  # of MNIST's training digits: 14.49 and 14.51 on average


def like_mnist(drawing: ArrayLike) -> NDArray[np.uint8]:
    """Return a drawing in MNIST's size and place.

    Parameters
    ----------
    drawing
        Ink, shape (S, S), 0 (none) to 255.

    Returns
    -------
    numpy.ndarray
        Shape (28, 28), bytes: the ink's longer side covers 20 pixels and its centre
        of mass is (14.5, 14.5), measured from the corner. All 0 without ink.

    Raises
    ------
    ValueError
        For another shape, or values outside of 0 to 255.

    Examples
    --------
    >>> drawing = np.zeros((100, 100))
    >>> drawing[10:50, 20:30] = 255  # a stroke, 40 high and 10 wide
    >>> small = like_mnist(drawing)
    >>> rows, columns = np.nonzero(small)
    >>> int(rows.min()), int(rows.max()), int(columns.min()), int(columns.max())
    (4, 24, 12, 16)
    """
    ink = np.asarray(drawing, dtype=np.float64)
    if ink.ndim != 2 or ink.shape[0] != ink.shape[1] or ink.size == 0:
        raise ValueError(f"drawing has shape {ink.shape}; expected (S, S)")
    if not (ink.min() >= 0 and ink.max() <= 255):
        raise ValueError(
            f"drawing holds {ink.min():g} to {ink.max():g}; expected 0 to 255"
        )
    if not ink.any():
        return np.zeros((SIDE, SIDE), dtype=np.uint8)
    rows, columns = np.nonzero(ink)
    longest = 1 + max(np.ptp(rows), np.ptp(columns))
    step = longest / BOX  # pixels of the drawing for one of the result
    middles = np.arange(len(ink)) + 0.5
    down = _cover(ink.sum(axis=1) @ middles / ink.sum(), step, len(ink))
    across = _cover(ink.sum(axis=0) @ middles / ink.sum(), step, len(ink))
    small = down @ ink @ across.T  # (28, S) (S, S) (S, 28)
    return np.floor(small + 0.5).clip(0, 255).astype(np.uint8)


def _cover(centre: float, step: float, side: int) -> NDArray[np.float64]:
    """Return which share of each result pixel each drawing pixel fills, (28, S)."""
    edges = centre + step * (np.arange(SIDE + 1) - MIDDLE)
    start, end = edges[:-1, None], edges[1:, None]
    pixel = np.arange(side)
    overlap = np.minimum(end, pixel + 1) - np.maximum(start, pixel)
    return np.asarray(np.maximum(overlap, 0) / step)
