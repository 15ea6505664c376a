"""Make code light for the browser, without a change to what readers see.

What: takes the marks off pieces of code that have the colour of plain text (half of
all elements of a chapter with much code), and tells the browser how high a block is,
so that it lays out those blocks only that come near the window (``book.css``,
``_static/scroll.js``). What not: the colours, which are the theme's and Pygments'.
"""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

#: Pygments' marks of names, punctuation and space.
PLAIN = ("n", "p", "w")

_BLOCK = re.compile(r"<pre>(<span></span>.*?)</pre>", re.S)
_PLAIN = re.compile(rf'<span class="(?:{"|".join(PLAIN)})">([^<]*)</span>')


def lighten(html: str) -> str:
    r"""Return HTML with its blocks of code made light.

    Examples
    --------
    >>> print(lighten('<pre><span></span><span class="n">x</span>\n</pre>'))
    <pre style="--lines: 1"><span></span>x
    </pre>
    """

    def shorten(block: re.Match[str]) -> str:
        code = _PLAIN.sub(r"\1", block[1])
        lines = code.count("\n")
        return f'<pre style="--lines: {lines}">{code}</pre>'

    return _BLOCK.sub(shorten, html)


def _lighten_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: object,
) -> None:
    if app.builder.name == "html" and "body" in context:
        context["body"] = lighten(context["body"])


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the change of every page, and the script that goes with it."""
    app.add_js_file("scroll.js", loading_method="defer")
    app.connect("html-page-context", _lighten_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
