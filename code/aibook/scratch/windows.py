"""The windows that convolution and pooling slide over images, in NumPy.

Taking all windows at once (im2col), and its transpose, adding them up again
(col2im). What is computed of a window is not here: `aibook.scratch.convolution`,
`aibook.scratch.pooling`.

Letters in shapes: N images, C channels, H x W pixels; a window of kh x kw, at
Ho x Wo places.

Source: K. Chellapilla, S. Puri and P. Simard, "High performance convolutional
neural networks for document processing", IWFHR 2006 (im2col).

Book page: images/convolution
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite
from aibook.sizes import output_size

__all__ = ["Array", "add_windows", "check_bias", "check_images", "windows"]

Array = NDArray[np.float64]


def check_images(X: ArrayLike) -> Array:
    """Return images as float64 (N, C, H, W), or refuse another number of axes.

    Examples
    --------
    >>> check_images(np.zeros((28, 28)))
    Traceback (most recent call last):
    ...
    ValueError: X has shape (28, 28); expected (N, C, H, W)
    """
    array = check_finite("X", X)
    if array.ndim != 4:
        raise ValueError(f"X has shape {array.shape}; expected (N, C, H, W)")
    return array


def check_bias(b: ArrayLike, num_channels: int) -> Array:
    """Return biases as float64 (C,), or refuse another number of them.

    Examples
    --------
    >>> check_bias([0.5, 1.0], 3)
    Traceback (most recent call last):
    ...
    ValueError: b has shape (2,); expected (3,)
    """
    biases = check_finite("b", b)
    if biases.shape != (num_channels,):
        raise ValueError(
            f"b has shape {biases.shape}; expected ({num_channels},)"
        )
    return biases


def windows(
    X: Array,
    kh: int,
    kw: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    fill: float = 0.0,
) -> Array:
    """Return every window of every image as a view; only padding copies pixels.

    Parameters
    ----------
    X
        Images, shape (N, C, H, W).
    kh, kw
        Rows and columns of a window.
    stride, padding, dilation
        As for `conv2d`.
    fill
        The value of the padding.

    Returns
    -------
    numpy.ndarray
        Shape (N, C, kh, kw, Ho, Wo), a view of the padded images: entry
        (n, c, u, v, i, j) is pixel
        (i stride + u dilation, j stride + v dilation) of the padded channel.

    Raises
    ------
    ValueError
        As for `aibook.sizes.output_size`.

    Examples
    --------
    >>> X = np.arange(9.0).reshape(1, 1, 3, 3)
    >>> windows(X, 2, 2).reshape(4, 4)  # each column is a window
    array([[0., 1., 3., 4.],
           [1., 2., 4., 5.],
           [3., 4., 6., 7.],
           [4., 5., 7., 8.]])
    """
    for n, k in zip(X.shape[2:], (kh, kw), strict=True):
        output_size(n, k, stride=stride, padding=padding, dilation=dilation)
    if padding:
        border = (padding, padding)
        around = ((0, 0), (0, 0), border, border)
        X = np.pad(X, around, constant_values=fill)
    spans = (dilation * (kh - 1) + 1, dilation * (kw - 1) + 1)
    view = sliding_window_view(X, spans, axis=(2, 3))
    taken = view[:, :, ::stride, ::stride, ::dilation, ::dilation]
    return taken.transpose(0, 1, 4, 5, 2, 3)


def add_windows(
    parts: Array,
    shape: tuple[int, int, int, int],
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> Array:
    """Put windows back where they came from and add what overlaps (col2im).

    The transpose of `windows`, and so what gradients need: a pixel that k windows
    have read receives the sum of k gradients.

    Parameters
    ----------
    parts
        Shape (N, C, kh, kw, Ho, Wo), as `windows` returns for ``shape``.
    shape
        Of the images, (N, C, H, W).
    stride, padding, dilation
        As they were given to `windows`.

    Returns
    -------
    numpy.ndarray
        Shape (N, C, H, W).

    Raises
    ------
    ValueError
        If parts has another shape than `windows` returns for ``shape``.

    Examples
    --------
    >>> ones = np.ones((1, 1, 2, 2, 2, 2))
    >>> add_windows(ones, (1, 1, 3, 3))[0, 0]  # how many windows read a pixel
    array([[1., 2., 1.],
           [2., 4., 2.],
           [1., 2., 1.]])
    """
    N, C, H, width = shape
    _, _, kh, kw, Ho, Wo = parts.shape
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    places = (
        output_size(H, kh, **geometry),
        output_size(width, kw, **geometry),
    )
    if parts.shape != (N, C, kh, kw, *places):
        raise ValueError(
            f"parts has shape {parts.shape}; expected {(N, C, kh, kw, *places)}"
        )
    total = np.zeros((N, C, H + 2 * padding, width + 2 * padding))
    for u in range(kh):
        for v in range(kw):
            top, left = u * dilation, v * dilation
            rows = slice(top, top + stride * Ho, stride)
            columns = slice(left, left + stride * Wo, stride)
            total[:, :, rows, columns] += parts[:, :, u, v]
    return total[:, :, padding : padding + H, padding : padding + width]
