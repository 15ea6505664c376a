"""axe finds nothing on any page: both languages, light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from site_pages import LANGUAGES, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
WIDTHS = (1280, 390)
SCHEMES = ("light", "dark")

# Whether letters stand out depends on their colour, weight, size and ground. Code and
# formulas hold thousands of pieces that agree in all: axe looks at the first of each.
_MARK_ALIKE = """() => {
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const { backgroundColor, backgroundImage } = getComputedStyle(e);
      if (backgroundColor !== "rgba(0, 0, 0, 0)" || backgroundImage !== "none")
        return backgroundColor + backgroundImage;
    }
  };
  const seen = new Set();
  for (const e of document.querySelectorAll("pre span, math *")) {
    const { color, fontSize, fontWeight, opacity } = getComputedStyle(e);
    const kind = [color, fontSize, fontWeight, opacity, ground(e)].join();
    e.toggleAttribute("data-alike", seen.has(kind));
    seen.add(kind);
  }
}"""
_CONFIGURE = """() => axe.configure({
  rules: [{ id: "color-contrast", selector: "*:not([data-alike])" }],
})"""
# It would look for imported style sheets in the wrong folder.
_START = """() => {
  const options = { preload: false, resultTypes: ["violations"] };
  window.found = axe.run(document, options).then(({ violations }) => violations);
}"""
_OPEN_ALL = """() => document.querySelectorAll("article details")
  .forEach((details) => details.setAttribute("open", ""))"""


@pytest.fixture
def contexts(browser: Browser) -> Iterator[list[BrowserContext]]:
    """Yield a context for each width."""
    made = [
        browser.new_context(
            viewport={"width": width, "height": 844}, reduced_motion="reduce"
        )
        for width in WIDTHS
    ]
    yield made
    for context in made:
        context.close()


def prepare(page: Page, address: str) -> None:
    """Open a page with its solutions, and bring axe along."""
    page.goto(address)
    page.evaluate(_OPEN_ALL)
    page.evaluate(Axe().axe_script)
    page.evaluate(_CONFIGURE)


def start(page: Page, scheme: Any) -> None:
    """Let axe begin on a page in light or dark, without waiting for it."""
    page.emulate_media(color_scheme=scheme)
    page.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
    page.evaluate(_MARK_ALIKE)
    page.evaluate(_START)


def violations(page: Page) -> list[str]:
    """Return what axe has found."""
    assert page.viewport_size
    where = f"{page.url} {page.viewport_size['width']} px"
    theme = page.locator("html").get_attribute("data-theme")
    return [
        f"{where} {theme}: {v['id']} ({len(v['nodes'])} times): {v['help']}: "
        f"{v['nodes'][0]['html'][:200]} {v['nodes'][0]['target']}"
        for v in page.evaluate("window.found")
    ]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(
    contexts: list[BrowserContext],
    address: str,
    pages: tuple[SitePage, ...],
    language: str,
) -> None:
    tabs = [context.new_page() for context in contexts]
    problems = []
    for path in [str(p) for p in pages if p.language == language]:
        for tab in tabs:
            prepare(tab, f"{address}/{path}")
        for scheme in SCHEMES:
            # Both widths at once: each tab has a process of its own.
            for tab in tabs:
                start(tab, scheme)
            problems += [line for tab in tabs for line in violations(tab)]
    assert not problems, "\n".join(problems)


def test_axe_finds_what_is_wrong(
    contexts: list[BrowserContext], address: str
) -> None:
    """Of alike pieces the first is looked at, and pieces that are not alike are."""
    tab = contexts[0].new_page()
    prepare(tab, f"{address}/ko/{CHAPTER}")
    tab.evaluate(
        """() => {
          const spans = document.querySelectorAll("pre span");
          spans[spans.length - 1].style.color = "#999";
          document.querySelector("math mi").style.color = "#999";
          document.querySelector("h2").removeAttribute("id");
          document.querySelector("figure :is(img, svg)").removeAttribute("role");
          document.querySelector("button.primary-toggle").ariaLabel = "";
          document.querySelector("button.primary-toggle").title = "";
        }"""
    )
    start(tab, "light")
    found = violations(tab)
    assert any("color-contrast (2 times)" in line for line in found), found
    assert any("button-name" in line for line in found), found


def open_menu(tab: Page) -> None:
    tab.locator("button.theme-switch-button:visible").first.click()
    tab.locator("button.theme-change-button:visible").first.wait_for()


def open_search(tab: Page) -> None:
    tab.keyboard.press("Control+k")
    tab.locator("#pst-search-dialog[open]").wait_for()


def open_contents(tab: Page) -> None:
    tab.locator("button.primary-toggle:visible").click()
    tab.locator("#pst-primary-sidebar-modal[open]").wait_for()
    # With the pages of all parts.
    tab.evaluate(
        "() => document.querySelectorAll('.bd-docs-nav details')"
        ".forEach((d) => d.setAttribute('open', ''))"
    )


def open_sections(tab: Page) -> None:
    tab.locator("button.secondary-toggle:visible").click()
    tab.locator("#pst-secondary-sidebar-modal[open]").wait_for()


@pytest.mark.parametrize(
    ("language", "opening"),
    [
        ("ko", open_menu),
        ("en", open_search),
        ("ko", open_contents),
        ("en", open_sections),
    ],
)
def test_what_opens(
    contexts: list[BrowserContext], address: str, language: str, opening: Any
) -> None:
    tab = contexts[1].new_page()
    prepare(tab, f"{address}/{language}/reference/index.html")
    if opening is open_sections:
        prepare(tab, f"{address}/{language}/start/notation.html")
    opening(tab)
    problems = []
    for scheme in SCHEMES:
        start(tab, scheme)
        problems += violations(tab)
    assert not problems, "\n".join(problems)
