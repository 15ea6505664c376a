"""One page, built in this process with some of the extension's modules."""

import io
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from sphinx.application import Sphinx
from sphinx.locale import translators
from sphinx.util.docutils import docutils_namespace, patch_docutils

_CONF = """\
from importlib import import_module

extensions = ["myst_parser"]
html_theme = "basic"
# A dictionary of its own: extensions change Sphinx's default for all that follow.
source_suffix = {{".rst": "restructuredtext"}}


def setup(app):
    app.add_config_value("aibook_code", {code!r}, "", str)
    for name in {modules!r}:
        import_module("aibook_sphinx." + name).setup(app)
"""


@dataclass(frozen=True)
class Built:
    """The page as HTML, what Sphinx warned of, and the files it depends on."""

    html: BeautifulSoup
    warnings: str
    dependencies: set[str]
    app: Sphinx


def build_page(
    folder: Path,
    page: str,
    *,
    modules: list[str],
    others: Mapping[str, str] | None = None,
    builder: str = "html",
    **config: Any,
) -> Built:
    """Build `page`, and others by their paths, with modules of ``aibook_sphinx``."""
    source = folder / "book"
    source.mkdir(parents=True, exist_ok=True)
    for path, text in {"index.md": page, **(others or {})}.items():
        (source / path).parent.mkdir(exist_ok=True)
        (source / path).write_text(text, encoding="utf-8")
    text = _CONF.format(code=str(folder / "code"), modules=modules)
    (source / "conf.py").write_text(text, encoding="utf-8")
    said = io.StringIO()
    out, doctrees = str(folder / "out"), str(folder / "doctrees")
    with warnings.catch_warnings(), patch_docutils(), docutils_namespace():
        # Sphinx's and docutils' own deprecations are none of the book's.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        # Sphinx would go on in the language of the build before.
        translators.clear()
        app = Sphinx(
            *(source, source, out, doctrees, builder),
            confoverrides=config,
            status=None,
            warning=said,
        )
        app.build()
    depends = {
        (source / path).resolve().relative_to(folder.resolve()).as_posix()
        for path in app.env.dependencies.get("index", ())
    }
    html = (folder / "out" / "index.html").read_text(encoding="utf-8")
    return Built(
        BeautifulSoup(html, "html5lib"), said.getvalue(), depends, app
    )
