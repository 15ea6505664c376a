"""Definitions of the terms that a page uses, shown where it uses them.

A reference by the role ``term`` leads to the glossary. In HTML the definitions of
the terms that a page refers to are written into the page, each once, as
``<template>``: neither readers without scripts nor search engines, screen readers
or printers find them twice. ``terms.js`` shows one beside its link. So it works
from disk, where a page may not fetch another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.writers._html_base import HTMLTranslator
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx import addnodes

Entry = tuple[str, nodes.Element, nodes.Element]


class definition_template(nodes.General, nodes.Element):  # noqa: N801 (docutils names nodes so)
    """A definition that only a script shows."""


def _visit_template(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append(writer.starttag(node, "template"))


def _depart_template(writer: HTMLTranslator, node: nodes.Element) -> None:
    writer.body.append("</template>\n")


class EmbedDefinitions(SphinxPostTransform):
    """Append the definitions of the terms that a page refers to."""

    # Before references are resolved, so that those in the definitions are too.
    default_priority = 4
    formats = ("html",)

    def run(self, **kwargs: object) -> None:
        """Append them to the page, in the order of their first use."""
        if self.app.builder.name != "html":
            return  # an e-book, say, which runs no script
        addresses: dict[str, str] = {}
        for link in self._links():
            address = str(link.get("refuri") or f"#{link['refid']}")
            addresses.setdefault(address.partition("#")[2], address)
        if addresses:
            entries = _entries(self.env)
            for key, address in addresses.items():
                self.document += self._template(key, address, *entries[key])

    def _links(self) -> Iterator[nodes.Element]:
        """Yield what the page's references to terms are going to become."""
        domain = self.env.domains.standard_domain
        for node in self.document.findall(addnodes.pending_xref):
            if node["reftype"] != "term" or node.get("refdomain") != "std":
                continue
            link = domain.resolve_xref(
                *(self.env, self.env.docname, self.app.builder, "term"),
                *(node["reftarget"], node, nodes.inline()),
            )
            # Sphinx itself warns of a term that is missing.
            if link is not None:
                yield link

    def _template(
        self,
        key: str,
        address: str,
        docname: str,
        term: nodes.Element,
        body: nodes.Element,
    ) -> nodes.Element:
        heading = nodes.paragraph(classes=["definition-term"])
        heading += [
            child.deepcopy()
            for child in term.children
            if not isinstance(child, addnodes.index)
        ]
        more = nodes.paragraph(classes=["definition-more"])
        title = self.env.titles[docname].astext()
        more += nodes.reference("", title, internal=True, refuri=address)
        template = definition_template(
            "",
            heading,
            *(child.deepcopy() for child in body.children),
            more,
            ids=[f"definition-of-{key}"],
            classes=["no-search"],
        )
        # Addresses in the copy are relative to this page.
        for node in template.findall(addnodes.pending_xref):
            node["refdoc"] = self.env.docname
        return template


def _entries(env: BuildEnvironment) -> dict[str, Entry]:
    """Return every entry by its id: its page, its terms, its definition."""
    entries = {}
    for docname in glossaries(env):
        doctree = env.get_doctree(docname)
        for item in doctree.findall(nodes.definition_list_item):
            term, body = item.children[0], item.children[-1]
            assert isinstance(term, nodes.Element)
            assert isinstance(body, nodes.Element)
            for key in term["ids"]:
                entries[key] = docname, term, body
    return entries


def glossaries(env: BuildEnvironment) -> list[str]:
    """Return the names of the pages that define terms."""
    objects = env.domains.standard_domain.objects
    return sorted(
        {page for (kind, _), (page, _) in objects.items() if kind == "term"}
    )


def _rewrite_all(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Have every page written anew when a glossary has changed."""
    texts = (Path(env.doc2path(name)).read_bytes() for name in glossaries(env))
    digest = hashlib.sha256(b"\0".join(texts)).hexdigest()
    settings: Any = env
    if getattr(env, "aibook_glossary", digest) == digest:
        settings.aibook_glossary = digest
        return []
    settings.aibook_glossary = digest
    return sorted(env.found_docs)


def setup(app: Sphinx) -> None:
    """Register the transform, and the script and style that show definitions."""
    app.add_node(definition_template, html=(_visit_template, _depart_template))
    app.add_post_transform(EmbedDefinitions)
    app.connect("env-updated", _rewrite_all)
    app.add_js_file("terms.js", loading_method="defer")
    app.add_css_file("terms.css")
