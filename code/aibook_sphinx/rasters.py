"""Take the pictures of pixels out of a page's figures, into files of their own.

A figure's image grids and heat maps come from Matplotlib as text inside the SVG, a
third longer than the picture, and a browser would have to read them all before it
shows the first line. As WebP a picture is smaller again: without loss where it is a
heat map or a grid, nearly without where it is a photograph in colour, of which no
eye sees the difference. What not: pictures that are files already.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
from pathlib import Path
from typing import Any

from PIL import Image
from sphinx.application import Sphinx

_IMAGE = re.compile(
    r'(<image\b[^>]*?\b(?:xlink:)?href=")data:image/png;base64,([^"]+)"'
)

MAX_COLOURS = 4096
"""A picture of more colours is a photograph."""

QUALITY = 90
"""Of photographs, from 0 to 100."""


def compress(png: bytes) -> bytes:
    """Return a picture as WebP.

    Parameters
    ----------
    png
        The picture as PNG.

    Returns
    -------
    A WebP file of the same pixels; with more than `MAX_COLOURS` colours, of nearly
    the same.
    """
    file = io.BytesIO()
    with Image.open(io.BytesIO(png)) as picture:
        photograph = picture.getcolors(MAX_COLOURS) is None
        quality = QUALITY if photograph else 100
        picture.save(
            file, "webp", lossless=not photograph, quality=quality, method=4
        )
    return file.getvalue()


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
        data = base64.b64decode(image[2])
        name = f"{hashlib.sha256(data).hexdigest()[:16]}.webp"
        if not (folder / name).is_file():
            folder.mkdir(parents=True, exist_ok=True)
            # Pages are written by several processes: put a whole file in place.
            fresh = folder / f"{name}.{os.getpid()}"
            fresh.write_bytes(compress(data))
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
