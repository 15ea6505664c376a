"""The pages of the package's reference: their examples find the names they use."""

import re

import pytest

from source_pages import Page, all_pages

PAGES = [page for page in all_pages() if page.name.startswith("reference/api")]


@pytest.mark.parametrize("page", PAGES, ids=repr)
def test_examples_have_the_names_of_every_module_shown(page: Page) -> None:
    shown = re.findall(r"^\.\. automodule:: (\S+)$", page.source, re.MULTILINE)
    named = re.findall(r'"(aibook\.\w[\w.]*)"', page.source, re.MULTILINE)
    assert bool(shown) == (page.name != "reference/api/index")
    assert sorted(named) == sorted(shown)
