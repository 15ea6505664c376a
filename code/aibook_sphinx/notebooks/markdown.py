r"""Pieces of Jupyter's Markdown as text: escapes, spans, formulas, tables.

What: functions from strings to strings. The Markdown is what JupyterLab, Colab and
other readers of notebooks share: CommonMark, GitHub's tables, ``$`` for mathematics.
What not: nothing of docutils (`aibook_sphinx.notebooks.blocks` walks a page's nodes).

Book page: start/using-this-book
"""

from __future__ import annotations

import re
from collections.abc import Sequence

# What would begin or end a span of Markdown, HTML or mathematics.
_SPECIAL = re.compile(
    r"[\\`*~$<]|(?<!\w)_|_(?!\w)|\](?=[(\[:])|&(?=#?\w+;)|!(?=\[)"
)
# Entities where a backslash would not do: Jupyter looks for formulas before it
# parses Markdown, and again in the result.
_ENTITIES = {
    "\\": "&#92;",
    "$": "<span>&#36;</span>",
    "<": "&lt;",
    "&": "&amp;",
}
_BLOCK_START = re.compile(r"\d{1,9}[.)](?=\s|$)|[#>+=-]")
_DISPLAY = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.DOTALL | re.MULTILINE)


def escape(text: str) -> str:
    r"""Return plain text as Markdown that shows it.

    Examples
    --------
    >>> escape("2 * 3 * x_1 < 5 ~ 6")
    '2 \\* 3 \\* x_1 &lt; 5 \\~ 6'
    """
    return _SPECIAL.sub(
        lambda found: _ENTITIES.get(found[0], f"\\{found[0]}"), text
    )


def paragraph(text: str) -> str:
    r"""Return inline Markdown as a paragraph: no list, heading or quotation.

    Examples
    --------
    >>> paragraph("1. is not the first of a list")
    '1\\. is not the first of a list'
    """
    text = text.strip()
    start = _BLOCK_START.match(text)
    if not start:
        return text
    return f"{start[0][:-1]}\\{text[start.end() - 1 :]}"


def span(marker: str, text: str, before: str = "", after: str = "") -> str:
    """Return emphasised text, as HTML where the asterisks would show.

    Parameters
    ----------
    marker
        One or two asterisks.
    text
        Inline Markdown.
    before, after
        The characters next to it, nothing at the ends of a line.

    Examples
    --------
    >>> span("**", "a word"), span("*", "why?", " ", ","), span("*", "뜻?", "", "은")
    ('**a word**', '*why?*', '<em>뜻?</em>')
    """
    if not text.strip():
        return text
    # Next to a letter outside, a span's end counts only if it is a letter inside.
    opens = re.match(r"\w", text) or not re.match(r"\w", before)
    closes = re.search(r"\w$", text) or not re.match(r"\w", after)
    if opens and closes and text == text.strip():
        return f"{marker}{text}{marker}"
    tag = {"*": "em", "**": "strong"}[marker]
    return f"<{tag}>{text}</{tag}>"


def code_span(text: str) -> str:
    """Return code within a line.

    Examples
    --------
    >>> code_span("a`b")
    '`` a`b ``'
    """
    text = " ".join(text.split("\n"))
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    if not longest:
        return f"`{text}`"
    fence = "`" * (longest + 1)
    return f"{fence} {text} {fence}"


def fence(code: str, language: str = "") -> str:
    r"""Return a block of code.

    Examples
    --------
    >>> fence("x = 1", "python")
    '```python\nx = 1\n```'
    """
    longest = max((len(run) for run in re.findall("`{3,}", code)), default=2)
    ticks = "`" * (longest + 1)
    return f"{ticks}{language}\n{code.rstrip()}\n{ticks}"


def link(text: str, address: str) -> str:
    """Return a link, or only the text if there is no address.

    Examples
    --------
    >>> link("next", "b.ipynb"), link("next", "#a-(b)"), link("next", "")
    ('[next](b.ipynb)', '[next](<#a-(b)>)', 'next')
    """
    if not address:
        return text
    for character in ' <>"\\':
        address = address.replace(character, f"%{ord(character):02X}")
    if "(" in address or ")" in address:
        address = f"<{address}>"
    return f"[{text}]({address})"


def inline_math(latex: str) -> str:
    """Return a formula within a line."""
    return f"${' '.join(latex.split())}$"


def display_math(latex: str, number: str = "") -> str:
    r"""Return a formula on lines of its own, with its number.

    Examples
    --------
    >>> display_math("x = 1", "2.1")
    '$$\nx = 1 \\tag{2.1}\n$$'
    """
    lines = "\n".join(line for line in latex.splitlines() if line.strip())
    tag = rf" \tag{{{number}}}" if number else ""
    return f"$$\n{lines.strip()}{tag}\n$$"


def _flatten(text: str) -> str:
    """Put formulas on one line each: what stands before a line would enter them."""
    return _DISPLAY.sub(
        lambda found: f"$${' '.join(found[1].split())}$$", text
    )


def indent(text: str, marker: str) -> str:
    r"""Return a list's item: `marker`, and further lines as deep as it.

    Examples
    --------
    >>> indent("one\n\ntwo", "- ")
    '- one\n\n  two'
    """
    lines = _flatten(text).split("\n")
    space = " " * len(marker)
    rest = [space + line if line else "" for line in lines[1:]]
    return "\n".join([marker + lines[0], *rest])


def quote(text: str) -> str:
    r"""Return a quotation, which Jupyter draws with a bar at its side.

    Examples
    --------
    >>> quote("one\n\ntwo")
    '> one\n>\n> two'
    """
    return "\n".join(
        f"> {line}".rstrip() for line in _flatten(text).split("\n")
    )


def table(
    head: Sequence[str], rows: Sequence[Sequence[str]], aligned: Sequence[str]
) -> str:
    r"""Return a table of one-line cells.

    Parameters
    ----------
    head
        The first row.
    rows
        The others, each as long as the head.
    aligned
        ``left``, ``center``, ``right`` or nothing, for each column.

    Examples
    --------
    >>> print(table(["a", "b"], [["1", "2"]], ["left", ""]))
    | a | b |
    | :-- | --- |
    | 1 | 2 |
    """
    rules = {"left": ":--", "center": ":-:", "right": "--:"}
    lines = [head, [rules.get(side, "---") for side in aligned], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def without_bars(text: str, *, math: bool = False) -> str:
    r"""Return text for a table's cell, in which a bar would end the cell.

    Examples
    --------
    >>> without_bars("|w|", math=True)
    '\\vert w\\vert '
    """
    if not math:
        return text.replace("|", r"\|")
    return text.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
