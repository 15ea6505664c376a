"""Diagrams of networks: units as circles, weights as lines.

Not here: anything that is computed from data.

Book page: networks/mlp.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.text import Text

__all__ = ["draw_network"]

Point = tuple[float, float]


def draw_network(
    ax: Axes,
    units: Sequence[Sequence[str]],
    *,
    layers: Sequence[str] | None = None,
    radius: float = 0.3,
) -> list[list[Text]]:
    """Draw a fully connected network from left to right, units as circles.

    Parameters
    ----------
    ax
        Where to draw; its frame and ticks are removed.
    units
        The names in the units, one sequence a layer, the inputs first.
    layers
        A name below each layer; none by default.
    radius
        Of a unit; units lie 1 apart in a layer, layers 2 apart.

    Returns
    -------
    list of list of matplotlib.text.Text
        The names, as `units` gives them.

    Raises
    ------
    ValueError
        For fewer than two layers, an empty layer, or another number of layer names
        than of layers.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> names = draw_network(ax, [["x1", "x2"], ["y"]])
    >>> len(ax.lines), names[1][0].get_position()
    (2, (2.0, 0.0))
    """
    if len(units) < 2 or not all(units):
        sizes = [len(layer) for layer in units]
        raise ValueError(
            f"layers of {sizes} units; give two layers, each of 1 or more"
        )
    if layers is not None and len(layers) != len(units):
        raise ValueError(f"{len(layers)} layer names for {len(units)} layers")
    places = [
        [
            (2.0 * column, (len(layer) - 1) / 2 - row)
            for row in range(len(layer))
        ]
        for column, layer in enumerate(units)
    ]
    for left, right in pairwise(places):
        for start in left:
            for end in right:
                _join(ax, start, end, radius)
    texts: list[list[Text]] = []
    for column, (spots, layer) in enumerate(zip(places, units, strict=True)):
        if column > 0:  # inputs are no units: they compute nothing
            for spot in spots:
                ax.add_patch(Circle(spot, radius, fill=False))
        texts.append(
            [
                ax.text(*spot, name, ha="center", va="center")
                for spot, name in zip(spots, layer, strict=True)
            ]
        )
    bottom = -max(len(layer) for layer in units) / 2
    for column, name in enumerate(layers or []):
        ax.text(2.0 * column, bottom - 0.1, name, ha="center", va="top")
    ax.set(
        xlim=(-0.7, 2.0 * len(units) - 1.3), ylim=(bottom - 0.5, -bottom + 0.1)
    )
    ax.set_aspect("equal")
    ax.set_axis_off()
    return texts


def _join(ax: Axes, start: Point, end: Point, gap: float) -> None:
    """Draw a line that leaves `gap` free around both places."""
    length = math.dist(start, end)
    step = [gap / length * (b - a) for a, b in zip(start, end, strict=True)]
    xs, ys = ((a + d, b - d) for a, b, d in zip(start, end, step, strict=True))
    ax.plot(xs, ys, color="black", linewidth=1)
