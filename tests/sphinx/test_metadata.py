"""A small book in both languages, published under an address and not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from sphinx.errors import ConfigError

from aibook_sphinx.languages import LANGUAGES
from aibook_sphinx.metadata import site_url, sitemap

ROOT = Path(__file__).parents[2]
URL = "https://example.org/books/a&b"
OTHER = {"ko": "en", "en": "ko"}
CONF = f"""
import runpy
from pathlib import Path
root = Path({str(ROOT)!r})
book = runpy.run_path(str(root / "conf.py"))
globals().update({{k: v for k, v in book.items() if not k.startswith("__")}})
extensions = ["myst_parser", "sphinx_copybutton", "aibook_sphinx.languages"]
extensions += ["aibook_sphinx.mathml", "aibook_sphinx.metadata"]
html_static_path = [str(root / "_static")]
html_favicon = str(root / "_static" / "icon.svg")
locale_dirs = [str(root / "book" / "locale")]
"""
TEXT = {
    "ko": "이 책은 “모든” 코드가 실행되는(1 < 2) 교과서이고, 그림도 코드가 그립니다.",
    "en": "All “code” in this book runs (1 < 2), and all pictures are drawn by code.",
}
# The pages that every build has.
NAMES = ("index", "part/page", "genindex", "search")


def build(root: Path, url: str) -> Path:
    """Build both languages and return the folder that holds them."""
    (root / "conf.py").write_text(CONF, encoding="utf-8")
    for code in LANGUAGES:
        text = TEXT[code]
        index = f"# {text}\n\n{text}\n\n```{{toctree}}\npart/page\n```\n"
        page = f"# $x^2$ & {text}\n\n{text}\n"
        for name, content in (("index", index), ("part/page", page)):
            path = root / code / f"{name}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
    for code in LANGUAGES:
        command = [sys.executable, "-m", "sphinx", "-q", "-W"]
        command += ["-c", str(root), "-D", f"language={code}"]
        command += [str(root / code), str(root / "html" / code)]
        variables = os.environ | {"AIBOOK_SITE_URL": url}
        done = subprocess.run(
            command, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    return root / "html"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("published"), f"{URL}/")


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("local")
    (root / "html").mkdir()
    for name in ("sitemap.xml", "robots.txt"):
        (root / "html" / name).write_text("of an earlier build")
    return build(root, "")


def heads(site: Path) -> Iterator[tuple[str, str, BeautifulSoup]]:
    for code in LANGUAGES:
        for name in NAMES:
            text = (site / code / f"{name}.html").read_text(encoding="utf-8")
            yield code, name, BeautifulSoup(text, "html5lib").head


def properties(head: BeautifulSoup) -> dict[str, str]:
    found = head.select("meta[property]")
    assert len({m["property"] for m in found}) == len(found)
    return {m["property"].removeprefix("og:"): m["content"] for m in found}


def test_what_previews_say(published: Path, local: Path) -> None:
    for site in (published, local):
        for code, name, head in heads(site):
            said = head.select('meta[name="description"]')
            assert len(said) == 1
            shown = properties(head)
            assert shown["description"] == said[0]["content"]
            assert shown["site_name"] == LANGUAGES[code].title
            assert shown["locale"] == LANGUAGES[code].locale
            other = LANGUAGES[OTHER[code]].locale
            assert shown["locale:alternate"] == other
            is_page = name == "part/page"
            assert shown["type"] == ("article" if is_page else "website")
            # The formula in the title is left out.
            titles = {"index": TEXT[code], "part/page": f"& {TEXT[code]}"}
            if name in titles:
                assert shown["title"] == titles[name]
                assert shown["description"].startswith(TEXT[code][:30])
            else:
                assert shown["title"] in {"색인", "검색", "Index", "Search"}
                assert LANGUAGES[code].description in shown["description"]


def test_search_is_in_no_index(published: Path) -> None:
    for _, name, head in heads(published):
        robots = [m["content"] for m in head.select('meta[name="robots"]')]
        assert robots == (["noindex"] if name == "search" else [])


def test_absolute_addresses(published: Path) -> None:
    for code, name, head in heads(published):
        own = f"{URL}/{code}/{name}.html"
        canonical = head.select('link[rel="canonical"]')
        assert [link["href"] for link in canonical] == [own]
        shown = properties(head)
        assert shown["url"] == own
        card = shown["image"].removeprefix(f"{URL}/")
        assert (published / card).is_file()
        links = head.select('link[rel="alternate"][hreflang]')
        found = {link["hreflang"]: link["href"] for link in links}
        assert found == {
            **{each: f"{URL}/{each}/{name}.html" for each in LANGUAGES},
            "x-default": f"{URL}/"
            if name == "index"
            else f"{URL}/en/{name}.html",
        }


def test_without_an_address_nothing_is_absolute(local: Path) -> None:
    assert not (local / "sitemap.xml").exists()
    assert not (local / "robots.txt").exists()
    for _code, _name, head in heads(local):
        assert not head.select('link[rel="canonical"]')
        assert not {"url", "image"} & set(properties(head))
        assert not head.select('meta[name^="twitter"]')
        assert not head.select('link[rel="alternate"][hreflang]')


def test_sitemap_lists_every_page_in_both_languages(published: Path) -> None:
    space = {
        "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
        "x": "http://www.w3.org/1999/xhtml",
    }
    tree = ElementTree.parse(published / "sitemap.xml")
    links = {
        url.findtext("s:loc", None, space): {
            link.get("hreflang"): link.get("href")
            for link in url.findall("x:link", space)
        }
        for url in tree.findall("s:url", space)
    }
    names = [name for name in NAMES if name != "search"]
    assert set(links) == {
        f"{URL}/{code}/{name}.html" for code in LANGUAGES for name in names
    }
    # As the pages themselves say, and so each language names the other.
    for code, name, head in heads(published):
        if name != "search":
            found = head.select('link[rel="alternate"][hreflang]')
            assert links[f"{URL}/{code}/{name}.html"] == {
                link["hreflang"]: link["href"] for link in found
            }


def test_robots_name_the_sitemap(published: Path) -> None:
    parser = RobotFileParser()
    text = (published / "robots.txt").read_text(encoding="utf-8")
    parser.parse(text.splitlines())
    assert parser.can_fetch("*", f"{URL}/ko/index.html")
    assert parser.site_maps() == [f"{URL}/sitemap.xml"]


def test_the_pages_at_the_root_are_written(
    published: Path, local: Path
) -> None:
    for site in (published, local):
        assert (site / "index.html").is_file()
        assert (site / "404.html").is_file()
    text = (published / "404.html").read_text(encoding="utf-8")
    assert 'href="/books/a%26b/en/index.html"' in text


@pytest.mark.parametrize(
    "text",
    ["example.org", "/books", "ftp://example.org", "https://a.b/?q", "x:"],
)
def test_an_address_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="must be empty or an address"):
        site_url(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("https://a.b", "https://a.b"),
        ("http://a.b/c/", "http://a.b/c"),
    ],
)
def test_an_address_has_no_slash_at_its_end(text: str, expected: str) -> None:
    assert site_url(text) == expected


def test_addresses_in_the_sitemap_are_escaped() -> None:
    text = sitemap([{"ko": 'https://a.b/"&<'}])
    address = ElementTree.fromstring(text)[0][0].text
    assert address == 'https://a.b/"&<'
