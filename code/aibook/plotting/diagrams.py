"""Diagrams: networks of units and weights, and graphs of computations.

Not here: finding places for the nodes, anything that is computed from data.

Book pages: networks/mlp, networks/backpropagation.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle
from matplotlib.text import Text

from aibook.plotting.palette import CYCLE

__all__ = ["draw_graph", "draw_network"]

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


def draw_graph(
    ax: Axes,
    nodes: Mapping[str, tuple[float, float, str]],
    edges: Sequence[tuple[str, str, str, str]],
    *,
    radius: float = 0.24,
) -> list[tuple[Text, Text]]:
    """Draw a computation: values go forward along its edges, gradients back.

    A node with edges in and out is an operation and gets a circle. Along each edge
    a solid blue arrow goes forward and a dashed orange one back, each with its
    number, the gradient in italics, on its left in the direction of travel.

    Parameters
    ----------
    ax
        Where to draw; its frame and ticks are removed.
    nodes
        From a node's name to its place, x and y, and what is written there.
    edges
        Start and end, both names, the value and the gradient.
    radius
        Of a circle, and what an arrow leaves free around both its ends.

    Returns
    -------
    list of pairs of matplotlib.text.Text
        Value and gradient of each edge.

    Raises
    ------
    ValueError
        For no edge, or one whose start or end is no node.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> nodes = {"x": (0, 0, "x"), "f": (1, 0, "exp"), "y": (2, 0, "y")}
    >>> edges = [("x", "f", "0.0", "1.0"), ("f", "y", "1.0", "1.0")]
    >>> texts = draw_graph(ax, nodes, edges)
    >>> len(ax.patches), texts[0][0].get_text()
    (1, '0.0')
    """
    unknown = {name for edge in edges for name in edge[:2]} - set(nodes)
    if not edges or unknown:
        raise ValueError(
            f"{len(edges)} edges, unknown nodes {sorted(unknown)}; expected "
            f"edges between {sorted(nodes)}"
        )
    operations = {edge[0] for edge in edges} & {edge[1] for edge in edges}
    for name, (x, y, text) in nodes.items():
        ax.text(x, y, text, ha="center", va="center")
        if name in operations:
            ax.add_patch(Circle((x, y), radius, fill=False))
    forward, back = CYCLE[:2]
    texts = []
    for start, end, value, gradient in edges:
        (xa, ya, _), (xb, yb, _) = nodes[start], nodes[end]
        a, b = (xa, ya), (xb, yb)
        texts.append(
            (
                _arrow(ax, a, b, radius, value, color=forward),
                _arrow(ax, b, a, radius, gradient, color=back, dashes="--"),
            )
        )
    xs = [x for x, _, _ in nodes.values()]
    ys = [y for _, y, _ in nodes.values()]
    ax.set(
        xlim=(min(xs) - 0.3, max(xs) + 0.3),
        ylim=(min(ys) - 0.45, max(ys) + 0.45),
    )
    ax.set_aspect("equal")
    ax.set_axis_off()
    return texts


def _arrow(
    ax: Axes,
    start: Point,
    end: Point,
    gap: float,
    label: str,
    *,
    color: str,
    dashes: str = "-",
) -> Text:
    """Draw an arrow a little left of the way from start to end, and its label."""
    length = math.dist(start, end)
    dx, dy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    left = (-dy, dx)
    tail, head = (
        (
            start[0] + t * dx + 0.07 * left[0],
            start[1] + t * dy + 0.07 * left[1],
        )
        for t in (gap, length - gap)
    )
    style: dict[str, Any] = {
        "arrowstyle": "->",
        "color": color,
        "linestyle": dashes,
    }
    style |= {"linewidth": 1.5, "shrinkA": 0, "shrinkB": 0}
    ax.annotate("", head, tail, arrowprops=style)
    align: dict[str, Any]
    if abs(dx) > abs(dy):  # the label stands above or below
        align = {"ha": "center", "va": "bottom" if left[1] > 0 else "top"}
    else:
        align = {"ha": "left" if left[0] > 0 else "right", "va": "center"}
    return ax.text(
        (tail[0] + head[0]) / 2 + 0.1 * left[0],
        (tail[1] + head[1]) / 2 + 0.1 * left[1],
        label,
        fontsize=11,
        fontstyle="normal" if dashes == "-" else "italic",
        **align,
    )
