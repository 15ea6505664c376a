"""Average precision: one number for a list of finds, sorted by how sure they are.

Go down the list. After each find, precision is the share of right finds so far, and
recall the share of the true things that have been found. Average precision is the
area below precision as a function of recall; its mean over the classes is the mAP.

Not here: size ranges, "crowds" and the limit of 100 finds an image of COCO.

Sources: M. Everingham et al., "The Pascal visual object classes challenge: a
retrospective", International Journal of Computer Vision 111, 2015 (11 points and all
points); T.-Y. Lin et al., "Microsoft COCO", ECCV 2014 (101 points).

Book page: scenes/detection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.vision.boxes import box_iou
from aibook.vision.matching import (
    Found,
    Truth,
    check_found,
    check_threshold,
    check_truth,
    match,
)

__all__ = [
    "Found",
    "PrecisionRecall",
    "Truth",
    "average_precision",
    "average_precisions",
    "find_curves",
    "mean_average_precision",
    "precision_recall",
]

Array = NDArray[np.float64]
Overlap = Callable[[Any, Any], ArrayLike]


class PrecisionRecall(NamedTuple):
    """Precision and recall after 1, 2, ... finds, each of shape (N,)."""

    precision: Array
    recall: Array


def precision_recall(
    hits: ArrayLike, scores: ArrayLike, *, num_truth: int
) -> PrecisionRecall:
    """Return precision and recall after each find, the surest first.

    Parameters
    ----------
    hits
        Shape (N,), booleans: whether a find is right; N may be 0.
    scores
        Shape (N,), finite. Of equal scores the earlier find comes first.
    num_truth
        How many true things there are, 1 or more, at least the number of hits.

    Returns
    -------
    PrecisionRecall

    Raises
    ------
    ValueError
        For other shapes or types, or a number out of range.

    Examples
    --------
    >>> curve = precision_recall([True, False, True], [0.9, 0.8, 0.3], num_truth=4)
    >>> curve.precision.round(2), curve.recall
    (array([1.  , 0.5 , 0.67]), array([0.25, 0.25, 0.5 ]))
    """
    right, sure = np.asarray(hits), np.asarray(scores, dtype=np.float64)
    if right.size == 0:
        right = right.astype(bool)
    if right.ndim != 1 or right.dtype != bool or sure.shape != right.shape:
        raise ValueError(
            f"hits has shape {right.shape} and dtype {right.dtype}, scores "
            f"{sure.shape}; expected (N,) booleans and (N,)"
        )
    if not np.isfinite(sure).all():
        raise ValueError(
            "scores holds NaN or infinity; expected finite numbers"
        )
    if num_truth < max(1, right.sum()):
        raise ValueError(
            f"num_truth = {num_truth} for {right.sum()} hits; expected 1 or "
            "more, and not fewer than hits"
        )
    right = right[np.argsort(-sure, kind="stable")]
    true = right.cumsum()
    return PrecisionRecall(
        true / np.arange(1, len(true) + 1), true / num_truth
    )


def average_precision(
    precision: ArrayLike, recall: ArrayLike, *, points: int | None = None
) -> float:
    """Return the area below the curve, made falling from right to left.

    Parameters
    ----------
    precision
        Shape (N,), 0 to 1; N may be 0, which gives 0.
    recall
        Shape (N,), 0 to 1, never falling.
    points
        None for the whole area; or a number of evenly spaced recalls from 0 to 1
        at which the best precision to the right is read and averaged, 2 or more:
        11 in Pascal VOC until 2009, 101 in COCO. As in pycocotools the points are
        rounded numbers, so that a recall may miss one that it equals: 7/20 lies
        just below the 35th of 101.

    Returns
    -------
    A number, 0 to 1.

    Raises
    ------
    ValueError
        For other shapes, numbers out of range, or a recall that falls.

    References
    ----------
    Everingham et al. (2015); Lin et al. (2014).

    Examples
    --------
    >>> average_precision([1, 0.5, 0.67], [0.25, 0.25, 0.5])
    0.4175
    """
    p, r = (np.asarray(a, dtype=np.float64) for a in (precision, recall))
    if p.ndim != 1 or p.shape != r.shape:
        raise ValueError(
            f"precision has shape {p.shape}, recall {r.shape}; expected (N,) both"
        )
    if not all(((a >= 0) & (a <= 1)).all() for a in (p, r)):
        raise ValueError("precision and recall must lie in 0 to 1")
    if (np.diff(r) < 0).any():
        raise ValueError("recall falls; sort the finds by falling score")
    if points is not None and points < 2:
        raise ValueError(f"points = {points}; expected None or 2 or more")
    best = np.maximum.accumulate(p[::-1])[::-1]  # the best from here on
    if points is None:
        return float((best * np.diff(r, prepend=0)).sum())
    place = np.searchsorted(r, np.linspace(0, 1, points), side="left")
    return float(np.append(best, 0)[place].mean())


def find_curves(
    found: Sequence[Found],
    truth: Sequence[Truth],
    *,
    num_classes: int,
    iou_threshold: float = 0.5,
    overlap: Overlap = box_iou,
) -> list[PrecisionRecall | None]:
    """Return precision and recall of each class, over all images.

    Parameters
    ----------
    found
        What was found, one entry an image.
    truth
        What is there, one entry an image, in the same order.
    num_classes
        K, 1 or more.
    iou_threshold
        The least overlap that counts as found, above 0, at most 1.
    overlap
        A function of regions (N, ...) and (M, ...) that returns (N, M), 0 to 1.

    Returns
    -------
    K curves; None for a class of which there is nothing.

    Raises
    ------
    ValueError
        For lists of different lengths, a label or a number out of range, regions
        that the overlap refuses.

    Examples
    --------
    >>> box = np.array([[0, 0, 4, 4]])
    >>> found = Found(box, np.array([0.9]), np.array([0]))
    >>> find_curves([found], [Truth(box, np.array([0]))], num_classes=1)
    [PrecisionRecall(precision=array([1.]), recall=array([1.]))]
    """
    if len(found) != len(truth):
        raise ValueError(
            f"found in {len(found)} images, truth of {len(truth)}"
        )
    if num_classes < 1:
        raise ValueError(f"num_classes = {num_classes}; expected 1 or more")
    check_threshold(iou_threshold)
    finds = [check_found(f, num_classes=num_classes) for f in found]
    truths = [check_truth(t, num_classes=num_classes) for t in truth]
    curves: list[PrecisionRecall | None] = []
    for k in range(num_classes):
        hits, scores = [np.zeros(0, dtype=bool)], [np.zeros(0)]
        num_truth = 0
        for f, t in zip(finds, truths, strict=True):
            mine, theirs = f.labels == k, t.labels == k
            overlaps = np.zeros((mine.sum(), theirs.sum()))
            if overlaps.size:
                overlaps[:] = overlap(f.regions[mine], t.regions[theirs])
            hits.append(match(overlaps, iou_threshold=iou_threshold) >= 0)
            scores.append(f.scores[mine])
            num_truth += int(theirs.sum())
        if num_truth == 0:
            curves.append(None)
            continue
        right, sure = np.concatenate(hits), np.concatenate(scores)
        curves.append(precision_recall(right, sure, num_truth=num_truth))
    return curves


def average_precisions(
    found: Sequence[Found],
    truth: Sequence[Truth],
    *,
    points: int | None = None,
    **settings: Any,
) -> Array:
    """Return the average precision of each class.

    Parameters
    ----------
    found, truth, settings
        As for `find_curves`.
    points
        As for `average_precision`.

    Returns
    -------
    Array of shape (K,), 0 to 1; NaN for a class of which there is nothing.

    Raises
    ------
    ValueError
        As for `find_curves` and `average_precision`.

    Examples
    --------
    >>> boxes = np.array([[0, 0, 4, 4], [5, 5, 9, 9]])
    >>> found = Found(boxes, np.array([0.9, 0.8]), np.array([0, 1]))
    >>> truth = Truth(boxes[:1], np.array([0]))
    >>> average_precisions([found], [truth], num_classes=2)
    array([ 1., nan])
    """
    return np.array(
        [
            np.nan
            if curve is None
            else average_precision(*curve, points=points)
            for curve in find_curves(found, truth, **settings)
        ]
    )


def mean_average_precision(
    found: Sequence[Found],
    truth: Sequence[Truth],
    *,
    num_classes: int,
    iou_threshold: float = 0.5,
    overlap: Overlap = box_iou,
    points: int | None = None,
) -> float:
    """Return the mean of the classes' average precisions, the mAP.

    The arguments are those of `find_curves` and `average_precision`. Classes of
    which there is nothing do not count; without any true thing the mean is NaN.

    Examples
    --------
    >>> truth = Truth(np.array([[0, 0, 4, 4]]), np.array([0]))
    >>> found = Found(np.array([[0, 0, 4, 5]]), np.array([0.9]), np.array([0]))
    >>> mean_average_precision([found], [truth], num_classes=1)
    1.0
    """
    each = average_precisions(
        found,
        truth,
        num_classes=num_classes,
        iou_threshold=iou_threshold,
        overlap=overlap,
        points=points,
    )
    counted = each[~np.isnan(each)]
    return float(counted.mean()) if len(counted) else float("nan")
