"""Outputs of cells as they are outside the book.

While the book is built, figures and numbers are stored for the page. In a reader's
notebook `aibook.notebook.figure` and `number` display them, so the notebooks that
readers download show them displayed.
"""

from __future__ import annotations

import ast
import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

Output = dict[str, Any]

_RECORD = "application/papermill.record/"


def as_outside(
    outputs: Iterable[Mapping[str, Any]], alts: Mapping[str, str]
) -> list[Output]:
    r"""Return a cell's outputs as they are where the book is not being built.

    Parameters
    ----------
    outputs
        Of one executed cell.
    alts
        Descriptions of figures, by the SHA-256 of their SVG.

    Examples
    --------
    >>> stored = {
    ...     "output_type": "display_data",
    ...     "data": {"application/papermill.record/text/plain": "0.5"},
    ...     "metadata": {"scrapbook": {"name": "half"}},
    ... }
    >>> as_outside([stored], {})[0]["text"]
    'half = 0.5\n'
    """
    found: list[Output] = []
    for output in outputs:
        shown = _outside(dict(output), alts)
        last = found[-1] if found else {}
        if shown["output_type"] == "stream" and shown.get("name") == last.get(
            "name"
        ):
            last["text"] += shown["text"]
        else:
            found.append(shown)
    return found


def _outside(output: Output, alts: Mapping[str, str]) -> Output:
    stored: dict[str, str] = {
        kind.removeprefix(_RECORD): data
        for kind, data in output.get("data", {}).items()
        if kind.startswith(_RECORD)
    }
    if not stored:
        return output
    name = output["metadata"]["scrapbook"]["name"]
    if "image/svg+xml" in stored:
        data = _figure(stored["image/svg+xml"], alts)
        return {"output_type": "display_data", "data": data, "metadata": {}}
    value = stored["text/plain"]
    if value[:1] in {"'", '"'}:
        value = ast.literal_eval(value)
    line = f"{name} = {value}\n"
    return {"output_type": "stream", "name": "stdout", "text": line}


def _figure(svg: str, alts: Mapping[str, str]) -> dict[str, str]:
    """Return a figure as SVG, and as an image for notebooks that are not trusted.

    Jupyter shows no SVG in a downloaded notebook before its cells have been run.
    """
    # MyST-NB names the file after the same bytes.
    digest = hashlib.sha256("\n".join(svg.splitlines()).encode()).hexdigest()
    alt = alts.get(digest, "")
    from IPython.display import SVG  # takes long, and most builds need it not

    svg = str(SVG(svg).data)  # what remains of a file when it is displayed
    source = base64.b64encode(svg.encode()).decode()
    image = (
        f'<img alt="{escape(alt)}" style="background-color: white" '
        f'src="data:image/svg+xml;base64,{source}">'
    )
    return {"image/svg+xml": svg, "text/html": image, "text/plain": alt}
