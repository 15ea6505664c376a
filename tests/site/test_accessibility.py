"""axe finds nothing on any page: both languages, light and dark, wide and narrow."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from site_axe import SCHEMES, prepare, start, violations
from site_pages import LANGUAGES, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
WIDTHS = (1280, 390)


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


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(
    contexts: list[BrowserContext],
    address: str,
    pages: tuple[SitePage, ...],
    language: str,
) -> None:
    """Wide and light, wide and dark, on a phone in the dark."""
    tabs = [context.new_page() for context in contexts]
    wide, phone = tabs
    problems = []
    for path in [str(p) for p in pages if p.language == language]:
        for tab in tabs:
            prepare(tab, f"{address}/{path}")
        # Both at once: each tab has a process of its own.
        start(phone, "dark")
        start(wide, "light")
        problems += violations(wide)
        # Of the theme's colours nothing else depends.
        start(wide, "dark", ["color-contrast"])
        problems += violations(wide) + violations(phone)
    assert not problems, "\n".join(problems)


def test_axe_finds_what_is_wrong(
    contexts: list[BrowserContext], address: str
) -> None:
    """Of alike pieces the first is looked at, and pieces that are not alike are."""
    tab = contexts[0].new_page()
    prepare(tab, f"{address}/ko/{CHAPTER}")
    tab.evaluate(
        """() => {
          const spans = [...document.querySelectorAll("pre span")]
            .filter((span) => span.textContent.length > 1);
          spans.at(-1).style.color = "#999";
          document.querySelector("article p").style.color = "#999";
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
