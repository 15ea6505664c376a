"""A recurrent network, unrolled: the same weights at every step.

Not here: values and gradients along the arrows (`aibook.plotting.diagrams`).

Source: the picture is that of D. Rumelhart, G. Hinton and R. Williams, "Learning
internal representations by error propagation", 1986.

Book page: sequences/rnn.
"""

from __future__ import annotations

from typing import Literal

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.text import Text

from aibook.plotting.palette import CYCLE

__all__ = ["draw_unrolled"]

_DASHES: tuple[Literal["-", "--", ":", "-."], ...] = ("-", "--", ":", "-.")


def draw_unrolled(
    ax: Axes,
    *,
    num_steps: int = 4,
    num_layers: int = 1,
    radius: float = 0.27,
) -> tuple[list[Text], list[Line2D]]:
    """Draw the steps from left to right, the layers from bottom to top.

    Arrows of one colour and dash share their weights: those into a layer, and
    those from its states to its next states. The output's arrows are thin.

    Parameters
    ----------
    ax
        Where to draw; its frame and ticks are removed.
    num_steps
        T, 2 or more.
    num_layers
        Recurrent layers, 1 or 2.
    radius
        Of a state; steps and layers lie 1 apart.

    Returns
    -------
    names : list of matplotlib.text.Text
        What stands in the inputs, states and outputs.
    keys : list of matplotlib.lines.Line2D
        One arrow of each group of weights, for a legend: layer by layer, the
        inputs' weights and the states'.

    Raises
    ------
    ValueError
        If a number is out of range.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> names, keys = draw_unrolled(Figure().subplots(), num_steps=3)
    >>> [name.get_text() for name in names], len(keys)
    (['x1', 'h1', 'y1', 'x2', 'h2', 'y2', 'x3', 'h3', 'y3'], 2)
    """
    if num_steps < 2 or num_layers not in (1, 2):
        raise ValueError(
            f"num_steps is {num_steps}, num_layers {num_layers}; expected 2 or "
            "more, and 1 or 2"
        )
    letters = ("x", "h", "y") if num_layers == 1 else ("x", "h", "g", "y")
    top = len(letters) - 1
    names = []
    for t in range(num_steps):
        for level, letter in enumerate(letters):
            label = f"{letter}{t + 1}"
            names.append(ax.text(t, level, label, ha="center", va="center"))
            if 0 < level < top:
                ax.add_patch(Circle((t, level), radius, fill=False))
                key = 2 * level - 1
                if t:
                    _arrow(ax, (t - 1, level), (t, level), radius, key)
            if 0 < level < top:
                _arrow(ax, (t, level - 1), (t, level), radius, 2 * level - 2)
            elif level == top:
                _arrow(ax, (t, level - 1), (t, level), radius, None)
    ax.set(xlim=(-0.4, num_steps - 0.6), ylim=(-0.3, top + 0.3))
    ax.set_aspect("equal")
    ax.set_axis_off()
    keys = [
        Line2D([], [], color=CYCLE[k], linestyle=_DASHES[k])
        for k in range(2 * num_layers)
    ]
    return names, keys


def _arrow(
    ax: Axes,
    start: tuple[float, float],
    end: tuple[float, float],
    gap: float,
    key: int | None,
) -> None:
    """Draw an arrow that leaves ``gap`` free around both places."""
    dx, dy = end[0] - start[0], end[1] - start[1]  # one of them is 1
    ax.annotate(
        "",
        (end[0] - gap * dx, end[1] - gap * dy),
        (start[0] + gap * dx, start[1] + gap * dy),
        arrowprops={
            "arrowstyle": "-|>",  # a filled head has no dashes
            "color": "black" if key is None else CYCLE[key],
            "linestyle": "-" if key is None else _DASHES[key],
            "mutation_scale": 12,
            "linewidth": 1 if key is None else 2,
            "shrinkA": 0,
            "shrinkB": 0,
        },
    )
