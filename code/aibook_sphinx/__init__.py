"""The Sphinx extension that builds the book, one module a concern."""

from __future__ import annotations

import gc
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sphinx.application import Sphinx

# Imported only when Sphinx asks: the command line must start quickly.
MODULES = (
    "assets",
    "pages",
    "sections",
    "listing",
    "code_blocks",
    "exercises",
    "citations",
    "typography",
    "figures",
    "sliders",
    "widgets",
    "recogniser",
    "rasters",
    "languages",
    "search",
    "metadata",
    "mathml",
    "glossary",
    "notes_map",
    "seconds",
    "terms",
    "ebook",
    "notebooks",
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up every concern."""
    # Trees of pages are large, live long and are no garbage: to search them all
    # for cycles again and again took a quarter of the time.
    gc.set_threshold(200_000, 20, 50)
    for name in MODULES:
        import_module(f"aibook_sphinx.{name}").setup(app)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
