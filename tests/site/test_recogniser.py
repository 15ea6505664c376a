"""The recogniser in a browser: drawn digits, keys, the same numbers as in Python."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, Locator, Page

from aibook.models.int8_digits import Int8Digits, Int8Layer
from aibook.vision.centring import like_mnist
from handwriting import STROKES
from site_axe import SCHEMES, prepare, start, violations
from site_pages import LANGUAGES, SITE, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

CHAPTER = "labs/on-device.html"
BOX = ".book-recogniser"
CLEAR = {"ko": "지우기", "en": "Clear"}
SAMPLE = {"ko": "테스트 숫자 {0}", "en": "Test digit {0}"}
EMPTY = {"ko": "아직 그린 것이 없습니다.", "en": "Nothing drawn yet."}
ANSWER = {"ko": "{0}처럼 보입니다, {1}%.", "en": "Looks like {0}, {1}%."}
# How much ink a canvas holds: black, more or less opaque.
_INK = """(canvas) => {
  const { width, height } = canvas;
  const { data } = canvas.getContext("2d").getImageData(0, 0, width, height);
  return [...data].filter((_, i) => i % 4 === 3);
}"""


@pytest.fixture(params=[1280, 390])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page without a network, wide or of a phone."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 844},
        has_touch=request.param < 600,
        reduced_motion="reduce",
        offline=True,
    )
    yield context.new_page()
    context.close()


def visit(tab: Page, site: Path, language: str) -> Locator:
    """Open the chapter from disk; return the drawing area."""
    tab.goto((site / language / CHAPTER).as_uri())
    area = tab.locator(f"{BOX} .board canvas")
    area.scroll_into_view_if_needed()
    return area


def draw(tab: Page, area: Locator, digit: int) -> None:
    """Draw a digit with the mouse."""
    area.scroll_into_view_if_needed()  # a button may have scrolled it away
    box = area.bounding_box()
    assert box
    for stroke in STROKES[digit]:
        places = [
            (box["x"] + x * box["width"], box["y"] + y * box["height"])
            for x, y in stroke
        ]
        tab.mouse.move(*places[0])
        tab.mouse.down()
        for place in places[1:]:
            tab.mouse.move(*place)
        tab.mouse.up()


def ink(canvas: Locator) -> NDArray[np.int64]:
    """Return what a canvas shows, 0 to 255."""
    values = np.array(canvas.evaluate(_INK))
    side = round(len(values) ** 0.5)
    return values.reshape(side, side)


def chances(tab: Page) -> NDArray[np.float64]:
    """Return the ten probabilities, as exactly as the program has them."""
    rows = tab.locator(f"{BOX} li").evaluate_all(
        "(rows) => rows.map((row) => row.dataset.probability)"
    )
    assert len(rows) == 10
    return np.array(rows, dtype=float)


def embedded(language: str = "en") -> dict[str, Any]:
    """Return what stands in the page."""
    page = SitePage(language, CHAPTER.removesuffix(".html"))
    script = page.html.select_one(f"{BOX} > script")
    assert script
    return json.loads(script.string or "")  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def network() -> Int8Digits:
    """Return the page's network, in Python."""
    net = Int8Digits.__new__(Int8Digits)
    net.layers = [
        Int8Layer(
            np.frombuffer(
                base64.b64decode(layer["weight"]), dtype=np.int8
            ).reshape(layer["shape"]),
            np.array(layer["bias"], dtype=np.int32),
            np.array(layer["factor"]),
            layer["zeroIn"],
            layer["zeroOut"],
            layer["stride"],
            layer["padding"],
        )
        for layer in embedded()["model"]["layers"]
    ]
    return net


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawn_digits_are_recognised(
    tab: Page, site: Path, network: Int8Digits, language: str
) -> None:
    asked: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    problems: list[str] = []
    tab.on("pageerror", lambda error: problems.append(str(error)))
    area = visit(tab, site, language)
    status = tab.locator(f"{BOX} [role=status]")
    assert status.inner_text() == EMPTY[language]
    right = 0
    for digit in STROKES:
        draw(tab, area, digit)
        found = chances(tab)
        best = int(found.argmax())
        percent = int(100 * found[best] + 0.5)
        assert status.inner_text() == ANSWER[language].format(best, percent)
        assert tab.locator(f"{BOX} li.best").inner_text().split() == [
            str(best),
            f"{percent}%",
        ]
        # The same in Python, from the drawing itself.
        seen = ink(tab.locator(f"{BOX} .look canvas"))
        expected = like_mnist(ink(area))
        assert np.abs(seen - expected).max() <= 1
        np.testing.assert_allclose(
            found, network.probabilities(seen[None])[0], atol=1e-6
        )
        right += best == digit
        tab.get_by_role("button", name=CLEAR[language]).click()
        assert status.inner_text() == EMPTY[language]
        assert not ink(area).any()
        assert not chances(tab).any()
    assert right >= 9, "of ten digits, each drawn once"
    assert problems == []
    assert [
        url for url in asked if not url.startswith(("file:", "data:"))
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_test_digits_give_what_python_gives(
    tab: Page, site: Path, network: Int8Digits, language: str
) -> None:
    area = visit(tab, site, language)
    packed = base64.b64decode(embedded(language)["model"]["samples"])
    images = np.frombuffer(packed, dtype=np.uint8).reshape(10, 28, 28)
    expected = network.probabilities(images)
    for digit in range(10):
        name = SAMPLE[language].format(digit)
        button = tab.get_by_role("button", name=name)
        button.focus()
        tab.keyboard.press("Enter")
        np.testing.assert_allclose(chances(tab), expected[digit], atol=1e-9)
        seen = tab.locator(f"{BOX} .look canvas")
        assert np.array_equal(ink(seen), images[digit])
        assert ink(area).any()
    assert (expected.argmax(axis=1) == np.arange(10)).sum() >= 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_draw_a_one_and_a_seven(
    tab: Page, site: Path, language: str
) -> None:
    area = visit(tab, site, language)
    area.focus()
    pen = tab.locator(f"{BOX} .pen")
    assert tab.evaluate("document.activeElement.tagName") == "CANVAS"
    tab.keyboard.press("Shift+ArrowUp")
    assert pen.is_visible()
    for _ in range(4):
        tab.keyboard.press("Shift+ArrowUp")
    assert not ink(area).any()
    for _ in range(10):
        tab.keyboard.press("ArrowDown")
    assert int(chances(tab).argmax()) == 1
    status = tab.locator(f"{BOX} [role=status]")
    assert "1" in status.inner_text()
    tab.get_by_role("button", name=CLEAR[language]).click()
    area.focus()
    # From the middle to the upper left corner, then a bar and a slope.
    for key, times in [
        ("Shift+ArrowUp", 5),
        ("Shift+ArrowLeft", 3),
        ("ArrowRight", 6),
    ]:
        for _ in range(times):
            tab.keyboard.press(key)
    for _ in range(3):
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowLeft"):
            tab.keyboard.press(key)
    assert int(chances(tab).argmax()) == 7
    # Never off the board, and Tab leads on.
    for _ in range(40):
        tab.keyboard.press("Shift+ArrowRight")
    frame, dot = area.bounding_box(), pen.bounding_box()
    assert frame
    assert dot
    assert dot["x"] + dot["width"] <= frame["x"] + frame["width"]
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.tagName") == "BUTTON"


def test_a_finger_draws_and_does_not_scroll(
    browser: Browser, site: Path
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True
    )
    tab = context.new_page()
    area = visit(tab, site, "ko")
    box = area.bounding_box()
    assert box
    before = tab.evaluate("scrollY")
    session = context.new_cdp_session(tab)
    x = box["x"] + box["width"] / 2
    for kind, share in [
        ("touchStart", 0.2),
        *[("touchMove", 0.2 + k / 20) for k in range(1, 13)],
        ("touchEnd", None),
    ]:
        points = (
            []
            if share is None
            else [{"x": x, "y": box["y"] + share * box["height"]}]
        )
        session.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": points}
        )
    assert tab.evaluate("scrollY") == before
    assert int(chances(tab).argmax()) == 1
    context.close()


def test_it_fits_and_fingers_hit(tab: Page, site: Path) -> None:
    visit(tab, site, "ko")
    assert tab.viewport_size
    wide = tab.viewport_size["width"]
    assert tab.evaluate("document.documentElement.scrollWidth") <= wide
    for button in tab.locator(f"{BOX} button").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= wide
    area = tab.locator(f"{BOX} .board canvas").bounding_box()
    assert area
    assert area["width"] == pytest.approx(area["height"], abs=1)
    assert area["width"] >= 200


@pytest.mark.parametrize("scheme", SCHEMES)
def test_strokes_stand_out(tab: Page, site: Path, scheme: Any) -> None:
    tab.emulate_media(color_scheme=scheme)
    area = visit(tab, site, "en")
    draw(tab, area, 0)
    picture = tab.evaluate(
        """(scheme) => {
          const area = document.querySelector(".book-recogniser .board canvas");
          const { filter, backgroundColor } = getComputedStyle(area);
          return { filter, backgroundColor };
        }""",
        scheme,
    )
    # Black on the page's white; turned round in the dark.
    assert (picture["filter"] == "invert(1)") == (scheme == "dark")
    assert picture["backgroundColor"] == "rgba(0, 0, 0, 0)"


def test_axe_finds_nothing(tab: Page, address: str) -> None:
    problems = []
    tab.context.set_offline(False)
    for language in LANGUAGES:
        prepare(tab, f"{address}/{language}/{CHAPTER}")
        draw(tab, tab.locator(f"{BOX} .board canvas"), 3)
        for scheme in SCHEMES:
            start(tab, scheme)
            problems += violations(tab)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize(
    ("options", "media"),
    [({"java_script_enabled": False}, None), ({}, "print")],
)
def test_without_scripts_and_on_paper_the_figure_stands_for_it(
    browser: Browser, site: Path, options: dict[str, Any], media: Any
) -> None:
    context = browser.new_context(**options)
    tab = context.new_page()
    tab.goto((site / "en" / CHAPTER).as_uri())
    tab.emulate_media(media=media)
    assert not tab.locator(f"{BOX}:visible").count()
    assert tab.locator("#fig-ondevice-samples svg").is_visible()
    context.close()


def test_small_enough() -> None:
    script = SITE / "en" / "_static" / "recogniser.js"
    assert script.stat().st_size < 10_000
    for language in LANGUAGES:
        weights = [
            base64.b64decode(layer["weight"])
            for layer in embedded(language)["model"]["layers"]
        ]
        assert sum(map(len, weights)) < 100_000
        assert len(json.dumps(embedded(language))) < 100_000
    assert embedded("ko")["model"] == embedded("en")["model"]


def test_only_the_page_with_it_loads_the_script(
    pages: tuple[SitePage, ...],
) -> None:
    for page in pages:
        loaded = bool(page.html.select('script[src*="recogniser.js"]'))
        assert loaded == bool(page.html.select(BOX)), str(page)
