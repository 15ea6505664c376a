"""The transposed convolution in NumPy: by loops, and as a product of matrices.

Each value of the input stamps the kernel, multiplied by that value, onto the output;
neighbouring stamps lie ``stride`` pixels apart, and where they overlap they are added
up. That is what a convolution's gradient with respect to its input does. It is not
the convolution's inverse: it restores the size, not the values.

Not here: groups, other strides for rows than for columns, gradients (that with
respect to the input is a convolution, `aibook.scratch.convolution.conv2d`).

Letters in shapes: N images, C channels, H x W values; F output channels, a kernel of
kh x kw; an output of Ho x Wo.

Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
learning", arXiv:1603.07285, 2016.

Book page: generative/dcgan
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
)
from aibook.sizes import transposed_output_size

__all__ = ["conv_transpose2d", "conv_transpose2d_loop"]


def conv_transpose2d_loop(
    X: ArrayLike, W: ArrayLike, *, stride: int = 1, padding: int = 0
) -> Array:
    """Stamp the kernels onto the output, one input value after the other.

    The obvious version, and a slow one: `conv_transpose2d` takes and returns the
    same, and raises the same errors.

    Examples
    --------
    >>> X = [[[[1.0, 2.0]]]]
    >>> conv_transpose2d_loop(X, [[[[1, 1, 1]]]], stride=2)[0, 0]
    array([[1., 1., 3., 2., 2.]])
    """
    X, W = _check(X, W)
    (N, C, H, width), (_, F, kh, kw) = X.shape, W.shape
    Ho = transposed_output_size(H, kh, stride=stride, padding=padding)
    Wo = transposed_output_size(width, kw, stride=stride, padding=padding)
    Y = np.zeros((N, F, Ho + 2 * padding, Wo + 2 * padding))
    for n in range(N):  # every image
        for c in range(C):  # every input channel
            for i in range(H):  # every row of the input
                for j in range(width):  # every column
                    top, left = i * stride, j * stride
                    stamp = X[n, c, i, j] * W[c]  # (F, kh, kw)
                    Y[n, :, top : top + kh, left : left + kw] += stamp
    return Y[:, :, padding : padding + Ho, padding : padding + Wo]


def conv_transpose2d(
    X: ArrayLike,
    W: ArrayLike,
    b: ArrayLike | None = None,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> Array:
    """Stamp the kernels onto the output: all stamps by one product of matrices.

    Parameters
    ----------
    X
        Feature maps, shape (N, C, H, W).
    W
        Kernels, shape (C, F, kh, kw): the input channels come first, contrary to
        a convolution's weights.
    b
        Biases, shape (F,); none where missing.
    stride
        The distance between neighbouring stamps, 1 or more.
    padding
        How many rows and columns are cut off at each edge, 0 or more.
    dilation
        The distance between neighbouring values of a stamp, 1 or more.
    output_padding
        Rows and columns more at the bottom and at the right, from 0 to below the
        larger of stride and dilation.

    Returns
    -------
    numpy.ndarray
        Shape (N, F, Ho, Wo), see `aibook.sizes.transposed_output_size`.

    Raises
    ------
    ValueError
        If a shape does not fit, an array is empty or holds NaN or infinity, a
        number is out of range, or nothing is left of the output.

    References
    ----------
    Dumoulin and Visin (2016), chapter 4.

    Examples
    --------
    >>> X = [[[[1.0, 2.0]]]]
    >>> conv_transpose2d(X, [[[[1, 1, 1]]]], stride=2)[0, 0]
    array([[1., 1., 3., 2., 2.]])
    >>> conv_transpose2d(X, [[[[1, 1, 1]]]], stride=2, dilation=2)[0, 0]
    array([[1., 0., 3., 0., 3., 0., 2.]])
    """
    X, W = _check(X, W)
    (N, C, H, width), (_, F, kh, kw) = X.shape, W.shape
    steps = {"stride": stride, "dilation": dilation}
    pads = {"padding": padding, "output_padding": output_padding}
    Ho = transposed_output_size(H, kh, **steps, **pads)
    Wo = transposed_output_size(width, kw, **steps, **pads)
    tall = transposed_output_size(H, kh, **steps)
    wide = transposed_output_size(width, kw, **steps)
    values = X.reshape(N, C, H * width)
    stamps = W.reshape(C, F * kh * kw).T @ values  # (N, F kh kw, H W)
    parts = stamps.reshape(N, F, kh, kw, H, width)
    whole = add_windows(parts, (N, F, tall, wide), **steps)  # overlaps add up
    extra = (0, output_padding)
    whole = np.pad(whole, ((0, 0), (0, 0), extra, extra))
    Y = whole[:, :, padding : padding + Ho, padding : padding + Wo]
    return Y if b is None else Y + check_bias(b, F)[:, None, None]


def _check(X: ArrayLike, W: ArrayLike) -> tuple[Array, Array]:
    """Return maps and kernels as float64, or refuse shapes that do not fit."""
    maps, kernels = check_images(X), check_finite("W", W)
    if kernels.ndim != 4 or kernels.shape[0] != maps.shape[1]:
        raise ValueError(
            f"W has shape {kernels.shape}; expected ({maps.shape[1]}, F, kh, "
            f"kw), as X has shape {maps.shape}"
        )
    return maps, kernels
