"""Diagrams of arrays: cells, the memory behind them, shapes that are broadcast.

Cells are squares of side 1: the cell in row i and column j covers x from j to
j + 1 and y from i to i + 1, and y grows downwards, as rows are counted.

Not here: networks (`aibook.plotting.diagrams`), and images of many values, for
which `Axes.imshow` is the right tool.

Source: C. R. Harris et al., "Array programming with NumPy", Nature 585, 2020,
whose figure 1 shows the same ideas.

Book pages: labs/numpy, labs/pytorch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike

from aibook.plotting.palette import CYCLE

__all__ = ["draw_array", "draw_shapes", "draw_strides", "open_grid"]

Shape = tuple[int, ...]
_DASHES = ("-", "--", ":")


def open_grid(
    ax: Axes, *, columns: float, rows: float, top: float = 0
) -> None:
    """Prepare an Axes for cells: equal sides, rows downwards, no frame.

    Parameters
    ----------
    ax
        Where cells will be drawn.
    columns, rows
        How many cells have to fit.
    top
        Room above the first row, in cells.

    Raises
    ------
    ValueError
        If there is no room for a cell.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> open_grid(ax, columns=3, rows=2)
    >>> bool(ax.yaxis_inverted())
    True
    """
    if columns <= 0 or rows <= 0 or top < 0:
        raise ValueError(
            f"columns = {columns}, rows = {rows}, top = {top}; give room "
            "for a cell"
        )
    ax.set(xlim=(-0.08, columns + 0.08), ylim=(rows + 0.08, -top - 0.08))
    ax.set_aspect("equal")
    ax.set_axis_off()


def draw_array(
    ax: Axes,
    values: ArrayLike,
    *,
    at: tuple[float, float] = (0, 0),
    marked: ArrayLike = False,
    faint: ArrayLike = False,
    colour: str = CYCLE[0],
) -> list[list[Text]]:
    """Draw an array as a grid of cells, each with its value.

    Parameters
    ----------
    ax
        Prepared by `open_grid`.
    values
        Shape (columns,), drawn as one row, or (rows, columns): numbers or texts.
    at
        Column and row of the first cell.
    marked
        Which cells to fill, an array of bool that broadcasts to ``values``.
    faint
        Which cells to draw dashed, an array of bool that broadcasts to
        ``values``: they do not exist in memory.
    colour
        Of marked cells.

    Returns
    -------
    list of list of matplotlib.text.Text
        The values, row by row.

    Raises
    ------
    ValueError
        For an array of another number of axes, or without a cell, and for masks
        of a shape that does not fit.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> texts = draw_array(ax, [[1, 2], [3, 4]], marked=[[True, False]])
    >>> len(ax.patches), texts[1][0].get_text()
    (4, '3')
    """
    grid = np.asarray(values)
    if grid.ndim not in (1, 2) or grid.size == 0:
        raise ValueError(
            f"values have shape {grid.shape}; give (columns,) or "
            "(rows, columns), each at least 1"
        )
    fills, dashed = (_mask(mask, grid.shape) for mask in (marked, faint))
    texts: list[list[Text]] = []
    for i, row in enumerate(np.atleast_2d(grid)):
        texts.append([])
        for j, value in enumerate(row):
            x, y = at[0] + j, at[1] + i
            ax.add_patch(
                Rectangle(
                    (x, y),
                    1,
                    1,
                    facecolor=(colour, 0.3) if fills[i, j] else "none",
                    edgecolor="black",
                    linestyle=":" if dashed[i, j] else "-",
                    linewidth=1,
                )
            )
            label = str(value).replace("-", "\N{MINUS SIGN}")
            texts[-1].append(
                ax.text(x + 0.5, y + 0.5, label, ha="center", va="center")
            )
    return texts


def draw_strides(
    ax: Axes,
    strides: Sequence[int],
    *,
    names: Sequence[str],
    at: tuple[float, float] = (0, 0),
) -> None:
    """Draw, over a row of memory cells, how far one step along each axis leads.

    Parameters
    ----------
    ax
        Prepared by `open_grid`, with room above the row and for the names.
    strides
        The step of each axis in items (not bytes), 1 or more, at most 3 axes.
    names
        What stands at the left of each arrow.
    at
        Column and row of the cell where the steps start.

    Raises
    ------
    ValueError
        For no axis or more than 3, for a step below 1, and for another number of
        names than of axes.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_strides(ax, [4, 1], names=["axis 0", "axis 1"])
    >>> [text.get_text() for text in ax.texts]
    ['axis 0', 'axis 1']
    """
    if not 1 <= len(strides) <= len(_DASHES) or min(strides) < 1:
        raise ValueError(
            f"strides {list(strides)}; give 1 to {len(_DASHES)} steps of 1 or "
            "more items"
        )
    if len(names) != len(strides):
        raise ValueError(f"{len(names)} names for {len(strides)} strides")
    x, y = at[0] + 0.5, at[1]
    for k, (step, name) in enumerate(zip(strides, names, strict=True)):
        height = 0.35 + 0.75 * sorted(strides).index(step)
        for start, end, style in (
            ((x, y), (x, y - height), "-"),
            ((x, y - height), (x + step, y - height), "-"),
            ((x + step, y - height), (x + step, y), "-|>"),
        ):
            ax.add_patch(
                FancyArrowPatch(
                    start,
                    end,
                    arrowstyle=style,
                    mutation_scale=10,
                    shrinkA=0,
                    shrinkB=0,
                    color=CYCLE[k],
                    linestyle=_DASHES[k] if style == "-" else "-",
                    linewidth=1.5,
                )
            )
        ax.text(x - 0.2, y - height, name, va="center", ha="right")


def draw_shapes(
    ax: Axes, shapes: Mapping[str, Shape], *, result: str
) -> Shape:
    """Draw shapes aligned at the right, and under them what broadcasting gives.

    An axis that is stretched (length 1, or missing) is dashed. Where lengths
    disagree the result has a cross.

    Parameters
    ----------
    ax
        Its limits are set to fit.
    shapes
        Name and shape of each operand.
    result
        The name of the last row.

    Returns
    -------
    tuple of int
        The common shape; 0 where the lengths disagree.

    Raises
    ------
    ValueError
        For fewer than two shapes, shapes without an axis, or a length below 1.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> draw_shapes(ax, {"a": (5, 1, 3), "b": (4, 1)}, result="a + b")
    (5, 4, 3)
    """
    lengths = [n for shape in shapes.values() for n in shape]
    if len(shapes) < 2 or not lengths or min(lengths) < 1:
        raise ValueError(
            f"shapes {dict(shapes)}; give two or more, of lengths 1 or more"
        )
    width = max(len(shape) for shape in shapes.values())
    padded = [(1,) * (width - len(s)) + tuple(s) for s in shapes.values()]
    common = tuple(
        max(axis) if len(set(axis) - {1}) <= 1 else 0
        for axis in zip(*padded, strict=True)
    )
    left = 0.6 * max(map(len, [*shapes, result]))
    open_grid(ax, columns=left + width, rows=len(shapes) + 1.3)
    for row, (name, shape) in enumerate(shapes.items()):
        cells = ["", *map(str, shape)][-len(shape) :] if shape else []
        blank = width - len(shape)
        full = padded[row]
        draw_array(
            ax,
            [""] * blank + cells,
            at=(left, row),
            faint=[
                f == 1 and c != 1 for f, c in zip(full, common, strict=True)
            ],
        )
        ax.text(left - 0.3, row + 0.5, name, ha="right", va="center")
    row_end = len(shapes) + 0.3
    draw_array(
        ax,
        [str(n) if n else "\N{MULTIPLICATION SIGN}" for n in common],
        at=(left, row_end),
        marked=[n == 0 for n in common],
        colour=CYCLE[1],
    )
    ax.text(left - 0.3, row_end + 0.5, result, ha="right", va="center")
    return common


def _mask(mask: ArrayLike, shape: Shape) -> np.ndarray:
    """Return a mask for every cell, shape (rows, columns)."""
    try:
        return np.atleast_2d(np.broadcast_to(np.asarray(mask, bool), shape))
    except ValueError as error:
        raise ValueError(
            f"a mask of shape {np.shape(mask)} does not broadcast to {shape}"
        ) from error
