"""Boxes: how much two of them overlap.

A box is (x1, y1, x2, y2), its left, top, right and bottom edge in pixels, with
x1 <= x2 and y1 <= y2: the format ``xyxy`` of torchvision.

Not here: other formats, finding boxes, removing double ones.

Source: M. Everingham et al., "The Pascal visual object classes (VOC) challenge",
International Journal of Computer Vision 88, 2010 (the measure's use).

Book page: ai/tasks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["box_area", "box_iou"]

Array = NDArray[np.float64]


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
    """Return the boxes as float64, or refuse them."""
    array = np.asarray(boxes, dtype=np.float64)
    if array.size == 0:
        array = array.reshape(-1, 4)
    if array.ndim != 2 or array.shape[1] != 4:
        raise ValueError(
            f"{name} has shape {array.shape}; expected (N, 4), xyxy"
        )
    if not np.isfinite(array).all():
        raise ValueError(
            f"{name} holds NaN or infinity; edges are finite numbers"
        )
    wrong = (array[:, :2] > array[:, 2:]).any(axis=1)
    if wrong.any():
        raise ValueError(
            f"{name} holds {array[wrong][0].tolist()}; expected x1 <= x2 and y1 <= y2"
        )
    return array
