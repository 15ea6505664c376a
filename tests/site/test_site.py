"""The built site, page by page, without a browser."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import Comment, NavigableString, Tag

from site_pages import LANGUAGES, OTHER, SITE, SitePage, parse, site_pages
from source_pages import calls, load, names

pytestmark = pytest.mark.site

Pages = tuple[SitePage, ...]
HANGUL = re.compile("[\uac00-\ud7a3]")
MAX_WEIGHT = 600_000
# Elements whose text is not prose.
_CODE = (
    "pre",
    "code",
    "script",
    "style",
    "annotation",
    "template",
    "noscript",
)
_CSS_URL = re.compile(
    r"""url\(\s*["']?([^"')]+)["']?\s*\)|@import\s+["']([^"']+)["']"""
)


def texts(page: SitePage) -> Iterator[str]:
    """Yield the pieces of text that readers see, without code."""
    body = page.html.body
    assert body
    for string in body.find_all(string=True):
        assert isinstance(string, NavigableString)
        code = isinstance(string, Comment) or string.find_parent(_CODE)
        # **options, as a signature and a list of parameters write it
        code = code or string.find_parent(class_="sig")
        if not code and not re.fullmatch(r"\*\*\w+", string.strip()):
            yield str(string)


def sources() -> list[tuple[str, str]]:
    return [
        (language, name) for language in LANGUAGES for name in names(language)
    ]


def report(problems: list[str]) -> None:
    assert not problems, "\n" + "\n".join(problems)


# --- the pages are there, in their language -----------------------------------


def test_every_source_has_a_page(pages: Pages) -> None:
    built = {(page.language, page.name) for page in pages}
    report(
        [
            f"{language}/{name}"
            for language, name in sources()
            if (language, name) not in built
        ]
    )


def test_both_languages_have_the_same_pages(pages: Pages) -> None:
    ko, en = (
        {p.name for p in pages if p.language == code} for code in LANGUAGES
    )
    assert ko == en


def test_language_of_the_document(pages: Pages) -> None:
    report(
        [
            f"{p}: {p.html.html['lang']}"
            for p in pages
            if p.html.html["lang"] != p.language
        ]
    )


def test_titles(pages: Pages) -> None:
    problems = []
    for page in pages:
        title = page.html.title.get_text()
        headings = page.article.select("h1")
        if len(headings) != 1:
            problems.append(f"{page}: {len(headings)} headings of level 1")
        if bool(HANGUL.search(title)) != (page.language == "ko"):
            problems.append(f"{page}: title {title!r}")
    report(problems)


def test_the_same_sections(pages: Pages) -> None:
    """An address with a section leads to the same section in either language."""
    ids = {
        (p.language, p.name): [
            s.get("id") for s in p.article.select("section")
        ]
        for p in pages
    }
    problems = []
    for name in names("ko"):
        ko, en = ids["ko", name], ids["en", name]
        if ko != en:
            problems.append(f"{name}: {sorted(set(ko) ^ set(en), key=str)}")
    report(problems)


def test_the_switch_leads_to_the_same_page(pages: Pages) -> None:
    problems = []
    for page in pages:
        links = page.html.select("a.language-switch")
        if not links:
            problems.append(f"{page}: no switch")
        for link in links:
            target = (page.path.parent / link["href"]).resolve()
            other = OTHER[page.language]
            expected = SITE / other / f"{page.name}.html"
            if target != expected or not target.is_file():
                problems.append(f"{page}: leads to {link['href']}")
            if link.get("hreflang") != other or link.get("lang") != other:
                problems.append(f"{page}: hreflang or lang of the switch")
            if not link.get_text(strip=True):
                problems.append(f"{page}: the switch has no text")
    report(problems)


def test_alternates(pages: Pages) -> None:
    """Search engines want absolute addresses, or none."""
    problems = []
    for page in pages:
        for link in page.html.select('link[rel="alternate"][hreflang]'):
            code = str(link["hreflang"]).replace("x-default", "en")
            end = f"/{code}/{page.name}.html"
            if not re.match("https?://", str(link["href"])):
                problems.append(f"{page}: {link['href']} is relative")
            elif not str(link["href"]).endswith((end, "/")):
                problems.append(f"{page}: {link['href']}")
    report(problems)


# --- links and resources ------------------------------------------------------


@cache
def anchors(path: Path) -> frozenset[str]:
    known = [page.html for page in site_pages() if page.path == path]
    html = known[0] if known else parse(path)
    found = {str(e["id"]) for e in html.select("[id]")}
    return frozenset(found | {str(e["name"]) for e in html.select("a[name]")})


def references(page: SitePage) -> Iterator[tuple[Tag, str, str]]:
    """Yield every address in a page: its element, its attribute, the address."""
    for attribute in ("href", "src", "data", "poster", "action"):
        for element in page.html.select(f"[{attribute}]"):
            yield element, attribute, str(element[attribute])
    for element in page.html.select("svg image"):
        yield element, "src", str(element["xlink:href"])
    for element in page.html.select("[srcset]"):
        for part in str(element["srcset"]).split(","):
            yield element, "srcset", part.split()[0]


def test_internal_links_resolve(pages: Pages) -> None:
    problems = []
    for page in pages:
        for element, _, address in references(page):
            url = urlsplit(address)
            if url.scheme or url.netloc or address in {"", "#"}:
                continue
            if url.path.startswith("/"):
                problems.append(
                    f"{page}: {address} works from no other folder"
                )
                continue
            target = page.path
            if url.path:
                target = (page.path.parent / unquote(url.path)).resolve()
            if not target.is_file():
                problems.append(
                    f"{page}: <{element.name}> {address}: no such file"
                )
            elif not url.fragment or target.suffix != ".html":
                continue
            elif unquote(url.fragment) not in anchors(target):
                problems.append(f"{page}: {address}: no such place")
    report(sorted(set(problems)))


def test_nothing_is_loaded_from_another_site(pages: Pages) -> None:
    problems = []
    for page in pages:
        for element, attribute, address in references(page):
            if element.name == "a" and attribute == "href":
                continue
            url = urlsplit(address)
            if url.netloc or url.scheme not in {"", "data"}:
                problems.append(
                    f"{page}: <{element.name} {attribute}={address}>"
                )
        styles = [s.get_text() for s in page.html.select("style")]
        styles += [str(e["style"]) for e in page.html.select("[style]")]
        problems += [f"{page}: {u}" for s in styles for u in foreign(s)]
    for path in SITE.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        problems += [f"{path.relative_to(SITE)}: {u}" for u in foreign(text)]
    report(sorted(set(problems)))


def foreign(css: str) -> list[str]:
    """Return the addresses of other sites that a style sheet loads."""
    found = [a or b for a, b in _CSS_URL.findall(css)]
    return [u for u in found if urlsplit(u).netloc]


def test_links_to_other_sites_are_safe(pages: Pages) -> None:
    """Only ``https``, or ``http`` where a cited work is to be had only so."""
    problems = []
    for page in pages:
        for element, _, address in references(page):
            scheme = urlsplit(address).scheme
            if scheme not in {"", "http", "https", "mailto", "data"}:
                problems.append(f"{page}: <{element.name}> {address}")
    report(problems)


def local_files(page: SitePage) -> set[Path]:
    """Return the files that a browser may load with the page, fonts included."""
    found = {page.path}
    kinds = {"stylesheet", "icon", "preload"}
    for element, attribute, address in references(page):
        url = urlsplit(address)
        is_link = element.name == "link" and kinds & set(
            element.get("rel") or ()
        )
        loaded = attribute != "href" and element.name not in {"form", "a"}
        if (is_link or loaded) and url.path and not url.scheme:
            found.add((page.path.parent / unquote(url.path)).resolve())
    for css in [path for path in found if path.suffix == ".css"]:
        for a, b in _CSS_URL.findall(css.read_text(encoding="utf-8")):
            url = urlsplit(a or b)
            if url.path and not url.scheme:
                found.add((css.parent / unquote(url.path)).resolve())
    return {path for path in found if path.is_file()}


@cache
def weight(path: Path) -> int:
    data = path.read_bytes()
    return min(len(data), len(gzip.compress(data, 6, mtime=0)))


def test_weight(pages: Pages, capsys: pytest.CaptureFixture[str]) -> None:
    """A page with all that it loads, compressed as servers do."""
    weights = {str(p): sum(map(weight, local_files(p))) for p in pages}
    with capsys.disabled():
        print("\n  page with all that it loads, compressed")
        for name, total in sorted(weights.items(), key=lambda item: -item[1]):
            own = weight(SITE / name)
            print(
                f"  {total / 1000:7.0f} kB  of them its own {own / 1000:5.0f}  {name}"
            )
    heaviest = max(weights, key=weights.__getitem__)
    files = sorted(
        local_files(next(p for p in pages if str(p) == heaviest)), key=weight
    )
    largest = [
        f"{weight(f) / 1000:.0f} kB {f.relative_to(SITE)}" for f in files[-5:]
    ]
    assert weights[heaviest] <= MAX_WEIGHT, (
        f"{heaviest}: {weights[heaviest]} bytes, at most {MAX_WEIGHT}: {largest}"
    )


# --- text and figures ---------------------------------------------------------


LEFT_OVERS = re.compile(
    r"\*\*|```|\{(?:ref|eq|doc|numref|cite|glue|py)[:}]|glue:|No key|pasted-"
    r"|Traceback \(most recent|\bWARNING\b|np\.float64\(|tensor\(|\[\?\]|\?\?\?"
)


def test_no_left_overs_in_the_text(pages: Pages) -> None:
    report(
        [
            f"{page}: {match.group()!r} in {text.strip()[:100]!r}"
            for page in pages
            for text in texts(page)
            for match in [LEFT_OVERS.search(text)]
            if match
        ]
    )


def test_no_message_of_the_build(pages: Pages) -> None:
    selector = (
        ".problematic, .system-message, .output.traceback, .output.stderr"
    )
    report(
        [
            f"{page}: {element.get_text(strip=True)[:200]}"
            for page in pages
            for element in page.html.select(selector)
        ]
    )


def test_no_path_of_the_builder(pages: Pages) -> None:
    home = str(SITE.parents[1])
    report(
        [str(page) for page in pages if home in page.path.read_text("utf-8")]
    )


def test_no_id_twice(pages: Pages) -> None:
    problems = []
    for page in pages:
        counts = Counter(str(e["id"]) for e in page.html.select("[id]"))
        twice = [i for i, count in counts.items() if count > 1]
        if twice:
            problems.append(f"{page}: {twice}")
    report(problems)


def test_every_image_has_alternative_text_in_the_language(
    pages: Pages,
) -> None:
    problems = []
    for page in pages:
        if page.name == "py-modindex":
            continue  # its only images are plus and minus signs
        for image in page.article.select("img, figure svg, svg[role=img]"):
            alt = image.get("alt") or image.get("aria-label")
            if not alt and image.name == "svg" and image.title:
                alt = image.title.get_text()
            what = f"{page}: {image.get('src') or image.get('id')}"
            if not alt or not str(alt).strip():
                problems.append(f"{what}: no alternative text")
            elif bool(HANGUL.search(str(alt))) != (page.language == "ko"):
                problems.append(f"{what}: {str(alt)[:60]!r}")
    report(problems)


CAPTIONS = {
    "ko": re.compile(r"그림 \d+(\.\d+)+ ?"),
    "en": re.compile(r"Figure \d+(\.\d+)+ ?"),
}


def test_figures_are_numbered(pages: Pages) -> None:
    problems = []
    total = 0
    for page in pages:
        for figure in page.article.select("figure"):
            total += 1
            number = figure.select_one("figcaption .caption-number")
            text = number.get_text() if number else "no number"
            if not CAPTIONS[page.language].fullmatch(text):
                problems.append(f"{page}: {figure.get('id')}: {text!r}")
    assert total
    report(problems)


def test_listings_are_numbered(pages: Pages) -> None:
    words = {"ko": "코드", "en": "Listing"}
    problems = []
    for page in pages:
        for caption in page.article.select(".code-block-caption"):
            number = caption.select_one(".caption-number")
            text = number.get_text() if number else "no number"
            if not re.fullmatch(
                rf"{words[page.language]} \d+(\.\d+)+ ?", text
            ):
                problems.append(f"{page}: {text!r}")
    report(problems)


@pytest.mark.parametrize("language", LANGUAGES)
def test_exercises_are_numbered_and_solved(
    pages: Pages, language: str
) -> None:
    """Each exercise is followed by its solution, whose cells have run."""
    word = {"ko": "연습문제", "en": "Exercise"}[language]
    by_name = {p.name: p for p in pages if p.language == language}
    problems = []
    total = 0
    for name in names(language):
        source = load(language, name)
        article = by_name[name].article
        found = article.select(".admonition.exercise, details.solution")
        kinds = [element.name for element in found]
        expected = len(source.named("exercise"))
        total += expected
        if kinds != ["div", "details"] * expected:
            problems.append(f"{name}: {kinds} for {expected} exercises")
        numbers = []
        for element in found:
            title = element.select_one(".admonition-title, summary")
            number = re.search(rf"{word} ((?:\d+\.)+(\d+))", title.get_text())
            if not number:
                problems.append(f"{name}: {title.get_text()!r}")
            else:
                numbers.append(int(number[2]))
        if numbers != [n for n in range(1, expected + 1) for _ in "ab"]:
            problems.append(f"{name}: numbers {numbers}")
        for solution in article.select("details.solution"):
            for cell in solution.select("div.cell"):
                if not cell.select(".cell_output"):
                    problems.append(f"{name}: a cell shows nothing: {cell}")
    assert total
    report(problems)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cells_show_their_outputs(pages: Pages, language: str) -> None:
    by_name = {p.name: p for p in pages if p.language == language}
    problems = []
    total = 0
    for name in names(language):
        source = load(language, name)
        cells = by_name[name].article.select("div.cell")
        total += len(cells)
        if len(cells) != len(source.cells):
            problems.append(
                f"{name}: {len(cells)} cells of {len(source.cells)}"
            )
        if source.cells and not by_name[name].article.select(".cell_output"):
            problems.append(f"{name}: no output")
        for number, (cell, shown) in enumerate(
            zip(source.cells, cells, strict=False), start=1
        ):
            if "print" in calls(cell.body) and not shown.select(
                ".cell_output"
            ):
                problems.append(
                    f"{name}: cell {number} prints, and nothing shows"
                )
    assert total
    report(problems)


def test_both_languages_show_the_same_outputs(pages: Pages) -> None:
    by_key = {(p.language, p.name): p for p in pages}
    problems = []
    for name in names("ko"):
        outputs = [
            [
                e.get_text()
                for e in by_key[code, name].article.select(".cell_output")
            ]
            for code in LANGUAGES
        ]
        if outputs[0] != outputs[1]:
            problems.append(name)
    report(problems)


def test_every_result_is_placed(pages: Pages) -> None:
    by_key = {(p.language, p.name): p for p in pages}
    problems = []
    for language, name in sources():
        expected = sum(
            role.name.startswith("glue:")
            for section in load(language, name).sections
            for role in section.roles
        )
        article = by_key[language, name].article
        found = article.select(".pasted-text")
        if len(found) != expected:
            problems.append(f"{language}/{name}: {len(found)} of {expected}")
        problems += [
            f"{language}/{name}: empty" for e in found if not e.get_text()
        ]
    report(problems)
