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
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.writers._html_base import HTMLTranslator
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform

from sphinx import addnodes


@dataclass(frozen=True)
class Entry:
    """An entry of a glossary: its page, one of its terms, and its nodes."""

    docname: str
    term: str
    head: nodes.Element
    body: nodes.Element


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
        used = list(dict.fromkeys(self._keys()))
        if used:
            entries = _entries(self.env)
            self.document += [
                self._template(key, entries[key]) for key in used
            ]

    def _keys(self) -> Iterator[str]:
        """Yield the ids of the entries that the page refers to."""
        keys = {name.lower(): key for name, _, key in _terms(self.env)}
        for node in self.document.findall(addnodes.pending_xref):
            if (node.get("refdomain"), node["reftype"]) == ("std", "term"):
                # Sphinx itself warns of a term that is missing.
                key = keys.get(node["reftarget"].lower())
                if key:
                    yield key

    def _template(self, key: str, entry: Entry) -> nodes.Element:
        heading = nodes.paragraph(classes=["definition-term"])
        heading += [
            child.deepcopy()
            for child in entry.head.children
            if not isinstance(child, addnodes.index)
        ]
        title = self.env.titles[entry.docname].astext()
        link = addnodes.pending_xref(
            "",
            nodes.inline("", title),
            refdomain="std",
            reftype="term",
            reftarget=entry.term,
        )
        template = definition_template(
            "",
            heading,
            *(child.deepcopy() for child in entry.body.children),
            nodes.paragraph("", "", link, classes=["definition-more"]),
            ids=[f"definition-of-{key}"],
            classes=["no-search"],
        )
        # Addresses in the copy are relative to this page.
        for node in template.findall(addnodes.pending_xref):
            node["refdoc"] = self.env.docname
        return template


def _terms(env: BuildEnvironment) -> Iterator[tuple[str, str, str]]:
    """Yield every term, the page that defines it, and the id of its entry."""
    for (kind, name), place in env.domains.standard_domain.objects.items():
        if kind == "term":
            yield name, *place


def glossaries(env: BuildEnvironment) -> list[str]:
    """Return the names of the pages that define terms."""
    return sorted({docname for _, docname, _ in _terms(env)})


def _entries(env: BuildEnvironment) -> dict[str, Entry]:
    """Return every entry by its id."""
    names = {key: name for name, _, key in _terms(env)}
    entries = {}
    for docname in glossaries(env):
        doctree = env.get_doctree(docname)
        for item in doctree.findall(nodes.definition_list_item):
            head, body = item.children[0], item.children[-1]
            assert isinstance(head, nodes.Element)
            assert isinstance(body, nodes.Element)
            for key in names.keys() & head["ids"]:
                entries[key] = Entry(docname, names[key], head, body)
    return entries


def _embed(app: Sphinx) -> None:
    """Register the transform for pages that run scripts; an e-book's do not."""
    if app.builder.name == "html":
        app.add_post_transform(EmbedDefinitions)


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
    app.connect("builder-inited", _embed)
    app.connect("env-updated", _rewrite_all)
    app.add_js_file("terms.js", loading_method="defer")
    app.add_css_file("terms.css")
