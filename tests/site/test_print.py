"""A chapter on paper: only the chapter, black on white, nothing closed or cut."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from site_pages import LANGUAGES

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
# A4 less the margins of print.css, in CSS pixels.
PAPER = {"width": round((210 - 36) / 25.4 * 96), "height": 1000}

_VISIBLE = "e => e.checkVisibility({ visibilityProperty: true })"
# Letters that are not dark, and grounds behind letters that are not white.
_COLOURED = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const found = [];
  for (const e of [document.documentElement, document.body,
                   ...document.querySelectorAll("main, main *")]) {
    if (!e.checkVisibility() || e.closest("figure, .output img, svg")) continue;
    const style = getComputedStyle(e);
    const text = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    const [r, g, b] = rgba(style.color);
    if (text && Math.max(r, g, b) > 0x55) found.push(`letters ${style.color}`, e);
    const [R, G, B, A] = rgba(style.backgroundColor);
    if (A && Math.min(R, G, B) < 255) found.push(`ground ${style.backgroundColor}`, e);
    if (style.filter !== "none") found.push(`filter ${style.filter}`, e);
  }
  return found.map((e) => e.outerHTML?.slice(0, 100) ?? e);
}"""
_CUT = """() => {
  const hidden = (e) => getComputedStyle(e).overflowX !== "visible"
    && e.scrollWidth > e.clientWidth + 1;
  return [...document.querySelectorAll("article :is(p, pre, table, figure, .output)")]
    .filter((e) => e.checkVisibility())
    .filter((e) => hidden(e) || e.getBoundingClientRect().right > innerWidth + 1)
    .map((e) => e.outerHTML.slice(0, 150));
}"""


@pytest.fixture(params=["light", "dark"])
def printed(
    request: pytest.FixtureRequest, browser: Browser, site: Path
) -> Iterator[Any]:
    """Return a function that opens a page as a printer sees it."""
    context = browser.new_context(color_scheme=request.param, viewport=PAPER)

    def open_page(path: str) -> Page:
        page = context.new_page()
        page.goto((site / path).as_uri())
        theme = page.locator("html").get_attribute("data-theme")
        assert theme == request.param
        page.emulate_media(media="print", color_scheme=request.param)
        return page

    yield open_page
    context.close()


@pytest.mark.parametrize(
    "path",
    [f"ko/{CHAPTER}", "en/networks/mlp.html", "ko/reference/api/data.html"],
)
def test_paper_is_black_on_white(printed: Any, path: str) -> None:
    assert printed(path).evaluate(_COLOURED) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_chapter_is_printed(printed: Any, language: str) -> None:
    page = printed(f"{language}/{CHAPTER}")
    around = page.locator(
        ".bd-sidebar, .bd-sidebar-secondary, .bd-header-article, .prev-next-area, "
        ".copybtn, .headerlink, button, footer, #pst-skip-link, dialog"
    )
    assert around.count() > 20
    assert not [
        e.get_attribute("class") for e in around.all() if e.evaluate(_VISIBLE)
    ]
    assert page.locator("article h1").is_visible()
    # From edge to edge.
    box = page.locator("article > section").bounding_box()
    assert box
    assert box["x"] <= 1
    assert box["width"] >= PAPER["width"] - 20


def test_solutions_are_open(printed: Any) -> None:
    page = printed(f"ko/{CHAPTER}")
    closed = page.locator("article details:not([open])")
    assert closed.count() >= 5
    for details in closed.all():
        inside = details.locator(":scope > :not(summary)").first
        box = inside.bounding_box()
        assert box
        assert box["height"] > 10


@pytest.mark.parametrize("path", [f"ko/{CHAPTER}", "en/networks/mlp.html"])
def test_nothing_is_cut_off(printed: Any, path: str) -> None:
    page = printed(path)
    assert page.evaluate(_CUT) == []
    # A line of code longer than the paper goes on below.
    page.locator("article pre").first.evaluate(
        "e => e.append('\\n' + 'long_name'.repeat(40))"
    )
    assert page.evaluate(_CUT) == []


def test_links_to_other_sites_tell_where(printed: Any) -> None:
    page = printed("ko/start/using-this-book.html")
    script = "e => getComputedStyle(e, '::after').content"
    page.locator("article p").first.evaluate(
        """e => e.insertAdjacentHTML("beforeend",
          '<a class="external" href="https://example.org/a">there</a>')"""
    )
    outside = page.locator("article a.external[href$='/a']")
    assert "https://example.org/a" in outside.evaluate(script)
    inside = page.locator("article a.internal").first
    assert inside.evaluate(script) == "none"
    # In the bibliography the address is the text of the link.
    page = printed("ko/reference/bibliography.html")
    link = page.locator("article .citation a.external").first
    assert link.evaluate(script) == "none"


def test_a_figure_stays_on_its_page_with_its_caption(printed: Any) -> None:
    page = printed(f"ko/{CHAPTER}")
    script = "e => getComputedStyle(e).breakInside"
    for figure in page.locator("article figure").all():
        assert figure.evaluate(script) == "avoid"
        box = figure.locator("img, svg").first.bounding_box()
        assert box
        assert box["height"] <= 111 / 25.4 * 96
    for heading in page.locator("article :is(h2, h3)").all():
        after = heading.evaluate("e => getComputedStyle(e).breakAfter")
        assert after == "avoid"


def test_the_paper_has_pages(printed: Any) -> None:
    page = printed(f"ko/{CHAPTER}")
    data = page.pdf(prefer_css_page_size=True)
    # A4 in points; a chapter of this size on so many pages.
    sizes = set(re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data))
    assert {(round(float(w)), round(float(h))) for w, h in sizes} == {
        (595, 842)
    }
    count = max(map(int, re.findall(rb"/Count (\d+)", data)))
    assert 8 <= count <= 24
