"""Every item of the lecture notes has its place in the book, or a planned page."""

import re
from collections import Counter

import pytest

from aibook_sphinx.notes_map import FILE, Item, read_map
from source_pages import BOOK, LANGUAGES, load, names

HANGUL = re.compile(r"[가-힣]")
MAP = read_map(BOOK / FILE)
PAGES = {language: set(names(language)) for language in LANGUAGES}
# Not ranges that the map states itself: what the notes hold, by week and for code.
IN_THE_NOTES = {"W1": 7, "W2": 136, "W3": 58, "W4": 6, "W5": 21, "W6": 20}
PROGRAMS = 50


def labels(language: str, page: str) -> set[str]:
    """Return the labels of a page's headings and the names of its boxes."""
    source = load(language, page)
    found = {h.label for h in source.headings if h.label}
    return found | {
        d.options["name"]
        for d in source.named("admonition")
        if "name" in d.options
    }


def test_the_map_is_complete() -> None:
    ids = [item.id for item in MAP.items]
    assert [i for i, count in Counter(ids).items() if count > 1] == []
    weeks = Counter(i.split(".")[0] if i[0] == "W" else "C" for i in ids)
    assert weeks == {**IN_THE_NOTES, "C": PROGRAMS}
    assert len(ids) == MAP.count == 298


@pytest.mark.parametrize("name", MAP.groups)
def test_a_group_holds_its_items_in_their_order(name: str) -> None:
    group = MAP.groups[name]
    ids = [item.id for item in group.items]
    assert sorted(set(group.ids) - set(ids)) == [], "missing"
    assert sorted(ids) == sorted(group.ids)
    assert len(ids) == group.count
    numbers = [[int(n) for n in re.findall(r"\d+", i)] for i in ids]
    assert numbers == sorted(numbers)


@pytest.mark.parametrize("item", MAP.items, ids=lambda item: item.id)
def test_an_item_has_its_place(item: Item) -> None:
    for language in LANGUAGES:
        where = f"{item.id}: {language}/{item.page}"
        if item.label is None:
            assert item.page not in PAGES[language], (
                f"{where} is written now: name a label of it"
            )
        else:
            assert item.page in PAGES[language], f"{where} does not exist"
            assert item.label in labels(language, item.page), (
                f"{where} has no label {item.label!r}"
            )


@pytest.mark.parametrize("item", MAP.items, ids=lambda item: item.id)
def test_an_item_has_a_title_in_both_languages(item: Item) -> None:
    ko, en = item.titles["ko"], item.titles["en"]
    assert ko.strip()
    assert en.strip()
    assert not HANGUL.search(en)
    # Names are the same in both.
    assert HANGUL.search(ko) or ko == en


def test_planned_pages_wait_for_items() -> None:
    waiting = {item.page for item in MAP.items if item.label is None}
    assert set(MAP.planned) == waiting


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_shows_every_group_once(language: str) -> None:
    shown = load(language, "reference/notes-map").named("notes-map")
    assert [d.argument for d in shown] == list(MAP.groups)
    assert str(MAP.count) in load(language, "reference/notes-map").source
