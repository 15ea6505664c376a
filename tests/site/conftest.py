"""What the tests of the built site share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from site_pages import SITE, SitePage, check_built, site_pages
from site_server import serve


@pytest.fixture(scope="session")
def site() -> Path:
    """Return the folder of the built site."""
    check_built()
    return SITE


@pytest.fixture(scope="session")
def pages(site: Path) -> tuple[SitePage, ...]:
    """Return all pages of the built site."""
    return site_pages()


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Return the address of a server of the site, which compresses."""
    with serve(site) as address:
        yield address
