"""Heat maps: a table of numbers as shades, with names beside its rows and columns.

Not here: images (`aibook.plotting.samples`), arrays as cells
(`aibook.plotting.arrays`).

Book page: sequences/attention.
"""

from __future__ import annotations

from collections.abc import Sequence

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import ArrayLike

from aibook.plotting.palette import ink_on

__all__ = ["draw_heatmap"]


def draw_heatmap(
    ax: Axes,
    values: ArrayLike,
    *,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    texts: ArrayLike | None = None,
    limits: tuple[float, float] | None = None,
    cmap: str = "Blues",
) -> AxesImage:
    """Draw a table of numbers as shades, from the top row to the bottom one.

    Parameters
    ----------
    ax
        Where to draw.
    values
        Shape (R, C), finite.
    rows, columns
        Names beside the rows and above the columns; none by default.
    texts
        What stands in the cells, shape (R, C); none by default.
    limits
        The values that are drawn with the first and the last colour; the least and
        the greatest of all where missing.
    cmap
        A colour map of Matplotlib.

    Returns
    -------
    matplotlib.image.AxesImage
        The shades, for a colour bar.

    Raises
    ------
    ValueError
        If the values are no table of finite numbers, or names or texts do not fit.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> image = draw_heatmap(ax, [[0, 1], [1, 0]], rows="ab", columns="cd")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['a', 'b']
    """
    table = np.asarray(values, dtype=float)
    if table.ndim != 2 or table.size == 0 or not np.isfinite(table).all():
        raise ValueError(
            f"values have shape {table.shape}; expected (R, C), finite, one or more"
        )
    for name, given, length in (
        ("rows", rows, table.shape[0]),
        ("columns", columns, table.shape[1]),
    ):
        if given is not None and len(given) != length:
            raise ValueError(f"{len(given)} {name} named, there are {length}")
    low, high = limits or (table.min(), table.max())
    image = ax.imshow(table, cmap=cmap, vmin=low, vmax=high, aspect="auto")
    ax.set_yticks(range(len(rows or ())), rows or ())
    ax.set_xticks(range(len(columns or ())), columns or ())
    ax.tick_params(length=0, labeltop=True, labelbottom=False)
    ax.xaxis.set_label_position("top")
    ax.spines[:].set_visible(False)
    if texts is not None:
        written = np.asarray(texts)
        if written.shape != table.shape:
            raise ValueError(
                f"texts have shape {written.shape}, values {table.shape}"
            )
        colours = np.asarray(plt.get_cmap(cmap)(image.norm(table)))
        for (i, j), text in np.ndenumerate(written):
            ink = ink_on(tuple(colours[i, j]))
            ax.text(j, i, str(text), ha="center", va="center", color=ink)
    return image
