"""What a browser loads with a page: how much, from where, and in which order."""

import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import Tag
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from aibook_sphinx.icons import BRANDS, FAMILY, ICONS, character
from aibook_sphinx.trimming import is_left_out
from site_pages import SITE, SitePage

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
CHAPTER = "ko/networks/perceptron.html"
MAX_TRANSFER = 600_000
_ICON = re.compile(r'((?:\.fa-[\w-]+,?)+)\{--fa:"([^"]*)"\}')
_PRIVATE = re.compile("[\ue000-\uf8ff]")


def theme_sheet() -> str:
    """Return the theme's own style sheet, with all of Font Awesome."""
    path = SITE / "ko" / "_static" / "styles" / "pydata-sphinx-theme.css"
    return path.read_text(encoding="utf-8")


def bundle(page: SitePage) -> str:
    """Return the style sheet that a page loads."""
    links = page.html.select('link[rel="stylesheet"]:not([media=print])')
    addresses = [str(link["href"]).split("?")[0] for link in links]
    joined = [a for a in addresses if "/styles/book-" in a]
    assert len(joined) == 1, f"{page}: {addresses}"
    path = (page.path.parent / joined[0]).resolve()
    return path.read_text(encoding="utf-8")


# --- without a browser --------------------------------------------------------


def test_nothing_holds_up_the_page(pages: Pages) -> None:
    """One style sheet for all pages, and scripts that wait."""
    problems = []
    for page in pages:
        head = page.html.head
        assert head
        sheets = head.select('link[rel="stylesheet"]:not([media=print])')
        if len(sheets) != 1:
            problems.append(f"{page}: {len(sheets)} style sheets")
        if page.name == "search":
            continue  # nothing but scripts
        problems += [
            f"{page}: {script['src']} does not wait"
            for script in page.html.select("script[src]")
            if not script.has_attr("defer")
        ]
    assert not problems, "\n".join(problems)


def test_search_is_loaded_where_it_is_used(pages: Pages) -> None:
    for page in pages:
        sources = [str(s["src"]) for s in page.html.select("script[src]")]
        has_index = any("searchindex.js" in source for source in sources)
        assert has_index == (page.name == "search"), f"{page}: {sources}"


def test_every_icon_has_a_glyph(pages: Pages) -> None:
    """If not: add it to `aibook_sphinx.icons`, and see fonts/README.md."""
    known = {
        name.removeprefix("."): character(text)
        for names, text in _ICON.findall(theme_sheet())
        for name in names.split(",")
    }
    assert len(known) > 1000
    kept = {*ICONS.values(), *BRANDS.values()}
    problems = set()
    for page in pages:
        for element in page.html.select("[class*='fa-']"):
            for name in set(element.get("class") or ()) & known.keys():
                if known[name] not in kept:
                    problems.add(f"{page}: {name}")
    scripts = [
        *SITE.glob("ko/_static/scripts/*theme.js"),
        *SITE.glob("ko/_static/*.js"),
    ]
    for path in scripts:
        for name in re.findall(r"fa-[a-z-]+", path.read_text("utf-8")):
            if known.get(name, "\uf00d") not in kept:
                problems.add(f"{path.name}: {name}")
    # Icons that style sheets place themselves.
    sheet = character(bundle(pages[0]))
    problems |= {
        f"style sheet: U+{ord(icon):04X}"
        for icon in set(_PRIVATE.findall(sheet)) - kept
    }
    assert not problems, sorted(problems)


def test_the_icon_font_is_what_the_list_says() -> None:
    path = SITE / "ko" / "_static" / "fonts" / "book-icons.woff2"
    with TTFont(path) as font:
        points = {chr(point) for point in font.getBestCmap()}
        names = {str(record) for record in font["name"].names}
    assert points == {*ICONS.values(), *BRANDS.values()}
    assert font["name"].getDebugName(1) == FAMILY
    # The licence keeps the name to the original: it may say where it comes from.
    assert not [n for n in names if n.startswith("Font Awesome")]
    known = {
        name: character(text)
        for names, text in _ICON.findall(theme_sheet())
        for name in names.replace(".fa-", "").split(",")
    }
    listed = ICONS | BRANDS
    assert {name: known[name] for name in listed} == listed


def test_the_style_sheet_has_no_other_font_of_icons(pages: Pages) -> None:
    sheet = bundle(pages[0])
    assert "Font Awesome " not in re.sub(r"/\*.*?\*/", "", sheet, flags=re.S)
    assert "fontawesome/" not in sheet
    assert "@import" not in sheet


def test_no_class_in_use_was_trimmed(pages: Pages) -> None:
    """If one was: take its family out of `aibook_sphinx.trimming`."""
    defined = set(re.findall(r"\.(-?[A-Za-z_][\w-]*)", theme_sheet()))
    problems = []
    for page in pages:
        used: set[str] = set()
        for element in page.html.select("[class]"):
            assert isinstance(element, Tag)
            used.update(element.get("class") or ())
        trimmed = [name for name in used & defined if is_left_out(name)]
        if trimmed:
            problems.append(f"{page}: {sorted(trimmed)}")
    assert not problems, "\n".join(problems)


# --- with one -----------------------------------------------------------------


@pytest.mark.browser
def test_transfer(
    browser: Browser,
    address: str,
    pages: Pages,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is really sent, compressed, and only by the site itself."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    tab = context.new_page()
    session = context.new_cdp_session(tab)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[float] = []
    asked: list[str] = []
    session.on(
        "Network.loadingFinished",
        lambda e: sizes.append(e["encodedDataLength"]),
    )
    session.on(
        "Network.requestWillBeSent",
        lambda e: asked.append(e["request"]["url"]),
    )
    totals: dict[str, float] = {}
    for page in pages:
        sizes.clear()
        tab.goto(f"{address}/{page}")
        tab.evaluate("() => document.fonts.ready.then(() => true)")
        tab.wait_for_load_state("networkidle")
        totals[str(page)] = sum(sizes)
    context.close()
    own = (f"{address}/", "data:", "blob:")
    assert [url for url in asked if not url.startswith(own)] == []
    largest = sorted(totals.items(), key=lambda item: -item[1])
    with capsys.disabled():
        print("\n  page with all that a browser asks for, compressed")
        for name, total in largest[:5]:
            print(f"  {total / 1000:7.0f} kB  {name}")
    # A page sends itself, its style sheet and its scripts.
    assert min(totals.values()) > 50_000
    assert largest[0][1] <= MAX_TRANSFER, largest[0]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_flash_of_the_other_colour(
    browser: Browser, address: str, scheme: Any
) -> None:
    """While the style sheet is on its way, and whatever was chosen before."""
    other = {"light": "dark", "dark": "light"}[scheme]
    for system, choice in [(scheme, "auto"), (other, scheme)]:
        context = browser.new_context(color_scheme=system)
        context.add_init_script(
            f"localStorage.setItem('mode', '{choice}');"
            # In "auto" the system has changed since the last visit.
            f"localStorage.setItem('theme', "
            f"'{scheme if choice == scheme else other}')"
        )
        # Style sheets and scripts that never come.
        context.route("**/_static/**", lambda route: route.abort())
        tab = context.new_page()
        tab.goto(f"{address}/{CHAPTER}")
        ground = tab.evaluate(
            """() => {
              document.body.style.background = "Canvas";
              return getComputedStyle(document.body).backgroundColor;
            }"""
        )
        lightest = max(map(int, re.findall(r"\d+", ground)[:3]))
        assert (lightest > 200) == (scheme == "light"), (system, choice)
        theme = tab.locator("html").get_attribute("data-theme")
        assert theme == scheme
        context.close()


@pytest.mark.browser
def test_controls_follow_the_theme(browser: Browser, site: Path) -> None:
    context = browser.new_context(color_scheme="light")
    tab = context.new_page()
    tab.goto(f"{site.as_uri()}/{CHAPTER}")
    script = "() => getComputedStyle(document.documentElement).colorScheme"
    assert tab.evaluate(script) == "light"
    tab.evaluate("() => (document.documentElement.dataset.theme = 'dark')")
    assert tab.evaluate(script) == "dark"
    context.close()


@pytest.mark.browser
def test_icons_show(browser: Browser, site: Path) -> None:
    context = browser.new_context()
    tab = context.new_page()
    tab.goto(f"{site.as_uri()}/{CHAPTER}")
    loaded = tab.evaluate(
        """() => document.fonts.ready.then(() => [...document.fonts]
          .filter((font) => font.status === "loaded").map((font) => font.family))"""
    )
    assert any(FAMILY in family for family in loaded), loaded
    for selector in (".fa-list", ".fa-bars", ".fa-magnifying-glass"):
        family, content = tab.locator(selector).first.evaluate(
            """(e) => {
              const { fontFamily, content } = getComputedStyle(e, "::before");
              return [fontFamily, content];
            }"""
        )
        assert FAMILY in family, selector
        assert _PRIVATE.search(content), selector
    context.close()


@pytest.mark.browser
def test_nothing_moves_for_who_wants_no_motion(
    browser: Browser, site: Path
) -> None:
    context = browser.new_context(reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{site.as_uri()}/{CHAPTER}")
    moving = tab.evaluate(
        """() => [document.documentElement, ...document.querySelectorAll("body *")]
          .filter((e) => {
            const s = getComputedStyle(e);
            const lasts = (times) => times.split(",").some((t) => parseFloat(t) > 0.01);
            return s.scrollBehavior === "smooth"
              || (s.animationName !== "none" && lasts(s.animationDuration))
              || (s.transitionProperty !== "none" && lasts(s.transitionDuration));
          })
          .map((e) => e.outerHTML.slice(0, 100))"""
    )
    context.close()
    assert moving == []
