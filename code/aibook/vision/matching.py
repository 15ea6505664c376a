"""Which of the found things is which of the true ones.

What a model found in an image and what is there, and the rule by which the two are
paired: the surest first, each with the best free partner that it overlaps enough.

Not here: "crowds", difficult things and size ranges of the official evaluations.

Source: T.-Y. Lin et al., "Microsoft COCO: common objects in context", ECCV 2014,
and the evaluation of pycocotools, whose ties this follows.

Book page: scenes/detection.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Found", "Truth", "check_found", "check_truth", "match"]


class Found(NamedTuple):
    """What was found in one image.

    Parameters
    ----------
    regions
        Boxes (N, 4), xyxy, or masks (N, H, W); N may be 0.
    scores
        Shape (N,), finite: how sure the model is.
    labels
        Shape (N,), integers: classes from 0.
    """

    regions: NDArray[Any]
    scores: NDArray[np.float64]
    labels: NDArray[np.int64]


class Truth(NamedTuple):
    """What there is in one image.

    Parameters
    ----------
    regions
        Boxes (M, 4), xyxy, or masks (M, H, W); M may be 0.
    labels
        Shape (M,), integers: classes from 0.
    """

    regions: NDArray[Any]
    labels: NDArray[np.int64]


def match(
    overlaps: ArrayLike, *, iou_threshold: float = 0.5
) -> NDArray[np.int64]:
    """Pair what was found in an image with what is there.

    Parameters
    ----------
    overlaps
        Shape (N, M), 0 to 1: the overlap of each found thing, by falling score,
        with each true thing.
    iou_threshold
        The least overlap of a pair, above 0, at most 1.

    Returns
    -------
    Array of shape (N,): the place of the partner, or -1 for none. Of equal
    overlaps the last true thing is taken, as in pycocotools.

    Raises
    ------
    ValueError
        For another shape, an overlap or a threshold out of range.

    References
    ----------
    Lin et al. (2014).

    Examples
    --------
    >>> match([[0.9, 0.6], [0.8, 0.3], [0.7, 0.5]])
    array([ 0, -1,  1])
    """
    check_threshold(iou_threshold)
    array = np.asarray(overlaps, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"overlaps has shape {array.shape}; expected (N, M)")
    if not ((array >= 0) & (array <= 1 + 1e-9)).all():
        raise ValueError("overlaps must lie in 0 to 1")
    partner = np.full(len(array), -1, dtype=np.int64)
    free = np.ones(array.shape[1], dtype=bool)
    for i, row in enumerate(array):
        open_to = np.flatnonzero(free & (row >= iou_threshold))
        if len(open_to):
            best = open_to[row[open_to] == row[open_to].max()][-1]
            partner[i] = best
            free[best] = False
    return partner


def check_threshold(iou_threshold: float) -> None:
    """Refuse a threshold that pairs everything or nothing."""
    if not 0 < iou_threshold <= 1:
        raise ValueError(
            f"iou_threshold = {iou_threshold}; expected above 0, at most 1"
        )


def check_found(found: Found, *, num_classes: int) -> Found:
    """Return what was found as arrays, by falling score, or refuse it.

    Parameters
    ----------
    found
        Of one image.
    num_classes
        K; labels run from 0 to K - 1.

    Returns
    -------
    Found, the surest first; of equal scores the earlier first.

    Raises
    ------
    ValueError
        If regions, scores and labels differ in number, a score is not finite, or
        a label is out of range.

    Examples
    --------
    >>> boxes = [[0, 0, 1, 1], [2, 2, 3, 3]]
    >>> check_found(Found(boxes, [0.2, 0.7], [0, 1]), num_classes=2).labels
    array([1, 0])
    """
    regions, scores = np.asarray(found.regions), np.asarray(found.scores)
    labels = _labels(found.labels, num_classes)
    if scores.shape != labels.shape or len(regions) != len(labels):
        raise ValueError(
            f"{len(regions)} regions, scores of shape {scores.shape}, labels of "
            f"shape {labels.shape}; expected one each"
        )
    scores = scores.astype(np.float64)
    if not np.isfinite(scores).all():
        raise ValueError(
            "scores holds NaN or infinity; expected finite numbers"
        )
    order = np.argsort(-scores, kind="stable")
    return Found(regions[order], scores[order], labels[order])


def check_truth(truth: Truth, *, num_classes: int) -> Truth:
    """Return what is there as arrays, or refuse it.

    Parameters
    ----------
    truth
        Of one image.
    num_classes
        As for `check_found`.

    Returns
    -------
    Truth

    Raises
    ------
    ValueError
        If regions and labels differ in number, or a label is out of range.

    Examples
    --------
    >>> check_truth(Truth([[0, 0, 1, 1]], [3]), num_classes=2)
    Traceback (most recent call last):
    ...
    ValueError: labels range from 3 to 3; expected 0 to 1
    """
    regions, labels = (
        np.asarray(truth.regions),
        _labels(truth.labels, num_classes),
    )
    if len(regions) != len(labels):
        raise ValueError(f"{len(regions)} regions and {len(labels)} labels")
    return Truth(regions, labels)


def _labels(labels: ArrayLike, num_classes: int) -> NDArray[np.int64]:
    """Return labels (N,), or refuse them."""
    array = np.asarray(labels)
    if array.size == 0:
        return np.zeros(0, dtype=np.int64)
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(
            f"labels has shape {array.shape} and dtype {array.dtype}; expected "
            "(N,) of integers"
        )
    if array.min() < 0 or array.max() >= num_classes:
        raise ValueError(
            f"labels range from {array.min()} to {array.max()}; expected 0 to "
            f"{num_classes - 1}"
        )
    return array.astype(np.int64)
