"""What a classifier of the plane does: its line, its regions, their border.

`draw_line` draws the set where a weighted sum is zero, `draw_regions` shades a
probability, `draw_boundary` traces where the probability crosses one half. All
three look at the limits that the Axes has when they are called and leave them as
they are: draw the points first.

Not here: regions of more than two classes, surfaces in three dimensions.

Book pages: networks/perceptron, networks/mlp.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.contour import QuadContourSet
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike, NDArray

from aibook.plotting.palette import REGION_COLOURS

__all__ = ["draw_boundary", "draw_line", "draw_regions"]

Floats = NDArray[np.float64]


def draw_line(
    ax: Axes, w: ArrayLike, b: float, *, label: str | None = None, **style: Any
) -> Line2D:
    """Draw the line w·x + b = 0 from one limit of the axes to another.

    Parameters
    ----------
    ax
        Where to draw; its limits are left as they are.
    w
        Weights, shape (2,), not both zero. The line is perpendicular to them.
    b
        Bias.
    label
        Name in a legend.
    **style
        Passed to ``ax.plot``; black by default.

    Returns
    -------
    matplotlib.lines.Line2D
        The segment inside the limits; it has no points where the line misses them.

    Raises
    ------
    ValueError
        For another shape, a value that is not finite, or w = 0 (then every point
        or none is on the "line").

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()  # both axes from 0 to 1
    >>> draw_line(ax, w=[2, 2], b=-3).get_xydata().tolist()
    [[0.5, 1.0], [1.0, 0.5]]
    >>> draw_line(ax, w=[1, 0], b=-0.25).get_xydata().tolist()
    [[0.25, 0.0], [0.25, 1.0]]
    """
    w, b = np.asarray(w, dtype=np.float64), float(b)
    if w.shape != (2,):
        raise ValueError(
            f"w has shape {w.shape}; a line in the plane has (2,)"
        )
    if not (np.isfinite(w).all() and np.isfinite(b)):
        raise ValueError(f"w = {w.tolist()}, b = {b}; all must be finite")
    if not w.any():
        raise ValueError(
            "w = [0, 0] defines no line; one weight must differ from 0"
        )
    ends = _clip(w, b, sorted(ax.get_xlim()), sorted(ax.get_ylim()))
    style = {"color": "black", "label": label} | style
    # Without autoscaling the segment cannot push the limits away from its ends.
    (line,) = ax.plot(*ends.T, scalex=False, scaley=False, **style)
    return line


def _clip(w: Floats, b: float, *limits: list[float]) -> Floats:
    """Return the ends (2, 2) of w·x + b = 0 inside the limits, or (0, 2)."""
    ends = []
    for i, j in ((0, 1), (1, 0)):
        if w[j] == 0:
            continue
        low, high = limits[j]
        slack = 1e-9 * (high - low)  # a line through a corner must not be lost
        for x_i in limits[i]:
            with np.errstate(over="ignore", invalid="ignore"):
                x_j = -(w[i] / w[j] * x_i + b / w[j])
            if low - slack <= x_j <= high + slack:
                end = np.empty(2)
                end[i], end[j] = x_i, min(max(x_j, low), high)
                ends.append(end)
    if not ends:
        return np.empty((0, 2))
    # At a corner two sides give one point: keep the two that are farthest apart.
    return np.array([min(ends, key=tuple), max(ends, key=tuple)])


def draw_regions(
    ax: Axes,
    predict: Callable[[Floats], ArrayLike],
    *,
    resolution: int = 200,
    **style: Any,
) -> AxesImage:
    """Shade the axes by a probability: blue near 0, orange near 1.

    The shade is a raster, so the figure stays small however complex the model.
    It is transparent at one half.

    Parameters
    ----------
    ax
        Where to draw; its limits are left as they are.
    predict
        From points (M, 2), float64, to probabilities (M,) in [0, 1].
    resolution
        Pixels along each axis; ``predict`` is asked at their centres.
    **style
        Passed to ``ax.imshow``.

    Returns
    -------
    matplotlib.image.AxesImage
        The raster; its array has shape (resolution, resolution), first row lowest.

    Raises
    ------
    ValueError
        For another shape of the probabilities, one outside [0, 1], or a
        resolution below 2.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> image = draw_regions(ax, lambda X: X[:, 0] > 0.5, resolution=4)
    >>> image.get_array()[0].tolist()
    [0.0, 0.0, 1.0, 1.0]
    """
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    _, _, values = _on_grid(ax, predict, resolution)
    defaults: dict[str, Any] = {
        "cmap": REGION_COLOURS,
        "vmin": 0,
        "vmax": 1,
        "origin": "lower",
        "extent": (*sorted(xlim), *sorted(ylim)),
        "aspect": ax.get_aspect(),
        "interpolation": "none",  # one pixel of the raster stays one pixel
        "zorder": 0,
    }
    image = ax.imshow(values, **(defaults | style))
    ax.set(xlim=xlim, ylim=ylim)
    return image


def draw_boundary(
    ax: Axes,
    predict: Callable[[Floats], ArrayLike],
    *,
    level: float = 0.5,
    resolution: int = 200,
    **style: Any,
) -> QuadContourSet:
    """Trace where a probability crosses a level: the border of the two regions.

    Parameters
    ----------
    ax
        Where to draw; its limits are left as they are.
    predict
        From points (M, 2), float64, to probabilities (M,) in [0, 1].
    level
        The probability to trace, between 0 and 1.
    resolution
        Points along each axis at which ``predict`` is asked.
    **style
        Passed to ``ax.contour``; black by default.

    Returns
    -------
    matplotlib.contour.QuadContourSet
        The border; empty where the probability never crosses the level.

    Raises
    ------
    ValueError
        As for `draw_regions`, or for a level that is not between 0 and 1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> border = draw_boundary(ax, lambda X: X.mean(axis=1))
    >>> path = border.get_paths()[0].vertices  # on x1 + x2 = 1
    >>> bool(abs(path.sum(axis=1) - 1).max() < 1e-6)
    True
    """
    if not 0 < level < 1:
        raise ValueError(f"level = {level}; it must lie between 0 and 1")
    xlim, ylim = ax.get_xlim(), ax.get_ylim()
    xs, ys, values = _on_grid(ax, predict, resolution)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "No contour levels were found")
        border = ax.contour(
            xs, ys, values, levels=[level], **{"colors": "black"} | style
        )
    ax.set(xlim=xlim, ylim=ylim)
    return border


def _on_grid(
    ax: Axes, predict: Callable[[Floats], ArrayLike], resolution: int
) -> tuple[Floats, Floats, Floats]:
    """Return xs (R,), ys (R,) and the prediction (R, R) at the pixels' centres."""
    if resolution < 2:
        raise ValueError(f"resolution = {resolution}; it must be 2 or more")
    t = (np.arange(resolution) + 0.5) / resolution
    (x0, x1), (y0, y1) = sorted(ax.get_xlim()), sorted(ax.get_ylim())
    xs, ys = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
    X = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)  # (R * R, 2)
    values = np.asarray(predict(X), dtype=np.float64)
    if values.shape != (len(X),):
        raise ValueError(
            f"predict gave shape {values.shape}; expected ({len(X)},)"
        )
    if not ((values >= 0) & (values <= 1)).all():  # false for NaN too
        raise ValueError(
            f"predict gave values from {values.min()} to {values.max()}; "
            "probabilities lie in [0, 1]"
        )
    return xs, ys, values.reshape(resolution, resolution)
