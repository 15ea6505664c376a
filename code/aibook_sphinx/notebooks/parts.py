"""Blocks with parts: lists, tables, exercises, descriptions of the package.

What: mixins for `aibook_sphinx.notebooks.blocks.Writer`, which writes the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from docutils import nodes

from aibook_sphinx.notebooks import markdown as md
from aibook_sphinx.notebooks.inline import Inline


@dataclass(frozen=True)
class Block:
    """A piece of a page.

    Attributes
    ----------
    text
        Its Markdown.
    cell
        Or the code cell that stands here, as its index in the executed notebook.
    heading
        Whether it is a heading.
    folded
        Whether what the heading stands over is closed at first.
    """

    text: str = ""
    cell: int | None = None
    heading: bool = False
    folded: bool = False


# Of a list of definitions, of fields, of options.
_NAMES = {"classifier", "field_name", "option_group", "term"}


class Blocks(Inline):
    """What the mixins need of each other."""

    level = 0

    def all(self, found: Sequence[nodes.Node]) -> Iterator[Block]:
        """Yield the blocks of nodes, in order."""
        for node in found:
            if isinstance(node, nodes.Element):
                yield from self.method("block", node)(node)

    def body(self, found: Sequence[nodes.Node]) -> str:
        """Return nodes that hold no code cell as one text."""
        return "\n\n".join(block.text for block in self.all(found))

    def heading(
        self, text: str, titled: nodes.Element, *, folded: bool = False
    ) -> Block:
        """Return a heading of the present level."""
        name = self.context.anchor(titled)
        mark = f'<a name="{name}"></a>' if name else ""
        hashes = "#" * min(self.level, 6)
        return Block(f"{hashes} {text}{mark}", heading=True, folded=folded)

    def captioned(self, kind: str, node: nodes.Element, text: str) -> Block:
        """Return a caption with its number."""
        number = self.context.number(kind, node)
        return Block(f"**{number}.** {text}" if number else text)


def elements(node: nodes.Element) -> list[nodes.Element]:
    """Return the elements that a node holds."""
    return [child for child in node if isinstance(child, nodes.Element)]


class Lists(Blocks):
    """Lists of items, of terms and of fields, and notes at the foot."""

    def _items(self, items: list[str]) -> Iterator[Block]:
        loose = any("\n\n" in item for item in items)
        if items:
            yield Block(("\n\n" if loose else "\n").join(items))

    def block_bullet_list(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a list."""
        items = [
            md.indent(self.body(i.children), "- ") for i in elements(node)
        ]
        yield from self._items(items)

    def block_enumerated_list(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a list with numbers."""
        first = int(node.get("start", 1))
        items = [
            md.indent(self.body(item.children), f"{number}. ")
            for number, item in enumerate(elements(node), start=first)
        ]
        yield from self._items(items)

    def block_definition_list(self, node: nodes.Element) -> Iterator[Block]:
        """Yield terms, each with what it means, as a list."""
        items = []
        for item in elements(node):
            parts = elements(item)
            terms = [part for part in parts if part.tagname in _NAMES]
            meanings = [part for part in parts if part.tagname not in _NAMES]
            names = [md.span("**", self.text(term).strip()) for term in terms]
            text = f"{', '.join(names)}\n\n{self.body(meanings)}"
            items.append(md.indent(text.rstrip(), "- "))
        yield from self._items(items)

    block_field_list = block_option_list = block_definition_list

    def block_footnote(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a note after its number."""
        label, *content = elements(node)
        yield Block(f"<sup>{self.text(label)}</sup> {self.body(content)}")

    def block_citation(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a work that is cited."""
        label, *content = elements(node)
        yield Block(f"[{self.text(label)}] {self.body(content)}")


class Tables(Blocks):
    """Tables, whose cells Markdown wants on one line each."""

    def _cell(self, entry: nodes.Element) -> str:
        return "<br>".join(
            " ".join(block.text.split("\n"))
            for block in self.all(entry.children)
        )

    def block_table(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a table, its title first."""
        for title in node.findall(nodes.title):
            yield self.captioned("table", node, self.text(title))
        self.in_table = True
        rows = [elements(row) for row in node.findall(nodes.row)]
        cells = [[self._cell(entry) for entry in row] for row in rows]
        self.in_table = False
        width = max(map(len, cells), default=0)
        cells = [row + [""] * (width - len(row)) for row in cells]
        has_head = node.next_node(nodes.thead) is not None
        head = cells.pop(0) if has_head else [""] * width
        aligned = [_side(entry) for entry in rows[-1]] if rows else []
        aligned += [""] * (width - len(aligned))
        yield Block(md.table(head, cells, aligned))


def _side(entry: nodes.Element) -> str:
    for name in entry["classes"]:
        if name.startswith("text-"):
            return str(name.removeprefix("text-"))
    return ""


class Exercises(Blocks):
    """Exercises and solutions, under headings that Jupyter can fold."""

    def block_exercise_node(self, node: nodes.Element) -> Iterator[Block]:
        """Yield an exercise."""
        title, *content = elements(node)
        kind = md.escape(str(node["title"]))
        name = self.context.number("exercise", node) or kind
        self.level += 1
        yield self.heading(f"{name} {self.text(title).strip()}".strip(), node)
        for child in content:
            # Its content is wrapped in a section that has no title.
            yield from self.all(child.children)
        self.level -= 1

    block_exercise_enumerable_node = block_exercise_node

    def block_details(self, node: nodes.Element) -> Iterator[Block]:
        """Yield a solution, its code cells where they stand."""
        title, *content = elements(node)
        self.level += 2
        yield self.heading(
            self.text(title), node, folded=_before_heading(node)
        )
        yield from self.all(content)
        self.level -= 2


def _before_heading(node: nodes.Element) -> bool:
    """Return whether a heading or nothing comes next, so that `node` may fold.

    A closed heading hides everything up to the next one.
    """
    assert isinstance(node.parent, nodes.Element)
    siblings = node.parent.children[node.parent.index(node) + 1 :]
    after = [
        n
        for n in siblings
        if isinstance(n, nodes.Element) and not isinstance(n, nodes.Invisible)
    ]
    return not after or after[0].tagname in {
        "exercise_enumerable_node",
        "exercise_node",
        "section",
    }


class Descriptions(Blocks):
    """The package reference."""

    def block_desc(self, node: nodes.Element) -> Iterator[Block]:
        """Yield the signatures of an object as code, then what it does."""
        signatures = [
            n for n in elements(node) if n.tagname == "desc_signature"
        ]
        code = "\n".join(_signature(n) for n in signatures)
        yield Block(md.fence(code, "python"))
        yield from self.all(
            [n for n in elements(node) if n.tagname == "desc_content"]
        )


def _signature(node: nodes.Element) -> str:
    return " ".join(node.astext().replace("\n", " ").split())
