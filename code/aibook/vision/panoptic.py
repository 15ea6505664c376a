"""Panoptic segmentation: one class and one number for every pixel, and its quality.

`merge_panoptic` puts masks that may overlap, and a map of stuff, together into one
map without overlaps. `panoptic_quality` compares such maps with the truth.

Not here: predicting masks, average precision.

Sources: A. Kirillov, K. He, R. Girshick, C. Rother and P. Dollár, "Panoptic
segmentation", CVPR 2019 (the measure); A. Kirillov, R. Girshick, K. He and P. Dollár,
"Panoptic feature pyramid networks", CVPR 2019 (the merging).

Book page: scenes/instances.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "VOID",
    "Panoptic",
    "Quality",
    "merge_panoptic",
    "panoptic_quality",
]

VOID = -1
"""The class of pixels about which nothing is said."""

Array = NDArray[np.float64]
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


class Quality(NamedTuple):
    """What `panoptic_quality` measured: one number for each of K classes.

    Parameters
    ----------
    pq
        Panoptic quality, shape (K,), 0 to 1: the product of sq and rq. NaN for a
        class without a segment in truth and prediction; so are sq and rq.
    sq
        Segmentation quality: the mean IoU of the pairs; 0 if there is no pair.
    rq
        Recognition quality: the F1 score of finding the segments.
    tp, fp, fn
        Pairs, predicted segments without a partner, true ones without a partner.
    """

    pq: Array
    sq: Array
    rq: Array
    tp: Integers
    fp: Integers
    fn: Integers


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
    ground = _integers("stuff", stuff, VOID)
    M, L = _masks(masks, ground.shape), _integers("labels", labels, 0)
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


def panoptic_quality(
    predictions: Sequence[Panoptic],
    truths: Sequence[Panoptic],
    *,
    num_classes: int,
) -> Quality:
    """Compare predicted segments with true ones, over all images.

    A predicted and a true segment of one class are a pair if their IoU is above
    one half. Pixels that are `VOID` in the truth do not count, and a predicted
    segment that lies in them by more than half is not held against the prediction.

    Parameters
    ----------
    predictions, truths
        One for each image; the pictures of a pair have the same shape.
    num_classes
        K, 1 or more.

    Returns
    -------
    Quality
        The usual summary is ``np.nanmean(quality.pq)``.

    Raises
    ------
    ValueError
        If the numbers or the shapes differ, or a class is not below K.

    References
    ----------
    Kirillov, He, Girshick, Rother and Dollár (2019), section 4.

    Examples
    --------
    >>> truth = Panoptic(np.array([[0, 0, 1, 1]]), np.array([[0, 0, 1, 1]]))
    >>> found = Panoptic(np.array([[0, 0, 0, 1]]), np.array([[0, 0, 0, 1]]))
    >>> panoptic_quality([found], [truth], num_classes=2).pq.round(3)
    array([0.667, 0.   ])
    """
    if len(predictions) != len(truths):
        raise ValueError(
            f"{len(predictions)} predictions for {len(truths)} truths"
        )
    if num_classes < 1:
        raise ValueError(f"num_classes = {num_classes}; expected 1 or more")
    overlap = np.zeros(num_classes)
    tp, fp, fn = np.zeros((3, num_classes), dtype=np.int64)
    for prediction, truth in zip(predictions, truths, strict=True):
        P, p_class = _segments("prediction", prediction, num_classes)
        T, t_class = _segments("truth", truth, num_classes)
        if P.shape != T.shape:
            raise ValueError(
                f"a prediction has shape {P.shape}, its truth {T.shape}"
            )
        both = np.zeros((len(p_class) + 1, len(t_class) + 1), dtype=np.int64)
        np.add.at(both, (P, T), 1)  # row 0 and column 0: void
        p_area, t_area = both[1:, 1:].sum(axis=1), both[:, 1:].sum(axis=0)
        common, hidden = both[1:, 1:], both[1:, 0]
        iou = common / np.maximum(p_area[:, None] + t_area - common, 1)
        pair = (p_class[:, None] == t_class) & (iou > 0.5)
        rows, columns = np.nonzero(pair)
        np.add.at(overlap, p_class[rows], iou[rows, columns])
        np.add.at(tp, p_class[rows], 1)
        excused = hidden > 0.5 * (p_area + hidden)
        np.add.at(fp, p_class[~pair.any(axis=1) & ~excused], 1)
        np.add.at(fn, t_class[~pair.any(axis=0)], 1)
    seen = tp + fp + fn > 0
    rq, sq = np.full((2, num_classes), np.nan)
    np.divide(tp, tp + (fp + fn) / 2, out=rq, where=seen)
    np.divide(overlap, np.maximum(tp, 1), out=sq, where=seen)
    return Quality(sq * rq, sq, rq, tp, fp, fn)


def _segments(
    name: str, panoptic: Panoptic, num_classes: int
) -> tuple[Integers, Integers]:
    """Number the segments from 1, void 0, and return their classes."""
    classes = _integers(f"classes of a {name}", panoptic.classes, VOID)
    ids = _integers(f"ids of a {name}", panoptic.ids, 0)
    if classes.ndim != 2 or classes.shape != ids.shape:
        raise ValueError(
            f"a {name} has classes of shape {classes.shape}, ids of {ids.shape}; "
            "expected (H, W) twice"
        )
    if classes.max(initial=VOID) >= num_classes:
        raise ValueError(
            f"a {name} holds class {classes.max()}; expected below {num_classes}"
        )
    known = classes != VOID
    pairs = np.stack([classes[known], ids[known]])  # (2, known pixels)
    kinds, place = np.unique(pairs, axis=1, return_inverse=True)
    numbers = np.zeros(classes.shape, dtype=np.int64)
    numbers[known] = place.ravel() + 1
    return numbers, kinds[0]


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


def _integers(name: str, values: ArrayLike, low: int) -> Integers:
    """Return whole numbers as int64, or refuse them."""
    array = np.asarray(values)
    if array.size == 0:
        array = array.astype(np.int64)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {array.dtype}; expected integers")
    if array.size and array.min() < low:
        raise ValueError(f"{name} holds {array.min()}; expected {low} or more")
    return array.astype(np.int64)
