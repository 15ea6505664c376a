"""Matplotlib's SVG made part of a page: its theme, its language, its ids.

What: one function from a figure's file to the element that stands in the page.
Pure black becomes ``currentColor`` and pure white the page's ground, so a figure
follows the light and the dark theme; every other colour stays. Ids that nothing
refers to are dropped, the others get a prefix; coordinates are rounded to a
hundredth of a point; a raster that is enlarged keeps its pixels.
What not: finding the figures of a page (`aibook_sphinx.figures`), drawing them.

Source: W3C, *SVG Accessibility API Mappings*: an image of role ``img`` is one
thing with a name; what is inside is not read out.
Book page: start/using-this-book
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable, Iterator
from xml.etree import ElementTree as ET

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
_HREF = f"{{{XLINK}}}href"
_POINT = 4 / 3  # in CSS pixels
# An image drawn so much larger than it is shows its pixels as squares.
_ENLARGED = 1.5

PAPER = "var(--pst-color-background, #fff)"
_COLOURS = {
    "#000000": "currentColor",
    "black": "currentColor",
    "#ffffff": PAPER,
    "white": PAPER,
}
_PAINTED = ("fill", "stroke", "stop-color", "color")
_COORDINATES = ("d", "x", "y", "width", "height", "points")
_DECIMALS = re.compile(r"-?\d*\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"#([\w.:-]+)")
# A part of a figure of which one frame is seen at a time: `aibook.plotting.frames`.
_FRAME = re.compile(r"(frame-\d+)-\d+")
# The style sheet's, for it is the same for every figure.
_FAMILY = "'DejaVu Sans'"
_ENLARGEMENT = re.compile(r"(?:matrix|scale)\(\s*(-?[\d.]+)")
_NO_ROTATION = re.compile(r"rotate\(-?0(?:\.0+)?[ ,)][^)]*\)?")
_PNG = "data:image/png;base64,"


def inline(
    source: str,
    *,
    prefix: str,
    alt: str,
    translate: Callable[[str], str] = str,
) -> str:
    """Return the ``svg`` element to put into a page.

    Parameters
    ----------
    source
        A figure as Matplotlib writes it, with ``svg.fonttype: none``.
    prefix
        Begins every id, so that the figures of a page do not share one.
    alt
        The text that stands for the figure.
    translate
        From a label to the label in the page's language.

    Returns
    -------
    Well-formed both as XML and in HTML, with the width in CSS pixels at which the
    figure was drawn; a narrower page scales it down.

    Raises
    ------
    ValueError
        If `source` is not an SVG with a ``viewBox``, or an id has two owners.

    Examples
    --------
    >>> source = (
    ...     '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 30 15">'
    ...     '<path id="a" style="stroke: #000000" d="M 0.123 4"/></svg>'
    ... )
    >>> svg = inline(source, prefix="f", alt="A dot")
    >>> svg[svg.index("<path") :]
    '<path style="stroke:currentColor" d="M .12 4" /></svg>'
    """
    try:
        root = ET.fromstring(source)
    except ET.ParseError as error:
        raise ValueError(f"not an SVG: {error}") from error
    box = root.get("viewBox", "").split()
    if root.tag != f"{{{SVG}}}svg" or len(box) != 4:
        raise ValueError(f"{root.tag} without a viewBox is not a figure")
    _drop(root, "metadata", "style", "title")
    _name(root, prefix)
    for element in root.iter():
        _simplify(element)
    for parent in list(root.iter()):
        for element in parent.findall(f"{{{SVG}}}text"):
            if _translate(element, translate):
                _outline(parent, element)
    width, height = (float(size) * _POINT for size in box[2:])
    root.attrib = {
        "viewBox": " ".join(box),
        "width": _short(width),
        "height": _short(height),
        "class": "book-figure",
        "role": "img",
        "aria-label": alt,
        "style": "stroke-linejoin:round;stroke-linecap:butt;fill:currentColor;"
        "max-width:100%;height:auto;overflow:visible",
    }
    ET.register_namespace("", SVG)
    ET.register_namespace("xlink", XLINK)
    return ET.tostring(root, encoding="unicode")


def labels(source: str) -> list[str]:
    """Return the labels of a figure, in the order in which they are drawn."""
    root = ET.fromstring(source)
    return [_content(text) for text in root.iter(f"{{{SVG}}}text")]


def _drop(root: ET.Element, *names: str) -> None:
    """Remove elements of these names wherever they are, and empty ``defs``."""
    gone = {f"{{{SVG}}}{name}" for name in names}
    for parent in root.iter():
        for child in list(parent):
            if child.tag in gone:
                parent.remove(child)
    for parent in root.iter():
        for child in list(parent):
            if child.tag == f"{{{SVG}}}defs" and not len(child):
                parent.remove(child)


def _name(root: ET.Element, prefix: str) -> None:
    """Keep the ids that are referred to, and give them the prefix."""
    used = {
        name
        for element in root.iter()
        for _, value in _links(element)
        for name in _REFERENCE.findall(value)
    }
    ids = [e.get("id") for e in root.iter() if e.get("id") in used]
    twice = {i for i in ids if ids.count(i) > 1}
    if twice:
        raise ValueError(f"ids with two owners: {sorted(map(str, twice))}")
    names = {old: f"{prefix}-{k}" for k, old in enumerate(ids)}
    for element in root.iter():
        for attribute, value in _links(element):
            element.set(
                attribute,
                _REFERENCE.sub(lambda m: f"#{names.get(m[1], m[1])}", value),
            )
        if "id" in element.attrib:
            own = names.get(element.get("id"))
            frame = _FRAME.fullmatch(element.attrib.pop("id"))
            if frame:
                element.set("class", frame[1])
            if own:
                element.set("id", own)


def _links(element: ET.Element) -> Iterator[tuple[str, str]]:
    """Yield the attributes that may refer to an id: its name and value."""
    for name, value in list(element.attrib.items()):
        if "url(#" in value or (name in (_HREF, "href") and value[:1] == "#"):
            yield name, value


def _simplify(element: ET.Element) -> None:
    """Shorten numbers and styles, let black and white follow the theme."""
    for name in _COORDINATES:
        if name in element.attrib:
            text = _DECIMALS.sub(_rounded, element.attrib[name])
            element.set(name, " ".join(text.split()))
    for name in _PAINTED:
        colour = element.get(name, "").lower()
        if colour in _COLOURS:
            element.set(name, _COLOURS[colour])
    style = element.get("style")
    if style is not None:
        element.set("style", _restyled(style))
    if element.tag == f"{{{SVG}}}image":
        _size_raster(element)
    turned = _NO_ROTATION.sub("", element.get("transform", "")).strip()
    if not turned:
        element.attrib.pop("transform", None)
    if not (element.text or "").strip():
        element.text = None
    if not (element.tail or "").strip():
        element.tail = None


def _restyled(style: str) -> str:
    declarations: list[str] = []
    for part in style.split(";"):
        name, _, value = (piece.strip() for piece in part.partition(":"))
        if name in _PAINTED:
            value = _COLOURS.get(value.lower(), value)
        if name and not (name == "font-family" and value.startswith(_FAMILY)):
            declarations.append(f"{name}:{value}")
    return ";".join(declarations)


def _size_raster(element: ET.Element) -> None:
    """Show the pixels of an enlarged image, smooth any other."""
    data = "".join(element.get(_HREF, "").split())
    if not data.startswith(_PNG):
        return
    element.set(_HREF, data)
    header = base64.b64decode(data.removeprefix(_PNG)[:44])
    (pixels,) = struct.unpack(">I", header[16:20])
    drawn = abs(float(element.get("width", "0"))) * _POINT
    scale = _ENLARGEMENT.search(element.get("transform", ""))
    if scale:
        drawn *= abs(float(scale[1]))
    how = "pixelated" if drawn >= _ENLARGED * pixels else "auto"
    element.set("style", f"image-rendering:{how}")


def _content(text: ET.Element) -> str:
    # Matplotlib writes the pieces of a formula on lines of their own.
    return re.sub(r"\s*\n\s*", "", "".join(text.itertext())).strip()


def _translate(text: ET.Element, translate: Callable[[str], str]) -> bool:
    """Replace a label; one in several pieces (mathematics) only if it changes.

    Returns whether it changed.
    """
    label = _content(text)
    shown = translate(label)
    if shown == label:
        return False
    for piece in list(text):
        if "style" not in text.attrib:
            text.set("style", piece.get("style", ""))
        text.remove(piece)
    text.text = shown
    return True


def _outline(parent: ET.Element, text: ET.Element) -> None:
    """Outline a label in the colour of its box, which has another's width."""
    boxes = [child for child in parent if child.tag == f"{{{SVG}}}g"]
    paths = [list(box) for box in boxes]
    if [[path.tag for path in found] for found in paths] != [
        [f"{{{SVG}}}path"]
    ]:
        return
    colour = re.search(r"(?:^|;)fill:([^;]+)", paths[0][0].get("style", ""))
    if colour is None or colour[1] == "none":
        return
    parent.remove(boxes[0])
    style = text.get("style", "")
    text.set(
        "style",
        f"{style};paint-order:stroke;stroke:{colour[1]};stroke-width:3",
    )


def _rounded(match: re.Match[str]) -> str:
    return _short(float(match[0]))


def _short(number: float) -> str:
    """Write a number with at most two decimals and no needless zero."""
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    if text in ("-0", ""):
        return "0"
    return re.sub(r"^(-?)0\.", r"\1.", text)
