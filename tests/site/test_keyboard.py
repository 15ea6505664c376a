"""The built site by keyboard alone: the way in, the way through, the way out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_pages import LANGUAGES

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/perceptron.html"
SKIP = {"ko": "본문으로 건너뛰기", "en": "Skip to main content"}
PHONE = {"width": 390, "height": 844}
WIDE = {"width": 1280, "height": 900}

# Where the focus is, what it looks like, and where that stands.
_FOCUS = """() => {
  const e = document.activeElement;
  // An arrow in the contents is smaller than what is pressed.
  const seen = e.querySelector(":scope > .toctree-toggle") ?? e;
  const style = getComputedStyle(seen);
  const box = seen.getBoundingClientRect();
  return {
    tag: e.tagName,
    name: (e.getAttribute("aria-label") || e.innerText || e.name || "").trim(),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
      || style.boxShadow !== "none"
      || getComputedStyle(e.parentElement).boxShadow !== "none",
    shown: box.width > 0 && box.height > 0 && style.visibility === "visible",
    inside: ["#pst-skip-link", "#pst-primary-sidebar", ".bd-header-article", "article",
      ".prev-next-footer", "#pst-secondary-sidebar"].find((s) => e.closest(s)) ?? "",
    first: document.activeElement === document.body,
  };
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a page of a reader who wants no animations."""
    context = browser.new_context(viewport=WIDE, reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def visit(page: Page, site: Path, path: str) -> None:
    page.goto((site / path).as_uri())
    page.wait_for_load_state("load")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_skip_link_is_first_and_leads_to_the_text(
    page: Page, site: Path, language: str
) -> None:
    visit(page, site, f"{language}/{CHAPTER}")
    page.keyboard.press("Tab")
    focus = page.evaluate(_FOCUS)
    assert focus["name"] == SKIP[language]
    assert focus["shown"]
    box = page.locator("#pst-skip-link a").bounding_box()
    assert box
    assert box["y"] >= 0, "the link has the focus, but is not to be seen"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    script = "document.querySelector('main').contains(document.activeElement)"
    assert page.evaluate(script)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_focus_is_seen_wherever_it_goes_and_goes_on(
    page: Page, site: Path, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)
    visit(page, site, f"ko/{CHAPTER}")
    places: list[str] = []
    problems = []
    for _ in range(400):
        page.keyboard.press("Tab")
        focus = page.evaluate(_FOCUS)
        if focus["first"]:
            break
        if not (focus["ring"] and focus["shown"]):
            problems.append(focus)
        if focus["inside"] and places[-1:] != [focus["inside"]]:
            places.append(focus["inside"])
    else:
        pytest.fail("the focus does not leave the page")
    assert problems == []
    # As the page is read, and nothing twice.
    assert places == [
        "#pst-skip-link",
        "#pst-primary-sidebar",
        ".bd-header-article",
        "article",
        ".prev-next-footer",
        "#pst-secondary-sidebar",
    ]


@pytest.mark.parametrize("side", ["primary", "secondary"])
def test_a_sidebar_opens_and_closes_on_a_phone(
    page: Page, site: Path, side: str
) -> None:
    page.set_viewport_size(PHONE)
    visit(page, site, f"ko/{CHAPTER}")
    dialog = page.locator(f"#pst-{side}-sidebar-modal")
    button = page.locator(f"button.{side}-toggle:visible")
    assert not dialog.is_visible()
    button.focus()
    page.keyboard.press("Enter")
    dialog.wait_for(state="visible")
    script = f"""() => document.querySelector("#pst-{side}-sidebar-modal")
      .contains(document.activeElement)"""
    page.keyboard.press("Tab")
    assert page.evaluate(script), "the focus stays behind the sidebar"
    assert dialog.locator("a[href]:visible").count() >= 3
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    back = f"document.activeElement.matches('button.{side}-toggle')"
    page.wait_for_function(back)


def test_search_opens_and_closes(page: Page, site: Path) -> None:
    visit(page, site, f"ko/{CHAPTER}")
    page.keyboard.press("Control+k")
    field = page.locator("#pst-search-dialog input[name=q]")
    field.wait_for(state="visible")
    page.keyboard.type("가중치")
    assert field.input_value() == "가중치"
    page.keyboard.press("Escape")
    field.wait_for(state="hidden")
    page.keyboard.press("Control+k")
    field.wait_for(state="visible")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.split("?")[0].endswith("ko/search.html")


def test_arrow_keys_do_not_leave_the_page(page: Page, site: Path) -> None:
    """A key alone is no command: it is pressed by mistake (WCAG 2.1.4)."""
    visit(page, site, f"ko/{CHAPTER}")
    before = page.url
    for key in ("ArrowRight", "ArrowLeft", "s", "/"):
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url == before


def test_the_neighbours_are_reached_by_their_names(
    page: Page, site: Path
) -> None:
    visit(page, site, f"ko/{CHAPTER}")
    links = page.get_by_role("navigation", name="이웃한 쪽").get_by_role(
        "link"
    )
    names = [text.split("\n") for text in links.all_inner_texts()]
    assert [words[0] for words in names] == ["이전", "다음"]
    assert all(len(" ".join(words).split()) > 1 for words in names)
    links.last.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("ko/networks/mlp.html")
