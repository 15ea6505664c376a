"""Boxes: three ways to write them, and how much two of them overlap.

A box is (x1, y1, x2, y2), its left, top, right and bottom edge in pixels, with
x1 <= x2 and y1 <= y2: the format ``xyxy`` of torchvision. The right and the bottom
edge do not belong to it, so that its width is x2 - x1.

Not here: turned boxes, finding boxes, removing double ones (`aibook.vision.nms`).

Source: M. Everingham et al., "The Pascal visual object classes (VOC) challenge",
International Journal of Computer Vision 88, 2010 (the measure's use).

Book pages: scenes/detection, ai/tasks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FORMATS", "box_area", "box_iou", "convert_boxes"]

Array = NDArray[np.float64]

FORMATS = ("xyxy", "xywh", "cxcywh")
"""Edges; upper left corner and size; centre and size."""


def convert_boxes(boxes: ArrayLike, source: str, target: str) -> Array:
    """Write boxes in another format.

    Parameters
    ----------
    boxes
        Shape (N, 4) in the format ``source``; N may be 0.
    source
        One of `FORMATS`.
    target
        One of `FORMATS`.

    Returns
    -------
    Array of shape (N, 4) in the format ``target``.

    Raises
    ------
    ValueError
        For another format or shape, a number that is not finite, a negative size,
        or edges out of order.

    Examples
    --------
    >>> convert_boxes([[1, 2, 5, 8]], "xyxy", "cxcywh")
    array([[3., 5., 4., 6.]])
    """
    for name, value in (("source", source), ("target", target)):
        if value not in FORMATS:
            raise ValueError(
                f"{name} = {value!r}; expected one of {', '.join(FORMATS)}"
            )
    if source == "xyxy":
        first, last = np.split(_checked("boxes", boxes), 2, axis=1)  # (N, 2)
    else:
        first, size = np.split(_numbers("boxes", boxes, source), 2, axis=1)
        if (size < 0).any():
            raise ValueError(
                f"boxes has a size of {size.min()}; expected 0 or more"
            )
        first = first - size / 2 if source == "cxcywh" else first
        last = first + size
    size = last - first
    start = {"xyxy": first, "xywh": first, "cxcywh": first + size / 2}
    end = last if target == "xyxy" else size
    return np.concatenate([start[target], end], axis=1)


def box_area(boxes: ArrayLike) -> Array:
    """Return the area of each box.

    Parameters
    ----------
    boxes
        Shape (N, 4), xyxy; N may be 0.

    Returns
    -------
    Array of shape (N,), square pixels.

    Raises
    ------
    ValueError
        For another shape, a number that is not finite, or edges out of order.

    Examples
    --------
    >>> box_area([[0, 0, 2, 3]])
    array([6.])
    """
    x1, y1, x2, y2 = _checked("boxes", boxes).T
    return (x2 - x1) * (y2 - y1)  # type: ignore[no-any-return]


def box_iou(a: ArrayLike, b: ArrayLike) -> Array:
    """Return the intersection over union of every box of a with every box of b.

    The area that both boxes cover, divided by the area that at least one covers:
    1 for equal boxes, 0 for boxes apart. Two boxes without area have 0.

    Parameters
    ----------
    a
        Shape (N, 4), xyxy; N may be 0.
    b
        Shape (M, 4), xyxy; M may be 0.

    Returns
    -------
    Array of shape (N, M), 0 to 1.

    Raises
    ------
    ValueError
        As for `box_area`.

    Examples
    --------
    >>> box_iou([[0, 0, 2, 2]], [[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6]]).round(3)
    array([[1.   , 0.333, 0.   ]])
    """
    A, B = (
        _checked("a", a)[:, None],
        _checked("b", b)[None],
    )  # (N, 1, 4), (1, M, 4)
    top_left = np.maximum(A[..., :2], B[..., :2])
    bottom_right = np.minimum(A[..., 2:], B[..., 2:])
    both = (bottom_right - top_left).clip(min=0).prod(axis=-1)  # (N, M)
    either = box_area(A[:, 0])[:, None] + box_area(B[0])[None] - both
    iou: Array = np.divide(
        both, either, out=np.zeros_like(both), where=either > 0
    )
    return iou


def _checked(name: str, boxes: ArrayLike) -> Array:
    """Return xyxy boxes as float64, or refuse them."""
    array = _numbers(name, boxes, "xyxy")
    wrong = (array[:, :2] > array[:, 2:]).any(axis=1)
    if wrong.any():
        raise ValueError(
            f"{name} holds {array[wrong][0].tolist()}; expected x1 <= x2 and y1 <= y2"
        )
    return array


def _numbers(name: str, boxes: ArrayLike, form: str) -> Array:
    """Return boxes of any format as float64, or refuse them."""
    array = np.asarray(boxes, dtype=np.float64)
    if array.size == 0:
        array = array.reshape(-1, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(
            f"{name} has shape {array.shape}; expected (N, 4), {form}"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds NaN or infinity; boxes are made of finite numbers"
        )
    return array
