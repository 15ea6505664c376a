"""Scenes: garments and digits in front of a wall and on a floor.

What: images for detection and segmentation, composed of the images of
Fashion-MNIST and MNIST, with the box, the class and the mask of each thing and
the class of each pixel. Things have several sizes and hide parts of each other.

What not: no colour, no perspective, no real photograph.

Source: the things are `aibook.data.fashion_mnist`'s and `aibook.data.mnist`'s; the
composition is the book's own. Things and stuff as in A. Kirillov et al.,
"Panoptic segmentation", CVPR 2019.

Book page: scenes/detection
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import (
    binary_fill_holes,
    gaussian_filter,
    grey_dilation,
    label,
    zoom,
)

from aibook.data.checks import integer
from aibook.data.fashion_mnist import load_fashion_mnist
from aibook.data.mnist import load_mnist

__all__ = [
    "CATEGORIES",
    "FAINTEST",
    "SIDES",
    "STUFF",
    "THINGS",
    "VISIBLE",
    "Scenes",
    "load_scenes",
]

STUFF = ("wall", "floor")
"""What has no countable parts: the classes of the ground."""

THINGS = ("T-shirt", "trousers", "bag", "boot", "digit")
"""What can be counted; a thing's label is its place here."""

CATEGORIES = STUFF + THINGS
"""The classes of pixels; a pixel's class is its place here."""

FAINTEST = 0.35
"""The least brightness of a thing; the ground is darker."""

SIDES = (18, 30)
"""The least and the greatest longer side of a thing in pixels, before overlap."""

VISIBLE = 0.6
"""The share of its pixels that each thing shows at least."""

SPLITS = ("train", "validation", "test")

GARMENTS = {0: 0, 1: 1, 8: 2, 9: 3}  # label of Fashion-MNIST: our label

MAX_SEED = 2**32 - 1

Image = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Scenes(NamedTuple):
    """Scenes and what is on them.

    Parameters
    ----------
    X
        Images, float32, shape (N, 1, S, S), 0 to 1; the ground stays below
        `FAINTEST`.
    boxes
        For each image an array (n, 4): x1, y1, x2, y2 of what is visible of each
        thing in pixels, the right and the bottom edge not included.
    labels
        For each image an array (n,): places in `THINGS`, in the order of the
        boxes, those behind before those in front.
    masks
        Shape (N, S, S): 0 for the ground, i for the visible pixels of the i-th
        thing of that image, counted from 1.
    classes
        Shape (N, S, S): for each pixel its place in `CATEGORIES`.
    """

    X: npt.NDArray[np.float32]
    boxes: list[npt.NDArray[np.int64]]
    labels: list[npt.NDArray[np.int64]]
    masks: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]


def load_scenes(
    split: str = "train",
    *,
    num: int = 1000,
    things: tuple[int, int] = (2, 4),
    size: int = 64,
    seed: int = 0,
) -> Scenes:
    """Compose scenes.

    Parameters
    ----------
    split
        ``"train"``, ``"validation"`` or ``"test"``: no image of a thing lies in
        two of them. Those of the test are the test images of the two sets; those
        of the validation are every tenth of their training images.
    num
        N, how many scenes, 1 or more.
    things
        The least and the greatest number of things in a scene, each 1 or more.
        All numbers between are equally likely, but a thing for which no room is
        left is dropped.
    size
        S, the side of a scene in pixels, from 32.
    seed
        Of all choices, 0 to ``2**32 - 1``.

    Returns
    -------
    Scenes

    Raises
    ------
    ValueError
        If an argument is outside its range.
    DataFileError
        If a bundled file is missing, damaged or changed.

    Examples
    --------
    >>> scenes = load_scenes(num=2, things=(3, 3))
    >>> scenes.X.shape, scenes.boxes[0].shape, scenes.masks.shape
    ((2, 1, 64, 64), (3, 4), (2, 64, 64))
    """
    num = integer("num", num, 1)
    size = integer("size", size, 32)
    low = integer("things[0]", things[0], 1)
    high = integer("things[1]", things[1], low)
    rng = np.random.default_rng(integer("seed", seed, 0, MAX_SEED))
    items = _load_items(split)
    X = np.empty((num, 1, size, size), dtype=np.float32)
    masks = np.zeros((num, size, size), dtype=np.int64)
    classes = np.empty((num, size, size), dtype=np.int64)
    all_boxes, all_labels = [], []
    for i in range(num):
        image, classes[i] = _ground(size, rng)
        labels: list[int] = []
        areas: list[int] = []
        for _ in range(rng.integers(low, high + 1)):
            thing = int(rng.integers(len(THINGS)))
            pool = items[thing]
            picture, mask = _item(pool[rng.integers(len(pool))], thing, rng)
            place = _place(mask, masks[i], areas, rng)
            if place is None:
                continue
            labels.append(thing)
            areas.append(int(mask.sum()))
            image[place][mask] = picture[mask]
            masks[i][place][mask] = len(labels)
            classes[i][place][mask] = len(STUFF) + thing
        X[i, 0] = image
        all_labels.append(np.array(labels, dtype=np.int64))
        all_boxes.append(_boxes(masks[i], len(labels)))
    return Scenes(X, all_boxes, all_labels, masks, classes)


def _load_items(split: str) -> list[npt.NDArray[np.uint8]]:
    """Return the images (n, 28, 28) of each thing."""
    if split not in SPLITS:
        raise ValueError(
            f"split must be one of {', '.join(SPLITS)}, got {split!r}"
        )
    source = "test" if split == "test" else "train"
    X, y = load_fashion_mnist(source, classes=tuple(GARMENTS))
    pools = [X[y == name] for name in GARMENTS] + [load_mnist(source)[0]]
    if split == "validation":
        return [pool[::10] for pool in pools]
    if split == "train":
        return [pool[np.arange(len(pool)) % 10 > 0] for pool in pools]
    return pools


def _ground(
    size: int, rng: np.random.Generator
) -> tuple[Image, npt.NDArray[np.int64]]:
    """Return a wall above a floor (S, S), 0.02 to 0.3, and their classes."""
    x = np.arange(size)
    edge = (
        size * rng.uniform(0.35, 0.65)
        + (x - size / 2) * rng.uniform(-0.2, 0.2)
        + rng.uniform(0, 0.04)
        * size
        * np.sin(2 * np.pi * (x / size * rng.uniform(0.5, 2) + rng.random()))
    )
    is_floor = x[:, None] >= edge[None]
    clouds = gaussian_filter(rng.normal(size=(size, size)), rng.uniform(2, 4))
    wall = rng.uniform(0.06, 0.14) + 0.03 * clouds / clouds.std()
    angle, step = rng.uniform(0, np.pi), rng.uniform(4, 8)
    along = np.cos(angle) * x[None] + np.sin(angle) * x[:, None]
    floor = rng.uniform(0.14, 0.22) + 0.05 * np.sin(2 * np.pi * along / step)
    image = np.where(is_floor, floor, wall)
    image += rng.normal(scale=0.015, size=image.shape)
    return image.clip(0.02, 0.3), is_floor.astype(np.int64)


def _item(
    image: npt.NDArray[np.uint8], thing: int, rng: np.random.Generator
) -> tuple[Image, Mask]:
    """Return a thing in a random size, with its mask, both cut to the mask."""
    bright = image / 255
    if THINGS[thing] == "digit":
        bright = grey_dilation(bright, size=(2, 2))  # strokes as wide as seams
        solid = bright >= 0.3
    else:
        solid = _largest(binary_fill_holes(bright >= 0.05))
        if rng.random() < 0.5:
            bright, solid = bright[:, ::-1], solid[:, ::-1]
    window = _window(solid)
    scale = rng.integers(SIDES[0], SIDES[1] + 1) / max(solid[window].shape)
    mask = zoom(solid[window].astype(float), scale, order=1) >= 0.5
    picture = zoom(bright[window], scale, order=1).clip(0, 1)
    window = _window(mask)
    return FAINTEST + (1 - FAINTEST) * picture[window], mask[window]


def _largest(mask: Mask) -> Mask:
    """Return the largest connected part of a mask."""
    parts, _ = label(mask)
    counts = np.bincount(parts.ravel())
    counts[0] = 0
    return np.asarray(parts == counts.argmax())


def _window(mask: Mask) -> tuple[slice, slice]:
    """Return the rows and columns from the first to the last set pixel."""
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _place(
    mask: Mask,
    taken: npt.NDArray[np.int64],
    areas: list[int],
    rng: np.random.Generator,
) -> tuple[slice, slice] | None:
    """Return where the mask leaves enough of the things behind, or None."""
    height, width = mask.shape
    size = len(taken)
    if max(height, width) > size:
        return None
    num = len(areas) + 1
    shown = np.bincount(taken.ravel(), minlength=num)[1:]
    least = VISIBLE * np.array(areas)
    for _ in range(50):
        y = int(rng.integers(size - height + 1))
        x = int(rng.integers(size - width + 1))
        place = slice(y, y + height), slice(x, x + width)
        hidden = np.bincount(taken[place][mask], minlength=num)[1:]
        if (shown - hidden >= least).all():
            return place
    return None


def _boxes(masks: npt.NDArray[np.int64], num: int) -> npt.NDArray[np.int64]:
    """Return the box of each thing's visible pixels, shape (n, 4)."""
    boxes = np.empty((num, 4), dtype=np.int64)
    for i in range(num):
        rows, columns = _window(masks == i + 1)
        boxes[i] = columns.start, rows.start, columns.stop, rows.stop
    return boxes
