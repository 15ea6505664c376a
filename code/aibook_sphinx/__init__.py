"""The Sphinx extension that builds the book, one module a concern."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from aibook_sphinx import (
    citations,
    exercises,
    languages,
    listing,
    mathml,
    pages,
    sections,
    typography,
)

MODULES = (
    pages,
    sections,
    listing,
    exercises,
    citations,
    typography,
    languages,
    mathml,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up every concern."""
    for module in MODULES:
        module.setup(app)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
