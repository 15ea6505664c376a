"""Pictures of a window that slides: over a grid of numbers, and along one axis.

Both return the artists of one frame, so that a slider can show one place, or one
setting, after another (`aibook.plotting.frames`).

Not here: the arrays themselves (`aibook.plotting.arrays`).

Source: V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep
learning", arXiv:1603.07285, 2016, whose figures show the same ideas.

Book page: images/convolution.
"""

from __future__ import annotations

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from aibook.plotting.palette import CYCLE
from aibook.sizes import output_size

__all__ = ["draw_taps", "mark_cells"]


def mark_cells(
    ax: Axes,
    at: tuple[float, float],
    shape: tuple[int, int],
    *,
    colour: str = CYCLE[0],
) -> Rectangle:
    """Mark a block of cells of a drawn array.

    Parameters
    ----------
    ax
        On which `aibook.plotting.arrays.draw_array` has drawn.
    at
        Column and row of the block's first cell.
    shape
        Rows and columns of the block, each 1 or more.
    colour
        Of the frame; the cells are tinted with it.

    Raises
    ------
    ValueError
        If the block has no cell.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> mark_cells(ax, (1, 0), (3, 2)).get_width()
    2
    """
    rows, columns = shape
    if rows < 1 or columns < 1:
        raise ValueError(f"shape is {shape}; expected rows and columns from 1")
    block = Rectangle(
        at,
        columns,
        rows,
        facecolor=(colour, 0.3),
        edgecolor=colour,
        linewidth=3,
    )
    ax.add_patch(block)
    return block


def draw_taps(
    ax: Axes,
    n: int,
    kernel: int,
    *,
    stride: int = 1,
    padding: int = 0,
    dilation: int = 1,
) -> list[Artist]:
    """Draw one axis of an input, and below it every place of the window.

    Cells of padding are dashed; a dot stands for each input that a place reads.
    Inputs that no place reads are crossed out.

    Parameters
    ----------
    ax
        Prepared by `aibook.plotting.arrays.open_grid`. The first input is the cell
        at column 0 and row 0; padding stands at its left.
    n, kernel, stride, padding, dilation
        As for `aibook.sizes.output_size`.

    Returns
    -------
    list of matplotlib.artist.Artist
        Everything that was drawn.

    Raises
    ------
    ValueError
        As for `aibook.sizes.output_size`.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> len(draw_taps(ax, 7, 3, stride=2))  # 7 cells, 3 places
    10
    """
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    size = output_size(n, kernel, **geometry)
    reads = [
        [i * stride + tap * dilation - padding for tap in range(kernel)]
        for i in range(size)
    ]
    read = {place for places in reads for place in places}
    drawn: list[Artist] = []
    for place in range(-padding, n + padding):
        inside = 0 <= place < n
        cell = Rectangle(
            (place, 0),
            1,
            1,
            facecolor=(CYCLE[0], 0.3) if inside else "none",
            edgecolor="black",
            linestyle="-" if inside else ":",
            linewidth=1,
        )
        ax.add_patch(cell)
        drawn.append(cell)
        if place not in read:
            drawn += ax.plot(
                place + 0.5, 0.5, "x", color="black", markersize=8
            )
    for i, places in enumerate(reads):
        drawn += ax.plot(
            [place + 0.5 for place in places],
            [1.6 + 0.6 * i] * kernel,
            "o-",
            color=CYCLE[1],
            markersize=5,
            linewidth=1.5,
        )
    return drawn
