"""How large what a sliding window gives is, and how far back it looks.

Along one axis: height and width follow the same rules, each with its own numbers.
The rules hold for convolution and for pooling. Not here: the operations themselves
(`aibook.scratch.convolution`, `aibook.scratch.pooling`).

Sources: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
learning", arXiv:1603.07285, 2016; A. Araujo, W. Norris and J. Sim, "Computing
receptive fields of convolutional neural networks", Distill, 2019.

Book page: images/convolution
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

__all__ = [
    "Window",
    "output_size",
    "receptive_field",
    "transposed_output_size",
]


class Window(NamedTuple):
    """The window of a layer, along one axis."""

    kernel: int
    stride: int = 1
    dilation: int = 1


def output_size(
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> int:
    """Return at how many places a window fits: the size of the output.

    Parameters
    ----------
    n
        The size of the input, 1 or more.
    kernel
        How many inputs the window reads, 1 or more.
    stride
        By how many places it moves, 1 or more.
    padding
        How many values are added at each end of the input, 0 or more.
    dilation
        The distance between neighbouring inputs that the window reads, 1 or more.

    Returns
    -------
    int
        floor((n + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.

    Raises
    ------
    ValueError
        If a number is out of range, or the window is longer than the padded input.

    Examples
    --------
    >>> output_size(14, 3, stride=2, padding=1)
    7
    >>> output_size(3, 5)
    Traceback (most recent call last):
    ...
    ValueError: a window of 5 does not fit into 3 (n = 3, padding = 0)
    """
    n = _whole("n", n, 1)
    padding = _whole("padding", padding, 0)
    stride = _whole("stride", stride, 1)
    span = _span(kernel, dilation)
    if span > n + 2 * padding:
        raise ValueError(
            f"a window of {span} does not fit into {n + 2 * padding} "
            f"(n = {n}, padding = {padding})"
        )
    return (n + 2 * padding - span) // stride + 1


def transposed_output_size(
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
    output_padding: int = 0,
) -> int:
    """Return the size that a transposed convolution gives.

    It undoes `output_size` as far as that can be undone: where the stride has
    rounded, several sizes lead to the same, and ``output_padding`` says which is
    meant.

    Parameters
    ----------
    n
        The size of the input, 1 or more.
    kernel, stride, padding, dilation
        Those of the convolution that is transposed; ranges as in `output_size`.
    output_padding
        From 0 to below the larger of stride and dilation.

    Returns
    -------
    int
        (n - 1) stride - 2 padding + dilation (kernel - 1) + output_padding + 1.

    Raises
    ------
    ValueError
        If a number is out of range, or the size would be below 1.

    Examples
    --------
    >>> transposed_output_size(14, 3, stride=2, padding=1)
    27
    >>> transposed_output_size(14, 3, stride=2, padding=1, output_padding=1)
    28
    """
    n = _whole("n", n, 1)
    padding = _whole("padding", padding, 0)
    stride = _whole("stride", stride, 1)
    span = _span(kernel, dilation)
    extra = _whole("output_padding", output_padding, 0)
    if extra >= max(stride, dilation):
        raise ValueError(
            f"output_padding is {extra}; expected less than the stride "
            f"{stride} or the dilation {dilation}"
        )
    size = (n - 1) * stride - 2 * padding + span + extra
    if size < 1:
        raise ValueError(
            f"n = {n} and padding = {padding} leave a size of {size}; "
            "expected 1 or more"
        )
    return size


def receptive_field(windows: Iterable[Window | tuple[int, ...]]) -> int:
    """Return how many inputs can influence one output of a stack of layers.

    Parameters
    ----------
    windows
        The window of each layer, first to last: kernel, stride, dilation.

    Returns
    -------
    int
        1 + the sum of dilation (kernel - 1) times all strides before the layer.

    Raises
    ------
    ValueError
        If a number is below 1.

    Examples
    --------
    >>> receptive_field([Window(3), Window(3)])
    5
    >>> receptive_field([(3,), (2, 2), (3,)])  # a pooling of 2 in between
    8
    """
    size = jump = 1  # of inputs: seen, and between two neighbouring outputs
    for kernel, stride, dilation in (Window(*window) for window in windows):
        size += (_span(kernel, dilation) - 1) * jump
        jump *= _whole("stride", stride, 1)
    return size


def _span(kernel: int, dilation: int) -> int:
    """Return how many places a window covers, gaps included."""
    kernel = _whole("kernel", kernel, 1)
    return _whole("dilation", dilation, 1) * (kernel - 1) + 1


def _whole(name: str, value: Any, least: int) -> int:
    """Return a whole number, or refuse what is none or is too small."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise ValueError(f"{name} is {value!r}; expected a whole number")
    if value.__index__() < least:
        raise ValueError(f"{name} is {value!r}; expected {least} or more")
    return int(value.__index__())
