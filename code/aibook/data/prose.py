"""Read the prose of a page: what is left without code, formulas and markup.

What: a page of the book, in MyST Markdown, becomes sections, each with its label,
which is the same in every language. Formulas, measured numbers and references to
figures become ``#``.

What not: a parser of Markdown in general; it knows what the book's pages use.

Book page: sequences/language-models
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["PARTS", "find_titles", "read_book", "read_prose"]

PARTS = ("start", "ai", "networks", "images", "labs")
"""The parts of the book whose pages are read."""

KEPT = {"admonition", "exercise", "solution", "glue:figure", "note", "tip"}
"""Directives whose body is prose; all others are left out with their body."""

FENCE = re.compile(r"^(`{3,})(?:\{([^}]*)\})?")
LABEL = re.compile(r"^\(([\w-]+)\)=$")
HEADING = re.compile(r"^#+ +(.*)$")
ROLE = re.compile(r"\{([a-z:]+)\}`([^`]*)`")
TARGET = re.compile(r"^(.*?)\s*<([^>]*)>$")


def read_book(folder: Path) -> tuple[str, str]:
    """Return the sources of the book's pages, and their prose.

    Parameters
    ----------
    folder
        Holds ``ko`` and ``en``, with the same pages.

    Returns
    -------
    sources : str
        All pages one after the other, each after a line with its path.
    prose : str
        A line of JSON for each section that both languages have, with ``page``,
        ``label``, ``ko`` and ``en``.

    Examples
    --------
    >>> read_book(Path("nowhere"))
    ('', '')
    """
    names = sorted(
        path.relative_to(folder / "ko").as_posix()
        for part in PARTS
        for path in (folder / "ko" / part).glob("*.md")
        if path.stem != "index"
    )
    sources = ""
    prose: dict[str, dict[str, str]] = {}
    for language in ("ko", "en"):
        pages = {
            name: (folder / language / name).read_text(encoding="utf-8")
            for name in names
        }
        titles: dict[str, str] = {}
        for name, source in pages.items():
            sources += f"{language}/{name}\n{source}"
            titles |= find_titles(source)
        for name, source in pages.items():
            for label, text in read_prose(source, titles).items():
                row = {"page": name.removesuffix(".md"), "label": label}
                prose.setdefault(label, row)[language] = text
    rows = [row for row in prose.values() if {"ko", "en"} <= row.keys()]
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    return sources, "".join(lines)


def find_titles(source: str) -> dict[str, str]:
    r"""Return the headings of a page by their labels.

    Parameters
    ----------
    source
        The page.

    Returns
    -------
    dict
        Label to heading, as written.

    Examples
    --------
    >>> find_titles("(a)=\n# One\n\nText.\n\n(b)=\n## Two")
    {'a': 'One', 'b': 'Two'}
    """
    pattern = re.compile(r"^\(([\w-]+)\)=\n#+ +(.*)$", re.MULTILINE)
    return dict(pattern.findall(source))


def read_prose(
    source: str, titles: Mapping[str, str] | None = None
) -> dict[str, str]:
    r"""Return the sections of a page as plain text.

    Parameters
    ----------
    source
        The page.
    titles
        What to write for a reference that has no text of its own, by label.

    Returns
    -------
    dict
        Label to text, in the order of the page: the heading, then a line for each
        paragraph. Sections without a paragraph are left out.

    Examples
    --------
    >>> read_prose("(a)=\n# One\n\nThe *loss* is $2x$\nand {term}`falls<loss>`.")
    {'a': 'One\nThe loss is # and falls.'}
    """
    sections: dict[str, list[str]] = {}
    label, lines = "", [""]
    for line in _prose_lines(source):
        named = LABEL.match(line)
        if named:
            label, lines = named[1], [""]
            sections[label] = lines
        elif not line.strip() or line.startswith(("- ", "* ", "1. ")):
            lines.append(line)
        else:
            lines[-1] = f"{lines[-1]} {line}".strip()
            if HEADING.match(line):
                lines.append("")
    texts = {
        label: [plain for plain in map(_strip_for(titles or {}), ps) if plain]
        for label, ps in sections.items()
    }
    return {k: "\n".join(ps) for k, ps in texts.items() if len(ps) > 1}


def _prose_lines(source: str) -> list[str]:
    """Return the lines outside front matter, code, formulas, tables, options."""
    source = re.sub(r"\A---\n.*?\n---\n", "", source, flags=re.DOTALL)
    kept: list[str] = []
    fences: list[tuple[int, bool]] = []  # length, whether its body is prose
    for line in source.split("\n"):
        fence = FENCE.match(line.strip())
        if (
            fence
            and fences
            and not fence[2]
            and fences[-1][0] == len(fence[1])
        ):
            fences.pop()
            kept.append("")
        elif fence and all(prose for _, prose in fences):
            fences.append((len(fence[1]), fence[2] in KEPT))
            kept.append("")
        elif all(prose for _, prose in fences) and not re.match(
            r"\||:[\w-]+:|%|!\[", line.strip()
        ):
            kept.append(line)
    return kept


def _strip_for(titles: Mapping[str, str]) -> Callable[[str], str]:
    """Return a function that takes the markup off a paragraph."""

    def role(match: re.Match[str]) -> str:
        kind, text = match.groups()
        if kind == "cite:t":
            name = re.sub(r"^([a-z]+)(\d+)\w*$", r"\1 (\2)", text)
            return name[0].upper() + name[1:]
        if kind in ("glue:text", "eq", "numref"):
            return "#"
        if kind not in ("ref", "doc", "term"):
            return ""
        target = TARGET.match(text)
        if target or kind == "term":
            return target[1] if target else text
        return titles.get(text, "")

    def strip(paragraph: str) -> str:
        text = re.sub(r"^#+ +", "", paragraph.strip())
        text = re.sub(r"(\$\$?)[^$]+\1", "#", text)
        text = ROLE.sub(role, ROLE.sub(role, text))
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
        text = re.sub(r"\*\*|\*(?=\S)|(?<=\S)\*|`", "", text)
        text = re.sub(r"[(‘]\s*[)’]|\\", "", text)
        return re.sub(r"\s+([.,)])", r"\1", " ".join(text.split()))

    return strip
