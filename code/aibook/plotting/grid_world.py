"""A grid world, with the value of each cell and the best way out of it.

Not here: the world itself (`aibook.scratch.grid_world`), learning.

Book page: ai/learning
"""

from __future__ import annotations

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike

from aibook.plotting.palette import ink_on

__all__ = ["draw_grid_world"]

_ARROWS = ((0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0))
_END = 1e-9


def draw_grid_world(
    ax: Axes,
    rows: ArrayLike,
    Q: ArrayLike | None = None,
    *,
    decimals: int = 2,
    limits: tuple[float, float] = (0.0, 1.0),
) -> list[Text]:
    """Draw the map of a grid world, and a table of values in its cells.

    A free cell shows its value, the greatest of its row in the table, on a colour
    from dark (low) to light (high), and an arrow for each best action. A cell whose
    actions are all worth the same has no arrow. Walls are hatched; start, goal
    and pits carry their letters.

    Parameters
    ----------
    ax
        Where to draw; its frame is taken away.
    rows
        The map, one text a row, as `aibook.scratch.grid_world.GridWorld` takes it.
    Q
        Shape (S, 4), actions up, right, down, left. Without it, only the map.
    decimals
        Of the numbers in the cells.
    limits
        The values that are darkest and lightest.

    Returns
    -------
    list of matplotlib.text.Text
        The texts in the cells, row after row.

    Raises
    ------
    ValueError
        For rows of different lengths, or a table of another shape.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> Q = np.array([[0, 0.9, 0, 0], [0, 1, 0, 0.8], [0, 0, 0, 0]])
    >>> texts = draw_grid_world(Figure().subplots(), ["S.G"], Q)
    >>> [text.get_text() for text in texts]
    ['0.90', '1.00', 'G']
    """
    lines = [str(row) for row in np.asarray(rows)]
    if not lines or len({len(line) for line in lines}) != 1:
        raise ValueError(
            f"rows have lengths {[len(line) for line in lines]}; give one row or "
            "more, all of one length"
        )
    height, width = len(lines), len(lines[0])
    table = None if Q is None else np.asarray(Q, dtype=float)
    if table is not None and table.shape != (height * width, 4):
        raise ValueError(
            f"Q has shape {table.shape}; expected ({height * width}, 4)"
        )
    texts = []
    grounds = np.zeros((height, width, 4))  # transparent
    for state, letter in enumerate("".join(lines)):
        y, x = divmod(state, width)
        ground = None
        if letter in "S." and table is not None:
            low, high = limits
            share = (table[state].max() - low) / (high - low)
            ground = colormaps["viridis"](np.clip(share, 0, 1))
            grounds[y, x] = ground
        ax.add_patch(
            Rectangle(
                (x, y),
                1,
                1,
                facecolor="none",
                edgecolor="black",
                linewidth=1,
                hatch="///" if letter == "#" else None,
            )
        )
        ink = "black" if ground is None else ink_on(ground)
        if ground is not None and table is not None:
            label = f"{table[state].max():.{decimals}f}"
            label = label.replace("-", "\N{MINUS SIGN}")
            at = (x + 0.5, y + 0.3)
            _arrows(ax, x, y, table[state], ink)
        else:
            label = "" if letter in ".#" else letter
            at = (x + 0.5, y + 0.5)
        if label:
            texts.append(
                ax.text(*at, label, ha="center", va="center", color=ink)
            )
    ax.imshow(grounds, extent=(0, width, height, 0), zorder=0)
    ax.set(xlim=(-0.03, width + 0.03), ylim=(height + 0.03, -0.03))
    ax.set_aspect("equal")
    ax.set_axis_off()
    return texts


def _arrows(ax: Axes, x: int, y: int, values: ArrayLike, ink: str) -> None:
    """Draw an arrow in a cell for each best action, unless all are equal."""
    array = np.asarray(values)
    best = array >= array.max() - _END
    if best.all():
        return
    tail = 0.2 if best.sum() == 1 else 0.0  # several start in one point
    for (dx, dy), is_best in zip(_ARROWS, best, strict=True):
        if is_best:
            ax.annotate(
                "",
                xy=(x + 0.5 + 0.2 * dx, y + 0.71 + 0.2 * dy),
                xytext=(x + 0.5 - tail * dx, y + 0.71 - tail * dy),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": ink,
                    "shrinkA": 0,
                    "shrinkB": 0,
                },
            )
