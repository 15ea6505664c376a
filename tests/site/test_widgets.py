"""The small interactive figures in a browser: keys, fingers, numbers, and without."""

import math
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from playwright.sync_api import Browser, Locator, Page

from aibook.data.gates import load_gate
from aibook.information import entropy, self_information
from aibook.scratch.descent import descend
from aibook.scratch.optimisers import SGD
from aibook.scratch.perceptron import Perceptron
from aibook.sizes import output_size
from aibook.vision.thresholding import (
    between_class_variance,
    histogram,
    otsu_threshold,
)
from site_axe import SCHEMES, bring
from site_pages import LANGUAGES, SitePage

pytestmark = [pytest.mark.site, pytest.mark.browser]

# Where each widget stands, and the figure that stands for it without scripts.
PLACES = {
    "perceptron": ("networks/perceptron", "fig-and-by-hand"),
    "coin": ("networks/entropy", "fig-entropy-curve"),
    "descent": ("networks/gradient-descent", "fig-ravine"),
    "convolution": ("images/convolution", "fig-taps"),
    "otsu": ("scenes/thresholding", "fig-otsu"),
}
WIDGETS = tuple(PLACES)
# Of each control that is moved on each page: its name in both languages.
NAMES = {
    "perceptron": {"ko": "편향 b", "en": "Bias b"},
    "coin": {"ko": "앞면 p", "en": "Heads p"},
    "descent": {"ko": "학습률", "en": "Learning rate"},
    "convolution": {"ko": "스트라이드 s", "en": "Stride s"},
    "otsu": {"ko": "임계값 t", "en": "Threshold t"},
}

# Settings with long numbers and wide drawings.
MOVED: dict[str, dict[str, float]] = {
    "perceptron": {"w1": -3, "w2": -3, "b": -3},
    "coin": {"p": 0.01},
    "descent": {"rate": 0.25, "momentum": 0.95},
    "convolution": {"n": 16, "p": 4, "k": 7, "d": 4},
    "otsu": {"t": 254},
}


@pytest.fixture(params=[1280, 390])
def tab(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """Yield a page, wide or of a phone, that reports errors and requests."""
    context = browser.new_context(
        viewport={"width": request.param, "height": 844},
        has_touch=request.param < 600,
        reduced_motion="reduce",
    )
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith(("file:", "data:", "http://127.0.0.1"))
            else problems.append(request.url)
        ),
    )
    yield page
    context.close()
    assert problems == []


@pytest.fixture(scope="module")
def wide(browser: Browser) -> Iterator[Page]:
    """Yield one page for all comparisons of numbers."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def visit(tab: Page, site: Path, widget: str, language: str = "en") -> Locator:
    """Open a widget's page from disk, and return the widget."""
    tab.goto((site / language / f"{PLACES[widget][0]}.html").as_uri())
    found = tab.locator(f"#widget-{widget}")
    found.scroll_into_view_if_needed()
    return found


def state(found: Locator) -> tuple[str, str]:
    """Return what a widget says and draws."""
    drawn = found.locator("svg").inner_html()
    return found.locator("output").inner_text().strip(), drawn


def put(found: Locator, **values: float | str) -> str:
    """Set a widget's controls, and return what it says."""
    for key, value in values.items():
        found.locator(f"input[data-key={key}]").first.evaluate(
            """(input, value) => {
              if (input.type === "radio") {
                input = [...input.closest("fieldset").querySelectorAll("input")]
                  .find((e) => e.value === value);
                input.checked = true;
              } else input.value = value;
              input.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            value,
        )
    return state(found)[0].replace("−", "-")


def numbers(text: str) -> list[float]:
    """Return the numbers of a text."""
    found = re.findall(r"-?\d[\d,]*(?:\.\d+)?", text)
    return [float(number.replace(",", "")) for number in found]


def ask(tab: Page, function: str, *arguments: Any) -> Any:
    """Call a pure function of a widget."""
    return tab.evaluate(
        f"(given) => bookWidgets.{function}(...given)", list(arguments)
    )


# --- how it is used -------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("widget", WIDGETS)
def test_keys_change_what_is_said_and_drawn(
    tab: Page, site: Path, widget: str, language: str
) -> None:
    found = visit(tab, site, widget, language)
    control = found.get_by_label(NAMES[widget][language], exact=True)
    control.focus()
    # A focus that was set by keys is seen.
    tab.keyboard.press("Tab")
    tab.keyboard.press("Shift+Tab")
    outline = control.evaluate("(e) => getComputedStyle(e).outlineStyle")
    assert outline == "solid"
    seen = [state(found)]
    value = float(control.input_value())
    for key in ("ArrowUp", "ArrowUp", "ArrowDown"):
        tab.keyboard.press(key)
        seen.append(state(found))
    assert float(control.input_value()) > value
    assert seen[1] == seen[3]
    for before, after in pairwise(seen):
        assert before[1] != after[1], "the drawing stays"
        assert before[0] != after[0], "what is said stays"
    has_hangul = bool(re.search("[가-힣]", found.inner_text()))
    assert has_hangul == (language == "ko")


@pytest.mark.parametrize("widget", WIDGETS)
def test_a_finger_changes_what_is_said(
    tab: Page, site: Path, widget: str
) -> None:
    found = visit(tab, site, widget)
    assert tab.viewport_size
    is_phone = tab.viewport_size["width"] < 600

    def press(target: Locator, share: float = 0.5) -> None:
        box = target.bounding_box()
        assert box
        # Where there is no touch screen, a mouse does.
        x, y = box["x"] + share * box["width"], box["y"] + box["height"] / 2
        (tab.touchscreen.tap if is_phone else tab.mouse.click)(x, y)

    targets = found.locator(
        "input:not([type=radio]), button, .widget-choice label"
    )
    for target in targets.all():
        box = target.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 43.9, "below a finger"
    ranges = found.locator("input[type=range]")
    for control in ranges.all():
        control.scroll_into_view_if_needed()
        low, high = (control.get_attribute(k) for k in ("min", "max"))
        press(control, 0.99)
        said = state(found)
        assert control.input_value() == high
        press(control, 0.01)
        assert control.input_value() == low
        assert state(found) != said
    for control in found.locator("input[type=number]").all():
        control.scroll_into_view_if_needed()
        value = int(control.input_value())
        box = control.locator("..")
        press(box.locator("button").last)
        assert control.input_value() == str(value + 1)
        press(box.locator("button").first)
        assert control.input_value() == str(value)
    for choice in found.locator(".widget-choice label").all():
        press(choice)
        assert choice.locator("input").is_checked()
    for button in found.locator("[data-best]").all():
        button.scroll_into_view_if_needed()
        press(button)
        assert "100.0%" in state(found)[0]


def test_what_is_typed_stays_in_range(tab: Page, site: Path) -> None:
    found = visit(tab, site, "convolution")
    control = found.locator("input[data-key=k]")
    for typed, kept in [("99", "7"), ("-3", "1"), ("", "1"), ("2.6", "3")]:
        control.fill(typed)
        assert "NaN" not in state(found)[0]
        control.press("Tab")
        assert (typed, control.input_value()) == (typed, kept)


# --- how it looks -----------------------------------------------------------------


def test_nothing_is_wider_than_the_window(tab: Page, site: Path) -> None:
    for language in LANGUAGES:
        for widget in WIDGETS:
            found = visit(tab, site, widget, language)
            put(found, **MOVED[widget])
            box = found.bounding_box()
            assert box
            faults = found.evaluate(
                """(root) => {
                  const frame = root.querySelector("svg").getBoundingClientRect();
                  const { left, right } = root.getBoundingClientRect();
                  return [
                    ...[...root.querySelectorAll(":scope :not(svg *, math *)")]
                      .filter((e) => {
                        const box = e.getBoundingClientRect();
                        return box.left < left || box.right > right;
                      }).map((e) => `${e.tagName} ${e.className}`),
                    ...[...root.querySelectorAll("svg text")].filter((e) => {
                      const box = e.getBoundingClientRect();
                      const slack = 0.15 * box.height; // above the letters
                      return box.left < frame.left || box.right > frame.right
                        || box.top < frame.top - slack
                        || box.bottom > frame.bottom + slack;
                    }).map((e) => e.textContent),
                    ...[...root.querySelectorAll("svg text")]
                      .filter((e) => e.getBoundingClientRect().height < 11)
                      .map((e) => `${e.textContent} is small`),
                  ];
                }"""
            )
            assert not faults, (language, widget, faults)
            assert tab.evaluate(
                "document.documentElement.scrollWidth <= innerWidth"
            )


def test_axe_finds_nothing(tab: Page, site: Path) -> None:
    """In the widgets, once they have been used; whole pages: test_accessibility."""
    problems = []
    for language in LANGUAGES:
        for widget in WIDGETS:
            found = visit(tab, site, widget, language)
            put(found, **MOVED[widget])
            bring(tab)
            for scheme in SCHEMES:
                tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                theme = tab.locator(f"html[data-theme={scheme}]")
                theme.wait_for(state="attached")
                report = tab.evaluate(
                    "(where) => axe.run(where, { preload: false })",
                    f"#widget-{widget}",
                )
                assert len(report["passes"]) > 5
                problems += [
                    f"{language} {widget} {scheme}: {v['id']}: "
                    f"{v['nodes'][0]['html'][:200]}"
                    for v in report["violations"]
                ]
    assert not problems, "\n".join(problems)


def test_drawings_follow_the_theme(tab: Page, site: Path) -> None:
    found = visit(tab, site, "perceptron")
    colours = []
    for scheme in ("light", "dark"):
        tab.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        tab.locator(f"html[data-theme={scheme}]").wait_for(state="attached")
        colours.append(
            found.locator("svg .widget-line").first.evaluate(
                "(e) => getComputedStyle(e).stroke"
            )
        )
    assert colours[0] != colours[1]


@pytest.mark.parametrize(
    ("options", "media"),
    [({"java_script_enabled": False}, None), ({}, "print")],
)
def test_without_scripts_and_on_paper_the_figure_stands_for_it(
    browser: Browser, site: Path, options: dict[str, Any], media: Any
) -> None:
    context = browser.new_context(**options)
    tab = context.new_page()
    for language in LANGUAGES:
        for widget, (page, figure) in PLACES.items():
            tab.goto((site / language / f"{page}.html").as_uri())
            tab.emulate_media(media=media)
            assert tab.locator(f"#widget-{widget}").count() == 1
            assert not tab.locator(f"#widget-{widget}").is_visible()
            drawn = tab.locator(f"#{figure} svg.book-figure")
            assert drawn.is_visible(), (page, figure)
    context.close()


def test_only_pages_with_widgets_load_the_script(
    pages: tuple[SitePage, ...],
) -> None:
    found = []
    for page in pages:
        widgets = page.html.select(".book-widget")
        found += [(page.name, w["data-widget"]) for w in widgets]
        loaded = bool(page.html.select('script[src*="widgets.js"]'))
        assert loaded == bool(widgets), str(page)
    expected = [(page, widget) for widget, (page, _) in PLACES.items()]
    assert sorted(found) == sorted(expected * 2)


# --- its numbers are the book's ------------------------------------------------------


def test_the_perceptron_answers_as_the_books(wide: Page, site: Path) -> None:
    found = visit(wide, site, "perceptron")
    rng = np.random.default_rng(0)
    for _ in range(60):
        gate = str(rng.choice(["and", "or", "xor"]))
        w1, w2, b = (rng.integers(-12, 13, size=3) / 4).tolist()
        X, y = load_gate(gate)
        unit = Perceptron(2)
        unit.w, unit.b = np.array([w1, w2]), b
        given = {"gate": gate, "w1": w1, "w2": w2, "b": b}
        answers = ask(wide, "perceptron.predict", given)
        assert_array_equal(answers, unit.predict(X))
        right = int((unit.predict(X) == y).sum())
        assert ask(wide, "perceptron.numRight", given) == right
        said = put(found, **given)
        if right < 4:
            assert f"{right} of 4 points are right" in said
        else:
            assert "All 4 points are right" in said
        drawn = found.locator("svg text").all_text_contents()
        sums = [
            float(text.removeprefix("z = ").replace("−", "-"))
            for text in drawn
            if text.startswith("z")
        ]
        assert_allclose(sums, unit.weighted_sum(X))
        if w1 or w2:
            for x in ask(wide, "perceptron.cut", given, -1, 2)["ends"]:
                z = w1 * x[0] + w2 * x[1] + b
                assert math.isclose(z, 0, abs_tol=1e-9)
    assert "no line" in put(found, w1=0, w2=0)


def test_no_line_parts_xor(wide: Page, site: Path) -> None:
    visit(wide, site, "perceptron")
    best = wide.evaluate(
        """() => {
          const grid = Array.from({ length: 25 }, (_, k) => (k - 12) / 4);
          return Object.fromEntries(["and", "or", "xor"].map((gate) => [
            gate,
            Math.max(...grid.flatMap((w1) => grid.flatMap((w2) => grid.map(
              (b) => bookWidgets.perceptron.numRight({ gate, w1, w2, b }))))),
          ]));
        }"""
    )
    assert best == {"and": 4, "or": 4, "xor": 3}


def test_the_coin_has_the_books_entropy(wide: Page, site: Path) -> None:
    found = visit(wide, site, "coin")
    for p in np.arange(101) / 100:
        bits = entropy([p, 1 - p])
        assert_allclose(ask(wide, "coin.entropy", float(p)), bits, atol=1e-12)
    for p in (0.1, 0.37, 0.5, 0.99):
        said = numbers(put(found, p=p))
        heads, tails = self_information([p, 1 - p])
        bits = entropy([p, 1 - p])
        assert said[:5] == [
            *(round(p, 2), round(float(heads), 3)),
            *(round(1 - p, 2), round(float(tails), 3), round(bits, 3)),
        ]
        assert said[-1] == round(1000 * bits)
    assert "= 0.469 bit" in put(found, p=0.1)
    assert put(found, p=0).startswith("0 bit")
    assert put(found, p=1).startswith("0 bit")


def test_the_ravine_is_walked_as_in_the_book(wide: Page, site: Path) -> None:
    found = visit(wide, site, "descent")
    scales, begin = np.array([1.0, 20.0]), np.array([-4.0, 1.0])
    rng = np.random.default_rng(1)
    for _ in range(25):
        rate = float(rng.integers(1, 51)) * 0.005
        momentum = float(rng.integers(0, 20)) * 0.05
        way = descend(
            lambda w: scales * w,
            begin,
            SGD(lr=rate, momentum=momentum),
            num_steps=40,
        )
        given = {"rate": rate, "momentum": momentum}
        # As floats: what is whole comes as an integer, of any length.
        walked = np.array(ask(wide, "descent.way", given, 40), dtype=float)
        assert_allclose(walked, way, rtol=1e-9, atol=1e-12)
        drawn = found.locator("svg .widget-b")
        put(found, **given)
        assert drawn.count() <= 31
    losses = [ask(wide, "descent.loss", w.tolist()) for w in way[:5]]
    assert_allclose(losses, (scales * way[:5] ** 2).sum(axis=1) / 2)


def test_the_ravine_diverges_where_theory_says(wide: Page, site: Path) -> None:
    found = visit(wide, site, "descent")
    kinds = wide.evaluate(
        """() => Array.from({ length: 20 }, (_, m) =>
          Array.from({ length: 50 }, (_, r) => bookWidgets.descent.verdict(
            { rate: (r + 1) * 0.005, momentum: m * 0.05 }).kind))"""
    )
    for m, row in enumerate(kinds):
        for r, kind in enumerate(row, start=1):
            # In thousandths: rate 5 r, limit 100 (1 + momentum).
            gap = 5 * r - (100 + 5 * m)
            expected = ("converges", "neither", "diverges")[
                1 + (gap > 0) - (gap < 0)
            ]
            assert (m, r, kind) == (m, r, expected)
    assert "Converges" in put(found, rate=0.095, momentum=0)
    assert "Neither" in put(found, rate=0.1)
    assert "Diverges" in put(found, rate=0.105)
    assert "Converges" in put(found, rate=0.105, momentum=0.1)
    # The pair that the page asks for.
    assert numbers(put(found, rate=0.13, momentum=0.45))[0] < 20


def test_windows_stop_where_the_book_says(wide: Page, site: Path) -> None:
    found = visit(wide, site, "convolution")
    rng = np.random.default_rng(2)
    fitted = refused = 0
    for _ in range(80):
        n, k, s, p, d = (int(rng.integers(1, top)) for top in (17, 8, 5, 6, 5))
        given = {"n": n, "k": k, "s": s, "p": p - 1, "d": d}
        said = put(found, **given)
        windows = ask(wide, "convolution.windows", given)
        size = ask(wide, "convolution.outputSize", given)
        padded, span = n + 2 * (p - 1), d * (k - 1) + 1
        if padded < span:
            refused += 1
            with pytest.raises(ValueError, match=f"{span} does not fit"):
                output_size(n, k, stride=s, padding=p - 1, dilation=d)
            assert size == 0
            assert "do not fit" in said
            assert numbers(said) == [span, padded]
            continue
        expected = output_size(n, k, stride=s, padding=p - 1, dilation=d)
        fitted += 1
        assert size == expected == len(windows)
        assert f"= {expected}\n" in said
        assert f"an output of {expected} × {expected}." in said
        assert windows[0][0] == 1 - p
        assert windows[-1][-1] < n + p - 1
        assert windows[-1][-1] + s >= n + p - 1
    assert fitted > 20
    assert refused > 10


def test_otsus_curve_is_the_books(wide: Page, site: Path) -> None:
    from skimage import data

    found = visit(wide, site, "otsu")
    counts = [
        int(c) for c in numbers(found.get_attribute("data-numbers") or "")
    ]
    coins = data.coins()
    assert_array_equal(counts, histogram(coins))
    expected = between_class_variance(counts)
    assert_allclose(ask(wide, "otsu.variances", counts), expected, rtol=1e-12)
    assert ask(wide, "otsu.best", counts) == otsu_threshold(coins)
    found.locator("[data-best]").click()
    control = found.locator("input[data-key=t]")
    assert control.input_value() == str(otsu_threshold(coins))
    for t in (40, 100, 180):
        dark, bright = coins[coins <= t], coins[coins > t]
        said = numbers(put(found, t=t))
        assert_allclose(
            said,
            [
                *(100 * dark.size / coins.size, dark.mean()),
                *(100 * bright.size / coins.size, bright.mean()),
                *(expected[t], 100 * expected[t] / expected.max()),
            ],
            atol=0.5,
        )
    assert "one class" in put(found, t=255)


def test_equal_thresholds_stay_equal(wide: Page, site: Path) -> None:
    visit(wide, site, "otsu")
    rng = np.random.default_rng(3)
    for _ in range(30):
        counts = rng.integers(0, 4, size=12)
        counts[rng.integers(0, 12)] += 1
        if np.count_nonzero(counts) < 2:
            continue
        pixels = np.repeat(np.arange(12), counts)
        best = ask(wide, "otsu.best", counts.tolist())
        assert best == otsu_threshold(pixels, num_levels=12)
