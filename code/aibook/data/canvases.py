"""Canvases: digits at random places on a dark ground, with boxes and masks.

What: scenes for localisation, detection and segmentation, composed of the images
of MNIST. Each digit is trimmed to its ink, enlarged or shrunk, and placed so that
the boxes of one canvas do not touch.

What not: no overlap, no background, no real scene.

Source: the digits are `aibook.data.mnist`'s; the composition is the book's own.

Book page: ai/tasks
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.ndimage import zoom

from aibook.data.checks import integer
from aibook.data.mnist import load_mnist

__all__ = ["INK", "SIZES", "Canvases", "load_canvases"]

INK = 0.2
"""From this brightness on, a pixel belongs to a digit's mask."""

SIZES = (14, 20)
"""The least and the greatest height of a digit in pixels."""

MAX_SEED = 2**32 - 1


class Canvases(NamedTuple):
    """Scenes and what is on them.

    Parameters
    ----------
    X
        Images, shape (N, S, S), 0 (ground) to 1 (ink).
    boxes
        For each image an array (n, 4): x1, y1, x2, y2 of each digit's mask in
        pixels, the right and the bottom edge not included.
    labels
        For each image an array (n,), the digits in the order of the boxes.
    masks
        Shape (N, S, S): 0 for the ground, i for the pixels of the i-th digit of
        that image, counted from 1.
    """

    X: npt.NDArray[np.float64]
    boxes: list[npt.NDArray[np.int64]]
    labels: list[npt.NDArray[np.int64]]
    masks: npt.NDArray[np.int64]


def load_canvases(
    split: str = "train",
    *,
    num: int = 1000,
    digits: tuple[int, int] = (1, 3),
    size: int = 48,
    classes: Iterable[int] | None = None,
    seed: int = 0,
) -> Canvases:
    """Compose canvases of digits.

    Parameters
    ----------
    split
        Of MNIST: ``"train"`` or ``"test"``. No digit image lies in both.
    num
        How many canvases, 1 or more.
    digits
        The least and the greatest number of digits on a canvas, each 1 or more.
        All numbers between are equally likely, but a digit for which no room is
        left is dropped.
    size
        S, the side of a canvas in pixels, from 32.
    classes
        The digits to draw from; all if None.
    seed
        Of all choices, 0 to ``2**32 - 1``.

    Returns
    -------
    Canvases

    Raises
    ------
    ValueError
        If an argument is outside its range.
    DataFileError
        If MNIST's file is missing, damaged or changed.

    Examples
    --------
    >>> scenes = load_canvases(num=2, digits=(2, 2))
    >>> scenes.X.shape, scenes.boxes[0].shape, scenes.labels[0].shape
    ((2, 48, 48), (2, 4), (2,))
    """
    num = integer("num", num, 1)
    size = integer("size", size, 32)
    rng = np.random.default_rng(integer("seed", seed, 0, MAX_SEED))
    low = integer("digits[0]", digits[0], 1)
    high = integer("digits[1]", digits[1], low)
    images, y = load_mnist(split, classes=classes)
    X = np.zeros((num, size, size))
    masks = np.zeros((num, size, size), dtype=np.int64)
    all_boxes, all_labels = [], []
    for i in range(num):
        boxes: list[tuple[int, int, int, int]] = []
        labels: list[int] = []
        for k in rng.integers(len(images), size=rng.integers(low, high + 1)):
            digit = _scaled(
                images[k] / 255, int(rng.integers(SIZES[0], SIZES[1] + 1))
            )
            box = _place(digit.shape, boxes, size, rng)
            if box is None:
                continue
            boxes.append(box)
            labels.append(y[k])
            x1, y1, x2, y2 = box
            X[i, y1:y2, x1:x2] = digit
            masks[i, y1:y2, x1:x2][digit >= INK] = len(boxes)
        all_boxes.append(np.array(boxes, dtype=np.int64))
        all_labels.append(np.array(labels, dtype=np.int64))
    return Canvases(X, all_boxes, all_labels, masks)


def _scaled(
    image: npt.NDArray[np.float64], height: int
) -> npt.NDArray[np.float64]:
    """Return the digit at that height (or width, if wider), trimmed to its ink."""
    digit = _trimmed(image)
    digit = zoom(digit, height / max(digit.shape), order=1)
    return _trimmed(digit.clip(0, 1))


def _trimmed(image: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cut off the rows and columns without ink round the digit."""
    rows, columns = (
        np.flatnonzero((image >= INK).any(axis=axis)) for axis in (1, 0)
    )
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _place(
    shape: tuple[int, ...],
    boxes: list[tuple[int, int, int, int]],
    size: int,
    rng: np.random.Generator,
) -> tuple[int, int, int, int] | None:
    """Return a free box for the shape with a pixel round it, or None after 50 tries."""
    height, width = shape
    for _ in range(50):
        x1 = int(rng.integers(size - width + 1))
        y1 = int(rng.integers(size - height + 1))
        x2, y2 = x1 + width, y1 + height
        if all(
            x1 > b[2] or b[0] > x2 or y1 > b[3] or b[1] > y2 for b in boxes
        ):
            return x1, y1, x2, y2
    return None
