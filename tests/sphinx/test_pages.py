"""Which pages a change executes and reads anew, on a small book."""

from pathlib import Path
from typing import NamedTuple

import pytest

from mini_book import HEAD, LANGUAGES, MiniBook, Result


def write_book(root: Path) -> MiniBook:
    book = MiniBook(root)
    book.module("base", "VALUE = 1\n")
    book.module("top", "from aibook.base import VALUE\n")
    book.module("other", "VALUE = 2\n")
    book.page("direct", ["from aibook.base import VALUE", "print(VALUE + 10)"])
    book.page("through", ["from aibook.top import VALUE\nprint(VALUE + 20)"])
    book.page("other", ["import aibook.other\nprint(aibook.other.VALUE + 30)"])
    book.page("plain", [])
    return book


class BuiltBook(NamedTuple):
    """A book, what its first build said and wrote."""

    book: MiniBook
    first: Result
    snapshot: dict[str, bytes]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> BuiltBook:
    """Return a small book that has been built."""
    book = write_book(tmp_path_factory.mktemp("m"))
    first = book.build()
    return BuiltBook(book, first, files(book.output / "html" / "en"))


@pytest.fixture
def book(built: BuiltBook) -> MiniBook:
    return built.book


def doctrees(book: MiniBook, language: str) -> dict[str, int]:
    """Return when each page was last read."""
    folder = book.output / "doctrees" / language
    return {p.stem: p.stat().st_mtime_ns for p in folder.glob("*.doctree")}


def written(book: MiniBook, language: str, page: str) -> str:
    path = book.output / "html" / language / f"{page}.html"
    return path.read_text(encoding="utf-8")


def build_english(book: MiniBook) -> tuple[Result, set[str]]:
    """Build one language; return the result and which pages were read anew."""
    before = doctrees(book, "en")
    result = book.build("--language", "en").succeeded()
    after = doctrees(book, "en")
    return result, {name for name in after if after[name] != before.get(name)}


@pytest.mark.slow
def test_the_second_language_executes_nothing(built: BuiltBook) -> None:
    book, first = built.book, built.first.succeeded()
    assert first.executed == {"ko": 3, "en": 0}
    assert sorted(first.names) == ["direct", "other", "through"]
    lines = first.out.splitlines()
    assert lines[-2].startswith(
        "ko: 5 pages, 3 executed, 0 from the cache, 2 without cells, "
    )
    assert lines[-1].startswith(
        "en: 5 pages, 0 executed, 3 from the cache, 2 without cells, "
    )
    for language in LANGUAGES:
        for page, value in {"direct": 11, "through": 21, "other": 32}.items():
            assert f">{value}\n" in written(book, language, page)
            assert f"{page} in {language}" in written(book, language, page)


@pytest.mark.slow
def test_nothing_stays_behind(book: MiniBook) -> None:
    assert list(book.temporary.iterdir()) == []
    assert book.processes() == []
    kept = {path.name for path in book.root.iterdir()}
    assert kept == {"_build", "book", "code", "conf.py", "t"}
    assert {path.name for path in (book.root / "book/en").iterdir()} == {
        *("direct.md", "through.md", "other.md", "plain.md", "index.md")
    }


@pytest.mark.slow
def test_an_edit_executes_exactly_what_depends_on_it(book: MiniBook) -> None:
    # Nothing touched: nothing is executed, read, or said but the summary.
    result, read = build_english(book)
    assert result.executed == {"en": 0}
    assert len(result.out.splitlines()) == 1
    assert read == set()

    # Prose, and a module that no page imports: one page is read, none executed.
    path = book.root / "book/en/through.md"
    path.write_text(path.read_text() + "\nAnother paragraph.\n")
    book.module("unused", "VALUE = 7\n")
    result, read = build_english(book)
    assert result.executed == {"en": 0}
    assert read == {"through"}
    assert "Another paragraph." in written(book, "en", "through")

    # A module that one page imports and another reaches through a third module.
    book.module("base", "VALUE = 6\n")
    result, read = build_english(book)
    assert sorted(result.names) == ["direct", "through"]
    assert read == {"direct", "through"}
    assert ">16\n" in written(book, "en", "direct")
    assert ">26\n" in written(book, "en", "through")


@pytest.mark.slow
def test_a_page_that_places_anothers_number_is_read_with_it(
    tmp_path: Path,
) -> None:
    book = MiniBook(tmp_path / "m")
    book.module("base", "VALUE = 40\n")
    store = (
        "from myst_nb import glue\nfrom aibook.base import VALUE\n"
        'glue("n", VALUE + 2, display=False)'
    )
    book.page("lender", [store])
    place = "The answer is {glue:text}`/lender.md::n:.1f`."
    book.page("borrower", ["1 + 1"], prose=place)
    result, _ = build_english(book)
    assert sorted(result.names) == ["borrower", "lender"]
    assert "42.0<" in written(book, "en", "borrower")
    book.module("base", "VALUE = 50\n")
    result, read = build_english(book)
    assert result.names == ["lender"]
    assert read == {"borrower", "lender"}
    assert "52.0<" in written(book, "en", "borrower")


@pytest.mark.slow
def test_two_builds_give_the_same_bytes(
    built: BuiltBook, tmp_path: Path
) -> None:
    """In another folder, from nothing, and one page at a time instead of two."""
    other = write_book(tmp_path / "deep" / "er")
    output = tmp_path / "elsewhere"
    arguments = ("--language", "en", "--output", str(output))
    other.build(*arguments, jobs=1).succeeded()
    assert not other.output.exists()
    again = files(output / "html" / "en")
    assert again.keys() == built.snapshot.keys()
    assert len(again) > 10
    assert [
        name for name in again if again[name] != built.snapshot[name]
    ] == []


@pytest.mark.slow
def test_another_choice_of_data_is_executed(tmp_path: Path) -> None:
    book = MiniBook(tmp_path)
    book.module(
        "data", "import os\nVALUE = os.environ.get('AIBOOK_DATA', 'small')\n"
    )
    book.page("chosen", ["from aibook.data import VALUE\nprint(VALUE)"])
    for environment in ({}, {"AIBOOK_DATA": "full"}):
        result = book.build(
            "--language", "en", environment=environment
        ).succeeded()
        assert result.names == ["chosen"]
        expected = environment.get("AIBOOK_DATA", "small")
        assert f">{expected}\n" in written(book, "en", "chosen")


def test_a_page_without_kernelspec_is_named(tmp_path: Path) -> None:
    book = MiniBook(tmp_path)
    book.page("page", ["1 + 1"])
    path = book.root / "book/ko/page.md"
    path.write_text(path.read_text().replace("kernelspec:", "other:"))
    result = book.build()
    assert result.status != 0
    assert f"{path}: code cells need a kernelspec" in result.err
    assert "Traceback" not in result.err
    assert "en" not in result.executed


def test_a_page_with_a_kernelspec_and_no_cell_makes_no_noise(
    tmp_path: Path,
) -> None:
    book = MiniBook(tmp_path)
    book.page("page", [])
    for language in LANGUAGES:
        path = book.root / f"book/{language}/page.md"
        path.write_text(HEAD + path.read_text())
    book.build("--language", "en").succeeded()
