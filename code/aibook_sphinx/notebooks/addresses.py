"""Where the links of a notebook lead, and the numbers of what it holds.

What: `Place`, which knows a page's place in the book. Links within the page lead to
headings, which Jupyter names after their text. Links to other pages lead to the
published site if its address is configured, else to the notebook or page in the
same build.
What not: Markdown (`aibook_sphinx.notebooks.blocks`).
"""

from __future__ import annotations

import base64
import mimetypes
import posixpath
from functools import cached_property
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

from aibook_sphinx.notebooks.headings import heading_id, headings

FOLDER = "notebooks"
_TITLED = ("exercise_enumerable_node", "exercise_node", "section")


def _is_titled(node: nodes.Element) -> bool:
    """Return whether a node gets a heading; a section in an exercise has none."""
    return node.tagname in _TITLED and any(
        isinstance(child, nodes.title) for child in node.children
    )


class Place:
    """A page's place in the book: `aibook_sphinx.notebooks.inline.Context`.

    Parameters
    ----------
    app
        The build.
    docname
        The page.
    doctree
        The page, its references resolved.

    Attributes
    ----------
    pictures
        Images that are no cell's output, as attachments: name to MIME bundle.
    """

    def __init__(
        self, app: Sphinx, docname: str, doctree: nodes.document
    ) -> None:
        self.app = app
        self.docname = docname
        self.doctree = doctree
        self.pictures: dict[str, dict[str, str]] = {}
        self.site: str = app.config.aibook_site_url.rstrip("/")

    # --- numbers --------------------------------------------------------------

    def section(self) -> str:
        """Return the page's number, or nothing."""
        numbers = self.app.env.toc_secnumbers.get(self.docname, {}).get("")
        return f"{'.'.join(map(str, numbers))}." if numbers else ""

    def _number(self, kind: str, node: nodes.Element) -> str:
        numbers = self.app.env.toc_fignumbers.get(self.docname, {})
        ids = numbers.get(kind, {})
        found = next((ids[i] for i in node["ids"] if i in ids), ())
        return ".".join(map(str, found))

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return a kind of thing with its number, "Figure 2.1.3", or nothing."""
        number = self._number(kind, node)
        named: str = self.app.config.numfig_format.get(kind, "%s")
        return named % number if number else ""

    def equation(self, node: nodes.Element) -> str:
        """Return an equation's number, or nothing."""
        if not node.get("number"):
            return ""
        return self._number("displaymath", node) or str(node["number"])

    # --- addresses ------------------------------------------------------------

    @cached_property
    def _titled(self) -> dict[str, nodes.Element]:
        """The section or exercise in which each id stands."""
        found: dict[str, nodes.Element] = {}
        for element in self.doctree.findall(nodes.Element):
            titled: nodes.Element | None = element
            while titled is not None and not _is_titled(titled):
                titled = titled.parent
            if titled is not None:
                found |= dict.fromkeys(element["ids"], titled)
        return found

    @cached_property
    def _linked(self) -> set[nodes.Element]:
        """The sections and exercises that the page links to."""
        references = self.doctree.findall(nodes.reference)
        ids = [
            self._own_id(node) for node in references if node.get("internal")
        ]
        return {self._titled[i] for i in ids if i in self._titled}

    def _own_id(self, reference: nodes.Element) -> str:
        """Return the id within the page that a reference leads to, or nothing."""
        if "refid" in reference:
            return str(reference["refid"])
        path, _, fragment = reference.get("refuri", "").partition("#")
        own = posixpath.basename(self._page(self.docname))
        top = self.doctree.next_node(nodes.section)
        first = top["ids"][0] if top is not None else ""
        return fragment or str(first) if path in {"", own} else ""

    def _name(self, titled: nodes.Element) -> str:
        title = titled.next_node(nodes.title)
        assert title is not None
        text = title.astext().strip()
        if titled.tagname == "section":
            of_page = titled.parent is self.doctree
            number = self.section() if of_page else ""
        else:
            number = self.number("exercise", titled)
        return heading_id(f"{number} {text}")

    def anchor(self, titled: nodes.Element) -> str:
        """Return the name of a heading that links lead to, or nothing."""
        return self._name(titled) if titled in self._linked else ""

    def address(self, reference: nodes.Element) -> str:
        """Return where a reference leads; nothing if that cannot be linked."""
        if not reference.get("internal"):
            return str(reference.get("refuri", ""))
        own = self._own_id(reference)
        if own:
            name = self._name(self._titled[own]) if own in self._titled else ""
            return f"#{name}" if name else ""
        path, _, fragment = reference.get("refuri", "").partition("#")
        folder = posixpath.dirname(self._page(self.docname))
        target = posixpath.normpath(posixpath.join(folder, path))
        return self.to(target, fragment)

    def _page(self, docname: str) -> str:
        return self.app.builder.get_target_uri(docname)

    def to(self, target: str, fragment: str = "") -> str:
        """Return the address of a file of this language's site."""
        language = self.app.config.language
        if self.site:
            end = f"#{fragment}" if fragment else ""
            return f"{self.site}/{language}/{target}{end}"
        docname = target.removesuffix(".html")
        if docname not in self.app.env.found_docs:
            return self._relative(target)
        name = headings(self.app.env).get(docname, {}).get(fragment)
        end = f"#{name}" if name else ""
        return self._relative(f"{FOLDER}/{docname}.ipynb") + end

    def _relative(self, target: str) -> str:
        return posixpath.relpath(
            target, posixpath.dirname(f"{FOLDER}/{self.docname}")
        )

    def page(self) -> str:
        """Return the address of the page that the notebook is made from."""
        page = self._page(self.docname)
        return self.to(page) if self.site else self._relative(page)

    def other(self, language: str) -> str:
        """Return the address of the same notebook in another language."""
        path = f"{language}/{FOLDER}/{self.docname}.ipynb"
        return (
            f"{self.site}/{path}"
            if self.site
            else self._relative(f"../{path}")
        )

    # --- pictures -------------------------------------------------------------

    def picture(self, image: nodes.Element) -> str:
        """Return an image's address; nothing if a cell shows it."""
        # HTML has put its own path into "uri".
        file = next(iter(image.get("candidates", {}).values()), "")
        path = Path(self.app.srcdir, file).resolve()
        settings: Any = getattr(self.app.env, "mystnb_config", None)
        outputs = Path(settings.output_folder) if settings else None
        if not path.is_file() or outputs in path.parents:
            return ""
        data = base64.b64encode(path.read_bytes()).decode()
        kind = mimetypes.guess_type(path.name)[0] or "image/png"
        self.pictures[path.name] = {kind: data}
        return f"attachment:{path.name}"
