"""Sliders in a browser: keys, fingers, what is said, and what is there without."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from site_axe import SCHEMES, prepare, start, violations
from site_faults import FAULTS
from site_pages import LANGUAGES, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "networks/gradient-descent.html"
FIGURE = "#fig-rate-frames"
NAME = {"ko": "학습률", "en": "Learning rate"}

# The number of the frame that is seen, and what is written in it.
_SEEN = """(figure) => {
  const seen = [...figure.querySelectorAll('svg [class^="frame-"]')]
    .filter((e) => e.getAttribute("display") !== "none");
  return [
    [...new Set(seen.map((e) => Number(e.getAttribute("class").slice(6))))],
    seen.flatMap((e) => [...e.querySelectorAll("text")])
      .map((text) => text.textContent.trim()),
  ];
}"""


@pytest.fixture(params=[1280, 390])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page, wide or of a phone."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 844},
        has_touch=request.param < 600,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


def seen(tab: Page) -> tuple[int, str]:
    """Return the frame of the figure that is seen, and its text."""
    frames, texts = tab.locator(FIGURE).evaluate(_SEEN)
    assert len(frames) == 1
    return frames[0], ", ".join(texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_change_the_frame_and_say_so(
    tab: Page, site: Path, language: str
) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    tab.goto((site / language / CHAPTER).as_uri())
    slider = tab.locator(FIGURE).get_by_role("slider", name=NAME[language])
    slider.scroll_into_view_if_needed()
    last = int(slider.get_attribute("max") or 0)
    first, _ = seen(tab)
    assert slider.input_value() == str(first)
    slider.focus()
    for key, expected in [
        ("ArrowRight", first + 1),
        ("ArrowLeft", first),
        ("Home", 0),
        ("ArrowUp", 1),
        ("End", last),
        ("ArrowRight", last),
    ]:
        tab.keyboard.press(key)
        frame, text = seen(tab)
        assert (key, frame) == (key, expected)
        assert text
        assert slider.get_attribute("aria-valuetext") == text
    assert problems == []
    # Nothing but the page and its own files, from disk.
    assert [
        url for url in asked if not url.startswith(("file:", "data:"))
    ] == []


def test_a_finger_changes_the_frame(tab: Page, site: Path) -> None:
    tab.goto((site / "ko" / CHAPTER).as_uri())
    slider = tab.locator(f"{FIGURE} input")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    assert box["height"] >= 44, "smaller than a finger"
    assert box["width"] >= 150
    y = box["y"] + box["height"] / 2
    for share, expected in [(0.02, 0), (0.98, 7)]:
        x = box["x"] + share * box["width"]
        # Where there is no touch screen, a mouse does.
        try:
            tab.touchscreen.tap(x, y)
        except Exception:
            tab.mouse.click(x, y)
        assert seen(tab)[0] == expected


def test_every_frame_keeps_its_labels_inside_and_apart(
    tab: Page, pages: tuple[SitePage, ...]
) -> None:
    number, problems = 0, []
    for page in pages:
        if not page.article.select(".book-slider"):
            continue
        tab.goto(page.path.as_uri())
        sliders = tab.locator(".book-slider > input")
        ends = sliders.evaluate_all("(all) => all.map((e) => Number(e.max))")
        for frame in range(max(ends) + 1):
            sliders.evaluate_all(
                """(all, frame) => all.forEach((e) => {
                  e.value = frame;  // the last one for those with fewer
                  e.dispatchEvent(new Event("input"));
                })""",
                frame,
            )
            faults = tab.evaluate(FAULTS)
            problems += [f"{page}, frame {frame}: {f}" for f in faults]
        number += len(ends)
    assert number >= 4
    assert not problems, "\n".join(problems)


def test_axe_finds_nothing(tab: Page, address: str) -> None:
    problems = []
    for language in LANGUAGES:
        prepare(tab, f"{address}/{language}/{CHAPTER}")
        for scheme in SCHEMES:
            start(tab, scheme)
            problems += violations(tab)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("options", "media"),
    [({"java_script_enabled": False}, None), ({}, "print")],
)
def test_without_scripts_and_on_paper_a_frame_stands_for_all(
    browser: Browser, site: Path, options: dict[str, Any], media: Any
) -> None:
    context = browser.new_context(**options)
    tab = context.new_page()
    tab.goto((site / "en" / CHAPTER).as_uri())
    tab.emulate_media(media=media)
    assert tab.locator(".book-slider").count() >= 2
    assert not tab.locator(".book-slider:visible").count()
    shown = tab.locator(f'{FIGURE} svg [class^="frame-"]:not([display])')
    classes = shown.evaluate_all(
        "(e) => e.map((g) => g.getAttribute('class'))"
    )
    assert len(set(classes)) == 1
    context.close()


def test_only_pages_with_sliders_load_the_script(
    pages: tuple[SitePage, ...],
) -> None:
    for page in pages:
        loaded = bool(page.html.select('script[src*="slider.js"]'))
        assert loaded == bool(page.html.select(".book-slider")), str(page)
