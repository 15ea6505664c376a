"""Every page as a notebook, in its language, with outputs, that runs anywhere.

What: when a page is written as HTML, its notebook is written into ``notebooks``:
Markdown cells from the resolved page, code cells with the outputs that they have
outside the book, and before them a cell that installs the package where it is
missing. The page's header gets a link to it and, where the repository's address is
configured, to Colab and to the editor of the page's source.
What not: the Markdown itself (`aibook_sphinx.markdown`), nor where its links lead
(`aibook_sphinx.addresses`).

Book page: start/using-this-book
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform

from aibook_sphinx.addresses import FOLDER, Headings, Place
from aibook_sphinx.execution import Cache
from aibook_sphinx.languages import LANGUAGES
from aibook_sphinx.markdown import text as md
from aibook_sphinx.markdown.blocks import Writer
from aibook_sphinx.markdown.parts import Block
from aibook_sphinx.outputs import as_outside

Cell = dict[str, Any]

# Where the repository keeps the sources, and the published site with its notebooks.
SOURCE_BRANCH = "main"
SITE_BRANCH = "gh-pages"
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


class RememberDescriptions(SphinxPostTransform):
    """Note the alternative texts of images before HTML makes something of them."""

    # After MyST-NB has put the images into the figures.
    default_priority = 6
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Note them at the page, by the name of the image's file."""
        self.document["aibook_descriptions"] = {
            Path(image["uri"]).stem: image["alt"]
            for image in self.document.findall(nodes.image)
            if image.get("alt")
        }


def keep_outputs(app: Sphinx, doctree: nodes.document) -> None:
    """Complete the executed notebook that MyST-NB has just stored.

    MyST-NB takes the figures and numbers out that cells hand to the page, and does
    not say from which cell. They are in the cache still.
    """
    if app.config.nb_execution_mode != "cache":
        return
    path = _executed(app, app.env.docname)
    if path.is_file():
        cache = Cache(Path(app.config.aibook_cache))
        complete = cache.merged(nbformat.read(path, as_version=4))
        if complete is not None:
            nbformat.write(complete, path)


def _executed(app: Sphinx, docname: str) -> Path:
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
        path = _executed(app, docname)
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


def _repository_links(app: Sphinx, docname: str, cells: bool) -> Cell:
    """Return the addresses of the source's editor and of the notebook in Colab."""
    url = app.config.aibook_repository_url.rstrip("/").removesuffix(".git")
    if not url:
        return {}
    parts = urlsplit(url)
    language = app.config.language
    source = app.env.doc2path(docname, base=False)
    edit = f"{url}/edit/{SOURCE_BRANCH}/book/{language}/{source}"
    if parts.netloc != "github.com" or not cells:
        return {"edit_link": edit}
    colab = (
        f"https://colab.research.google.com/github{parts.path}/blob/{SITE_BRANCH}"
        f"/{language}/{FOLDER}/{docname}.ipynb"
    )
    return {"edit_link": edit, "colab_link": colab}


def _write(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Write the page's notebook, and give the templates its links."""
    if doctree is None or app.builder.name != "html":
        return
    notebook = make(app, pagename, doctree)
    path = Path(app.outdir, FOLDER, f"{pagename}.ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    text = nbformat.writes(notebook) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    up = "../" * pagename.count("/")
    cells = any(cell["cell_type"] == "code" for cell in notebook["cells"])
    context.update(
        notebook_link=f"{up}{FOLDER}/{pagename}.ipynb",
        notebook_name=f"{Path(pagename).name}.{app.config.language}.ipynb",
        **_repository_links(app, pagename, cells),
    )


def setup(app: Sphinx) -> None:
    """Register the settings, the transform and the writing."""
    app.add_config_value("aibook_repository_url", "", "html", str)
    if "aibook_site_url" not in app.config:
        app.add_config_value("aibook_site_url", "", "html", str)
    app.add_env_collector(Headings)
    app.add_post_transform(RememberDescriptions)
    app.connect("doctree-read", keep_outputs)
    app.connect("html-page-context", _write)
