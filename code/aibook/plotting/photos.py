"""Photographs side by side: one image an Axes, drawn with the true values.

Matplotlib stretches a grey image so that its own darkest value is black and its
lightest is white, which hides whether it is dark or pale. Here the limits are those
of the type: 0 to 255 for bytes, 0 to 1 for fractions.

Not here: many small images in one picture (`aibook.plotting.samples`).

Book page: images/pixels.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

__all__ = ["draw_photo"]


def draw_photo(ax: Axes, image: ArrayLike, *, title: str = "") -> AxesImage:
    """Draw an image without a frame, with fixed limits for its values.

    Parameters
    ----------
    ax
        Where to draw.
    image
        Shape (H, W), grey, or (H, W, 3): bytes, or fractions from 0 to 1.
    title
        What stands above it.

    Returns
    -------
    matplotlib.image.AxesImage

    Raises
    ------
    ValueError
        For another shape, and for fractions outside of 0 to 1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_photo(ax, np.zeros((4, 6, 3), np.uint8)).get_array().shape
    (4, 6, 3)
    """
    array = np.asarray(image)
    if array.size == 0 or (array.ndim != 2 and array.shape[2:] != (3,)):
        raise ValueError(
            f"image has shape {array.shape}; expected (H, W) or (H, W, 3)"
        )
    if array.dtype != np.uint8:
        low, high = array.min(), array.max()
        if not (low >= -1e-9 and high <= 1 + 1e-9):
            raise ValueError(
                f"image holds values from {low:g} to {high:g}; expected bytes, "
                "or fractions from 0 to 1"
            )
        array = np.rint(array * 255).clip(0, 255).astype(np.uint8)
    drawn = ax.imshow(array, cmap="gray", vmin=0, vmax=255)
    ax.set_axis_off()
    if title:
        ax.set_title(title)
    return drawn
