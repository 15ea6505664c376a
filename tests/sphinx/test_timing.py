"""What the execution cache knows of the pages' seconds goes into a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from aibook_sphinx.__main__ import main
from aibook_sphinx.execution import Cache, Page
from aibook_sphinx.seconds import FILE, read_measurement
from aibook_sphinx.timing import UnmeasuredError, measure, pages, processor
from mini_book import MiniBook


@pytest.fixture
def book(tmp_path: Path) -> MiniBook:
    """Return a book with two pages that hold cells, and one that does not."""
    made = MiniBook(tmp_path)
    made.module("base", "VALUE = 1\n")
    made.page("uses", ["from aibook.base import VALUE"])
    made.page("plain", [])
    made.page("part/deep", ["1 + 1"])
    return made


def store(book: MiniBook, seconds: dict[str, float]) -> None:
    cache = Cache(book.cache)
    for page in pages(book.root):
        if page.docname in seconds:
            cache.store(page, seconds[page.docname])


def run(book: MiniBook) -> int:
    return main(["seconds", "--root", str(book.root)])


def test_every_page_with_cells_is_written(
    book: MiniBook, capsys: pytest.CaptureFixture[str]
) -> None:
    before = datetime.now(UTC).date().isoformat()
    store(book, {"uses": 1.25, "part/deep": 61.04})
    assert run(book) == 0
    path = book.root / "book" / FILE
    assert capsys.readouterr().out == f"{path}\n"
    found = read_measurement(path)
    assert found.pages == {"part/deep": 61.0, "uses": 1.2}
    after = datetime.now(UTC).date().isoformat()
    assert before <= found.fact("first") <= found.fact("last") <= after
    assert found.fact("processor") == processor()


def test_a_page_that_is_not_in_the_cache_is_named(
    book: MiniBook, capsys: pytest.CaptureFixture[str]
) -> None:
    store(book, {"uses": 1.0})
    assert run(book) == 1
    said = capsys.readouterr().err
    assert "as they are now: part/deep; build the book first" in said
    assert not (book.root / "book" / FILE).exists()


def test_the_time_of_an_older_module_does_not_count(book: MiniBook) -> None:
    store(book, {"uses": 1.0, "part/deep": 2.0})
    assert measure(book.root, book.cache).pages["uses"] == 1.0
    book.module("base", "VALUE = 2\n")
    with pytest.raises(UnmeasuredError, match="as they are now: uses;"):
        measure(book.root, book.cache)


def test_a_book_without_cells_is_refused(tmp_path: Path) -> None:
    book = MiniBook(tmp_path)
    book.page("plain", [])
    with pytest.raises(UnmeasuredError, match="any pages"):
        measure(book.root, book.cache)


@pytest.mark.slow
def test_what_a_build_measured_is_found(book: MiniBook) -> None:
    """The pages are stamped and read as Sphinx does it."""
    book.build("--language", "en").succeeded()
    found = measure(book.root, book.cache).pages
    assert set(found) == {"uses", "part/deep"}
    assert found == Cache(book.cache).last_seconds()


def test_the_last_execution_counts(tmp_path: Path, book: MiniBook) -> None:
    store(book, {"uses": 9.0, "part/deep": 2.0})
    store(book, {"uses": 5.0})
    assert measure(book.root, book.cache).pages["uses"] == 5.0
    [page] = [p for p in pages(book.root) if p.docname == "uses"]
    assert isinstance(page, Page)
    assert Cache(tmp_path / "empty").measured(page.notebook) is None


def test_the_processor_has_a_name(tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("cores : 2\nmodel name\t:  A  CPU: 2 GHz\nmodel name: B\n")
    assert processor(told) == "A CPU: 2 GHz"
    assert processor(tmp_path / "nothing")
