"""What every page of the built site says of itself, and which pages it lies between."""

import os
import re

import pytest
from bs4 import BeautifulSoup

from aibook_sphinx.summary import MAX_WIDTH, MIN_WIDTH, width
from site_pages import LANGUAGES, SITE, SitePage

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
HANGUL = re.compile("[가-힣]")
# What markup and formulas leave behind.
LEFT_OVERS = re.compile(r"[\\{}_^$`\0]|\*\*|<|\(\)|\s,|\s\.")
LOCALES = {"ko": "ko_KR", "en": "en_GB"}


def meta(page: SitePage, key: str, name: str) -> str:
    found = page.html.select(f'meta[{key}="{name}"]')
    assert len(found) == 1, f"{page}: {len(found)} of {name}"
    return str(found[0]["content"])


def test_descriptions(pages: Pages) -> None:
    problems = []
    for page in pages:
        said = meta(page, "name", "description")
        if not MIN_WIDTH <= width(said) <= MAX_WIDTH:
            problems.append(f"{page}: {width(said)} columns: {said}")
        if bool(HANGUL.search(said)) != (page.language == "ko"):
            problems.append(f"{page}: language: {said}")
        if LEFT_OVERS.search(said) or not re.search(r"([.!?]| …)$", said):
            problems.append(f"{page}: {said!r}")
    assert not problems, "\n".join(problems)


def test_chapters_describe_themselves(pages: Pages) -> None:
    for language in LANGUAGES:
        said = [
            meta(page, "name", "description")
            for page in pages
            if page.language == language and "/" in page.name
        ]
        assert len(set(said)) == len(said)


def test_open_graph(pages: Pages) -> None:
    for page in pages:
        title = meta(page, "property", "og:title")
        heading = page.article.select_one("h1")
        assert heading
        for part in heading.select(".section-number, .headerlink"):
            part.extract()
        assert title == " ".join(heading.get_text().split())
        said = meta(page, "property", "og:description")
        assert said == meta(page, "name", "description")
        locale = meta(page, "property", "og:locale")
        other = meta(page, "property", "og:locale:alternate")
        assert locale == LOCALES[page.language]
        assert {locale, other} == set(LOCALES.values())


def test_only_a_known_address_makes_anything_absolute(pages: Pages) -> None:
    """By default the site can be put anywhere."""
    known = bool(os.environ.get("AIBOOK_SITE_URL"))
    for page in pages:
        absolute = page.html.select("link[rel=canonical], [property='og:url']")
        assert len(absolute) == (2 if known else 0)
    assert (SITE / "sitemap.xml").exists() == known
    assert (SITE / "robots.txt").exists() == known


def test_icons(pages: Pages) -> None:
    for page in pages:
        for rel in ("icon", "apple-touch-icon"):
            link = page.html.select_one(f'link[rel="{rel}"]')
            assert link
            assert (page.path.parent / str(link["href"])).is_file()


def test_the_next_page_is_that_of_the_contents(pages: Pages) -> None:
    """From the first page on, every page of the contents in its order."""
    by_path = {page.path.resolve(): page for page in pages}
    for language in LANGUAGES:
        page = by_path[SITE / language / "index.html"]
        listed = [
            (page.path.parent / str(link["href"])).resolve()
            for link in page.html.select(".bd-docs-nav a.reference")
        ]
        walked = []
        while link := page.html.select_one("a.right-next"):
            path = (page.path.parent / str(link["href"])).resolve()
            following = by_path[path]
            back = following.html.select_one("a.left-prev")
            assert back
            target = path.parent / str(back["href"])
            assert target.resolve() == page.path.resolve()
            walked.append(path)
            page = following
        assert walked == listed


def test_the_page_for_missing_pages() -> None:
    text = (SITE / "404.html").read_text(encoding="utf-8")
    soup = BeautifulSoup(text, "html5lib")
    assert HANGUL.search(soup.select_one("h1").get_text())
    root = "/".join(SITE.parts)
    for link in soup.select("main a"):
        address = str(link["href"])
        place = SITE / re.sub(r"^/.*?(?=(?:ko|en)/)", "", address)
        assert place.is_file(), f"{root}: {address}"
