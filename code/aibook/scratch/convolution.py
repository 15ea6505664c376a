"""Convolution as networks compute it, in NumPy: by loops, and as a matrix product.

What is computed is the cross-correlation: the kernel is not flipped. The second
version lays every window out as a column (im2col), so that all sums are one product
of matrices; its gradients go the same way back. Double precision.

Not here: groups, other strides for rows than for columns, pooling
(`aibook.scratch.pooling`), the windows themselves (`aibook.scratch.windows`).

Letters in shapes: N images, C channels, H x W pixels; F filters of kh x kw; an
output of Ho x Wo.

Source: K. Chellapilla, S. Puri and P. Simard, "High performance convolutional
neural networks for document processing", IWFHR 2006 (im2col).

Book page: images/convolution
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from aibook.scratch.checks import check_finite
from aibook.scratch.windows import (
    Array,
    add_windows,
    check_bias,
    check_images,
    windows,
)
from aibook.sizes import output_size

__all__ = ["conv2d", "conv2d_backward", "conv2d_loop"]


def conv2d_loop(
    X: ArrayLike, W: ArrayLike, *, stride: int = 1, padding: int = 0
) -> Array:
    """Slide each filter over each image, one place after the other.

    The obvious version, and a slow one: `conv2d` takes and returns the same, and
    raises the same errors.

    Examples
    --------
    >>> X = np.arange(9.0).reshape(1, 1, 3, 3)
    >>> conv2d_loop(X, [[[[0, 1], [2, 3]]]])[0, 0]
    array([[19., 25.],
           [37., 43.]])
    """
    X, W = _check(X, W)
    (N, _, H, width), (F, _, kh, kw) = X.shape, W.shape
    Ho = output_size(H, kh, stride=stride, padding=padding)
    Wo = output_size(width, kw, stride=stride, padding=padding)
    border = (padding, padding)
    padded = np.pad(X, ((0, 0), (0, 0), border, border))
    Y = np.zeros((N, F, Ho, Wo))
    for n in range(N):  # every image
        for f in range(F):  # every filter
            for i in range(Ho):  # every row of the output
                for j in range(Wo):  # every column
                    top, left = i * stride, j * stride
                    patch = padded[n, :, top : top + kh, left : left + kw]
                    Y[n, f, i, j] = (patch * W[f]).sum()
    return Y


def conv2d(
    X: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Array:
    """Slide each filter over each image, as a product of matrices.

    Parameters
    ----------
    X
        Images, shape (N, C, H, W).
    W
        Filters, shape (F, C, kh, kw).
    b
        Biases, shape (F,); none where missing.
    stride
        By how many pixels a filter moves, 1 or more.
    padding
        How many rows and columns of zeros surround the image, 0 or more.
    dilation
        The distance between neighbouring pixels that a kernel reads, 1 or more.

    Returns
    -------
    numpy.ndarray
        Feature maps, shape (N, F, Ho, Wo).

    Raises
    ------
    ValueError
        If a shape does not fit, an array is empty or holds NaN or infinity, a
        number is out of range, or the kernel is larger than the padded image.

    References
    ----------
    Chellapilla, Puri and Simard (2006).

    Examples
    --------
    >>> X = np.arange(9.0).reshape(1, 1, 3, 3)
    >>> conv2d(X, [[[[0, 1], [2, 3]]]], padding=1, stride=2)[0, 0]
    array([[ 0.,  8.],
           [21., 43.]])
    """
    X, W = _check(X, W)
    F, C, kh, kw = W.shape
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    taken = windows(X, kh, kw, **geometry)
    N, _, _, _, Ho, Wo = taken.shape
    columns = taken.reshape(N, C * kh * kw, Ho * Wo)  # a window a column
    Y = W.reshape(F, C * kh * kw) @ columns  # (N, F, Ho Wo)
    if b is not None:
        Y += check_bias(b, F)[:, np.newaxis]
    return Y.reshape(N, F, Ho, Wo)


def conv2d_backward(
    dY: ArrayLike,
    X: ArrayLike,
    W: ArrayLike,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> tuple[Array, Array, Array]:
    """Return a loss's gradients with respect to images, filters and biases.

    Parameters
    ----------
    dY
        Its gradient with respect to what `conv2d` returned, shape (N, F, Ho, Wo).
    X, W, stride, padding, dilation
        As they were given to `conv2d`.

    Returns
    -------
    dX : numpy.ndarray
        Shape (N, C, H, W): what is called a transposed convolution of dY.
    dW : numpy.ndarray
        Shape (F, C, kh, kw).
    db : numpy.ndarray
        Shape (F,).

    Raises
    ------
    ValueError
        As for `conv2d`, and if dY has another shape.

    Examples
    --------
    >>> X, W = np.ones((1, 1, 3, 3)), np.ones((1, 1, 2, 2))
    >>> dX, dW, db = conv2d_backward(np.ones((1, 1, 2, 2)), X, W)
    >>> dX[0, 0]
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    X, W = _check(X, W)
    F, C, kh, kw = W.shape
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    taken = windows(X, kh, kw, **geometry)
    N, _, _, _, Ho, Wo = taken.shape
    columns = taken.reshape(N, C * kh * kw, Ho * Wo)
    dY = check_finite("dY", dY)
    if dY.shape != (N, F, Ho, Wo):
        raise ValueError(f"dY has shape {dY.shape}; expected {(N, F, Ho, Wo)}")
    sums = dY.reshape(N, F, Ho * Wo)
    dW = (sums @ columns.transpose(0, 2, 1)).sum(axis=0)
    parts = W.reshape(F, C * kh * kw).T @ sums  # (N, C kh kw, Ho Wo)
    dX = add_windows(parts.reshape(taken.shape), X.shape, **geometry)
    return dX, dW.reshape(W.shape), sums.sum(axis=(0, 2))


def _check(X: ArrayLike, W: ArrayLike) -> tuple[Array, Array]:
    """Return images and filters as float64, or refuse shapes that do not fit."""
    images, filters = check_images(X), check_finite("W", W)
    if filters.ndim != 4 or filters.shape[1] != images.shape[1]:
        raise ValueError(
            f"W has shape {filters.shape}; expected (F, {images.shape[1]}, kh, "
            f"kw), as X has shape {images.shape}"
        )
    return images, filters
