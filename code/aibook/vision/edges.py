"""Edges: where brightness changes steeply, by Sobel's kernels and a threshold.

`slopes` gives how fast brightness grows across and down at each pixel, `steepness`
the length of that slope, `find_edges` the line drawing that is left where it is
steepest. `sharpness`, the mean steepness, tells crisp images from blurred ones.

Letters: N images, H rows, W columns.

Not here: smoothing beforehand and linking of weak edges, the other parts of Canny's
method; sliding any kernel (`aibook.scratch.convolution`).

Sources: R. O. Duda and P. E. Hart, "Pattern Classification and Scene Analysis", Wiley
1973 (Sobel's kernels); J. Canny, "A computational approach to edge detection", TPAMI
8(6), 1986 (only the steepest pixels across an edge).

Book page: generative/pix2pix.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["find_edges", "sharpness", "slopes", "steepness"]

Array = NDArray[np.float64]


def slopes(images: ArrayLike) -> tuple[Array, Array]:
    """Return by how much brightness grows a pixel to the right, and a pixel down.

    Sobel's kernels divided by 8, so that a ramp has its own slope. At the border the
    outermost pixels are repeated.

    Parameters
    ----------
    images
        Finite, shape (..., H, W).

    Returns
    -------
    across, down : numpy.ndarray
        Of the same shape.

    Raises
    ------
    ValueError
        For fewer than two axes, no pixel, NaN or infinity.

    References
    ----------
    Duda and Hart (1973).

    Examples
    --------
    >>> across, down = slopes([[0, 1, 2], [0, 1, 2], [0, 1, 2]])
    >>> float(across[1, 1]), float(down[1, 1])
    (1.0, 0.0)
    """
    x = np.asarray(images, dtype=float)
    if x.ndim < 2 or x.size == 0 or not np.isfinite(x).all():
        raise ValueError(
            f"images have shape {x.shape}; expected (..., H, W), each 1 or more, "
            "of finite numbers"
        )
    rim = [(0, 0)] * (x.ndim - 2) + [(1, 1), (1, 1)]
    x = np.pad(x, rim, mode="edge")
    rows = x[..., :-2, :] + 2 * x[..., 1:-1, :] + x[..., 2:, :]
    columns = x[..., :-2] + 2 * x[..., 1:-1] + x[..., 2:]
    across = (rows[..., 2:] - rows[..., :-2]) / 8
    down = (columns[..., 2:, :] - columns[..., :-2, :]) / 8
    return across, down


def steepness(images: ArrayLike) -> Array:
    """Return the length of the slope at each pixel.

    Parameters and errors are those of `slopes`.

    Examples
    --------
    >>> steepness([[0, 1, 2], [0, 1, 2], [0, 1, 2]])[1].tolist()
    [0.5, 1.0, 0.5]
    """
    return _length(*slopes(images))


def sharpness(images: ArrayLike) -> float:
    """Return the mean steepness over all pixels.

    Parameters and errors are those of `slopes`.

    Examples
    --------
    >>> sharpness([[0.0, 0.0, 1.0, 1.0]] * 4), sharpness([[0, 0.3, 0.7, 1]] * 4)
    (0.25, 0.25)
    """
    return float(steepness(images).mean())


def find_edges(
    images: ArrayLike, *, threshold: float = 0.1
) -> NDArray[np.bool_]:
    """Return the pixels where brightness is steep, and steepest across the edge.

    A pixel is kept if its steepness reaches the threshold, and if neither of its two
    neighbours across the edge is steeper: those to its left and right where
    brightness changes more across than down, else those above and below.

    Parameters
    ----------
    images
        Finite, shape (..., H, W).
    threshold
        The least slope, above 0, in the unit of the images for each pixel.

    Returns
    -------
    numpy.ndarray
        True on edges, of the same shape.

    Raises
    ------
    ValueError
        As `slopes`, and if the threshold is not above 0.

    References
    ----------
    Canny (1986), section VII, there along the slope itself.

    Examples
    --------
    >>> find_edges([[0, 0.1, 0.9, 1.0, 1.0]], threshold=0.3).astype(int)
    array([[0, 1, 1, 0, 0]])
    """
    if not threshold > 0:
        raise ValueError(f"threshold = {threshold}; it must be above 0")
    across, down = slopes(images)
    steep = _length(across, down)
    rim = [(0, 0)] * (steep.ndim - 2) + [(1, 1), (1, 1)]
    padded = np.pad(steep, rim)
    beside = np.maximum(padded[..., 1:-1, :-2], padded[..., 1:-1, 2:])
    above = np.maximum(padded[..., :-2, 1:-1], padded[..., 2:, 1:-1])
    rival = np.where(np.abs(across) > np.abs(down), beside, above)
    edges: NDArray[np.bool_] = (steep >= threshold) & (steep >= rival)
    return edges


def _length(across: Array, down: Array) -> Array:
    # numpy.hypot differs between processors in the last digit, and so would ties.
    length: Array = np.sqrt(across * across + down * down)
    return length
