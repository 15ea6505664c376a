"""Walks downhill: where a function of the plane is high, and the way down it.

Not here: surfaces in three dimensions; the walks themselves.

Book page: networks/gradient-descent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

__all__ = ["draw_landscape", "draw_way"]

Floats = NDArray[np.float64]


def draw_landscape(
    ax: Axes,
    f: Callable[[Floats], ArrayLike],
    *,
    levels: Sequence[float],
    resolution: int = 60,
) -> QuadContourSet:
    """Draw the lines on which a function of two numbers has the given heights.

    Parameters
    ----------
    ax
        Where to draw; its limits are left as they are.
    f
        From points (M, 2) to heights (M,).
    levels
        The heights, rising.
    resolution
        Points along each axis at which ``f`` is asked.

    Returns
    -------
    matplotlib.contour.QuadContourSet
        The lines, thin and grey.

    Raises
    ------
    ValueError
        For fewer than two points along an axis, or heights of another shape.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> lines = draw_landscape(ax, lambda w: w.sum(axis=-1), levels=[0.5, 1.0])
    >>> lines.levels.tolist()
    [0.5, 1.0]
    """
    if resolution < 2:
        raise ValueError(f"resolution = {resolution}; it must be 2 or more")
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    x, y = np.meshgrid(
        np.linspace(*xlim, resolution), np.linspace(*ylim, resolution)
    )
    points = np.column_stack([x.ravel(), y.ravel()])
    heights = np.asarray(f(points))
    if heights.shape != (len(points),):
        raise ValueError(
            f"f gives shape {heights.shape} for {len(points)} points; "
            f"expected ({len(points)},)"
        )
    lines = ax.contour(
        *(x, y, heights.reshape(x.shape)),
        levels=list(levels),
        colors="#808080",
        linewidths=0.8,
        linestyles="solid",
    )
    ax.set(xlim=xlim, ylim=ylim)
    return lines


def draw_way(
    ax: Axes, x: ArrayLike, y: ArrayLike, **style: Any
) -> list[Line2D]:
    """Draw the way of a descent: a dot for each step, a ring around the start.

    Parameters
    ----------
    ax
        Where to draw; its limits are left as they are if they have been set.
    x, y
        The points of the way, shape (T,) each, T >= 1.
    **style
        Passed to ``ax.plot``; orange by default.

    Returns
    -------
    list of matplotlib.lines.Line2D
        The way, and the ring.

    Raises
    ------
    ValueError
        For another shape.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> way, ring = draw_way(ax, [1.0, 0.5, 0.25], [0.0, 0.0, 0.0])
    >>> ring.get_xdata().tolist()
    [1.0]
    """
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim != 1 or x.shape != y.shape or x.size == 0:
        raise ValueError(
            f"x has shape {x.shape}, y {y.shape}; expected (T,) each, T >= 1"
        )
    defaults: dict[str, Any] = {
        "color": "C1",
        "marker": "o",
        "markersize": 4,
        "linewidth": 1.2,
    }
    (way,) = ax.plot(x, y, **(defaults | style))
    (ring,) = ax.plot(
        x[:1],
        y[:1],
        "o",
        color="black",
        fillstyle="none",
        markersize=10,
        markeredgewidth=1.5,
    )
    return [way, ring]
