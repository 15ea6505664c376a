"""A timeline: years downwards, one label an event, none on top of another.

What: each event's mark stands at its year on a scale; its label stands beside it,
moved up or down only as far as its neighbours make it.

What not: no data (see `aibook.data.timeline`).

Book page: ai/history
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.text import Text

from aibook.plotting.palette import CYCLE

MARKERS = ("o", "s", "^", "D", "P")


def spread(places: npt.ArrayLike, *, gap: float) -> npt.NDArray[np.float64]:
    """Move sorted places apart, as little as possible.

    Parameters
    ----------
    places
        Numbers (n,) in increasing order.
    gap
        The least distance of neighbours afterwards.

    Returns
    -------
    numpy.ndarray
        The places (n,) with neighbours `gap` or more apart whose squared moves
        sum to the least.

    Raises
    ------
    ValueError
        If the places decrease, or `gap` is negative.

    Examples
    --------
    >>> spread([0, 0, 10], gap=2).tolist()
    [-1.0, 1.0, 10.0]
    """
    y = np.asarray(places, dtype=np.float64)
    if gap < 0 or (np.diff(y) < 0).any():
        raise ValueError(f"gap is {gap}, places {y}; none may decrease")
    steps = gap * np.arange(len(y))
    # Without the steps it is enough not to decrease: pool what does.
    blocks: list[tuple[float, int]] = []
    for value in y - steps:
        mean, size = float(value), 1
        while blocks and blocks[-1][0] > mean:
            last, count = blocks.pop()
            mean = (mean * size + last * count) / (size + count)
            size += count
        blocks.append((mean, size))
    means, sizes = zip(*blocks, strict=True) if blocks else ((), ())
    return np.asarray(np.repeat(means, sizes) + steps, dtype=np.float64)


def draw_timeline(
    ax: Axes,
    years: Sequence[int],
    labels: Sequence[str],
    kinds: Sequence[str],
    *,
    order: Sequence[str],
    gap: float,
) -> list[Text]:
    """Draw events, the earliest at the top.

    Parameters
    ----------
    ax
        Where to draw; the years stand on its left side.
    years, labels, kinds
        Of each event, in order of year.
    order
        The kinds, each with a colour and a marker of its own; at most five. The
        legend names those that occur.
    gap
        The least distance of two labels, in years.

    Returns
    -------
    list of matplotlib.text.Text
        The labels.

    Raises
    ------
    ValueError
        If the three sequences differ in length or are empty, a kind is not in
        `order`, or `order` is too long.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> texts = draw_timeline(ax, [1936, 1950], ["a", "b"], ["x", "x"],
    ...                       order=["x"], gap=2)
    >>> [text.get_text() for text in texts]
    ['a', 'b']
    """
    if not len(years) == len(labels) == len(kinds) or not years:
        raise ValueError(
            f"{len(years)} years, {len(labels)} labels, {len(kinds)} kinds; "
            "give as many of each, at least one"
        )
    unknown = sorted(set(kinds) - set(order))
    if unknown or len(order) > len(MARKERS):
        raise ValueError(
            f"unknown kinds {unknown}; order has {len(order)}, "
            f"at most {len(MARKERS)} are allowed"
        )
    styles = dict(zip(order, zip(CYCLE, MARKERS, strict=True), strict=False))
    heights = spread(years, gap=gap)
    texts = []
    for year, height, label, kind in zip(
        years, heights, labels, kinds, strict=True
    ):
        colour, marker = styles[kind]
        ax.plot(
            [0, 0.35, 0.9],
            [year, year, height],
            color="black",
            linewidth=0.6,
            alpha=0.5,
        )
        ax.plot(0, year, marker, color=colour, clip_on=False, zorder=3)
        ax.plot(1, height, marker, color=colour, clip_on=False)
        ax.text(1.35, height, f"{year}", va="center")
        texts.append(ax.text(2.45, height, label, va="center"))
    ax.set(
        xlim=(0, 8),
        ylim=(
            max(years[-1], heights[-1]) + gap / 2,
            min(years[0], heights[0]) - gap / 2,
        ),
        xticks=[],
        yticks=range(years[0] - years[0] % -10, years[-1] + 1, 10),
    )
    ax.spines["bottom"].set_visible(False)
    ax.spines["left"].set_bounds(years[0], years[-1])
    handles = [
        Line2D([], [], linestyle="", color=colour, marker=marker, label=kind)
        for kind, (colour, marker) in styles.items()
        if kind in kinds
    ]
    ax.legend(
        handles=handles,
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=3,
        columnspacing=1.2,
        handletextpad=0.1,
        borderpad=0,
        borderaxespad=0.8,
    )
    return texts
