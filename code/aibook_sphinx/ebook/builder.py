"""Sphinx's EPUB builder with the book's own templates, style sheet and archive.

Sphinx's copies the files of the site's theme and extensions, whose scripts and styles
are of no use to an e-reader, and does not say which pages hold formulas or drawings.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from docutils import nodes
from sphinx.builders._epub_base import ManifestItem
from sphinx.builders._epub_base import NavPoint as NavPoint2
from sphinx.builders.epub3 import Epub3Builder, NavPoint
from sphinx.errors import SphinxError
from sphinx.highlighting import PygmentsBridge

from aibook_sphinx.ebook.archive import properties, write_archive
from aibook_sphinx.ebook.body import clean
from aibook_sphinx.ebook.texts import TEXTS

FILES = Path(__file__).parent / "files"
FONT = "fonts/book-math.woff2"
# Dark letters on light, legible without colours.
_PYGMENTS_STYLE = "a11y-high-contrast-light"


class BookEpubBuilder(Epub3Builder):
    """Write ``aibook-<language>.epub`` beside the folder of its contents."""

    name = "epub"
    template_dir = FILES  # type: ignore[assignment]
    media_types = {  # noqa: RUF012 (so Sphinx has it)
        **Epub3Builder.media_types,
        ".woff2": "font/woff2",
    }

    def init(self) -> None:
        """Prepare; the names in the table of contents are the language's."""
        super().init()
        texts = TEXTS[self.config.language]
        self.guide_titles = {"toc": texts.contents, "cover": texts.cover}

    def init_templates(self) -> None:
        """Let no template of the site in."""
        self.config.templates_path = [str(FILES)]
        super().init_templates()

    def init_highlighter(self) -> None:
        """Colour listings for paper."""
        self.highlighter = PygmentsBridge("html", _PYGMENTS_STYLE)
        self.dark_highlighter = None

    def prepare_writing(self, docnames: Any) -> None:
        """Prepare; an e-reader finds words itself, so no index is written."""
        super().prepare_writing(docnames)
        self.domain_indices = []

    def gen_pages_from_extensions(self) -> None:
        """Write none of the pages that extensions add to the site."""

    def copy_static_files(self) -> None:
        """Copy the style sheets, the formulas' font and the cover, no more."""
        static = Path(self.outdir, "_static")
        (static / FONT).parent.mkdir(parents=True, exist_ok=True)
        self.create_pygments_style_file()
        shutil.copyfile(FILES / "epub.css", static / "epub.css")
        shutil.copyfile(
            FILES / f"cover-{self.config.language}.png", static / "cover.png"
        )
        shutil.copyfile(Path(self.app.confdir, "_static", FONT), static / FONT)

    def build_content(self) -> None:
        """Write the package document, without what extensions have copied."""
        own = {"cover.png", "epub.css", "pygments.css", Path(FONT).name}
        for path in Path(self.outdir, "_static").rglob("*"):
            if path.is_file() and path.name not in own:
                path.unlink()
        super().build_content()

    def toc_metadata(
        self, level: int, navpoints: list[NavPoint2]
    ) -> dict[str, Any]:
        """Return what the old table of contents needs; the id is the book's."""
        return super().toc_metadata(level, navpoints) | {
            "uid": self.config.epub_identifier
        }

    def make_id(self, name: str) -> str:
        """Return an id for a file, which depends on the files before it only."""
        return self.id_cache.setdefault(name, f"item-{len(self.id_cache)}")

    def get_refnodes(
        self, doctree: nodes.Node, result: list[dict[str, Any]]
    ) -> list[dict[str, Any]]:
        """Collect the entries of the contents, with their numbers."""
        if isinstance(doctree, nodes.document):
            for reference in doctree.findall(nodes.reference):
                numbers = reference.get("secnumber")
                if numbers:
                    text = ".".join(map(str, numbers))
                    reference.insert(0, nodes.Text(f"{text} "))
        return super().get_refnodes(doctree, result)

    def handle_page(
        self,
        pagename: str,
        addctx: dict[str, Any],
        *arguments: Any,
        **options: Any,
    ) -> None:
        """Write a page with a clean body."""
        if "body" in addctx:
            sound = TEXTS[self.config.language].sound
            addctx["body"] = clean(addctx["body"], sound=sound)
        super().handle_page(pagename, addctx, *arguments, **options)

    def content_metadata(self) -> dict[str, Any]:
        """Return what the package document's template needs."""
        return super().content_metadata() | {"properties": self._properties}

    def _properties(self, item: ManifestItem) -> str:
        if self.config.epub_cover and item.id == self.make_id(
            self.config.epub_cover[0]
        ):
            return "cover-image"
        if item.media_type != "application/xhtml+xml":
            return ""
        page = self.outdir / unquote(item.href)
        try:
            return " ".join(properties(page.read_bytes()))
        except ValueError as error:
            raise SphinxError(f"{page}: {error}") from error

    def navigation_doc_metadata(
        self, navlist: list[NavPoint]
    ) -> dict[str, Any]:
        """Return what the table of contents' template needs."""
        texts = TEXTS[self.config.language]
        start = f"{self.config.root_doc}{self.out_suffix}"
        return super().navigation_doc_metadata(navlist) | {
            "landmarks": texts.landmarks,
            "places": [
                ("cover", self.coverpage_name, texts.cover),
                ("bodymatter", start, texts.start),
            ],
        }

    def build_epub(self) -> None:
        """Write the file."""
        always = ["META-INF/container.xml", "content.opf", "toc.ncx"]
        write_archive(
            Path(self.outdir.parent, f"{self.config.epub_basename}.epub"),
            Path(self.outdir),
            [*always, *self.files],
            epoch=int(os.environ.get("SOURCE_DATE_EPOCH", "0")),
        )
