"""What a page's XHTML has otherwise in an EPUB, once Sphinx has written it.

EPUB asks for MathML 3, where fewer elements than in MathML Core may state their
style; and no page may bring scripts or style sheets of its own along. Nor are there
sounds: WAV is not among the formats that every e-reader plays.

Source: W3C, EPUB 3.3, sections 3.2 and 6.1; MathML 3.0, section 3.3.4.
"""

from __future__ import annotations

import re
from xml.dom import minidom

_DETAILS = re.compile(r"<details\b(?![^>]*\sopen\b)")
# A drawing may keep its styles: they are part of it.
_ACTIVE = re.compile(
    r"(?P<drawing><svg\b.*?</svg>)|<(?P<tag>style|script)\b.*?</(?P=tag)>\s*",
    re.DOTALL,
)
_SOUND = re.compile(
    r'<audio\b[^>]*\saria-label="(?P<name>[^"]*)"[^>]*>.*?</audio>', re.DOTALL
)
_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
# Which elements may have the attribute in MathML 3.
_STYLED = {
    "displaystyle": {"math", "mstyle", "mtable"},
    "scriptlevel": {"mstyle"},
}
# They may stand only in a table, so a wrapper goes inside.
_TABLE_PARTS = {"mtd", "mtr", "mlabeledtr"}


def clean(body: str, *, sound: str = "") -> str:
    """Return a page's body as an e-reader wants it.

    Parameters
    ----------
    body
        XHTML. A cell's HTML output may have brought a style sheet of its own.
    sound
        What to say in the place of a sound, after its name.

    Examples
    --------
    >>> clean("<style>td { color: red }</style><details><p>a</p></details>")
    '<details open="open"><p>a</p></details>'
    """
    body = _ACTIVE.sub(lambda match: match["drawing"] or "", body)
    body = _SOUND.sub(lambda match: f"<p>{match['name']}: {sound}</p>", body)
    body = _DETAILS.sub('<details open="open"', body)
    return _FORMULA.sub(lambda match: to_mathml3(match[0]), body)


def to_mathml3(formula: str) -> str:
    """Return a formula of MathML Core as one of MathML 3 that looks the same.

    Parameters
    ----------
    formula
        A ``math`` element.

    Raises
    ------
    xml.parsers.expat.ExpatError
        It is not well-formed.

    Examples
    --------
    >>> to_mathml3('<math><mi scriptlevel="0">a</mi></math>')
    '<math><mstyle scriptlevel="0"><mi>a</mi></mstyle></math>'
    """
    if not any(name in formula for name in _STYLED):
        return formula
    document = minidom.parseString(formula)
    for element in document.getElementsByTagName("*"):
        moved = {
            name: element.getAttribute(name)
            for name, allowed in _STYLED.items()
            if element.hasAttribute(name) and element.tagName not in allowed
        }
        if not moved:
            continue
        style = document.createElement("mstyle")
        for name, value in moved.items():
            element.removeAttribute(name)
            style.setAttribute(name, value)
        if element.tagName in _TABLE_PARTS:
            for child in list(element.childNodes):
                style.appendChild(child)
            element.appendChild(style)
        else:
            assert element.parentNode is not None
            element.parentNode.replaceChild(style, element)
            style.appendChild(element)
    assert document.documentElement is not None
    return document.documentElement.toxml()
