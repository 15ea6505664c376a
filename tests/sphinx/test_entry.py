"""The pages beside the languages' folders, as files and in a browser."""

import functools
import http.server
import re
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from aibook_sphinx.entry import write_entry_page, write_missing_page
from aibook_sphinx.languages import LANGUAGES

URL = "https://example.org/books/ai"


def write_languages(folder: Path) -> Path:
    for code in LANGUAGES:
        (folder / code).mkdir(parents=True)
        for name in ("index", "search"):
            page = f"<!DOCTYPE html><title>{code} {name}</title>"
            (folder / code / f"{name}.html").write_text(page, "utf-8")
    return folder


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_entry_page(write_languages(tmp_path_factory.mktemp("html")))


@pytest.mark.parametrize("url", ["", URL])
def test_the_pages_are_valid_html(tmp_path: Path, url: str) -> None:
    for write in (write_entry_page, write_missing_page):
        text = write(tmp_path, url).read_text(encoding="utf-8")
        html5lib.HTMLParser(strict=True).parse(text)
        # Every hole of the template is filled.
        assert not re.search(r"\$[a-z]", text)


def test_every_language_is_offered_by_a_relative_link(entry: Path) -> None:
    soup = BeautifulSoup(entry.read_text(encoding="utf-8"), "html5lib")
    links = {a["hreflang"]: a for a in soup.find_all("a")}
    assert list(links) == list(LANGUAGES)
    for code, link in links.items():
        assert link["lang"] == code
        assert link.text == LANGUAGES[code].name
        assert (entry.parent / link["href"]).is_file()
    alternates = {
        a["hreflang"]: a["href"] for a in soup.select("link[rel=alternate]")
    }
    assert alternates == {code: a["href"] for code, a in links.items()}


def test_titles_carry_their_language(entry: Path) -> None:
    soup = BeautifulSoup(entry.read_text(encoding="utf-8"), "html5lib")
    titles = {span["lang"]: span.text for span in soup.select("h1 span")}
    assert titles == {code: lang.title for code, lang in LANGUAGES.items()}


def test_nothing_is_fetched_from_elsewhere(entry: Path) -> None:
    class Addresses(HTMLParser):
        found: list[str]

        def handle_starttag(
            self, tag: str, attrs: list[tuple[str, str | None]]
        ) -> None:
            self.found += [v or "" for k, v in attrs if k in {"href", "src"}]

    parser = Addresses()
    parser.found = []
    parser.feed(entry.read_text(encoding="utf-8"))
    assert parser.found
    assert [a for a in parser.found if ":" in a or a.startswith("/")] == []


def test_writing_twice_gives_the_same_bytes(
    entry: Path, tmp_path: Path
) -> None:
    again = write_entry_page(tmp_path / "made" / "on the way")
    assert again == tmp_path / "made" / "on the way" / "index.html"
    assert again.read_bytes() == entry.read_bytes()


def test_where_the_site_is_published_the_entry_says_so(tmp_path: Path) -> None:
    page = write_entry_page(tmp_path, URL).read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html5lib")
    links = soup.select("link[rel=alternate]")
    assert {a["hreflang"]: a["href"] for a in links} == {
        **{code: f"{URL}/{code}/index.html" for code in LANGUAGES},
        "x-default": f"{URL}/",
    }
    assert soup.select_one("link[rel=canonical]")["href"] == f"{URL}/"
    shown = {m["property"]: m["content"] for m in soup.select("[property]")}
    assert shown["og:url"] == f"{URL}/"
    assert shown["og:image"].startswith(f"{URL}/en/_static/")
    # The way on stays relative: a copy elsewhere leads to its own pages.
    assert soup.select_one("main a")["href"] == "ko/index.html"


# --- the page for missing pages -----------------------------------------------


def test_the_missing_page_speaks_every_language(tmp_path: Path) -> None:
    page = write_missing_page(tmp_path).read_text(encoding="utf-8")
    soup = BeautifulSoup(page, "html5lib")
    assert len(soup.select("h1")) == 1
    parts = {part["lang"]: part for part in soup.select("main section")}
    assert list(parts) == list(LANGUAGES)
    for code, part in parts.items():
        assert part.select_one("h1, h2").text == LANGUAGES[code].missing
        found = [a["href"] for a in part.select("a")]
        assert found == [f"{code}/index.html", f"{code}/search.html"]
    assert soup.select_one("meta[name=robots]")["content"] == "noindex"


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Path]]:
    """Yield the address of a server of a project's site, and the site's folder.

    As on GitHub Pages it lies in a folder of its own, and whatever is missing is
    answered with ``404.html``.
    """
    root = tmp_path_factory.mktemp("server")
    site = write_languages(root / "books" / "ai")

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

        def send_error(self, code: int, *arguments: object) -> None:
            assert code == 404
            data = (site / "404.html").read_bytes()
            self.send_response(404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    handler = functools.partial(Handler, directory=str(root))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as served:
        thread = threading.Thread(target=served.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{served.server_address[1]}/books/ai", site
        served.shutdown()
        thread.join()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("url", "javascript"), [("", True), (URL, True), (URL, False)]
)
@pytest.mark.parametrize(
    "missing", ["gone.html", "ko/gone.html", "en/a/b/c/gone", "ko/a/b/"]
)
def test_the_missing_page_leads_back_from_any_depth(
    server: tuple[str, Path],
    browser: Browser,
    url: str,
    javascript: bool,
    missing: str,
) -> None:
    address, site = server
    write_missing_page(site, url)
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    for number, expected in enumerate(
        ["ko index", "ko search", "en index", "en search"]
    ):
        answer = page.goto(f"{address}/{missing}")
        assert answer is not None
        assert answer.status == 404
        with page.expect_navigation():
            page.locator("main a").nth(number).click()
        assert page.title() == expected
    context.close()


# --- the way to a language ----------------------------------------------------


@pytest.mark.browser
@pytest.mark.parametrize(
    ("browser_language", "chosen", "expected"),
    [
        ("ko-KR", None, "ko"),
        ("ko", None, "ko"),
        ("en-GB", None, "en"),
        ("fr-FR", None, "en"),
        ("ko-KR", "en", "en"),
        ("en-US", "ko", "ko"),
        ("ko-KR", "constructor", "ko"),
    ],
)
def test_the_reader_is_sent_on(
    entry: Path,
    browser: Browser,
    browser_language: str,
    chosen: str | None,
    expected: str,
) -> None:
    context = browser.new_context(locale=browser_language)
    if chosen:
        context.add_init_script(
            f"localStorage.setItem('aibook-language', '{chosen}')"
        )
    page = context.new_page()
    page.goto(entry.as_uri())
    page.wait_for_url("**/*/index.html")
    assert page.title() == f"{expected} index"
    context.close()


@pytest.mark.browser
def test_without_javascript_the_reader_chooses(
    entry: Path, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    page.goto(entry.as_uri())
    page.get_by_role("link", name="English").click()
    assert page.title() == "en index"
    context.close()
