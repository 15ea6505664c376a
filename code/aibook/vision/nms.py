"""Non-maximum suppression: of several boxes on one thing keep the surest.

Take the box with the highest score, drop all that overlap it too much, and repeat
with what is left. With several classes, a box only drops boxes of its own class.

Not here: lowering scores instead of dropping boxes (Soft-NMS); learned variants.

Source: P. Felzenszwalb et al., "Object detection with discriminatively trained
part-based models", IEEE TPAMI 32, 2010, section 5.2; ties as in torchvision.ops.

Book page: scenes/detection.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.vision.boxes import box_area, box_iou

__all__ = ["batched_nms", "nms"]

Places = NDArray[np.int64]


def nms(
    boxes: ArrayLike, scores: ArrayLike, *, iou_threshold: float = 0.5
) -> Places:
    """Return which boxes remain, the surest first.

    Parameters
    ----------
    boxes
        Shape (N, 4), xyxy; N may be 0.
    scores
        Shape (N,), finite. Of equal scores the earlier box comes first.
    iou_threshold
        A box is dropped if its IoU with a kept one is greater, 0 to 1.

    Returns
    -------
    Places of the kept boxes, by falling score.

    Raises
    ------
    ValueError
        For bad boxes (as `aibook.vision.boxes.box_area`), scores that are not
        one finite number a box, or a threshold out of range.

    References
    ----------
    Felzenszwalb et al. (2010).

    Examples
    --------
    >>> nms([[0, 0, 4, 4], [0, 0, 4, 5], [9, 9, 12, 12]], [0.7, 0.9, 0.4])
    array([1, 2])
    """
    _check_threshold(iou_threshold)
    iou = box_iou(boxes, boxes)  # (N, N)
    left = _by_score(scores, len(iou))
    kept = []
    while len(left):
        best, rest = left[0], left[1:]
        kept.append(best)
        left = rest[iou[best, rest] <= iou_threshold]
    return np.array(kept, dtype=np.int64)


def batched_nms(
    boxes: ArrayLike,
    scores: ArrayLike,
    labels: ArrayLike,
    *,
    iou_threshold: float = 0.5,
) -> Places:
    """Return which boxes remain if only boxes of one class compete.

    Parameters
    ----------
    boxes
        Shape (N, 4), xyxy; N may be 0.
    scores
        Shape (N,), finite.
    labels
        Shape (N,), integers: the class of each box.
    iou_threshold
        As for `nms`.

    Returns
    -------
    Places of the kept boxes of all classes, by falling score.

    Raises
    ------
    ValueError
        As for `nms`, and for labels that are not one integer a box.

    Examples
    --------
    >>> boxes = [[0, 0, 4, 4], [0, 0, 4, 5], [0, 0, 4, 4]]
    >>> batched_nms(boxes, [0.7, 0.9, 0.4], [1, 1, 2])
    array([1, 2])
    """
    _check_threshold(iou_threshold)
    array = np.asarray(boxes, dtype=np.float64)
    order = _by_score(scores, len(box_area(array)))
    classes = np.asarray(labels)
    if classes.size == 0:
        classes = classes.reshape(-1).astype(np.int64)
    if classes.shape != order.shape or classes.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {classes.shape} and dtype {classes.dtype}; "
            f"expected ({len(order)},) of integers"
        )
    kept = np.zeros(len(order), dtype=bool)
    for label in np.unique(classes):
        mine = np.flatnonzero(classes == label)
        winners = nms(
            array[mine], np.asarray(scores)[mine], iou_threshold=iou_threshold
        )
        kept[mine[winners]] = True
    return order[kept[order]]


def _check_threshold(iou_threshold: float) -> None:
    """Refuse a threshold that no IoU can have."""
    if not 0 <= iou_threshold <= 1:
        raise ValueError(f"iou_threshold = {iou_threshold}; expected 0 to 1")


def _by_score(scores: ArrayLike, num: int) -> Places:
    """Return the places by falling score, the earlier of two equal ones first."""
    array = np.asarray(scores, dtype=np.float64)
    if array.size == 0:
        array = array.reshape(-1)
    if array.shape != (num,):
        raise ValueError(
            f"scores has shape {array.shape}; expected ({num},), one a box"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            "scores holds NaN or infinity; expected finite numbers"
        )
    return np.argsort(-array, kind="stable")
