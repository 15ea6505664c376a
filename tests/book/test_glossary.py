"""The two glossaries say the same, and the pages refer to the same terms."""

from collections import Counter

import pytest

from aibook_sphinx.glossary import OTHER_LANGUAGE, Entry, read_entries
from source_pages import Page, Role, all_pages, glossary, load, names

LANGUAGES = tuple(OTHER_LANGUAGE)
SHARED = sorted(set(names("ko")) & set(names("en")))
# References to terms: too many of them would clutter a page.
MOST = 30


def keys(language: str, roles: list[Role]) -> Counter[str]:
    """Return the keys of the terms that roles refer to."""
    known = {
        term.casefold(): key
        for key, entry in glossary(language).items()
        for term in entry.terms
    }
    return Counter(
        known[role.target.casefold()] for role in roles if role.name == "term"
    )


def entries(language: str) -> list[Entry]:
    [directive] = load(language, "reference/glossary").named("glossary")
    return read_entries(directive.body.splitlines(), language)


def test_the_same_entries_in_the_same_order() -> None:
    ko, en = list(glossary("ko")), list(glossary("en"))
    assert len(ko) >= 90
    assert sorted(set(ko) ^ set(en)) == []
    assert ko == en


@pytest.mark.parametrize("language", LANGUAGES)
def test_entries_name_the_terms_of_the_other_language(language: str) -> None:
    other = glossary(OTHER_LANGUAGE[language])
    wrong = [
        f"{entry.terms[0]}: {entry.other}, not {other[key].terms}"
        for key, entry in glossary(language).items()
        if entry.other != other[key].terms
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_stands_twice(language: str) -> None:
    found = entries(language)
    assert len({entry.key for entry in found}) == len(found)
    terms = Counter(t.casefold() for entry in found for t in entry.terms)
    assert [term for term, count in terms.items() if count > 1] == []


@pytest.mark.parametrize("name", SHARED)
def test_the_same_references_to_terms(name: str) -> None:
    english = {s.name: s for s in load("en", name).sections}
    for ko in load("ko", name).sections:
        found = [
            keys("ko", ko.roles),
            keys("en", english[ko.name].roles),
        ]
        assert found[0] == found[1], (
            f"{name}, section {ko.name}: only in Korean "
            f"{dict(found[0] - found[1])}, only in English "
            f"{dict(found[1] - found[0])}"
        )


@pytest.mark.parametrize("page", all_pages(), ids=repr)
def test_a_page_refers_to_few_terms(page: Page) -> None:
    if page.name != "reference/glossary":
        roles = [role for s in page.sections for role in s.roles]
        assert keys(page.language, roles).total() <= MOST


def test_the_same_links_to_chapters() -> None:
    ko, en = (
        Counter(
            role.target
            for section in load(language, "reference/glossary").sections
            for role in section.roles
            if role.name == "ref"
        )
        for language in LANGUAGES
    )
    assert ko == en
    assert ko.total() >= 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_definition_is_one_line(language: str) -> None:
    """Two lines are two definitions, or one under another's term."""
    for entry in entries(language):
        lines = [line for line in entry.definition if line.strip()]
        assert len(lines) == 1, f"{entry.terms[0]}: {lines}"
