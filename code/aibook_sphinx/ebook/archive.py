"""The EPUB file: what its manifest must say of each page, and the archive itself.

Source: W3C, EPUB 3.3, sections 5.5 (manifest) and 4.2 (container).
"""

from __future__ import annotations

import time
import zipfile
from collections.abc import Iterable
from pathlib import Path
from xml.etree import ElementTree

_XHTML = "{http://www.w3.org/1999/xhtml}"
_MATHML = "{http://www.w3.org/1998/Math/MathML}"
_SVG = "{http://www.w3.org/2000/svg}"
_ACTIVE = {f"{_XHTML}script", f"{_XHTML}form", f"{_SVG}script"}
# A ZIP file knows no time before it.
_FIRST_YEAR = 1980


def properties(page: bytes) -> list[str]:
    """Return the properties that the manifest must state for a page.

    Parameters
    ----------
    page
        The page as XHTML.

    Returns
    -------
    list of str
        Those of ``mathml``, ``remote-resources``, ``scripted`` and ``svg`` that
        apply, in this order.

    Raises
    ------
    ValueError
        The page is not well-formed XML.

    Examples
    --------
    >>> properties(b'<p><math xmlns="http://www.w3.org/1998/Math/MathML"/></p>')
    ['mathml']
    """
    try:
        root = ElementTree.fromstring(page)
    except ElementTree.ParseError as error:
        raise ValueError(f"not well-formed XML: {error}") from error
    found = set()
    for element in root.iter():
        if element.tag == f"{_MATHML}math":
            found.add("mathml")
        elif element.tag == f"{_SVG}svg":
            found.add("svg")
        elif element.tag in _ACTIVE:
            found.add("scripted")
        if any(name.startswith("on") for name in element.attrib):
            found.add("scripted")
        if element.get("src", "").startswith(("http:", "https:", "//")):
            found.add("remote-resources")
    return sorted(found)


def write_archive(
    target: Path, folder: Path, names: Iterable[str], *, epoch: int
) -> None:
    """Write an EPUB whose bytes depend on nothing but its contents and `epoch`.

    Parameters
    ----------
    target
        The file to write; what stood there is replaced when it is complete.
    folder
        Holds the contents, among them ``mimetype``.
    names
        Which files go in, relative to `folder`; ``mimetype`` is put first.
    epoch
        The time of every entry, in seconds since 1970.

    Raises
    ------
    FileNotFoundError
        One of the files is not there.
    """
    when = time.gmtime(epoch)[:6]
    if when[0] < _FIRST_YEAR:
        when = (_FIRST_YEAR, 1, 1, 0, 0, 0)
    unfinished = target.with_suffix(".part")
    others = sorted(set(names) - {"mimetype"})
    with zipfile.ZipFile(unfinished, "w") as archive:
        for name in ["mimetype", *others]:
            entry = zipfile.ZipInfo(name, when)
            # The same on every system: made on Unix, readable by all.
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            # Readers recognise the file by the plain text at its beginning.
            entry.compress_type = (
                zipfile.ZIP_STORED
                if name == "mimetype"
                else zipfile.ZIP_DEFLATED
            )
            archive.writestr(entry, (folder / name).read_bytes())
    unfinished.replace(target)
