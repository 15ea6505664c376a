"""The book as an EPUB, one file a language: ``python -m aibook_sphinx epub``.

What: the settings of Sphinx's EPUB builder, and the registration. Our kind of it is
in `builder`, the file itself in `archive`, what changes in the pages in `nodes` and
`body`, what depends on the language in `texts`.
What not: pages, cells and their outputs are those of the site; the execution cache
has them, so nothing is executed again.

Source: W3C, EPUB 3.3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aibook_sphinx.ebook.builder import BookEpubBuilder
from aibook_sphinx.ebook.nodes import (
    BlocksInParagraphs,
    SolutionsAtTheEnd,
    UnfoldedCells,
)
from aibook_sphinx.ebook.texts import TEXTS, identifier
from aibook_sphinx.languages import LANGUAGES

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config


def _configure(app: Sphinx, config: Config) -> None:
    """Set what Sphinx asks for; an unknown language has been reported before."""
    texts = TEXTS[config.language]
    title = LANGUAGES[config.language].title
    for name, value in {
        "epub_author": texts.author,
        "epub_basename": f"aibook-{config.language}",
        # Sphinx wants one, but the book's package document does not show it.
        "epub_copyright": texts.author,
        "epub_cover": ("_static/cover.png", "epub-cover.html"),
        "epub_description": texts.description,
        "epub_identifier": identifier(config.language),
        "epub_publisher": "aibook",
        "epub_show_urls": "no",
        "epub_title": title,
        "epub_tocdup": False,
        "epub_tocscope": "includehidden",
        "epub_uid": "book-id",
        "epub_use_index": False,
    }.items():
        setattr(config, name, value)


def setup(app: Sphinx) -> None:
    """Register the builder and what changes in the pages."""
    app.add_builder(BookEpubBuilder, override=True)
    app.add_post_transform(SolutionsAtTheEnd)
    app.add_post_transform(UnfoldedCells)
    app.add_post_transform(BlocksInParagraphs)
    # After the titles of the languages.
    app.connect("config-inited", _configure, priority=600)
