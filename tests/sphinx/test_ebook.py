"""The e-book's parts, and a small book made with all of them."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from aibook_sphinx.ebook.archive import properties, write_archive
from aibook_sphinx.ebook.body import clean, to_mathml3
from aibook_sphinx.ebook.builder import FILES
from aibook_sphinx.ebook.texts import TEXTS, identifier
from aibook_sphinx.languages import LANGUAGES
from aibook_sphinx.tools.draw_covers import SIZE, TITLES
from ebook_pages import parse

ROOT = Path(__file__).parents[2]

# --- what the manifest says of a page -------------------------------------------

_PAGE = '<html xmlns="http://www.w3.org/1999/xhtml"><body>{}</body></html>'
_MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math>'
_SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<p>math svg script</p>", []),
        (f"<p>{_MATH}</p>", ["mathml"]),
        (f"<p>{_SVG}{_MATH}{_SVG}</p>", ["mathml", "svg"]),
        ('<img src="a.svg" alt="svg"/>', []),
        ("<script>1</script>", ["scripted"]),
        ("<form/>", ["scripted"]),
        (_SVG.replace("/>", "><script/></svg>"), ["scripted", "svg"]),
        ('<p onclick="f()">a</p>', ["scripted"]),
        ('<img src="https://example.org/a.png"/>', ["remote-resources"]),
        ('<a href="https://example.org/">a</a>', []),
    ],
)
def test_properties(body: str, expected: list[str]) -> None:
    assert properties(_PAGE.format(body).encode()) == expected


@pytest.mark.parametrize("body", ["<p>a<br></p>", "&nbsp;", "<p>a"])
def test_a_page_that_is_not_xml_is_an_error(body: str) -> None:
    with pytest.raises(ValueError, match="not well-formed XML"):
        properties(_PAGE.format(body).encode())


# --- the archive ------------------------------------------------------------------


@pytest.fixture
def contents(tmp_path: Path) -> Path:
    folder = tmp_path / "contents"
    (folder / "b").mkdir(parents=True)
    (folder / "mimetype").write_text("application/epub+zip")
    (folder / "a.txt").write_text("가" * 1000, encoding="utf-8")
    (folder / "b" / "c.txt").write_text("c")
    return folder


def test_the_archive_begins_with_its_type_as_plain_text(
    contents: Path, tmp_path: Path
) -> None:
    target = tmp_path / "book.epub"
    write_archive(target, contents, ["b/c.txt", "a.txt"], epoch=1_750_000_001)
    assert target.read_bytes()[30:58] == b"mimetypeapplication/epub+zip"
    with zipfile.ZipFile(target) as archive:
        entries = archive.infolist()
        assert archive.read("a.txt").decode() == "가" * 1000
    assert [e.filename for e in entries] == ["mimetype", "a.txt", "b/c.txt"]
    assert [e.compress_type for e in entries] == [
        zipfile.ZIP_STORED,
        zipfile.ZIP_DEFLATED,
        zipfile.ZIP_DEFLATED,
    ]
    # A ZIP file keeps every second second only.
    assert {e.date_time for e in entries} == {(2025, 6, 15, 15, 6, 40)}
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        *("book.epub", "contents")
    ]


def test_the_archive_depends_on_contents_and_epoch_only(
    contents: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / f"{number}.epub" for number in range(3)]
    write_archive(paths[0], contents, ["a.txt", "b/c.txt"], epoch=10**9)
    os.utime(contents / "a.txt", (1, 1))
    (contents / "a.txt").chmod(0o600)
    write_archive(paths[1], contents, ["b/c.txt", "a.txt"], epoch=10**9)
    write_archive(paths[2], contents, ["b/c.txt", "a.txt"], epoch=10**9 + 2)
    first, second, third = (path.read_bytes() for path in paths)
    assert first == second != third


def test_a_time_before_1980_becomes_1980(
    contents: Path, tmp_path: Path
) -> None:
    write_archive(tmp_path / "old.epub", contents, [], epoch=0)
    with zipfile.ZipFile(tmp_path / "old.epub") as archive:
        [entry] = archive.infolist()
    assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_a_missing_file_leaves_the_last_archive(
    contents: Path, tmp_path: Path
) -> None:
    target = tmp_path / "book.epub"
    target.write_text("last")
    with pytest.raises(FileNotFoundError, match=r"lost\.txt"):
        write_archive(target, contents, ["lost.txt"], epoch=10**9)
    assert target.read_text() == "last"


# --- the body ---------------------------------------------------------------------


def test_nothing_active_is_left_and_nothing_folded() -> None:
    body = (
        "<script>a < b</script><p>one</p>\n<style scoped>\n td {}\n</style>"
        '<details class="x"><p>two</p></details><details open>three</details>'
    )
    assert clean(body) == (
        '<p>one</p>\n<details open="open" class="x"><p>two</p></details>'
        "<details open>three</details>"
    )


def test_drawings_keep_their_styles() -> None:
    drawing = "<svg><style>* {}</style>\n<path/></svg>"
    body = f"<style>a</style>{drawing}<style>b</style>{drawing}"
    assert clean(body) == drawing * 2


def test_a_sound_is_named_in_its_place() -> None:
    player = '<audio controls="" aria-label="a bell" src="data:audio/wav;,">'
    body = f"<div>{player}</audio></div><div>{player}no</audio></div>"
    name = "<div><p>a bell: elsewhere</p></div>"
    assert clean(body, sound="elsewhere") == name * 2


@pytest.mark.parametrize(
    ("core", "expected"),
    [
        ("<mi>x</mi>", "<mi>x</mi>"),
        (
            '<mtable displaystyle="true"><mtr><mtd/></mtr></mtable>',
            '<mtable displaystyle="true"><mtr><mtd/></mtr></mtable>',
        ),
        (
            '<mtable displaystyle="true" scriptlevel="0"/>',
            '<mstyle scriptlevel="0"><mtable displaystyle="true"/></mstyle>',
        ),
        (
            '<mfrac displaystyle="true"><mi>a</mi><mn>1</mn></mfrac>',
            '<mstyle displaystyle="true"><mfrac><mi>a</mi><mn>1</mn></mfrac>'
            "</mstyle>",
        ),
        (
            '<mtr><mtd displaystyle="true"><mi>a</mi><mo>&lt;</mo></mtd></mtr>',
            '<mtr><mtd><mstyle displaystyle="true"><mi>a</mi><mo>&lt;</mo>'
            "</mstyle></mtd></mtr>",
        ),
    ],
)
def test_mathml_3(core: str, expected: str) -> None:
    assert to_mathml3(f"<math>{core}</math>") == f"<math>{expected}</math>"
    assert clean(f"<p><math>{core}</math>, <math/></p>") == (
        f"<p><math>{expected}</math>, <math/></p>"
    )


# --- texts, covers ----------------------------------------------------------------


def test_every_language_has_texts_and_a_cover_with_its_title() -> None:
    assert list(TEXTS) == list(TITLES) == list(LANGUAGES)
    for language in LANGUAGES:
        assert " ".join(TITLES[language]) == LANGUAGES[language].title
        with Image.open(FILES / f"cover-{language}.png") as cover:
            assert cover.size == SIZE


def test_the_book_is_the_same_in_all_editions() -> None:
    assert identifier("ko") == "urn:uuid:2ae4cc57-e2bb-50ac-af0b-61bdb98ff66f"


# --- a small book -----------------------------------------------------------------

_CONF = f"""
import runpy
import aibook_sphinx
book = runpy.run_path({str(ROOT / "conf.py")!r})
globals().update({{k: v for k, v in book.items() if not k.startswith("__")}})
aibook_sphinx.MODULES = ("pages", "exercises", "languages", "mathml", "ebook")
html_static_path = []
bibtex_bibfiles = []
"""
_INDEX = """# {title}

```{{toctree}}
:hidden:
:numbered: 2

{pages}
```
"""
_PLAIN = "# {title}\n\n## {title} 2\n"
_FULL = """---
file_format: mystnb
kernelspec:
  name: python3
---

# {title}

```{{code-cell}}
:tags: [hide-input]
from IPython.display import HTML
HTML("<style>td {{}}</style><table><tr><td>tabled</td></tr></table>")
```

```{{exercise}} Add
:label: add

What is $1 + 1$?
```

````{{solution-start}} add
:class: dropdown
````

Two:

```{{code-cell}}
print(1 + 1, "computed")
```

````{{solution-end}}
````

## {title} 2

```{{eval-rst}}
.. py:function:: pair()

   :returns: - one
             - two
```
"""
_TITLES = {"ko": ("책", "하나", "둘"), "en": ("Book", "One", "Two")}


class Small(NamedTuple):
    """Where the small book is, and what its two builds said."""

    root: Path
    said: tuple[str, str]

    def epub(self, language: str, output: str = "first") -> Path:
        return self.root / output / "epub" / f"aibook-{language}.epub"

    def page(self, language: str, name: str) -> BeautifulSoup:
        with zipfile.ZipFile(self.epub(language)) as archive:
            return parse(archive.read(name))


def write_pages(root: Path, *names: str) -> None:
    for language, (book, one, two) in _TITLES.items():
        folder = root / "book" / language
        folder.mkdir(parents=True, exist_ok=True)
        for name, text, title in [
            ("full", _FULL, one),
            ("plain", _PLAIN, two),
        ]:
            path = folder / f"{name}.md"
            path.unlink(missing_ok=True)
            if name in names:
                path.write_text(text.format(title=title), encoding="utf-8")
        index = _INDEX.format(title=book, pages="\n".join(names))
        (folder / "index.md").write_text(index, encoding="utf-8")


def build(root: Path, output: str, *arguments: str) -> str:
    command = [sys.executable, "-m", "aibook_sphinx", "epub"]
    done = subprocess.run(
        [
            *(*command, "--root", str(root)),
            *("--output", str(root / output), *arguments),
        ],
        env=os.environ
        | {
            "PYTHONPATH": str(ROOT / "code"),
            "AIBOOK_CACHE": str(root / "cache"),
            "SOURCE_DATE_EPOCH": "1750000000",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    root = tmp_path_factory.mktemp("small")
    (root / "conf.py").write_text(_CONF)
    (root / "_static").symlink_to(ROOT / "_static")
    write_pages(root, "full", "plain")
    first = build(root, "first")
    return Small(root, (first, build(root, "second-one", "--language", "en")))


@pytest.mark.slow
def test_two_builds_have_the_same_bytes(small: Small) -> None:
    first, second = (
        small.epub("en", output).read_bytes()
        for output in ("first", "second-one")
    )
    assert first == second


@pytest.mark.slow
def test_outputs_come_from_the_cache(small: Small) -> None:
    first, second = small.said
    assert "ko: 3 pages, 1 executed, 0 from the cache" in first
    assert "en: 3 pages, 0 executed, 1 from the cache" in first
    assert "en: 3 pages, 0 executed, 1 from the cache" in second


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_solutions_stand_at_the_end(small: Small, language: str) -> None:
    page = small.page(language, "full.xhtml")
    last = page.select("h1 ~ section")[-1]
    assert last["id"] == "solutions"
    assert last.h2.get_text() == TEXTS[language].solutions
    [solution] = last.select("section.solution")
    assert "2 computed" in solution.get_text()
    [link] = page.select("div.exercise p.to-solution a")
    assert link.get_text() == TEXTS[language].to_solution
    assert link["href"] == f"#{solution['id']}"
    [back] = solution.select("h3 a")
    assert back["href"].endswith("#add")
    assert back.get_text() == back.get_text().strip()
    assert page.select("#add")
    assert not page.select("details, summary")


@pytest.mark.slow
def test_folded_cells_are_shown_without_their_styles(small: Small) -> None:
    page = small.page("en", "full.xhtml")
    [cell] = [c for c in page.select(".cell") if "tabled" in c.get_text()]
    assert "from IPython.display import HTML" in cell.get_text()
    assert cell.select(".cell_output td")
    assert not page.select("style, script")


@pytest.mark.slow
def test_lists_of_returned_values_are_in_no_paragraph(small: Small) -> None:
    page = small.page("en", "full.xhtml")
    [field] = page.select("dl.py dd dd")
    assert [child.name for child in field.find_all(recursive=False)] == ["ul"]


@pytest.mark.slow
def test_contents_are_numbered_and_in_the_language(small: Small) -> None:
    nav = small.page("ko", "nav.xhtml")
    assert nav.html["lang"] == "ko"
    assert nav.h1.get_text() == "차례"
    entries = [a.get_text() for a in nav.select("#toc a")]
    assert entries == [
        *("책", "1 하나", "1.1 하나 2", "pair()", "2 둘", "2.1 둘 2")
    ]


@pytest.mark.slow
def test_a_page_that_is_gone_is_gone_from_the_book(small: Small) -> None:
    with zipfile.ZipFile(small.epub("en", "second-one")) as archive:
        assert "plain.xhtml" in archive.namelist()
    write_pages(small.root, "full")
    try:
        build(small.root, "second-one", "--language", "en")
    finally:
        write_pages(small.root, "full", "plain")
    with zipfile.ZipFile(small.epub("en", "second-one")) as archive:
        assert "plain.xhtml" not in archive.namelist()
        assert b"plain" not in archive.read("content.opf")
