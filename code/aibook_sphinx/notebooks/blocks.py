"""A page's nodes as blocks of Jupyter's Markdown, with the places of its cells.

What: `Writer` walks a resolved page and yields blocks: Markdown that needs nothing
but Markdown and mathematics, headings, and indices of code cells.
What not: it makes no notebook (`aibook_sphinx.notebooks`), and it knows numbers and
addresses only through the `Context` that it is given.

Book page: start/using-this-book
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import groupby

from docutils import nodes
from sphinx.locale import admonitionlabels

from aibook_sphinx.latex import prepare
from aibook_sphinx.notebooks import markdown as md
from aibook_sphinx.notebooks.parts import (
    Block,
    Descriptions,
    Exercises,
    Lists,
    Tables,
)

_LANGUAGES = {"ipython3": "python", "default": "", "none": "", "text": ""}


def _wrapped(
    found: Iterable[Block], wrap: Callable[[str], str]
) -> Iterator[Block]:
    """Wrap what stands between code cells."""
    for is_cell, run in groupby(found, lambda block: block.cell is not None):
        if is_cell:
            yield from run
        else:
            yield Block(wrap("\n\n".join(block.text for block in run)))


class Writer(Lists, Tables, Exercises, Descriptions):
    r"""Blocks of a page.

    Parameters
    ----------
    context
        Numbers and addresses.

    Examples
    --------
    >>> from docutils.core import publish_doctree
    >>> page = publish_doctree("Why *this*?\n\n- one\n- two\n")
    >>> for block in Writer(None).all([page]):
    ...     print(block.text)
    Why *this*?
    - one
    - two
    """

    def block_Element(self, node: nodes.Element) -> Iterator[Block]:  # noqa: N802
        """Yield what a node holds, or the code cell that it is."""
        if node.get("nb_element") == "cell_code":
            yield Block(cell=node["cell_index"])
        else:
            yield from self.all(node.children)

    def block_Invisible(self, node: nodes.Element) -> Iterator[Block]:  # noqa: N802
        """Yield nothing."""
        yield from ()

    block_raw = block_index = block_colspec = block_Invisible
    block_tabular_col_spec = block_Invisible

    def block_TextElement(self, node: nodes.Element) -> Iterator[Block]:  # noqa: N802
        """Yield a paragraph."""
        text = self.text(node)
        if text.strip():
            yield Block(md.paragraph(text))

    def block_Inline(self, node: nodes.Element) -> Iterator[Block]:  # noqa: N802
        """Yield a paragraph of one span."""
        text = self.inline(node)
        if text.strip():
            yield Block(md.paragraph(text))

    block_image = block_Inline

    def block_section(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a section."""
        self.level += 1
        yield from self.all(node.children)
        self.level -= 1

    def block_title(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a section's heading; the page's with its number."""
        assert node.parent is not None
        number = self.context.section() if self.level == 1 else ""
        text = f"{number} {self.text(node)}".strip()
        yield self.heading(text, node.parent)

    def block_rubric(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a heading that the contents do not list."""
        yield Block(md.span("**", self.text(node)))

    def block_transition(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a line across the page."""
        yield Block("***")

    def block_Admonition(self, node: nodes.Element) -> Iterator[Block]:  # noqa: N802
        """Yield a box as a quotation that begins with its title."""
        titles = [n for n in node.children if isinstance(n, nodes.title)]
        rest = [n for n in node.children if n not in titles]
        named = admonitionlabels.get(node.tagname, "")
        name = self.text(titles[0]) if titles else md.escape(str(named))
        head = [Block(f"**{name.strip()}**")] if name else []
        yield from _wrapped([*head, *self.all(rest)], md.quote)

    block_block_quote = block_topic = block_sidebar = block_Admonition

    def block_math_block(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a formula on lines of its own."""
        latex = prepare(node.astext())
        yield Block(md.display_math(latex, self.context.equation(node)))

    def block_literal_block(self, node: nodes.Element) -> Iterator[Block]:
        """Yield code."""
        language = node.get("language", "python")
        language = _LANGUAGES.get(language, language)
        yield Block(md.fence(node.astext(), language))

    block_doctest_block = block_literal_block

    def block_caption(self, node: nodes.Element) -> Iterator[Block]:
        """Yield the caption of a figure or a listing."""
        owner = node.parent
        assert isinstance(owner, nodes.Element)
        kind = "figure" if isinstance(owner, nodes.figure) else "code-block"
        yield self.captioned(kind, owner, self.text(node))
