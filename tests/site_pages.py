"""The built site's pages, parsed once."""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from bs4 import BeautifulSoup, Tag

SITE = Path(__file__).parents[1] / "_build" / "html"
LANGUAGES = ("ko", "en")
OTHER = {"ko": "en", "en": "ko"}


def parse(path: Path) -> BeautifulSoup:
    """Return a page as a browser reads it."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html5lib")


@dataclass(frozen=True)
class SitePage:
    """A page of the built site."""

    language: str
    name: str

    @property
    def path(self) -> Path:
        return SITE / self.language / f"{self.name}.html"

    @cached_property
    def html(self) -> BeautifulSoup:
        return parse(self.path)

    @property
    def article(self) -> Tag:
        """The page without what surrounds it. (The search page has no article.)"""
        found = self.html.select_one("article, main .bd-content")
        assert isinstance(found, Tag), f"{self}: no content"
        return found

    def __str__(self) -> str:
        return f"{self.language}/{self.name}.html"


@cache
def site_pages() -> tuple[SitePage, ...]:
    """Return all pages of both languages."""
    return tuple(
        SitePage(
            language,
            path.relative_to(SITE / language).with_suffix("").as_posix(),
        )
        for language in LANGUAGES
        for path in sorted((SITE / language).rglob("*.html"))
        if "_static" not in path.parts
    )


def check_built() -> None:
    """Raise an error unless the site has been built."""
    for page in ("index.html", "ko/index.html", "en/index.html"):
        if not (SITE / page).is_file():
            raise FileNotFoundError(
                f"{SITE / page} is missing: run `make html` first"
            )
