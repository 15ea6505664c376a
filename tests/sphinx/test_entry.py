"""The page in front of the languages, as a file and in a browser."""

from html.parser import HTMLParser
from pathlib import Path

import html5lib
import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from aibook_sphinx.entry import write_entry_page
from aibook_sphinx.languages import LANGUAGES


@pytest.fixture(scope="module")
def entry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("html")
    for code in LANGUAGES:
        (folder / code).mkdir()
        page = f"<!DOCTYPE html><title>{code}</title>"
        (folder / code / "index.html").write_text(page, encoding="utf-8")
    return write_entry_page(folder)


def test_the_page_is_valid_html(entry: Path) -> None:
    html5lib.HTMLParser(strict=True).parse(entry.read_text(encoding="utf-8"))


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
    assert page.title() == expected
    context.close()


@pytest.mark.browser
def test_without_javascript_the_reader_chooses(
    entry: Path, browser: Browser
) -> None:
    context = browser.new_context(java_script_enabled=False, locale="ko-KR")
    page = context.new_page()
    page.goto(entry.as_uri())
    page.get_by_role("link", name="English").click()
    assert page.title() == "en"
    context.close()
