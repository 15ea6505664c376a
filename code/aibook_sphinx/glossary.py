"""The glossary: entries that name the other language's term, under stable ids.

Sphinx's own directive makes an entry's id from the text of the term, which says
nothing in Korean (``term-17``) and differs between the languages. Here an entry
begins with its terms, then names those of the other language:

.. code-block:: text

   역전파
   오차 역전파
     :en: back-propagation

     손실을 ...

The first English term makes the id in both languages (``term-back-propagation``),
so that a link keeps its place when the reader changes the language. Entries are
sorted and grouped by their first letter, whatever their order in the source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from textwrap import dedent

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.domains.std import make_glossary_term
from sphinx.util.docutils import SphinxDirective

from sphinx import addnodes

OTHER_LANGUAGE: Mapping[str, str] = {"ko": "en", "en": "ko"}

_OTHER = re.compile(r"\s+:(\w+): +(\S.*)")
# The first letters of Korean syllables, in their order; ㄲ counts as ㄱ.
_INITIALS = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"


@dataclass(frozen=True)
class Entry:
    """An entry of the glossary as its author wrote it.

    Attributes
    ----------
    language
        That of the page.
    terms
        The term, then its synonyms.
    other
        The same in the other language.
    definition
        Lines of MyST, without their indentation.
    line
        That of the first term, counted from 0.
    offset
        That of the definition's first line, counted from `line`.
    """

    language: str
    terms: list[str]
    other: list[str]
    definition: list[str]
    line: int
    offset: int

    @property
    def key(self) -> str:
        """The entry's id, the same in both languages."""
        english = self.terms if self.language == "en" else self.other
        return nodes.make_id(f"term-{english[0]}")

    @property
    def order(self) -> tuple[bool, str]:
        """What entries are sorted by: Hangul first, letter by letter."""
        letters = re.sub(r"[\W_]", "", self.terms[0].casefold())
        return not "가" <= letters[0] <= "힣", letters

    @property
    def letter(self) -> str:
        """The letter under which the entry stands."""
        is_latin, letters = self.order
        if not is_latin:
            return _INITIALS[(ord(letters[0]) - ord("가")) // 588]
        return letters[0].upper() if self.language == "en" else "A–Z"


def read_entries(lines: Iterable[str], language: str) -> list[Entry]:
    r"""Return the entries of a glossary, in the order of the source.

    Parameters
    ----------
    lines
        The directive's content.
    language
        ``ko`` or ``en``.

    Raises
    ------
    ValueError
        An entry has no term, no line with the other language's terms, or no
        definition.

    Examples
    --------
    >>> text = "편향\n  :en: bias\n\n  더하는 수입니다.\n"
    >>> entry = read_entries(text.splitlines(), "ko")[0]
    >>> entry.key, entry.terms, entry.other, entry.definition
    ('term-bias', ['편향'], ['bias'], ['더하는 수입니다.'])
    """
    lines = [line.rstrip() for line in lines]
    is_term = [bool(line) and not line[0].isspace() for line in lines]
    begins = [
        n
        for n, term in enumerate(is_term)
        if term and (n == 0 or not is_term[n - 1])
    ]
    if any(lines[: begins[0] if begins else None]):
        raise ValueError(f"a glossary begins with a term, not {lines[0]!r}")
    entries = []
    for start, end in zip(begins, [*begins[1:], len(lines)], strict=True):
        terms = [
            line for line in lines[start:end] if line and line == line.lstrip()
        ]
        at = start + len(terms)
        match = _OTHER.fullmatch(lines[at]) if at < end else None
        other = OTHER_LANGUAGE[language]
        if not match or match[1] != other:
            raise ValueError(
                f"the terms of {terms[0]!r} must be followed by an indented "
                f'line, ":{other}: its terms, separated by semicolons"'
            )
        at += 1
        while at < end and not lines[at]:
            at += 1
        definition = dedent("\n".join(lines[at:end])).split("\n")
        if not any(definition):
            raise ValueError(f"{terms[0]!r} has no definition")
        while not definition[-1]:
            definition.pop()
        translated = [part.strip() for part in match[2].split(";")]
        entries.append(
            Entry(language, terms, translated, definition, start, at - start)
        )
    return entries


class Glossary(SphinxDirective):
    """The directive."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the letters with links, and under each letter its entries."""
        try:
            entries = read_entries(self.content, self.config.language)
        except ValueError as error:
            return [
                self.state.document.reporter.warning(error, line=self.lineno)
            ]
        letters = nodes.paragraph(classes=["glossary-letters", "no-search"])
        glossary = addnodes.glossary(sorted=False)
        ordered = sorted(entries, key=lambda entry: entry.order)
        for letter, group in groupby(ordered, key=lambda entry: entry.letter):
            items = [(entry.key, self._item(entry)) for entry in group]
            link = nodes.reference(
                "", letter, refid=items[0][0], internal=True
            )
            letters += [link, nodes.Text(" ")]
            heading = nodes.rubric("", letter, classes=["no-search"])
            listed = nodes.definition_list("", *(item for _, item in items))
            listed["classes"].append("glossary")
            glossary += [heading, listed]
        return [letters, glossary]

    def _item(self, entry: Entry) -> nodes.definition_list_item:
        source, line = self.content.items[entry.line]
        head = nodes.term("", "", ids=[entry.key])
        head.source, head.line = source, line
        for number, term in enumerate(entry.terms):
            made = make_glossary_term(
                *(self.env, [nodes.Text(term)], None, source, line),
                *(entry.key, self.state.document),
            )
            if number:
                head += nodes.Text(", ")
            head += made.children
        translated = [t for t in entry.other if t not in entry.terms]
        code = OTHER_LANGUAGE[entry.language]
        if translated:
            head += nodes.Text(" ")
            head += nodes.inline(
                "",
                ", ".join(translated),
                classes=["other-language", f"language-{code}"],
            )
        body = nodes.definition()
        at = entry.line + entry.offset
        text = StringList(
            entry.definition,
            items=self.content.items[at : at + len(entry.definition)],
        )
        self.state.nested_parse(text, self.content_offset + at, body)
        return nodes.definition_list_item("", head, body)


def setup(app: Sphinx) -> None:
    """Register the directive in the place of Sphinx's."""
    app.add_directive_to_domain("std", "glossary", Glossary, override=True)
