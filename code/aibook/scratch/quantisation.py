"""Numbers with few bits: real values as small whole numbers, and back.

What: the affine scheme ``x = scale (q - zero_point)``, with a zero point for
activations, symmetric (zero point 0) and one scale per output for weights; and the
product of two quantised matrices, summed up in 32-bit integers.

What not: learning with quantisation in the loop, fewer than 2 bits, and the
fixed-point multipliers by which phones avoid floating point altogether.

Letters: N rows, C inputs, O outputs.

Source: B. Jacob et al., "Quantization and Training of Neural Networks for Efficient
Integer-Arithmetic-Only Inference", CVPR 2018.

Book page: labs/on-device
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "Affine",
    "affine_for",
    "dequantise",
    "integer_product",
    "quantise",
    "round_half_up",
    "symmetric_scales",
]


class Affine(NamedTuple):
    """How real numbers are written as codes: ``x = scale (q - zero_point)``.

    Parameters
    ----------
    scale
        The real distance of two neighbouring codes, above 0.
    zero_point
        The code that stands for 0 exactly.
    """

    scale: float
    zero_point: int


def round_half_up(x: ArrayLike) -> NDArray[np.float64]:
    """Return the nearest whole numbers, the greater one for halves.

    NumPy rounds halves to even numbers; JavaScript's ``Math.floor(x + 0.5)`` does
    what is done here, so both get the same codes.

    Parameters
    ----------
    x
        Any shape.

    Examples
    --------
    >>> round_half_up([0.5, 1.5, -0.5]).tolist()
    [1.0, 2.0, 0.0]
    """
    return np.floor(np.asarray(x, dtype=np.float64) + 0.5)


def affine_for(low: float, high: float, *, num_bits: int = 8) -> Affine:
    """Return the scale and the zero point for values from `low` to `high`.

    The range is widened to contain 0, for 0 must have a code of its own: it is what
    padding adds and what ReLU leaves.

    Parameters
    ----------
    low, high
        The least and the greatest value that must be written.
    num_bits
        B, 2 to 16; the codes are -2^(B-1) to 2^(B-1) - 1.

    Raises
    ------
    ValueError
        If a bound is not finite, `low` exceeds `high`, both are 0, or the bits
        are out of range.

    Examples
    --------
    >>> affine_for(0, 25.5)  # what ReLU gives
    Affine(scale=0.1, zero_point=-128)
    >>> affine_for(-1, 3).zero_point
    -64
    """
    least, greatest = _codes(num_bits)
    finite = np.isfinite(low) and np.isfinite(high)
    if not finite or low > high or low == high == 0:
        raise ValueError(
            f"low = {low}, high = {high}; expected finite bounds in order, "
            "not both 0"
        )
    low, high = min(float(low), 0.0), max(float(high), 0.0)
    scale = (high - low) / (greatest - least)
    zero_point = int(round_half_up(least - low / scale))
    return Affine(scale, min(max(zero_point, least), greatest))


def symmetric_scales(
    W: ArrayLike, *, num_bits: int = 8
) -> NDArray[np.float64]:
    """Return one scale for each output, with 0 as zero point.

    The code -2^(B-1) is left unused, so that W and -W get the same codes but for
    the sign.

    Parameters
    ----------
    W
        Weights (O, ...); the first axis counts outputs.
    num_bits
        B, 2 to 16.

    Returns
    -------
    numpy.ndarray
        Shape (O,): the largest absolute weight over 2^(B-1) - 1; 1 for an output
        whose weights are all 0.

    Raises
    ------
    ValueError
        If W has no axis or no value, or holds what is not finite.

    Examples
    --------
    >>> symmetric_scales([[1.27, -0.5], [0.0, 0.0]]).tolist()
    [0.01, 1.0]
    """
    greatest = _codes(num_bits)[1]
    W = np.asarray(W, dtype=np.float64)
    if W.ndim < 1 or W.size == 0 or not np.isfinite(W).all():
        raise ValueError(
            f"W has shape {W.shape}; expected (O, ...), each 1 or more, with "
            "finite values"
        )
    largest = np.abs(W.reshape(len(W), -1)).max(axis=1)
    return np.where(largest > 0, largest / greatest, 1.0)


def quantise(
    x: ArrayLike,
    scale: ArrayLike,
    zero_point: ArrayLike = 0,
    *,
    num_bits: int = 8,
) -> NDArray[np.int32]:
    """Return the codes of real values: divided, shifted, rounded, cut off.

    Parameters
    ----------
    x
        Any shape.
    scale, zero_point
        Numbers, or arrays that broadcast against `x`.
    num_bits
        B, 2 to 16; what lies beyond the codes gets the last one.

    Raises
    ------
    ValueError
        If a scale is not above 0.

    Examples
    --------
    >>> quantise([-1.0, 0.0, 0.26, 9.0], 0.5).tolist()
    [-2, 0, 1, 18]
    >>> quantise([0.0, 1.0, 99.0], *affine_for(0, 25.5)).tolist()
    [-128, -118, 127]
    """
    least, greatest = _codes(num_bits)
    scale = np.asarray(scale, dtype=np.float64)
    if not (scale > 0).all():
        raise ValueError(f"scale is {scale}; expected numbers above 0")
    codes = round_half_up(np.asarray(x) / scale) + np.asarray(zero_point)
    return np.asarray(codes.clip(least, greatest), dtype=np.int32)


def dequantise(
    codes: ArrayLike, scale: ArrayLike, zero_point: ArrayLike = 0
) -> NDArray[np.float64]:
    """Return the real values that codes stand for.

    Parameters
    ----------
    codes
        Whole numbers of any shape.
    scale, zero_point
        As for `quantise`.

    Examples
    --------
    >>> dequantise([-2, 0, 18], 0.5).tolist()
    [-1.0, 0.0, 9.0]
    """
    shifted = np.asarray(codes, dtype=np.int64) - np.asarray(zero_point)
    return np.asarray(np.asarray(scale) * shifted, dtype=np.float64)


def integer_product(
    q_x: ArrayLike, zero_point: int, q_w: ArrayLike
) -> NDArray[np.int32]:
    """Return the sums of ``(q_x - zero_point) q_w`` in 32-bit integers.

    Only codes are multiplied; what the zero point takes away is the same for all
    rows and is computed once for each output.

    Parameters
    ----------
    q_x
        Codes of the inputs, shape (N, C), -128 to 127.
    zero_point
        The code of the inputs that stands for 0.
    q_w
        Codes of the weights, shape (O, C), -127 to 127; their zero point is 0.

    Returns
    -------
    numpy.ndarray
        Shape (N, O), int32. Times the scales of inputs and weights it is the
        product of the real matrices.

    Raises
    ------
    ValueError
        If the shapes do not fit, a code is outside of -128 to 127, or a sum
        could leave 32 bits.

    Examples
    --------
    >>> integer_product([[1, 2]], 1, [[3, 4], [5, -6]]).tolist()
    [[4, -6]]
    """
    x, w = np.asarray(q_x), np.asarray(q_w)
    if x.ndim != 2 or w.ndim != 2 or x.shape[1] != w.shape[1]:
        raise ValueError(
            f"q_x and q_w have the shapes {x.shape} and {w.shape}; expected "
            "(N, C) and (O, C)"
        )
    for name, codes in (("q_x", x), ("zero_point", zero_point), ("q_w", w)):
        if np.size(codes) and (np.min(codes) < -128 or np.max(codes) > 127):
            raise ValueError(f"{name} leaves the codes -128 to 127")
    if x.shape[1] * 255 * 128 >= 2**31:
        raise ValueError(f"{x.shape[1]} products could leave 32 bits")
    x, w = x.astype(np.int32), w.astype(np.int32)
    correction = zero_point * w.sum(axis=1, dtype=np.int32)  # (O,)
    return np.asarray(x @ w.T - correction, dtype=np.int32)


def _codes(num_bits: int) -> tuple[int, int]:
    """Return the least and the greatest code."""
    if not 2 <= num_bits <= 16:
        raise ValueError(f"num_bits is {num_bits}; expected 2 to 16")
    return -(2 ** (num_bits - 1)), 2 ** (num_bits - 1) - 1
