"""Hand data from a cell to a program that runs in the page.

In the book the data are stored under a name, and a directive of the page takes them;
in a reader's own notebook their size is printed. Figures and numbers are handed over
by `aibook.notebook`.

Book page: labs/on-device
"""

from __future__ import annotations

import json
from typing import Any

from IPython.display import display

from aibook.notebook import in_book, number

__all__ = ["embed"]


def embed(name: str, data: Any) -> None:
    """Store data for the page, or print how many characters they take.

    Parameters
    ----------
    name
        Lower-case words joined by hyphens, unique in the page.
    data
        What JSON can hold; it is written without blanks.

    Raises
    ------
    TypeError
        JSON cannot hold it.
    ValueError
        It holds a number that is not finite.

    Examples
    --------
    >>> embed("two-numbers", {"a": [1, 2]})
    two-numbers = 11 characters
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    said = f"{len(text):,} characters"
    if not in_book():
        number(name, said)
        return
    prefix = "application/papermill.record/"
    bundle = {f"{prefix}text/plain": repr(said), f"{prefix}text/json": text}
    metadata = {"scrapbook": {"name": name, "mime_prefix": prefix}}
    display(bundle, raw=True, metadata=metadata)
