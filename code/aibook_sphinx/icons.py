"""The icons of the book's own font, and Font Awesome's style sheet cut to them.

What: which of Font Awesome's icons the themes and the book show, and how the
theme's style sheet must read so that they come from ``book-icons.woff2`` (5 kB)
instead of Font Awesome's fonts (240 kB). What not: the cutting of that font,
which is done by hand (``tools/subset_icon_font.py``).
"""

from __future__ import annotations

import re

FAMILY = "Book Icons"

#: Font Awesome's name of each icon, and its character.
ICONS = {
    "angle-down": "\uf107",
    "angle-left": "\uf104",
    "angle-right": "\uf105",
    "arrow-up": "\uf062",
    "bars": "\uf0c9",
    "bell": "\uf0f3",
    "book": "\uf02d",
    "check": "\uf00c",
    "chevron-down": "\uf078",
    "chevron-up": "\uf077",
    "circle-check": "\uf058",
    "circle-exclamation": "\uf06a",
    "circle-half-stroke": "\uf042",
    "circle-info": "\uf05a",
    "circle-question": "\uf059",
    "circle-xmark": "\uf057",
    "code": "\uf121",
    "copy": "\uf0c5",
    "download": "\uf019",
    "expand": "\uf065",
    "file": "\uf15b",
    "file-code": "\uf1c9",
    "file-lines": "\uf15c",
    "file-pdf": "\uf1c1",
    "graduation-cap": "\uf19d",
    "house": "\uf015",
    "language": "\uf1ab",
    "lightbulb": "\uf0eb",
    "link": "\uf0c1",
    "list": "\uf03a",
    "magnifying-glass": "\uf002",
    "magnifying-glass-minus": "\uf010",
    "moon": "\uf186",
    "outdent": "\uf03b",
    "pen-to-square": "\uf044",
    "pencil": "\uf303",
    "play": "\uf04b",
    "print": "\uf02f",
    "rocket": "\uf135",
    "share": "\uf064",
    "sun": "\uf185",
    "triangle-exclamation": "\uf071",
    "up-right-from-square": "\uf35d",
    "xmark": "\uf00d",
}

#: The same for the marks of firms, which Font Awesome has in a font of its own.
BRANDS = {"github": "\uf09b", "gitlab": "\uf296"}

_FACE = re.compile(r"@font-face\s*\{[^}]*fontawesome[^}]*\}")
_FAMILY = re.compile(r"Font Awesome(?:\\ | |\\)\d+\\? (?:Free|Brands)")
_RULE = re.compile(r'(?:\.fa-[\w-]+,?)+\{--fa:"([^"]*)"\}')
_ESCAPE = re.compile(r"\\([0-9a-f]{1,6}) ?")


def character(text: str) -> str:
    r"""Return a string of CSS with its escapes resolved.

    Examples
    --------
    >>> character("\\f00d") == ICONS["xmark"]
    True
    """
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def cut(css: str) -> str:
    r"""Return a style sheet that uses the book's font where it used Font Awesome.

    Its declarations of fonts and the rules for icons that the book's font does
    not hold are dropped; the family's name is replaced.

    Examples
    --------
    >>> cut('.fa-x,.fa-xmark{--fa:"\\f00d"}.fa-mug{--fa:"\\f874"}')
    '.fa-x,.fa-xmark{--fa:"\\f00d"}'
    """
    kept = {*ICONS.values(), *BRANDS.values()}
    css = _FACE.sub("", css)
    css = _RULE.sub(lambda m: m[0] if character(m[1]) in kept else "", css)
    return _FAMILY.sub(FAMILY, css)
