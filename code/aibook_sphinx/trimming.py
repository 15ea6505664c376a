"""Leave out of a style sheet what the book never shows: much of Bootstrap.

The theme brings all of Bootstrap and rules for a dozen extensions. What: drops the
rules for the families of classes listed here, which are fixed, so that a sheet does
not depend on what pages happen to hold. What not: no guess at what a page uses; a
test over the built site tells if a page bears a class whose rules were dropped
(then take its family out of the list).
"""

from __future__ import annotations

import re

_COMPONENTS = """
    accordion alert btn-(?:check|close|group|link|outline|toolbar) card carousel
    btn-(?:danger|dark|info|light|primary|secondary|success|warning)
    breadcrumb bs-popover form-(?:check|control-|floating|range|select|switch)
    input-group is-(?:in)?valid list-group modal nav-(?:fill|justified|pills|tabs)
    offcanvas pagination page-(?:item|link) placeholder- popover progress ratio
    spinner table-(?:bordered|danger|dark|hover|info|light|primary|responsive)
    table-(?:secondary|striped|success|warning) toast was-validated
""".split()  # noqa: SIM905
_UTILITIES = """
    bg-(?:body|danger|dark|info|light|opacity|primary|secondary|success|warning)
    border-(?:danger|dark|info|light|opacity|primary|secondary|success|warning)
    col-(?:auto|\\d) column-gap focus-ring g[xy]?-\\d object-fit
    offset-\\d order-\\w+ row-cols row-gap rounded-(?:bottom|end|start|top|\\d)
    text-(?:bg|body|danger|dark|info|light|opacity|primary|secondary|success)
    link-(?:body|danger|dark|info|light|offset|opacity|primary|secondary|success)
    link-(?:underline|warning) text-warning
    (?:align|col|d|flex|float|g[xy]?|gap|justify|[mp][bestxy]?|offset|order)-@
    (?:sticky|text)-@
""".replace("@", "(?:content-|items-|self-)?(?:sm|md|lg|xl|xxl)").split()
# Of extensions that the book does without.
_EXTENSIONS = """
    ablog ethical- jupyter_container leaflet rendered_html sphinxsidebar
    sphinx-tabs
""".split()  # noqa: SIM905

_LEFT_OUT = re.compile(
    "|".join(
        [
            rf"(?:{'|'.join([*_COMPONENTS, *_EXTENSIONS])}).*",
            rf"(?:{'|'.join(_UTILITIES)})(?:-.*)?",
        ]
    )
)
_RULE = re.compile(r"([^{};]*)\{([^{}]*)\}")
_EMPTY = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.S)
_NESTED = re.compile(r":(?:not|is|where|has)\((?:[^()]|\([^()]*\))*\)")
_STRING = re.compile(r"\[[^\]]*\]")
_CLASS = re.compile(r"\.((?:[\w-]|\\.)+)")
# A comma that separates selectors, not arguments.
_COMMA = re.compile(r",(?![^(]*\))(?![^\[]*\])")


def is_left_out(name: str) -> bool:
    """Return whether the rules for a class are dropped.

    Examples
    --------
    >>> is_left_out("carousel-item"), is_left_out("btn"), is_left_out("d-none")
    (True, False, False)
    """
    return _LEFT_OUT.fullmatch(name) is not None


def _matters(selector: str) -> bool:
    plain = _STRING.sub("", _NESTED.sub("", selector))
    return not any(
        is_left_out(name.replace("\\", "")) for name in _CLASS.findall(plain)
    )


def trim(css: str) -> str:
    """Return a style sheet without the rules that no page needs.

    A selector goes if it asks for a class that is left out; a rule, if all its
    selectors go. Comments go, too, unless they name a licence.

    Examples
    --------
    >>> trim(".modal,.btn:not(.card){top:0}@media print{.toast{top:0}}")
    '.btn:not(.card){top:0}'
    """

    def shorten(rule: re.Match[str]) -> str:
        prelude, body = rule.groups()
        if prelude.lstrip().startswith("@"):
            return rule[0]
        kept = [part for part in _COMMA.split(prelude) if _matters(part)]
        return f"{','.join(kept)}{{{body}}}" if kept else ""

    css = _RULE.sub(shorten, _COMMENT.sub("", css))
    while _EMPTY.search(css):
        css = _EMPTY.sub("", css)
    return css
