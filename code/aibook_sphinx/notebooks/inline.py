"""What stands within a line of a page, as Jupyter's Markdown.

What: emphasis, code, formulas, links, notes, and how a node finds its method.
What not: blocks (`aibook_sphinx.notebooks.blocks`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Protocol

from docutils import nodes

from aibook_sphinx.notebooks import markdown as md


class Context(Protocol):
    """What a writer asks about the page's place in the book."""

    def address(self, reference: nodes.Element) -> str:
        """Return where a reference leads; nothing if that cannot be linked."""

    def anchor(self, titled: nodes.Element) -> str:
        """Return the name of a heading that links lead to, or nothing."""

    def number(self, kind: str, node: nodes.Element) -> str:
        """Return a kind of thing with its number, "Figure 2.1.3", or nothing."""

    def equation(self, node: nodes.Element) -> str:
        """Return an equation's number, or nothing."""

    def section(self) -> str:
        """Return the page's number, or nothing."""

    def picture(self, image: nodes.Element) -> str:
        """Return an image's address; nothing if a cell shows it."""


def _neighbours(node: nodes.Element) -> tuple[str, str]:
    """Return the characters next to a node within its parent."""
    assert isinstance(node.parent, nodes.Element)
    at = node.parent.index(node)
    before, after = node.parent.children[:at], node.parent.children[at + 1 :]
    # Beyond a span's ends there may be a letter.
    end = "x" if isinstance(node.parent, nodes.inline) else ""
    return (
        before[-1].astext()[-1:] if before else end,
        after[0].astext()[:1] if after else end,
    )


class Inline:
    """Markdown within a line.

    A node is written by the method that is named after its class, or after the
    nearest base class that has one.

    Parameters
    ----------
    context
        Numbers and addresses.
    """

    def __init__(self, context: Context) -> None:
        self.context = context
        self.in_table = False

    def method(self, prefix: str, node: nodes.Node) -> Callable[..., Any]:
        """Return the method for a node."""
        names = [f"{prefix}_{cls.__name__}" for cls in type(node).__mro__]
        found = next(name for name in names if hasattr(self, name))
        method: Callable[..., Any] = getattr(self, found)
        return method

    def text(self, node: nodes.Element) -> str:
        """Return the Markdown of what a node holds."""
        return "".join(self.inline(child) for child in node.children)

    def inline(self, node: nodes.Node) -> str:
        """Return the Markdown of a node."""
        if isinstance(node, nodes.Text):
            text = md.escape(re.sub(r"\s*\n\s*", " ", node.astext()))
            return md.without_bars(text) if self.in_table else text
        written: str = self.method("inline", node)(node)
        return written

    def inline_Element(self, node: nodes.Element) -> str:  # noqa: N802
        """Return the text of an element that has no looks of its own."""
        return self.text(node)

    def inline_Invisible(self, node: nodes.Element) -> str:  # noqa: N802
        """Return nothing."""
        return ""

    inline_raw = inline_index = inline_Invisible

    def inline_emphasis(self, node: nodes.Element) -> str:
        """Return emphasised text."""
        return md.span("*", self.text(node), *_neighbours(node))

    inline_title_reference = inline_literal_emphasis = inline_emphasis

    def inline_strong(self, node: nodes.Element) -> str:
        """Return bold text."""
        return md.span("**", self.text(node), *_neighbours(node))

    inline_literal_strong = inline_strong

    def inline_literal(self, node: nodes.Element) -> str:
        """Return code."""
        code = md.code_span(node.astext())
        return md.without_bars(code) if self.in_table else code

    def inline_math(self, node: nodes.Element) -> str:
        """Return a formula."""
        latex = node.astext()
        if self.in_table:
            latex = md.without_bars(latex, math=True)
        return md.inline_math(latex)

    def inline_subscript(self, node: nodes.Element) -> str:
        """Return text below the line."""
        return f"<sub>{self.text(node)}</sub>"

    def inline_superscript(self, node: nodes.Element) -> str:
        """Return text above the line, a note's number too."""
        return f"<sup>{self.text(node)}</sup>"

    inline_footnote_reference = inline_superscript

    def inline_reference(self, node: nodes.Element) -> str:
        """Return a link."""
        return md.link(self.text(node), self.context.address(node))

    def inline_image(self, node: nodes.Element) -> str:
        """Return an image, unless it is the output of a cell."""
        address = self.context.picture(node)
        alt = md.escape(node.get("alt", ""))
        return f"!{md.link(alt, address)}" if address else ""
