"""An EPUB, taken apart."""

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

from bs4 import BeautifulSoup

from site_pages import SITE

EPUBS = SITE.parent / "epub"
PACKAGE = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
XHTML = "application/xhtml+xml"


@dataclass(frozen=True)
class Item:
    """A file that the manifest lists."""

    name: str
    media_type: str
    properties: frozenset[str]


@dataclass(frozen=True)
class Ebook:
    """The EPUB of a language at `path`."""

    language: str
    path: Path

    @cached_property
    def files(self) -> dict[str, bytes]:
        with zipfile.ZipFile(self.path) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    @cached_property
    def package(self) -> ElementTree.Element:
        """The package document, found as a reader finds it."""
        container = ElementTree.fromstring(
            self.files["META-INF/container.xml"]
        )
        rootfile = container.find(f".//{CONTAINER}rootfile")
        assert rootfile is not None
        return ElementTree.fromstring(self.files[rootfile.attrib["full-path"]])

    @cached_property
    def manifest(self) -> dict[str, Item]:
        """The items by their ids."""
        return {
            item.attrib["id"]: Item(
                unquote(item.attrib["href"]),
                item.attrib["media-type"],
                frozenset(item.get("properties", "").split()),
            )
            for item in self.package.iter(f"{PACKAGE}item")
        }

    @cached_property
    def spine(self) -> list[str]:
        """The pages in reading order."""
        return [
            self.manifest[reference.attrib["idref"]].name
            for reference in self.package.iter(f"{PACKAGE}itemref")
        ]

    @cached_property
    def pages(self) -> dict[str, BeautifulSoup]:
        """Every XHTML file by its name."""
        return {
            item.name: parse(self.files[item.name])
            for item in self.manifest.values()
            if item.media_type == XHTML
        }

    def metadata(self, name: str) -> list[str]:
        """Return the values of a Dublin Core element."""
        return [e.text or "" for e in self.package.iter(f"{DC}{name}")]


def parse(xhtml: bytes) -> BeautifulSoup:
    """Return a page; html5lib does not expect the XML declaration."""
    declaration, _, page = xhtml.partition(b"?>")
    assert declaration.startswith(b"<?xml ")
    return BeautifulSoup(page, "html5lib")


def resolve(page: str, address: str) -> tuple[str, str]:
    """Return the file and the id that an address on a page leads to."""
    path, _, fragment = address.partition("#")
    folder = posixpath.dirname(page)
    target = posixpath.normpath(posixpath.join(folder, unquote(path)))
    return (target if path else page), unquote(fragment)
