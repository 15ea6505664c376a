"""Panoptic quality: one number for how well every pixel and every thing is found.

Not here: putting predictions together (`aibook.vision.panoptic`).

Source: A. Kirillov, K. He, R. Girshick, C. Rother and P. Dollár, "Panoptic
segmentation", CVPR 2019.

Book page: scenes/instances.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aibook.vision.panoptic import VOID, Panoptic, whole_numbers

__all__ = ["Quality", "panoptic_quality"]

Array = NDArray[np.float64]
Integers = NDArray[np.int64]


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
    """Return maps of numbers from 1, void 0, and the class of each number."""
    classes = whole_numbers(f"classes of a {name}", panoptic.classes, VOID)
    ids = whole_numbers(f"ids of a {name}", panoptic.ids, 0)
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
