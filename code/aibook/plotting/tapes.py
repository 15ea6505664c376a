"""The tape of a Turing machine over time: a row a step, the head's cell framed.

What: symbols as text, the head as a coloured cell, the state beside the row.

What not: no machine; the rows come from `aibook.scratch.turing_machine`.

Book page: ai/history
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from aibook.plotting.palette import CYCLE


def draw_tapes(
    ax: Axes, rows: Sequence[tuple[str, int, Mapping[int, str]]]
) -> None:
    """Draw configurations, the first at the top.

    Parameters
    ----------
    ax
        Where to draw; its frame and ticks are removed.
    rows
        Of each configuration the state, the cell of the head, and the symbols of
        the cells that are not blank.

    Raises
    ------
    ValueError
        If there are no rows.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_tapes(ax, [("A", 0, {0: "1"}), ("B", 1, {0: "0"})])
    >>> [text.get_text() for text in ax.texts]
    ['1', 'A', '0', 'B']
    """
    if not rows:
        raise ValueError("no rows to draw; give at least one configuration")
    cells = [cell for _, head, marks in rows for cell in (head, *marks)]
    left, right = min(cells), max(cells)
    for height, (state, head, marks) in enumerate(rows):
        for cell in range(left, right + 1):
            ax.add_patch(
                Rectangle(
                    (cell - 0.5, height - 0.5),
                    1,
                    1,
                    fill=False,
                    edgecolor="#808080",
                    linewidth=0.6,
                )
            )
        ax.add_patch(
            Rectangle(
                (head - 0.42, height - 0.42),
                0.84,
                0.84,
                fill=False,
                edgecolor=CYCLE[1],
                linewidth=2.5,
                zorder=3,
            )
        )
        for cell, symbol in sorted(marks.items()):
            ax.text(cell, height, symbol, ha="center", va="center")
        ax.text(right + 0.8, height, state, ha="left", va="center")
    ax.set(xlim=(left - 0.6, right + 3.4), ylim=(len(rows) - 0.4, -0.6))
    ax.set_aspect("equal")
    ax.set_axis_off()
