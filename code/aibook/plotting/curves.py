"""Curves over the epochs: loss, accuracy, a weight.

Not here: smoothing, logarithmic axes (``ax.set_yscale("log")``).

Book pages: networks/perceptron, networks/mlp.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

__all__ = ["draw_curves"]

DASHES = ("-", "--", "-.", ":")


def draw_curves(
    ax: Axes,
    curves: Mapping[str, Sequence[float] | ArrayLike],
    *,
    x: ArrayLike | None = None,
    xlabel: str = "epoch",
) -> list[Line2D]:
    """Draw named curves over one axis, each with its own colour and dash.

    A single curve names the vertical axis; several are told apart by a legend,
    which is left to the caller (``ax.legend()``).

    Parameters
    ----------
    ax
        Where to draw.
    curves
        Name to values, shape (T,) each and of one length. A NaN leaves a gap.
    x
        Positions on the horizontal axis, shape (T,); 1, 2, ..., T by default.
    xlabel
        Name of the horizontal axis.

    Returns
    -------
    list of matplotlib.lines.Line2D
        One line a curve, in the order given.

    Raises
    ------
    ValueError
        For no curve, no values, another shape, or lengths that differ.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure().subplots()
    >>> (line,) = draw_curves(ax, {"loss": [0.9, 0.5, 0.3]})
    >>> line.get_xdata().tolist(), ax.get_xlabel(), ax.get_ylabel()
    ([1, 2, 3], 'epoch', 'loss')
    """
    if not curves:
        raise ValueError(
            "curves is empty; give at least one name with its values"
        )
    values = {
        name: np.asarray(c, dtype=np.float64) for name, c in curves.items()
    }
    if x is None:
        x = np.arange(1, next(iter(values.values())).size + 1)
    x = np.asarray(x)
    for name, c in {"x": x, **values}.items():
        if c.ndim != 1 or c.size == 0 or c.shape != x.shape:
            raise ValueError(
                f"{name!r} has shape {c.shape}; x and every curve need one length, "
                f"(T,) with T >= 1 (x has {x.shape})"
            )
    ax.set_xlabel(xlabel)
    if len(values) == 1:
        ax.set_ylabel(next(iter(values)))
    return [
        ax.plot(x, c, label=name, linestyle=dash)[0]
        for (name, c), dash in zip(values.items(), cycle(DASHES), strict=False)
    ]
