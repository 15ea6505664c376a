"""Letters and lines of the built site: what is downloaded, how long a line is."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_pages import LANGUAGES

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 2

# How many letters each full line of a paragraph has.
_LINES = """() => {
  const range = document.createRange();
  const found = [];
  for (const p of document.querySelectorAll("article section > p")) {
    const lines = new Map();
    const walker = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode;
      if (text.parentElement.closest("math, code")) continue;
      for (let i = 0; i < text.length; i++) {
        range.setStart(text, i);
        range.setEnd(text, i + 1);
        const y = Math.round(range.getBoundingClientRect().bottom / 8);
        lines.set(y, (lines.get(y) ?? "") + text.data[i]);
      }
    }
    if (!p.querySelector("math, code")) found.push(...[...lines.values()].slice(0, -1));
  }
  return found.map((line) => line.trim());
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1600, "height": 900})
    yield context.new_page()
    context.close()


def test_no_font_of_text_is_downloaded(page: Page, site: Path) -> None:
    """Only formulas and icons come with a font of their own."""
    for language in LANGUAGES:
        page.goto((site / language / CHAPTER).as_uri())
        families = page.evaluate("[...document.fonts].map(f => f.family)")
        text = [f for f in families if "Math" not in f and "Icons" not in f]
        assert text == []


def test_the_measure(page: Page, site: Path) -> None:
    """A line is as long as the eye finds its way back from."""
    page.goto((site / "ko" / CHAPTER).as_uri())
    lines = page.evaluate(_LINES)
    hangul = [sum("가" <= c <= "힣" for c in line) for line in lines]
    assert len(lines) >= 10
    assert 34 <= sorted(hangul)[len(hangul) // 2] <= 45
    page.goto((site / "en" / CHAPTER).as_uri())
    letters = sorted(len(line) for line in page.evaluate(_LINES))
    assert len(letters) >= 10
    assert 65 <= letters[len(letters) // 2] <= 88


def test_a_full_line_of_code_needs_no_scrolling(
    page: Page, site: Path
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto((site / "en" / CHAPTER).as_uri())
    pre = page.locator("article .cell_input pre").first
    pre.evaluate("e => { e.textContent = 'x'.repeat(79); }")
    wide, room = pre.evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert wide <= room


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "html",
    [
        f"<p>{LONG}</p>",
        f"<ul><li>{LONG}</li></ul>",
        f"<p><code><span class='pre'>{'a_long_name.' * 9}</span></code></p>",
        f"<p><code><span class='pre'>{'argument=1, ' * 9}</span></code></p>",
        f"<p><a href='#'>https://example.org/{'path/' * 20}</a></p>",
        f"<h2>{LONG}</h2>",
        f"<div class='admonition'><p>{'가나다라' * 20}</p></div>",
        f"<dl><dt>{LONG}</dt><dd>{'가나다라' * 20}</dd></dl>",
    ],
)
def test_long_words_stay_on_a_phone(
    page: Page, site: Path, language: str, html: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((site / language / "start/index.html").as_uri())
    page.locator("article > section").evaluate(
        "(e, html) => e.insertAdjacentHTML('beforeend', html)", html
    )
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    right = page.locator("article > section > :last-child").evaluate(
        """e => Math.max(...[e, ...e.querySelectorAll("*")].map(
          (x) => x.getBoundingClientRect().right))"""
    )
    assert right <= 390


def test_korean_words_stay_whole(page: Page, site: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto((site / "ko" / "index.html").as_uri())
    lines = page.evaluate(_LINES.replace(".trim()", ""))
    inside = [
        (a, b)
        for a, b in pairwise(lines)
        if not a.endswith((" ", ".", ",", "?", "!")) and not b.startswith(" ")
    ]
    # The end of one paragraph is not in the list, so its next line begins anew.
    assert len(lines) > 5
    assert inside == []
