"""The figures in the built pages: their colours, labels and sizes."""

import re
from collections.abc import Iterator

import pytest
from bs4 import Tag
from playwright.sync_api import Browser

from aibook.plotting.palette import INKS, contrast
from aibook_sphinx.labels import Labels, is_neutral, template
from aibook_sphinx.svg import PAPER
from site_faults import FAULTS
from site_pages import LANGUAGES, SITE, SitePage
from source_pages import load, names

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
HANGUL = re.compile("[\uac00-\ud7a3]")
MAX_BYTES = 300_000
# The theme's grounds: of the page in both themes, of what is set off in the dark.
GROUNDS = ("#ffffff", "#14181e", "#121212")
FOLLOWING = ("currentColor", "none", PAPER)


def figures(pages: Pages) -> Iterator[tuple[SitePage, str, Tag]]:
    """Yield every inline figure: its page, its name, its element."""
    for page in pages:
        for svg in page.article.select("svg.book-figure"):
            around = svg.find_parent("figure")
            yield page, f"{page}: {around.get('id') if around else '?'}", svg


def report(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


def paints(element: Tag) -> dict[str, str]:
    """Return an element's own declarations that say how it is painted."""
    text = str(element.get("style") or "")
    style = dict(
        (piece.strip() for piece in part.split(":", 1))
        for part in text.split(";")
        if ":" in part
    )
    attributes = {
        name: str(element[name])
        for name in ("fill", "stroke", "opacity")
        if element.has_attr(name)
    }
    return attributes | style


def test_every_figure_of_a_cell_stands_in_its_page(pages: Pages) -> None:
    by_key = {(p.language, p.name): p for p in pages}
    problems = []
    for language in LANGUAGES:
        for name in names(language):
            source = load(language, name)
            placed = len(source.named("glue:figure"))
            page = by_key[language, name]
            shown = len(page.article.select("figure svg.book-figure"))
            if shown != placed:
                problems.append(f"{page}: {shown} of {placed} figures")
            problems += [
                f"{page}: {image['src']}"
                for image in page.article.select("img[src$='.svg']")
            ]
    assert any(figures(pages))
    report(problems)


def test_a_figure_is_one_image_with_a_name(pages: Pages) -> None:
    report(
        [
            what
            for _, what, svg in figures(pages)
            if svg.get("role") != "img" or not svg.get("aria-label")
        ]
    )


def test_weight(pages: Pages) -> None:
    sizes = {what: len(str(svg).encode()) for _, what, svg in figures(pages)}
    report([f"{w}: {n} bytes" for w, n in sizes.items() if n > MAX_BYTES])


def test_lines_and_areas_stand_out_in_both_themes(pages: Pages) -> None:
    problems = set()
    for _, what, svg in figures(pages):
        for element in svg.find_all(True):
            style = paints(element)
            # A grid, a shade: what is meant to be faint says so.
            faint = {"opacity", "stroke-opacity", "fill-opacity"} & set(style)
            for part in ("fill", "stroke"):
                colour = style.get(part, "none")
                if faint or colour in (*FOLLOWING, *INKS) or "url(" in colour:
                    continue
                ratio = min(contrast(colour, ground) for ground in GROUNDS)
                if ratio < 3:
                    problems.add(f"{what}: {part} {colour}: {ratio:.2f}:1")
    report(sorted(problems))


def test_text_follows_the_theme(pages: Pages) -> None:
    """Text is in the theme's colour (4.5:1 and more), or in an ink on a ground."""
    problems = []
    for _, what, svg in figures(pages):
        for text in svg.select("text, text tspan"):
            style = paints(text)
            colour = style.get("fill", "currentColor")
            if colour not in ("currentColor", *INKS) or "opacity" in style:
                problems.append(f"{what}: {text.get_text()!r}: {colour}")
    report(problems)


def test_every_label_is_in_the_pages_language(pages: Pages) -> None:
    root = SITE.parents[1] / "book" / "locale"
    path = root / "ko" / "LC_MESSAGES" / "figures.po"
    chosen = set(Labels.read(path).messages.values())
    problems = []
    for page, what, svg in figures(pages):
        for text in svg.select("text"):
            label = text.get_text()
            korean = HANGUL.search(label) is not None
            known = is_neutral(label) or template(label)[0] in chosen
            if page.language == "ko" and not (korean or known):
                problems.append(f"{what}: {label!r} is not in figures.po")
            if page.language == "en" and korean:
                problems.append(f"{what}: {label!r}")
    report(problems)


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("language", LANGUAGES)
def test_labels_stay_in_their_figure_and_apart(
    browser: Browser, pages: Pages, language: str, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    problems = []
    total = 0
    for each in pages:
        if each.language != language or not each.article.select(
            ".book-figure"
        ):
            continue
        page.goto(each.path.as_uri())
        page.evaluate(
            "document.querySelectorAll('details').forEach(e => e.open = true)"
        )
        problems += [f"{each}: {fault}" for fault in page.evaluate(FAULTS)]
        total += 1
    context.close()
    assert total
    report(problems)
