"""The headings of all pages, which links from notebook to notebook lead to.

A label may name a box, a figure or an equation. Jupyter knows only headings, so a
link leads to the heading below which the label stands.
"""

from __future__ import annotations

import re
from collections.abc import Set
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector

# JupyterLab does not find a heading whose name an address has to encode.
_LINKABLE = re.compile(r"[\w.,:;()!'/-]+", re.ASCII)


def heading_id(text: str) -> str:
    """Return the name that Jupyter gives to a heading, or nothing.

    Examples
    --------
    >>> heading_id("Adding up evidence"), heading_id("근거를 더하기")
    ('Adding-up-evidence', '')
    """
    name = "-".join(text.split())
    return name if _LINKABLE.fullmatch(name) else ""


class Headings(EnvironmentCollector):
    """Note for each page below which heading its ids stand: links need that."""

    def clear_doc(
        self, app: Sphinx, env: BuildEnvironment, docname: str
    ) -> None:
        """Forget a page."""
        headings(env).pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: Set[str],
        other: BuildEnvironment,
    ) -> None:
        """Take over pages that another process has read."""
        found = headings(other)
        headings(env).update({name: found[name] for name in docnames})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        """Note the headings of a page, without that of the page itself."""
        found = {}
        for section in doctree.findall(nodes.section):
            title = section.next_node(nodes.title)
            if title is None or section.parent is doctree:
                continue
            name = heading_id(title.astext())
            # Outer sections come first, so the innermost one prevails.
            for element in section.findall(nodes.Element):
                found.update(dict.fromkeys(element["ids"], name))
        headings(app.env)[app.env.docname] = found


def headings(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return for each page below which heading each of its ids stands."""
    own: Any = env
    if not hasattr(own, "aibook_headings"):
        own.aibook_headings = {}
    found: dict[str, dict[str, str]] = own.aibook_headings
    return found
