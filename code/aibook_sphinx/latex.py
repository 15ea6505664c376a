r"""LaTeX to MathML Core, one formula at a time.

What: the conversion, on top of the package ``math-core``: the environments that only
Sphinx and amsmath know are rewritten first, and the result is made well-formed XML
with the LaTeX source as its annotation.
What not: nothing of Sphinx (`aibook_sphinx.mathml` writes formulas into pages).

Source: W3C, MathML Core.
Book page: start/notation
"""

import re
from collections.abc import Mapping
from functools import cache
from html import escape, unescape

from math_core import LatexError, LatexToMathML

# A numbered environment, and what stands in it: Sphinx writes the number.
_INNER = {
    "equation": None,
    "align": "aligned",
    "alignat": "aligned",
    "flalign": "aligned",
    "gather": "gathered",
    "multline": "gathered",
}
_OUTER = re.compile(r"\\begin\{(\w+)(\*?)\}(.*)\\end\{\1\2\}", re.DOTALL)
_NUMBERING = re.compile(
    r"\\(?:label\{[^{}]*\}|notag(?![a-zA-Z])|nonumber(?![a-zA-Z]))"
)
_LEVEL = re.compile(r"\\begin\b|\\end\b|\\\\|\\.|[{}]", re.DOTALL)
_ANNOTATION = re.compile(r"(<annotation [^>]*>).*?(</annotation>)", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:lt|gt|amp|quot|apos);)[A-Za-z]+;")
_VARIATION = re.compile(
    "[\ufe00\ufe01]"
)  # after a script letter; not in the font
_INVISIBLE = re.compile("[\\s\u2061-\u2064]")
# Characters that fit a phone's line at any rate; a longer formula may scroll.
_NARROW = 16


@cache
def _converter(macros: tuple[tuple[str, str], ...]) -> LatexToMathML:
    return LatexToMathML(
        macros=dict(macros),
        annotation=True,
        xml_namespace=True,
        fancy_error=False,
    )


def _breaks_lines(latex: str) -> bool:
    r"""Tell whether a ``\\`` stands outside every brace and environment."""
    level = 0
    for token in _LEVEL.findall(latex):
        if token == "\\\\" and level == 0:
            return True
        level += {"\\begin": 1, "{": 1, "\\end": -1, "}": -1}.get(token, 0)
    return False


def prepare(latex: str) -> str:
    """Turn what Sphinx and amsmath allow into what the converter knows."""
    latex = latex.strip()
    outer = _OUTER.fullmatch(latex)
    if outer and outer[1] in _INNER:
        body = _NUMBERING.sub("", outer[3])
        if outer[1] == "alignat":
            body = re.sub(r"^\s*\{\d+\}", "", body)
        inner = _INNER[outer[1]]
        if inner is None:
            return prepare(body)
        return rf"\begin{{{inner}}}{body}\end{{{inner}}}"
    latex = re.sub(r"\\(begin|end)\{split\}", r"\\\1{aligned}", latex)
    parts = [part for part in re.split(r"\n\s*\n", latex) if part.strip()]
    latex = r" \\ ".join(parts)
    if _breaks_lines(latex):
        return rf"\begin{{aligned}}{latex}\end{{aligned}}"
    return latex


def to_mathml(
    latex: str,
    *,
    display: bool = False,
    macros: Mapping[str, str] | None = None,
) -> str:
    r"""Convert one formula.

    Parameters
    ----------
    latex
        The formula without delimiters. Blank lines and ``\\`` outside an environment
        part it into lines; amsmath's numbered environments lose their numbers.
    display
        Whether the formula stands on lines of its own.
    macros
        Further commands, name (no backslash) to meaning.

    Returns
    -------
    A ``math`` element, well-formed as XML, with `latex` as its annotation.

    Raises
    ------
    ValueError
        If `latex` cannot be converted; the message says why.

    References
    ----------
    W3C, *MathML Core*, https://www.w3.org/TR/mathml-core/

    Examples
    --------
    >>> "<mfrac>" in to_mathml(r"\frac{a}{b}")
    True
    >>> to_mathml(r"\frac{a}")
    Traceback (most recent call last):
    ValueError: Expected argument but reached end of input: \frac{a}
    """
    converter = _converter(tuple(sorted((macros or {}).items())))
    try:
        mathml = converter.convert_with_local_state(
            prepare(latex), displaystyle=display
        )
    except LatexError as error:
        reason = re.sub(r"^\d+: ", "", str(error)).rstrip(".")
        raise ValueError(f"{reason}: {' '.join(latex.split())}") from None
    mathml = _VARIATION.sub("", mathml)
    mathml = _ENTITY.sub(lambda match: unescape(match[0]), mathml)
    source = escape(latex.strip(), quote=False)
    return _ANNOTATION.sub(lambda match: match[1] + source + match[2], mathml)


def may_overflow(mathml: str) -> bool:
    """Tell whether a formula can be wider than a phone's line.

    Only such a formula is a stop for the Tab key: its box must scroll by keyboard.

    Examples
    --------
    >>> may_overflow(to_mathml("a + b = c"))
    False
    >>> may_overflow(to_mathml(" + ".join("abcdefghijklm")))
    True
    """
    visible = unescape(re.sub("<[^>]*>", "", _ANNOTATION.sub("", mathml)))
    return len(_INVISIBLE.sub("", visible)) > _NARROW
