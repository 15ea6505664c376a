"""Pooling in NumPy: the largest, the mean or the least value of each window.

Each channel by itself, height and width only. Padding never counts: no maximum is
taken of it, and no mean. Double precision.

Not here: pooling over the whole map, which is ``X.mean(axis=(2, 3))``; a rounding
up of the output's size.

Letters in shapes: N images, C channels, H x W pixels, windows of k x k, an output
of Ho x Wo.

Source: I. Goodfellow, Y. Bengio and A. Courville, "Deep Learning", 2016, section
9.3.

Book page: images/convolution
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike

from aibook.scratch.checks import check_count, check_finite
from aibook.scratch.windows import (
    Array,
    add_windows,
    check_images,
    windows,
)

__all__ = ["Kind", "pool2d", "pool2d_backward"]

Kind = Literal["max", "average", "min"]


def pool2d(
    X: ArrayLike,
    size: int,
    *,
    kind: Kind = "max",
    stride: int | None = None,
    padding: int = 0,
) -> Array:
    """Return one value for each window of each channel.

    Rows and columns at the end that fill no window are left out.

    Parameters
    ----------
    X
        Images or feature maps, shape (N, C, H, W).
    size
        Rows and columns of a window, k.
    kind
        Which value: "max", "average" or "min".
    stride
        By how many pixels the window moves; ``size`` where missing, so that no two
        windows overlap.
    padding
        By how much a window may stick out, at most half of ``size``.

    Returns
    -------
    numpy.ndarray
        Shape (N, C, Ho, Wo).

    Raises
    ------
    ValueError
        If X has another number of axes, is empty or holds NaN or infinity, a number
        is out of range, the window does not fit, or the kind is unknown.

    References
    ----------
    Goodfellow, Bengio and Courville (2016), section 9.3.

    Examples
    --------
    >>> X = np.arange(16.0).reshape(1, 1, 4, 4)
    >>> pool2d(X, 2)[0, 0]
    array([[ 5.,  7.],
           [13., 15.]])
    >>> pool2d(X, 2, kind="average")[0, 0]
    array([[ 2.5,  4.5],
           [10.5, 12.5]])
    """
    X = check_images(X)
    if kind == "min":
        return -pool2d(-X, size, stride=stride, padding=padding)
    if kind == "max":
        values = _flat(X, size, stride, padding, fill=-np.inf)
        return np.asarray(values.max(axis=2))
    _check_kind(kind)
    values = _flat(X, size, stride, padding, fill=0.0)
    counts = _counts(X, size, stride, padding)
    return np.asarray(values.sum(axis=2) / counts)


def pool2d_backward(
    dY: ArrayLike,
    X: ArrayLike,
    size: int,
    *,
    kind: Kind = "max",
    stride: int | None = None,
    padding: int = 0,
) -> Array:
    """Return a loss's gradient with respect to what was pooled (N, C, H, W).

    The gradient of a maximum goes to the pixel that it was taken from, the first
    where several are equal; that of a mean in equal parts to all pixels.

    Parameters
    ----------
    dY
        The loss's gradient with respect to what `pool2d` returned, shape
        (N, C, Ho, Wo).
    X, size, kind, stride, padding
        As they were given to `pool2d`.

    Raises
    ------
    ValueError
        As for `pool2d`, and if dY has another shape.

    Examples
    --------
    >>> X = np.array([[[[1.0, 4.0], [3.0, 2.0]]]])
    >>> pool2d_backward(np.ones((1, 1, 1, 1)), X, 2)[0, 0]
    array([[0., 1.],
           [0., 0.]])
    """
    X, dY = check_images(X), check_finite("dY", dY)
    _check_kind(kind)
    sign = -1.0 if kind == "min" else 1.0
    values = _flat(sign * X, size, stride, padding, fill=-np.inf)
    N, C, _, Ho, Wo = values.shape
    if dY.shape != (N, C, Ho, Wo):
        raise ValueError(f"dY has shape {dY.shape}; expected {(N, C, Ho, Wo)}")
    if kind == "average":
        dY = dY / _counts(X, size, stride, padding)
        share = np.ones((1, 1, size**2, 1, 1))
    else:
        places = np.arange(size**2)[:, np.newaxis, np.newaxis]
        share = values.argmax(axis=2)[:, :, np.newaxis] == places
    parts = np.broadcast_to(share * dY[:, :, np.newaxis], values.shape)
    return add_windows(
        parts.reshape(N, C, size, size, Ho, Wo),
        X.shape,
        stride=stride or size,
        padding=padding,
    )


def _flat(
    X: Array, size: int, stride: int | None, padding: int, *, fill: float
) -> Array:
    """Return the values of each window on one axis, shape (N, C, k k, Ho, Wo)."""
    size = check_count("size", size)
    taken = windows(
        X,
        size,
        size,
        stride=size if stride is None else stride,
        padding=padding,
        fill=fill,
    )
    if padding > size // 2:
        raise ValueError(
            f"padding is {padding}; expected at most half of the size {size}"
        )
    N, C, _, _, Ho, Wo = taken.shape
    return taken.reshape(N, C, size**2, Ho, Wo)


def _counts(X: Array, size: int, stride: int | None, padding: int) -> Array:
    """Return how many pixels each window holds, shape (1, 1, Ho, Wo)."""
    ones = np.ones((1, 1, *X.shape[2:]))
    return np.asarray(_flat(ones, size, stride, padding, fill=0.0).sum(axis=2))


def _check_kind(kind: str) -> None:
    """Refuse a kind of pooling that is not known."""
    if kind not in get_args(Kind):
        allowed = ", ".join(get_args(Kind))
        raise ValueError(f"kind is {kind!r}; expected one of {allowed}")
