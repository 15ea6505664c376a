"""Clicks on masks, as a person would make them, and what needs no learning.

A click is a point (x, y) in pixels from the image's corner: that of the pixel in
column j and row i is its centre, (j + 0.5, i + 0.5). A simulated person who corrects
a mask clicks into the middle of its largest error.

Not here: networks that answer clicks (`aibook.models.sam`).

Sources: N. Xu et al., "Deep interactive object selection", CVPR 2016 (simulated
clicks); K. Sofiiuk, I. Petrov and A. Konushin, "Reviving iterative training with mask
guidance for interactive segmentation", ICIP 2022 (the middle of the largest error);
R. Adams and L. Bischof, "Seeded region growing", IEEE Transactions on Pattern
Analysis and Machine Intelligence 16(6), 1994.

Book page: scenes/promptable.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import ndimage

__all__ = [
    "Click",
    "correcting_click",
    "disc",
    "find_heaps",
    "grow_region",
    "middle_click",
    "random_click",
]

Mask = NDArray[np.bool_]

ALL_SIDES = np.ones((3, 3), dtype=int)
"""Pixels that touch at a corner count as joined."""


class Click(NamedTuple):
    """A point, and whether it lies on what is meant (True) or off it."""

    x: float
    y: float
    on: bool = True


def random_click(mask: ArrayLike, *, rng: np.random.Generator) -> Click:
    """Return a click on a pixel of the mask, each being equally likely.

    Parameters
    ----------
    mask
        Shape (H, W), booleans, at least one True.
    rng
        Draws the pixel.

    Raises
    ------
    ValueError
        For another shape, another type, or an empty mask.

    Examples
    --------
    >>> random_click([[False, True]], rng=np.random.default_rng(0))
    Click(x=1.5, y=0.5, on=True)
    """
    places = np.argwhere(_filled("mask", mask))
    i, j = places[rng.integers(len(places))]
    return Click(float(j) + 0.5, float(i) + 0.5)


def middle_click(mask: ArrayLike) -> Click:
    """Return a click on the innermost pixel of the mask's largest part.

    Parts are joined at edges or corners; innermost is the pixel whose centre is
    farthest from the nearest pixel outside, the image's surroundings included. Of
    equals the first, row by row, counts.

    Parameters and errors are those of `random_click`.

    Examples
    --------
    >>> middle_click([[True, False, False], [False, False, True]])
    Click(x=0.5, y=0.5, on=True)
    >>> middle_click(np.ones((3, 5), dtype=bool))
    Click(x=1.5, y=1.5, on=True)
    """
    parts, _ = ndimage.label(_filled("mask", mask), structure=ALL_SIDES)
    sizes = np.bincount(parts.ravel())
    largest = parts == 1 + sizes[1:].argmax()
    depth = ndimage.distance_transform_edt(np.pad(largest, 1))[1:-1, 1:-1]
    i, j = np.unravel_index(depth.argmax(), depth.shape)
    return Click(float(j) + 0.5, float(i) + 0.5)


def correcting_click(found: ArrayLike, target: ArrayLike) -> Click:
    """Return the click that corrects a mask: in the middle of its largest error.

    The errors are the pixels in one of the two masks only; where the target has
    the pixel, the click is on, otherwise off. A perfect mask is confirmed by a
    click into the middle of the target.

    Parameters
    ----------
    found
        The mask to correct, shape (H, W), booleans.
    target
        What is meant, shape (H, W), booleans, at least one True.

    Raises
    ------
    ValueError
        For another shape or type, two shapes, or an empty target.

    Examples
    --------
    >>> correcting_click([[True, True, False]], [[True, False, False]])
    Click(x=1.5, y=0.5, on=False)
    """
    truth, mine = _filled("target", target), _checked("found", found)
    if mine.shape != truth.shape:
        raise ValueError(
            f"found has shape {mine.shape}, target {truth.shape}; expected one shape"
        )
    if (mine == truth).all():
        return middle_click(truth)
    x, y, _ = middle_click(mine != truth)
    return Click(x, y, bool(truth[int(y), int(x)]))


def find_heaps(masks: ArrayLike) -> NDArray[np.int64]:
    """Join things that touch or hide each other to heaps.

    Parameters
    ----------
    masks
        Shape (H, W): 0 for the ground, i for the i-th thing.

    Returns
    -------
    Shape (H, W): 0 for the ground, k for the k-th heap.

    Raises
    ------
    ValueError
        For another shape.

    Examples
    --------
    >>> find_heaps([[1, 2, 0, 3]])
    array([[1, 1, 0, 2]])
    """
    array = np.asarray(masks)
    if array.ndim != 2:
        raise ValueError(f"masks has shape {array.shape}; expected (H, W)")
    heaps, _ = ndimage.label(array != 0, structure=ALL_SIDES)
    return np.asarray(heaps, dtype=np.int64)


def disc(click: Click, *, radius: float, size: int) -> Mask:
    """Return the pixels whose centres lie within a radius of the click.

    Parameters
    ----------
    click
        The middle.
    radius
        In pixels, 0 or more.
    size
        S, the side of the image.

    Returns
    -------
    Shape (S, S), booleans.

    Raises
    ------
    ValueError
        For a negative radius or a size below 1.

    Examples
    --------
    >>> disc(Click(1.5, 1.5), radius=1, size=3).astype(int)
    array([[0, 1, 0],
           [1, 1, 1],
           [0, 1, 0]])
    """
    if not radius >= 0 or size < 1:
        raise ValueError(
            f"radius {radius}, size {size}; expected 0 or more, and 1 or more"
        )
    centres = np.arange(size) + 0.5
    across, down = centres - click.x, centres[:, None] - click.y
    return np.asarray(across**2 + down**2 <= radius**2)


def grow_region(image: ArrayLike, click: Click, *, tolerance: float) -> Mask:
    """Return the pixels that join the clicked one and are about as bright.

    Parameters
    ----------
    image
        Shape (H, W).
    click
        Where to start, inside of the image.
    tolerance
        By how much a pixel may be brighter or darker than the clicked one, 0 or
        more.

    Returns
    -------
    Shape (H, W), booleans; pixels are joined at edges or corners.

    Raises
    ------
    ValueError
        For another shape, a click outside, or a negative tolerance.

    References
    ----------
    Adams and Bischof (1994), here with one seed and a fixed tolerance.

    Examples
    --------
    >>> grow_region([[0.9, 0.8, 0.1, 0.9]], Click(0.5, 0.5), tolerance=0.2).tolist()
    [[True, True, False, False]]
    """
    array = np.asarray(image, dtype=np.float64)
    if array.ndim != 2 or not tolerance >= 0:
        raise ValueError(
            f"image has shape {array.shape}, tolerance is {tolerance}; expected "
            "(H, W), and 0 or more"
        )
    height, width = array.shape
    if not (0 <= click.x < width and 0 <= click.y < height):
        raise ValueError(
            f"the click ({click.x}, {click.y}) lies outside of {width} x {height} "
            "pixels"
        )
    i, j = int(click.y), int(click.x)
    similar = np.abs(array - array[i, j]) <= tolerance
    parts, _ = ndimage.label(similar, structure=ALL_SIDES)
    return np.asarray(parts == parts[i, j])


def _checked(name: str, mask: ArrayLike) -> Mask:
    """Return a mask, or refuse what is none."""
    array = np.asarray(mask)
    if array.ndim != 2 or array.dtype != bool:
        raise ValueError(
            f"{name} has shape {array.shape} and dtype {array.dtype}; expected "
            "(H, W) of booleans"
        )
    return array


def _filled(name: str, mask: ArrayLike) -> Mask:
    """Return a mask with a pixel, or refuse it."""
    array = _checked(name, mask)
    if not array.any():
        raise ValueError(f"{name} is empty; a click needs a pixel")
    return array
