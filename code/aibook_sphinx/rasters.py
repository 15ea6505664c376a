"""Take the pictures of pixels out of a page's figures, into files of their own.

A figure's image grids and heat maps come from Matplotlib as text inside the SVG, a
third longer than the picture, and a browser would have to read them all before it
shows the first line. What not: pictures that are files already.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

_IMAGE = re.compile(
    r'(<image\b[^>]*?\b(?:xlink:)?href=")data:image/(png|jpeg);base64,([^"]+)"'
)


def extract(html: str, folder: Path, address: str) -> str:
    """Write the pictures inside of figures to `folder`, and refer to them.

    Parameters
    ----------
    html
        A page's text.
    folder
        Where to write; a file is named by what it holds.
    address
        The folder's address, as seen from the page.

    Returns
    -------
    The text, with references instead of the pictures.
    """

    def write(image: re.Match[str]) -> str:
        data = base64.b64decode(image[3])
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.{image[2]}"
        if not (folder / name).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            # Pages are written by several processes: put a whole file in place.
            fresh = folder / f"{name}.{os.getpid()}"
            fresh.write_bytes(data)
            fresh.replace(folder / name)
        return f'{image[1]}{address}/{name}"'

    return _IMAGE.sub(write, html)


def _extract_from_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    if app.builder.name == "html" and "body" in context:
        images = app.builder.imagedir
        address = context["pathto"](images, 1)
        context["body"] = extract(
            context["body"], Path(app.outdir, images), address
        )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change of every page."""
    app.connect("html-page-context", _extract_from_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
