"""Every page as a notebook, in its language, with outputs, that runs anywhere.

What: when a page is written as HTML, its notebook is written into ``notebooks``:
Markdown cells from the resolved page, code cells with the outputs that they have
outside the book, and before them a cell that installs the package where it is
missing. The page's header gets a link to it and, where the repository's address is
configured, to Colab and to the editor of the page's source.
What not: the notebook's contents. ``cells`` puts them together, ``blocks`` writes the
page's Markdown with ``parts``, ``inline`` and ``markdown``, ``addresses`` and
``headings`` know where links lead, ``outputs`` turns what the book stores into what
readers see.

Book page: start/using-this-book
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import nbformat
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform

from aibook_sphinx.execution import Cache
from aibook_sphinx.notebooks.addresses import FOLDER
from aibook_sphinx.notebooks.cells import executed_path, make
from aibook_sphinx.notebooks.headings import Headings

# Where the repository keeps the sources, and the published site with its notebooks.
SOURCE_BRANCH = "main"
SITE_BRANCH = "gh-pages"


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
    path = executed_path(app, app.env.docname)
    if path.is_file():
        cache = Cache(Path(app.config.aibook_cache))
        complete = cache.merged(nbformat.read(path, as_version=4))
        if complete is not None:
            nbformat.write(complete, path)


def _repository_links(
    app: Sphinx, docname: str, cells: bool
) -> dict[str, str]:
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
