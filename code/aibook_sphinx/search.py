"""The index of a search that ranks: written beside Sphinx's own, and read back.

Sphinx's index says on which pages a word stands, which is too little to put the
best page first, and it knows no Korean. Here ``searchindex.js`` says of every word
how often it stands in each section; ``_static/search.js`` ranks by that (BM25) in
Sphinx's own search page. Names of objects stay Sphinx's.

- :mod:`aibook_sphinx.search_text` finds what is prose on a page,
- :mod:`aibook_sphinx.search_words` cuts it into words,
- :mod:`aibook_sphinx.search_index` counts and writes them.

A page that is not written anew keeps what the last index says of it, so a build
that writes nothing cuts nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.config import Config

from aibook_sphinx.search_index import Index, Words
from aibook_sphinx.search_words import KoreanWords, english_words, terms_in

# In the order in which they build on each other.
_SCRIPTS = ("search-index.js", "search-query.js", "search.js")


def _know_terms(app: Sphinx, config: Config) -> None:
    """Take the terms from the sources: a new one changes how all pages are cut."""
    config.aibook_terms = sorted(
        {
            term
            for path in Path(app.srcdir).rglob("*.md")
            for term in terms_in(path.read_text(encoding="utf-8-sig"))
        }
    )


def _use_index(app: Sphinx) -> None:
    """Give the builder the format, and listen for pages."""
    if type(app.builder) is not StandaloneHTMLBuilder:
        return

    def make_words() -> Words:
        if app.config.language == "ko":
            return KoreanWords(app.config.aibook_terms)
        return english_words

    index = Index(make_words)
    app.builder.indexer_format = index
    app.connect("doctree-resolved", partial(_add_page, index))


def _add_page(
    index: Index, app: Sphinx, document: nodes.document, docname: str
) -> None:
    index.add(docname, document)


def _add_script(
    app: Sphinx, pagename: str, template: str, context: Any, doctree: Any
) -> None:
    if pagename == "search":
        for name in _SCRIPTS:
            app.add_js_file(name, loading_method="defer", priority=900)


def setup(app: Sphinx) -> None:
    """Register the index, its script, and the marks on the page found."""
    app.add_config_value("aibook_terms", [], "html", list)
    # Before Sphinx's script that it stands in for.
    app.add_js_file("highlight.js", loading_method="defer", priority=100)
    app.connect("config-inited", _know_terms)
    app.connect("builder-inited", _use_index)
    app.connect("html-page-context", _add_script)
