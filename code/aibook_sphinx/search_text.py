"""The text of a page that a search looks at, section by section.

It is the prose: headings, paragraphs, captions, tables, exercises, and their
solutions. Code cells, what they print, listings, figures, formulas and raw HTML are
left out, for they would drown it; so are signatures, since Sphinx lists the names
of objects by itself. A name in running text (``fit``) is a word like others.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from docutils import nodes

from aibook_sphinx.terms import definition_template
from sphinx import addnodes

# How often a word counts that stands there.
PAGE_TITLE, HEADING, TERM, SMALL_TITLE, PROSE = 10, 5, 4, 2, 1

_LEFT_OUT = (
    nodes.Invisible,
    nodes.doctest_block,
    nodes.field_name,
    nodes.footnote_reference,
    nodes.image,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    addnodes.desc_signature,
    addnodes.index,
    definition_template,  # the glossary has it
)
_LEFT_OUT_CLASSES = {
    "bibtex",  # a reference's key
    "cell_input",
    "cell_output",
    "cite",
    "literal-block-wrapper",
    "no-search",
    "toctree-wrapper",
}
# In Korean a term is introduced with its English name; bold alone may be stress.
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_HANGUL = re.compile("[가-힣]")
_ADDRESS = re.compile(r"https?://\S+")


@dataclass
class Section:
    """A section without those inside it, or an entry of the glossary.

    Attributes
    ----------
    anchor
        The id to link to; none for the beginning of a page.
    title
        Its heading.
    texts
        Its texts, each with how often a word in it counts.
    terms
        What it introduces.
    is_entry
        Whether it is an entry, which stands for itself.
    told_in
        Where an entry says that it is explained, as an address relative to the page.
    """

    anchor: str
    title: str
    texts: list[tuple[str, int]] = field(default_factory=list)
    terms: list[str] = field(default_factory=list)
    is_entry: bool = False
    told_in: str = ""


def _left_out(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Element):
        if isinstance(node, _LEFT_OUT):
            return True
        if isinstance(node, nodes.container) and "mime_type" in node:
            return True  # what a cell has stored, put elsewhere in the page
        return not _LEFT_OUT_CLASSES.isdisjoint(node["classes"])
    return False


def text_of(node: nodes.Node) -> str:
    """Return the text of a paragraph without formulas and citations."""
    if _left_out(node):
        return " "
    if isinstance(node, nodes.Text):
        return node.astext()
    return "".join(text_of(child) for child in node.children)


def _introduced(block: nodes.Element) -> list[str]:
    """Return the terms in bold, with the English name that follows in Korean."""
    found = []
    for strong in block.findall(nodes.strong):
        term = strong.astext()
        after = strong.parent[strong.parent.index(strong) + 1 :]
        brackets = _IN_BRACKETS.match(after[0].astext()) if after else None
        names = re.split(r"[,;] *", brackets[1]) if brackets else []
        english = [name for name in names if not _HANGUL.search(name)]
        if english or not _HANGUL.search(term):
            found += [term, *english]
    return found


def _opened_by(node: nodes.Node, *, first: bool) -> Section | None:
    """Return the section or the entry of a glossary that begins here, if any."""
    # Inside an exercise there are sections without a heading.
    if isinstance(node, nodes.section) and isinstance(node[0], nodes.title):
        anchor = "" if first else node["ids"][0]
        return Section(anchor, text_of(node[0]).strip())
    if not isinstance(node, nodes.definition_list_item):
        return None
    terms = [child for child in node if isinstance(child, nodes.term)]
    if not terms[0]["ids"]:
        return None
    # Its name, synonyms, translations.
    texts = [child.astext() for term in terms for child in term]
    names = [name.strip() for text in texts for name in text.split(",")]
    names = [name for name in names if name]
    return Section(terms[0]["ids"][0], names[0], terms=names, is_entry=True)


def _add(block: nodes.TextElement, section: Section, *, first: bool) -> None:
    weight = PROSE
    if isinstance(block, nodes.term):
        weight = TERM
    elif isinstance(block.parent, nodes.section):
        if isinstance(block, nodes.title):
            weight = PAGE_TITLE if first else HEADING
    elif isinstance(block, nodes.title):
        weight = SMALL_TITLE
    section.texts.append((_ADDRESS.sub(" ", text_of(block)), weight))
    section.terms += _introduced(block)
    if section.is_entry:
        # Other entries are on the same page, so they have no address.
        for link in block.findall(nodes.reference):
            if link.get("internal") and "refuri" in link:
                section.told_in = link["refuri"]


def sections_of(document: nodes.document) -> list[Section]:
    """Return the sections of a page, all references of which are resolved.

    A section stands before those inside it.
    """
    found: list[Section] = []

    def visit(node: nodes.Node, section: Section | None) -> None:
        if _left_out(node):
            return
        opened = _opened_by(node, first=not found)
        if opened is not None:
            section = opened
            found.append(section)
        elif isinstance(node, addnodes.desc) and section is not None:
            # What is bold in a docstring is a parameter, not a term.
            section = Section(section.anchor, section.title, section.texts)
        elif isinstance(node, nodes.TextElement):
            if section is not None:
                _add(node, section, first=len(found) == 1)
            return
        for child in node.children:
            visit(child, section)

    visit(document, None)
    return found
