"""What a model or a person has found in an image: boxes, names, coloured masks.

Drawn over an image that `aibook.plotting.photos.draw_photo` has drawn. A name
stands in a small dark box, so that it is legible on any image and in both themes.

Not here: the image itself, finding anything in it.

Book page: scenes/detection.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.image import AxesImage
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox
from numpy.typing import ArrayLike, NDArray

from aibook.plotting.palette import CYCLE, INKS

__all__ = ["colour_classes", "mark_boxes", "shade_masks"]


def mark_boxes(
    ax: Axes,
    boxes: ArrayLike,
    names: Sequence[str] = (),
    *,
    colours: Sequence[str] | str = CYCLE[1],
    dashed: bool = False,
) -> list[Rectangle]:
    """Outline boxes, each with a name at one of its left corners.

    Parameters
    ----------
    ax
        With an image of one pixel a unit.
    boxes
        Shape (N, 4), xyxy, edges as in `aibook.vision.boxes`; N may be 0.
    names
        N names, or none at all. A name stands on the upper edge of its box; where
        it would leave the image or lie upon an earlier one, under the lower edge
        or within the box.
    colours
        One for all, or N.
    dashed
        Whether the lines are broken, as for what was missed.

    Returns
    -------
    The N outlines.

    Raises
    ------
    ValueError
        For another shape, or another number of names or colours.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> outlines = mark_boxes(ax, [[2, 3, 9, 12]], ["bag"])
    >>> outlines[0].get_xy(), ax.texts[0].get_text()
    ((1.5, 2.5), 'bag')
    """
    array = np.asarray(boxes, dtype=float)
    if array.size == 0:
        array = array.reshape(0, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(
            f"boxes has shape {array.shape}; expected (N, 4), xyxy"
        )
    num = len(array)
    each = [colours] * num if isinstance(colours, str) else list(colours)
    for what, given in (("names", names or [""] * num), ("colours", each)):
        if len(given) != num:
            raise ValueError(f"{len(given)} {what} for {num} boxes")
    outlines = []
    for k, (x1, y1, x2, y2) in enumerate(array - 0.5):  # pixels are centred
        outline = Rectangle(
            (float(x1), float(y1)),
            x2 - x1,
            y2 - y1,
            fill=False,
            edgecolor=each[k],
            linewidth=1.6,
            linestyle="--" if dashed else "-",
        )
        ax.add_patch(outline)
        outlines.append(outline)
    if names:
        _write_names(ax, array - 0.5, names)
    return outlines


def shade_masks(
    ax: Axes,
    masks: ArrayLike,
    *,
    colours: Sequence[str] = CYCLE,
    alpha: float = 0.55,
) -> AxesImage:
    """Tint the pixels of each mask, and draw its edge in full colour.

    Parameters
    ----------
    ax
        With an image of one pixel a unit.
    masks
        Shape (H, W): 0 for what stays as it is, i for the i-th mask; negative
        numbers stay too.
    colours
        Of masks 1, 2, ...; begun again when they are used up.
    alpha
        Opacity of the tint, 0 to 1.

    Returns
    -------
    The drawn layer.

    Raises
    ------
    ValueError
        For another shape or numbers that are not whole.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> layer = shade_masks(ax, np.eye(4, dtype=int), alpha=0.5)
    >>> layer.get_array().shape
    (4, 4, 4)
    """
    array = np.asarray(masks)
    if array.ndim != 2 or array.dtype.kind not in "biu":
        raise ValueError(
            f"masks has shape {array.shape} and dtype {array.dtype}; expected "
            "(H, W) of integers"
        )
    array = array.astype(np.int64)
    table = np.array([to_rgb(colour) for colour in colours])
    layer = np.zeros((*array.shape, 4))
    inside = array > 0
    layer[inside, :3] = table[(array[inside] - 1) % len(table)]
    layer[inside, 3] = alpha
    layer[inside & _edge(array), 3] = 1
    return ax.imshow(layer, interpolation="nearest")


def colour_classes(
    ax: Axes, classes: ArrayLike, colours: Sequence[str]
) -> AxesImage:
    """Draw a map of classes, one colour a class.

    Parameters
    ----------
    ax
        Where to draw.
    classes
        Shape (H, W), whole numbers from 0 to the number of colours less 1.
    colours
        One for each class.

    Returns
    -------
    The drawn map.

    Raises
    ------
    ValueError
        For another shape, or a class without a colour.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> colour_classes(ax, [[0, 1]], ["C0", "#fefefe"]).get_array().shape
    (1, 2, 3)
    """
    array = np.asarray(classes)
    if array.ndim != 2 or array.dtype.kind not in "biu" or array.size == 0:
        raise ValueError(
            f"classes has shape {array.shape} and dtype {array.dtype}; expected "
            "(H, W) of integers"
        )
    if array.min() < 0 or array.max() >= len(colours):
        raise ValueError(
            f"classes range from {array.min()} to {array.max()}; expected 0 to "
            f"{len(colours) - 1}, a colour for each"
        )
    table = np.array([to_rgb(colour) for colour in colours])
    drawn = ax.imshow(table[array], interpolation="nearest")
    ax.set_axis_off()
    return drawn


def _write_names(
    ax: Axes, boxes: NDArray[np.float64], names: Sequence[str]
) -> None:
    ax.apply_aspect()
    room = ax.get_window_extent()
    taken: list[Bbox] = []
    for (x1, y1, _, y2), name in zip(boxes, names, strict=True):
        label = ax.text(
            x1,
            y1,
            name,
            fontsize="x-small",
            color=INKS[1],
            bbox={"facecolor": INKS[0], "edgecolor": "none", "pad": 0.6},
        )
        places = [
            (y1 - 0.5, "bottom"),
            (y1 + 1, "top"),
            (y2 + 1, "top"),
            (y2 - 1, "bottom"),
        ]
        for y, side in [
            *places,
            places[int(y1 <= 5)],
        ]:  # the last: if none is free
            label.set(y=y, verticalalignment=side)
            extent = label.get_window_extent()
            above = extent.y1 > room.y1 + 1
            if not (above or extent.y0 < room.y0 - 1) and not any(
                extent.overlaps(other) for other in taken
            ):
                break
        taken.append(extent)


def _edge(masks: np.ndarray) -> np.ndarray:
    """Return the pixels with a neighbour of another mask or outside."""
    framed = np.pad(masks, 1, constant_values=0)
    middle = framed[1:-1, 1:-1]
    edge = np.zeros(masks.shape, dtype=bool)
    for rows, columns in ((0, 1), (2, 1), (1, 0), (1, 2)):
        height, width = masks.shape
        beside = framed[rows : rows + height, columns : columns + width]
        edge |= beside != middle
    return edge
