"""The map from the lecture notes' items to the places where the book treats them.

What: ``book/notes-map.yml`` numbers what the notes speak of and gives each item a short
title in both languages with a page and a label of the book, or the page that is planned
for it. The directive shows one group of it as a table in the page's language, with
links:

.. code-block:: text

   ```{notes-map} week-1
   ```

What not: whether the labels exist. Sphinx warns of those it does not find, and the
tests of the book compare the map with the pages of both languages.

Book page: reference/notes-map
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sphinx import addnodes

FILE = "notes-map.yml"

_HEADS: Mapping[str, tuple[str, str, str]] = {
    "ko": ("번호", "강의 노트의 내용", "이 책에서 읽을 곳"),
    "en": ("item", "in the notes", "in this book"),
}
_PLANNED: Mapping[str, str] = {"ko": "쓰는 중", "en": "planned"}
_RANGE = re.compile(r"([A-Z](?:\d+\.)?)(\d+)(?:-(\d+))?")
_ITEM_KEYS = (
    {"id", "page", "label", "ko", "en"},
    {"id", "planned", "ko", "en"},
)


@dataclass(frozen=True)
class Item:
    """One item of the notes.

    Attributes
    ----------
    id
        Its number, such as ``W2.7`` (week 2) or ``C9.1`` (code).
    titles
        What it is about, by language; a part in backticks is code.
    page
        The page that treats it, or will.
    label
        Where on that page; None if the page is not written yet.
    """

    id: str
    titles: Mapping[str, str]
    page: str
    label: str | None


@dataclass(frozen=True)
class Group:
    """Items that stand together: their number, the ids they must have, and they."""

    count: int
    ids: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True)
class NotesMap:
    """The map: groups by name, and titles of the pages that are planned."""

    count: int
    groups: Mapping[str, Group]
    planned: Mapping[str, Mapping[str, str]]

    @property
    def items(self) -> list[Item]:
        """Return all items in their order."""
        return [i for group in self.groups.values() for i in group.items]


def expand(ranges: str) -> Iterator[str]:
    """Yield the ids that ranges stand for.

    Parameters
    ----------
    ranges
        Ids and ranges of ids, separated by commas. Only the last number runs.

    Raises
    ------
    ValueError
        A part is neither an id nor a range, or runs backwards.

    Examples
    --------
    >>> list(expand("W1.1-3, C2, C2.1-2"))
    ['W1.1', 'W1.2', 'W1.3', 'C2', 'C2.1', 'C2.2']
    """
    for part in ranges.split(","):
        match = _RANGE.fullmatch(part.strip())
        first = int(match[2]) if match else 1
        last = int(match[3] or first) if match else 0
        if match is None or last < first:
            raise ValueError(f"no id and no range of ids: {part.strip()!r}")
        yield from (f"{match[1]}{n}" for n in range(first, last + 1))


def read_map(path: Path) -> NotesMap:
    """Read the map.

    Raises
    ------
    ValueError
        An item has other keys than it should, or names a planned page that has no
        title.
    """
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    planned = data["planned"]

    def item(raw: Mapping[str, str]) -> Item:
        if set(raw) not in _ITEM_KEYS:
            raise ValueError(
                f"{path.name}: an item has the keys {sorted(raw)}; allowed "
                f"are {' or '.join(str(sorted(k)) for k in _ITEM_KEYS)}"
            )
        page = raw.get("page") or raw["planned"]
        if "planned" in raw and page not in planned:
            raise ValueError(
                f"{path.name}: {raw['id']} is planned for {page!r}, which "
                "has no title under `planned`"
            )
        titles = {language: raw[language] for language in _HEADS}
        return Item(raw["id"], titles, page, raw.get("label"))

    groups = {
        name: Group(
            group["count"],
            tuple(expand(group["ids"])),
            tuple(item(raw) for raw in group["items"]),
        )
        for name, group in data["groups"].items()
    }
    return NotesMap(data["count"], groups, planned)


class NotesMapTable(SphinxDirective):
    """The directive: the name of a group."""

    required_arguments = 1
    option_spec: ClassVar = {}

    def run(self) -> list[nodes.Node]:
        """Return the table, or a warning if there is no such group."""
        # Beside the folders of the languages.
        path = Path(self.env.srcdir).parent / FILE
        self.env.note_dependency(str(path))
        try:
            notes = read_map(path)
            group = notes.groups[self.arguments[0]]
        except (KeyError, OSError, ValueError) as error:
            message = f"notes-map {self.arguments[0]!r}: {error}"
            return [
                self.state.document.reporter.warning(message, line=self.lineno)
            ]
        # Searches shall find the chapters, not the list that leads to them.
        table = nodes.table(classes=["notes-map", "no-search"])
        columns = nodes.tgroup(cols=3)
        columns += [nodes.colspec(colwidth=width) for width in (12, 40, 48)]
        head, body = nodes.thead(), nodes.tbody()
        language = self.config.language
        head += _row(*(_entry(nodes.Text(t)) for t in _HEADS[language]))
        body += [self._item(item, notes.planned) for item in group.items]
        columns += [head, body]
        table += columns
        self.set_source_info(table)
        return [table]

    def _item(
        self, item: Item, planned: Mapping[str, Mapping[str, str]]
    ) -> nodes.row:
        language = self.config.language
        place: list[nodes.Node]
        if item.label is None:
            said = f"{planned[item.page][language]} ({_PLANNED[language]})"
            place = [nodes.inline("", said, classes=["planned"])]
        else:
            place = [self._link(item.label)]
        title = item.titles[language]
        parts = [
            nodes.literal("", part) if number % 2 else nodes.Text(part)
            for number, part in enumerate(title.split("`"))
            if part
        ]
        return _row(
            _entry(nodes.Text(item.id)), _entry(*parts), _entry(*place)
        )

    def _link(self, label: str) -> addnodes.pending_xref:
        """Return what Sphinx makes a link with the section's title of."""
        link = addnodes.pending_xref(
            "",
            nodes.inline("", label, classes=["std", "std-ref"]),
            refdoc=self.env.docname,
            refdomain="std",
            reftype="ref",
            reftarget=label,
            refexplicit=False,
            refwarn=True,
        )
        self.set_source_info(link)
        return link


def _entry(*content: nodes.Node) -> nodes.entry:
    return nodes.entry("", nodes.paragraph("", "", *content))


def _row(*entries: nodes.entry) -> nodes.row:
    return nodes.row("", *entries)


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("notes-map", NotesMapTable)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
