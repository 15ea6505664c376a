"""The pages of the package's reference: their examples find the names they use."""

import re
from pathlib import Path

import pytest

from source_pages import Page, all_pages

PACKAGE = Path(__file__).parents[2] / "code" / "aibook"
PAGES = [page for page in all_pages() if page.name.startswith("reference/api")]


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_examples_have_the_names_of_every_module_shown(page: Page) -> None:
    shown = re.findall(r"^\.\. automodule:: (\S+)$", page.source, re.MULTILINE)
    named = re.findall(r'"(aibook\.\w[\w.]*)"', page.source, re.MULTILINE)
    assert bool(shown) == (page.name != "reference/api/index")
    assert sorted(named) == sorted(shown)


def test_no_letter_alone_becomes_a_list() -> None:
    """A line such as "D." in a docstring would be a list that starts at D."""
    found = [
        f"{path.name}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.fullmatch(r"\s+\(?[A-Za-z0-9][.)]", line)
    ]
    assert not found, found
