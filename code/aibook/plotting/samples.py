"""Grids of small images, each with a caption: samples, mistakes, generated images.

The images become one raster, so that a figure of a hundred samples is one picture
in the page and stays light.

Not here: single arrays with their values (`aibook.plotting.arrays`).

Book pages: ai/definition, ai/tasks, ai/data, ai/learning.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.text import Text
from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_samples", "tile"]

Sheet = np.ma.MaskedArray[tuple[int, ...], np.dtype[np.float64]]


def tile(images: ArrayLike, *, columns: int, gap: int = 2) -> Sheet:
    """Lay images side by side, row after row, in one array.

    Parameters
    ----------
    images
        Shape (N, H, W), grey.
    columns
        How many images a row holds, 1 or more.
    gap
        Pixels between images, masked, so that the page shows through.

    Returns
    -------
    numpy.ma.MaskedArray
        Shape (R H + (R - 1) gap, C W + (C - 1) gap) with C columns and R rows;
        what no image covers is masked.

    Raises
    ------
    ValueError
        For another number of axes, no image, or a number out of range.

    Examples
    --------
    >>> tile(np.zeros((5, 28, 28)), columns=3).shape
    (58, 88)
    """
    array = np.asarray(images, dtype=float)
    if array.ndim != 3 or array.size == 0:
        raise ValueError(
            f"images have shape {array.shape}; expected (N, H, W), each 1 or more"
        )
    if columns < 1 or gap < 0:
        raise ValueError(
            f"columns = {columns}, gap = {gap}; expected columns of 1 or more "
            "and a gap of 0 or more"
        )
    num, height, width = array.shape
    columns = min(columns, num)
    rows = -(-num // columns)
    shape = (rows * (height + gap) - gap, columns * (width + gap) - gap)
    sheet: Sheet = np.ma.array(np.zeros(shape), mask=True)
    for i, (top, left) in enumerate(_corners(array, columns, gap)):
        sheet[top : top + height, left : left + width] = array[i]
    return sheet


def draw_samples(
    ax: Axes,
    images: ArrayLike,
    captions: Sequence[str] = (),
    *,
    columns: int,
    gap: int = 2,
    room: int = 9,
    limits: tuple[float, float] | None = None,
    cmap: str = "gray",
) -> list[Text]:
    """Draw images in a grid, with a caption below each.

    Parameters
    ----------
    ax
        Where to draw; its frame is taken away.
    images
        Shape (N, H, W), grey.
    captions
        One for each image, or none at all.
    columns
        How many images a row holds, 1 or more.
    gap
        Pixels of the images between two of them.
    room
        Pixels of the images for the line of a caption.
    limits
        The values that are drawn darkest and lightest; the least and the greatest
        of all images where missing.
    cmap
        A colour map of Matplotlib.

    Returns
    -------
    list of matplotlib.text.Text
        The captions.

    Raises
    ------
    ValueError
        As for `tile`, and if captions and images differ in number.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> texts = draw_samples(ax, np.zeros((2, 8, 8)), ["a", "b"], columns=2)
    >>> texts[1].get_text()
    'b'
    """
    array = np.asarray(images, dtype=float)
    if len(captions) not in (0, len(array)):
        raise ValueError(
            f"{len(captions)} captions for {len(array)} images; give one each, "
            "or none"
        )
    if captions:  # a strip of masked pixels below each image
        strip = ((0, 0), (0, room), (0, 0))
        hidden = np.pad(
            np.zeros(array.shape, bool), strip, constant_values=True
        )
        sheet = tile(np.pad(array, strip), columns=columns, gap=gap)
        covered = tile(hidden, columns=columns, gap=gap).filled(1) > 0
        sheet = np.ma.masked_where(covered, sheet)
    else:
        sheet = tile(array, columns=columns, gap=gap)
    low, high = limits or (array.min(), array.max())
    ax.imshow(sheet, cmap=cmap, vmin=low, vmax=high)
    ax.set_axis_off()
    height, width = array.shape[1:]
    cells = np.pad(array, ((0, 0), (0, room), (0, 0))) if captions else array
    corners = _corners(cells, min(columns, len(array)), gap)
    return [
        ax.text(
            left + width / 2 - 0.5, top + height, text, ha="center", va="top"
        )
        for text, (top, left) in zip(captions, corners, strict=False)
    ]


def _corners(
    images: NDArray[np.float64], columns: int, gap: int
) -> list[tuple[int, int]]:
    """Return the row and the column of each image's first pixel."""
    num, height, width = images.shape
    return [
        (i // columns * (height + gap), i % columns * (width + gap))
        for i in range(num)
    ]
