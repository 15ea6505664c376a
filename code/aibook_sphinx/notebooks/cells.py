"""The cells of a page's notebook.

What: `make` puts a page's blocks and its executed cells together to a notebook: the
title and where it comes from, the cell that installs the package, then the page.
What not: when and where it is written (`aibook_sphinx.notebooks`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _

from aibook_sphinx.languages import LANGUAGES
from aibook_sphinx.notebooks import markdown as md
from aibook_sphinx.notebooks.addresses import Place
from aibook_sphinx.notebooks.blocks import Writer
from aibook_sphinx.notebooks.outputs import as_outside
from aibook_sphinx.notebooks.parts import Block

Cell = dict[str, Any]

_KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
_LANGUAGE = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
}
_INSTALL = """\
from importlib.util import find_spec

if find_spec("aibook") is None:
    %pip install --quiet "aibook @ git+{url}\""""
_INSTALL_HERE = """\
from importlib.util import find_spec
from pathlib import Path

if find_spec("aibook") is None:
    folders = [Path.cwd(), *Path.cwd().parents]
    book = next(p for p in folders if (p / "code/aibook").is_dir())
    %pip install --quiet "{book}\""""


def executed_path(app: Sphinx, docname: str) -> Path:
    """Return where MyST-NB keeps a page's executed notebook."""
    settings: Any = app.env
    return Path(settings.mystnb_config.output_folder, f"{docname}.ipynb")


def _markdown(texts: list[str], metadata: Cell, pictures: Cell) -> Cell:
    source = "\n\n".join(texts)
    cell: Cell = {"cell_type": "markdown", "metadata": metadata}
    used = {
        k: v for k, v in pictures.items() if f"](attachment:{k})" in source
    }
    if used:
        cell["attachments"] = used
    return cell | {"source": source}


def _code(source: str, outputs: list[dict[str, Any]]) -> Cell:
    cell: Cell = {"cell_type": "code", "metadata": {}, "source": source}
    return cell | {"outputs": outputs}


def _cells(
    blocks: Iterable[Block],
    executed: list[Any],
    place: Place,
) -> Iterator[Cell]:
    """Yield a Markdown cell for each heading, and the code cells between."""
    alts: dict[str, str] = place.doctree.get("aibook_descriptions", {})
    texts: list[str] = []
    for block in blocks:
        if (block.heading or block.cell is not None) and texts:
            yield _markdown(texts, {}, place.pictures)
            texts = []
        if block.cell is not None:
            cell = executed[block.cell]
            yield _code(cell["source"], as_outside(cell["outputs"], alts))
        elif block.folded:
            # JupyterLab hides the cells after it, not what the same cell holds.
            folded = {"jp-MarkdownHeadingCollapsed": True}
            yield _markdown([block.text], folded, {})
        else:
            texts.append(block.text)
    if texts:
        yield _markdown(texts, {}, place.pictures)


def _origin(app: Sphinx, place: Place) -> Block:
    """Return the line below the title: the book, the page, the other languages."""
    links = [
        md.link(f"*{md.escape(app.config.project)}*", place.page()),
        *(
            md.link(language.name, place.other(code))
            for code, language in _others(app, place.docname)
        ),
    ]
    return Block(" · ".join(links))


def _others(app: Sphinx, docname: str) -> Iterator[tuple[str, Any]]:
    source = app.env.doc2path(docname, base=False)
    for code, language in LANGUAGES.items():
        file = Path(app.srcdir).parent / code / source
        if code != app.config.language and file.is_file():
            yield code, language


def _install(app: Sphinx) -> tuple[Block, str]:
    """Return the cell that installs the package, and what to know about it."""
    url = app.config.aibook_repository_url
    if url:
        note = _(
            "The next cell installs the book’s package where it is missing, "
            "and does nothing elsewhere."
        )
        return Block(note), _INSTALL.format(url=url)
    note = _(
        "The next cell installs the book’s package where it is missing, and does "
        "nothing elsewhere. It finds the package in the book’s folder, so keep this "
        "file anywhere inside it."
    )
    return Block(note), _INSTALL_HERE


def make(app: Sphinx, docname: str, doctree: nodes.document) -> Any:
    """Return a page's notebook.

    Parameters
    ----------
    app
        The build.
    docname
        The page.
    doctree
        The page with all references resolved.
    """
    place = Place(app, docname, doctree)
    title, *rest = Writer(place).all([doctree])
    blocks = [title, _origin(app, place)]
    executed: list[Any] = []
    install = ""
    if any(block.cell is not None for block in rest):
        path = executed_path(app, docname)
        executed = nbformat.read(path, as_version=4)["cells"]
        note, install = _install(app)
        blocks.append(note)
    cells = list(_cells(blocks, executed, place))
    if install:
        cells.append(_code(install, []))
    cells += _cells(rest, executed, place)
    number = 0
    for position, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            number += 1
            cell["execution_count"] = number
            for output in cell["outputs"]:
                if output["output_type"] == "execute_result":
                    output["execution_count"] = number
        text = f"{position} {cell['source']}"
        cell["id"] = hashlib.sha256(text.encode()).hexdigest()[:12]
    return nbformat.from_dict(
        {
            "cells": cells,
            "metadata": {"kernelspec": _KERNEL, "language_info": _LANGUAGE},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )
