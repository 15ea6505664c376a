"""Wiring diagrams: what a unit computes, as boxes and circles joined by wires.

Wires run along the axes and turn at right angles, as in a circuit.

Not here: gradients along the wires (`aibook.plotting.diagrams`), finding places
for the nodes.

Book page: sequences/lstm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.text import Text

from aibook.plotting.palette import CYCLE

__all__ = ["draw_wiring"]

Point = tuple[float, float]
_WIDTH, _HEIGHT = 0.86, 0.56  # of a box
_RADIUS = 0.25  # of a circle
_PORT = 0.34  # from the middle of a port to its wire


def draw_wiring(
    ax: Axes,
    nodes: Mapping[str, tuple[float, float, str]],
    wires: Sequence[Sequence[str | Point]],
    *,
    boxes: Sequence[str] = (),
    ports: Sequence[str] = (),
    strong: Sequence[int] = (),
) -> list[Text]:
    """Draw nodes and the wires between them.

    Parameters
    ----------
    ax
        Where to draw; its frame and ticks are removed.
    nodes
        From a node's name to its place, x and y, and what is written there. It
        gets a circle.
    wires
        Each goes through two or more nodes or corners (x, y), always along an
        axis. It ends in an arrow if its end is a node, and starts in a dot, a
        branch of another wire, if its start is a corner.
    boxes
        Names of nodes that get a box instead of a circle: layers.
    ports
        Names of nodes that get nothing: what comes in and what goes out.
    strong
        Numbers of wires, counted from 0, that are drawn wide and orange.

    Returns
    -------
    list of matplotlib.text.Text
        What is written in the nodes, in their order.

    Raises
    ------
    ValueError
        For no wire, an unknown name, a wire of fewer than two points, or one that
        does not run along the axes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> nodes = {"x": (0, 0, "x"), "f": (1.5, 0, "f"), "y": (3, 0, "y")}
    >>> wires = [["x", "f"], ["f", "y"]]
    >>> texts = draw_wiring(ax, nodes, wires, boxes=["f"], ports=["x", "y"])
    >>> [text.get_text() for text in texts]
    ['x', 'f', 'y']
    """
    named = {p for wire in wires for p in wire if isinstance(p, str)}
    unknown = (named | {*boxes, *ports}) - set(nodes)
    if not wires or unknown:
        raise ValueError(
            f"{len(wires)} wires, unknown nodes {sorted(unknown)}; expected "
            f"wires between {sorted(nodes)}"
        )
    texts = []
    for name, (x, y, text) in nodes.items():
        if name in boxes:
            corner = (x - _WIDTH / 2, y - _HEIGHT / 2)
            style = "round,pad=0,rounding_size=0.1"
            ax.add_patch(
                FancyBboxPatch(
                    corner, _WIDTH, _HEIGHT, boxstyle=style, fill=False
                )
            )
        elif name not in ports:
            ax.add_patch(Circle((x, y), _RADIUS, fill=False))
        texts.append(ax.text(x, y, text, ha="center", va="center"))
    for number, wire in enumerate(wires):
        points = [nodes[p][:2] if isinstance(p, str) else p for p in wire]
        _check(wire, points)
        for end, inner in ((0, 1), (-1, -2)):
            node = wire[end]
            if isinstance(node, str):
                gap = _gaps(node in boxes, node in ports)
                points[end] = _towards(points[end], points[inner], gap)
        color, width = (CYCLE[1], 3) if number in strong else (CYCLE[0], 1.5)
        ax.plot(*zip(*points, strict=True), color=color, linewidth=width)
        if not isinstance(wire[0], str):
            ax.plot(*points[0], marker="o", markersize=4, color=color)
        if isinstance(wire[-1], str):
            start = _towards(points[-1], points[-2], (0.16, 0.16))
            arrow: dict[str, Any] = {"arrowstyle": "-|>", "color": color}
            arrow |= {"linewidth": width, "mutation_scale": 11}
            arrow |= {"shrinkA": 0, "shrinkB": 0}
            ax.annotate("", points[-1], start, arrowprops=arrow)
    xs, ys = zip(*(place[:2] for place in nodes.values()), strict=True)
    ax.set(
        xlim=(min(xs) - 0.5, max(xs) + 0.5),
        ylim=(min(ys) - 0.4, max(ys) + 0.4),
    )
    ax.set_aspect("equal")
    ax.set_axis_off()
    return texts


def _gaps(box: bool, port: bool) -> Point:
    """Return how far a wire stays from a node's middle, along x and along y."""
    if box:
        return _WIDTH / 2, _HEIGHT / 2
    return (_PORT, 0.25) if port else (_RADIUS, _RADIUS)


def _towards(start: Point, end: Point, gap: Point) -> Point:
    """Return the point a gap away from start, on the way along an axis to end."""
    (xa, ya), (xb, yb) = start, end
    if ya == yb:
        return xa + (gap[0] if xb > xa else -gap[0]), ya
    return xa, ya + (gap[1] if yb > ya else -gap[1])


def _check(wire: Sequence[str | Point], points: Sequence[Point]) -> None:
    straight = all(
        (xa == xb) != (ya == yb) for (xa, ya), (xb, yb) in pairwise(points)
    )
    if len(points) < 2 or not straight:
        raise ValueError(
            f"wire {list(wire)} goes through {points}; expected two points or "
            "more, each step along one axis"
        )
