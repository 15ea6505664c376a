"""A build with nothing to do ends before Sphinx starts, and only such a build."""

from collections.abc import Callable
from pathlib import Path

import pytest

from aibook_sphinx.uptodate import (
    Counts,
    finish,
    inputs,
    unchanged,
    write_counts,
)
from mini_book import MiniBook

COUNTS = Counts(pages=5, with_cells=3)
VARIABLES = {"SOURCE_DATE_EPOCH": "1", "AIBOOK_DATA": "full", "EDITOR": "vi"}


class Site:
    """A root with sources, and a site in two languages, as a build leaves them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.doctrees = root / "_build/doctrees/ko"
        self.site = root / "_build/html"
        for name in (
            "conf.py",
            "book/ko/index.md",
            "book/en/index.md",
            "code/aibook/losses.py",
            "code/aibook/__pycache__/losses.pyc",
            "_static/book.css",
            "tests/test_losses.py",
            "_build/html/index.html",
            "_build/html/ko/index.html",
            "_build/html/en/index.html",
            "_build/doctrees/ko/index.doctree",
        ):
            self.write(name, "old")

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def build(self) -> None:
        write_counts(self.doctrees, COUNTS)
        made_of = inputs(self.root, VARIABLES, others=["en"])
        finish(self.doctrees, self.site, "ko", made_of)

    def unchanged(self, **variables: str) -> Counts | None:
        made_of = inputs(self.root, VARIABLES | variables, others=["en"])
        return unchanged(self.doctrees, self.site, "ko", made_of)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    built = Site(tmp_path)
    built.build()
    return built


def test_nothing_has_changed(site: Site) -> None:
    assert site.unchanged() == COUNTS
    # Neither of these is a part of the site in Korean.
    site.write("code/aibook/__pycache__/losses.pyc", "newer")
    site.write("tests/test_losses.py", "newer")
    site.write("_build/html/en/index.html", "newer")
    # Times do not count, only contents: the other language's build writes this too.
    (site.site / "index.html").touch()
    assert site.unchanged(EDITOR="emacs") == COUNTS


@pytest.mark.parametrize(
    "name",
    [
        "conf.py",
        "book/ko/index.md",
        "book/ko/new.md",
        "code/aibook/losses.py",
        "_static/book.css",
        "_build/html/ko/index.html",
        "_build/html/index.html",
    ],
)
def test_a_file_has_changed(site: Site, name: str) -> None:
    site.write(name, "new")  # as long as it was
    assert site.unchanged() is None


@pytest.mark.parametrize(
    "remove",
    [
        lambda s: (s.site / "ko/index.html").unlink(),
        lambda s: (s.root / "book/ko/index.md").unlink(),
        lambda s: (s.doctrees / "counts.json").unlink(),
        lambda s: (s.doctrees / "finished.json").unlink(),
        lambda s: (s.doctrees / "finished.json").write_text("{"),
        lambda s: (s.doctrees / "counts.json").write_text("{}"),
        lambda s: (s.doctrees / "counts.json").write_text("3"),
    ],
)
def test_a_part_is_missing_or_broken(
    site: Site, remove: Callable[[Site], None]
) -> None:
    remove(site)
    assert site.unchanged() is None


@pytest.mark.parametrize("name", ["SOURCE_DATE_EPOCH", "AIBOOK_SITE_URL"])
def test_a_variable_has_changed(site: Site, name: str) -> None:
    assert site.unchanged(**{name: "2"}) is None


def test_of_another_language_only_the_names_count(site: Site) -> None:
    site.write("book/en/index.md", "edited")
    assert site.unchanged() == COUNTS
    site.write("book/en/new.md", "a page that ours links to")
    assert site.unchanged() is None


def test_an_edit_during_the_build_counts(site: Site) -> None:
    before = inputs(site.root, VARIABLES, others=["en"])
    site.write("book/ko/index.md", "edited meanwhile")
    finish(site.doctrees, site.site, "ko", before)
    assert site.unchanged() is None


@pytest.mark.slow
def test_sphinx_does_not_start_without_work(tmp_path: Path) -> None:
    book = MiniBook(tmp_path)
    book.page("a", ["print('a ran')"])
    assert book.build().succeeded().executed == {"ko": 1, "en": 0}
    # Were it started, Sphinx would fail at this file and forget nothing else.
    pickle = book.output / "doctrees/en/environment.pickle"
    known = pickle.read_bytes()
    pickle.write_bytes(b"")
    again = book.build().succeeded()
    assert again.executed == {"ko": 0, "en": 0}
    assert "en: 2 pages, 0 executed, 1 from the cache, 1 without" in again.out
    assert pickle.read_bytes() == b""
    pickle.write_bytes(known)
    page = book.output / "html/en/a.html"
    page.unlink()
    (book.root / "book/en/a.md").touch()
    assert book.build().succeeded().executed == {"ko": 0, "en": 0}
    assert "a ran" in page.read_text()
