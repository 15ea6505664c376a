"""Panoptic segmentation: one class and one number for every pixel.

`merge_panoptic` puts masks that may overlap, and a map of stuff, together into one
map without overlaps.

Not here: predicting masks, measuring (`aibook.vision.panoptic_quality`).

Sources: A. Kirillov, K. He, R. Girshick, C. Rother and P. Dollár, "Panoptic
segmentation", CVPR 2019 (the task); A. Kirillov, R. Girshick, K. He and P. Dollár,
"Panoptic feature pyramid networks", CVPR 2019 (the merging).

Book page: scenes/instances.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["VOID", "Panoptic", "merge_panoptic", "whole_numbers"]

VOID = -1
"""The class of pixels about which nothing is said."""

Integers = NDArray[np.int64]


class Panoptic(NamedTuple):
    """What each pixel belongs to.

    Parameters
    ----------
    classes
        Shape (H, W): the class of each pixel, from 0, or `VOID`.
    ids
        Shape (H, W): which of the things of its class a pixel belongs to; 0 for
        stuff. Pixels with the same class and the same number are one segment.
    """

    classes: Integers
    ids: Integers


def merge_panoptic(
    masks: ArrayLike,
    labels: ArrayLike,
    scores: ArrayLike,
    stuff: ArrayLike,
    *,
    threshold: float = 0.5,
    visible: float = 0.5,
) -> Panoptic:
    """Put masks that may overlap and a map of stuff together.

    Beginning with the surest, each mask takes those of its pixels that are still
    free. If too few are left of it, it is dropped: most likely it found a thing a
    second time. What no mask took goes to the stuff.

    Parameters
    ----------
    masks
        Shape (n, H, W), booleans; n may be 0.
    labels
        Shape (n,): the class of each mask, 0 or more.
    scores
        Shape (n,): how sure; of equal ones the first comes first.
    stuff
        Shape (H, W): the class of the stuff at each pixel, or `VOID`.
    threshold
        Masks with a lower score are left out.
    visible
        The share of its pixels that a mask must still find free.

    Returns
    -------
    Panoptic
        Things are numbered from 1 in the order of their scores.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a class is negative, or a number is not
        finite or out of range.

    References
    ----------
    Kirillov, Girshick, He and Dollár (2019), section 3.

    Examples
    --------
    >>> masks = np.array([[[1, 1, 1, 0]], [[0, 0, 1, 1]]], dtype=bool)
    >>> merged = merge_panoptic(masks, [2, 3], [0.9, 0.8], [[0, 0, 0, 0]])
    >>> merged.classes.tolist(), merged.ids.tolist()
    ([[2, 2, 2, 3]], [[1, 1, 1, 2]])
    """
    ground = whole_numbers("stuff", stuff, VOID)
    M, L = _masks(masks, ground.shape), whole_numbers("labels", labels, 0)
    S = np.asarray(scores, dtype=np.float64)
    if not (L.shape == S.shape == M.shape[:1]):
        raise ValueError(
            f"{len(M)} masks, labels of shape {L.shape}, scores of shape {S.shape}; "
            "expected one of each"
        )
    if not np.isfinite(S).all():
        raise ValueError("scores holds NaN or infinity; expected finite ones")
    if not 0 <= visible <= 1:
        raise ValueError(f"visible = {visible}; expected 0 to 1")
    classes, ids = ground.copy(), np.zeros_like(ground)
    for i in np.argsort(-S, kind="stable"):
        free = M[i] & (ids == 0)
        if S[i] < threshold or not free.any():
            continue
        if free.sum() >= visible * M[i].sum():
            classes[free] = L[i]
            ids[free] = ids.max() + 1
    return Panoptic(classes, ids)


def _masks(masks: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the masks, or refuse them."""
    array = np.asarray(masks)
    if array.size == 0 and len(shape) == 2:
        array = np.zeros((len(array), *shape), dtype=bool)
    if len(shape) != 2 or array.dtype != bool or array.shape[1:] != shape:
        raise ValueError(
            f"masks has shape {array.shape} and dtype {array.dtype}, stuff shape "
            f"{shape}; expected (n, H, W) of booleans and (H, W)"
        )
    return array


def whole_numbers(name: str, values: ArrayLike, low: int) -> Integers:
    """Return whole numbers as int64, or refuse them.

    Parameters
    ----------
    name
        What the message calls them.
    values
        Integers of any shape.
    low
        The least that is allowed.

    Raises
    ------
    ValueError
        For another type, or a number below ``low``.

    Examples
    --------
    >>> whole_numbers("labels", [2, 0], 0)
    array([2, 0])
    """
    array = np.asarray(values)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {array.dtype}; expected integers")
    if array.size and array.min() < low:
        raise ValueError(f"{name} holds {array.min()}; expected {low} or more")
    return array.astype(np.int64)
