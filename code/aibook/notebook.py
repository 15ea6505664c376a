"""Hand figures and numbers from a cell to the page around it.

While the book is built, `figure` and `number` store their argument under a
name, and the page places it with ``{glue:figure}`` and ``{glue:text}``. In a
reader's own notebook they display it.

Book page: start/using-this-book.
"""

from __future__ import annotations

import io
import os
import re

import matplotlib.pyplot as plt
from IPython.display import SVG, display
from matplotlib.figure import Figure

from aibook.plotting.frames import HIDDEN

STYLE = "aibook.plotting.style"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PREFIX = "application/papermill.record/"
_HIDDEN = re.compile(rf'id="(frame-\d+-\d+){HIDDEN}"')


def in_book() -> bool:
    """Return whether the book is being built."""
    return os.environ.get("AIBOOK_BUILD") == "1"


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise ValueError(
            f"name must be lower-case words joined by hyphens, got {name!r}"
        )


def _store(name: str, bundle: dict[str, str]) -> None:
    """Store a MIME bundle in the cell's outputs, the way that MyST-NB's glue does."""
    display(
        {f"{_PREFIX}{kind}": data for kind, data in bundle.items()},
        raw=True,
        metadata={"scrapbook": {"name": name, "mime_prefix": _PREFIX}},
    )


def to_svg(fig: Figure) -> str:
    """Return the figure as SVG text, the same bytes for the same figure.

    Parameters
    ----------
    fig
        Any figure.

    Examples
    --------
    >>> fig, ax = plt.subplots()
    >>> to_svg(fig).startswith("<?xml")
    True
    >>> plt.close(fig)
    """
    buffer = io.StringIO()
    with plt.style.context(STYLE):
        fig.savefig(
            buffer, format="svg", metadata={"Date": None, "Creator": None}
        )
    # Of a figure with frames, one is seen.
    return _HIDDEN.sub(r'id="\1" display="none"', buffer.getvalue())


def figure(name: str, fig: Figure) -> None:
    """Store a figure for the page, or display it in a notebook; then close it.

    Parameters
    ----------
    name
        Lower-case words joined by hyphens, unique in the page.
    fig
        The figure; it is closed, so that it does not appear a second time.

    Raises
    ------
    ValueError
        `name` has another form.

    Examples
    --------
    >>> fig, ax = plt.subplots()
    >>> figure("empty-axes", fig)
    <IPython.core.display.SVG object>
    """
    _check(name)
    svg = to_svg(fig)
    plt.close(fig)
    if in_book():
        _store(name, {"image/svg+xml": svg, "text/plain": f"<{name}>"})
    else:
        display(SVG(svg))


def number(name: str, value: float | str) -> None:
    """Store a number (or a short text) for the page, or print it in a notebook.

    Parameters
    ----------
    name
        Lower-case words joined by hyphens, unique in the page.
    value
        A number (NumPy and PyTorch scalars included) or a short text.

    Raises
    ------
    ValueError
        `name` has another form, or `value` has more than one element.

    Examples
    --------
    >>> number("half", 0.5)
    half = 0.5
    """
    _check(name)
    if hasattr(value, "item"):  # a scalar of NumPy or PyTorch
        try:
            value = value.item()
        except (ValueError, RuntimeError) as error:
            raise ValueError(
                f"{name}: one value is needed, got {value!r}"
            ) from error
    if not isinstance(value, (int, float, str)):
        raise ValueError(
            f"{name}: a number or a text is needed, got {value!r}"
        )
    if in_book():
        _store(name, {"text/plain": repr(value)})
    else:
        print(f"{name} = {value}")
