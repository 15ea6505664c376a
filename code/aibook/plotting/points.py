"""Points of two classes in the plane.

A class has its own marker and its own colour, so the figure can be read without
colour. Not here: more than two classes, more than two inputs.

Book page: networks/perceptron.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from numpy.typing import ArrayLike

from aibook.plotting.palette import CLASS_COLOURS

__all__ = ["CLASS_MARKERS", "draw_points"]

MAX_VECTORS = 1000
"""A class of more points than this is drawn as a raster, to keep the file small."""

CLASS_MARKERS = ("o", "s")
"""The markers of class 0 (disc) and class 1 (square)."""


def draw_points(
    ax: Axes,
    X: ArrayLike,
    y: ArrayLike,
    *,
    names: Sequence[str] | None = None,
    size: float = 45.0,
) -> list[PathCollection]:
    """Draw the points of class 0 as blue discs, those of class 1 as orange squares.

    The axes are labelled ``x1`` and ``x2``; the legend is left to the caller
    (``ax.legend()``). A class of more than `MAX_VECTORS` points becomes a raster.

    Parameters
    ----------
    ax
        Where to draw.
    X
        Points, shape (N, 2), finite.
    y
        Classes, shape (N,), each 0 or 1.
    names
        The two classes' names in a legend, ``"0"`` and ``"1"`` by default.
    size
        Area of a marker in square points (1/72 inch), as ``ax.scatter`` takes it.

    Returns
    -------
    list of matplotlib.collections.PathCollection
        The points of class 0, then those of class 1 (either may be empty).

    Raises
    ------
    ValueError
        For another shape, no point, a value that is not finite, a class other
        than 0 and 1, or a number of names other than two.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> zeros, ones = draw_points(ax, [[0, 0], [0, 1], [1, 1]], [0, 0, 1])
    >>> zeros.get_offsets().shape, ones.get_label()
    ((2, 2), '1')
    """
    X, y = np.asarray(X, dtype=np.float64), np.asarray(y)
    if X.ndim != 2 or X.shape[1] != 2 or len(X) == 0:
        raise ValueError(
            f"X has shape {X.shape}; it must be (N, 2) with N >= 1"
        )
    if y.shape != X.shape[:1]:
        raise ValueError(
            f"y has shape {y.shape}; with {len(X)} points: ({len(X)},)"
        )
    if not np.isfinite(X).all():
        raise ValueError(
            "X holds NaN or infinity; every coordinate must be finite"
        )
    if not np.isin(y, (0, 1)).all():
        raise ValueError(
            f"y holds {np.unique(y).tolist()}; classes are 0 and 1"
        )
    names = ("0", "1") if names is None else names
    if len(names) != 2:
        raise ValueError(
            f"names has {len(names)} entries; there are 2 classes"
        )
    ax.set(xlabel="x1", ylabel="x2")
    return [
        ax.scatter(
            X[y == k, 0],
            X[y == k, 1],
            s=size,
            marker=CLASS_MARKERS[k],
            color=CLASS_COLOURS[k],
            edgecolors="black",
            linewidths=0.7,
            label=names[k],
            rasterized=bool((y == k).sum() > MAX_VECTORS),
            zorder=3,  # above lines
        )
        for k in (0, 1)
    ]
