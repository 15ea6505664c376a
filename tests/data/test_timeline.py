"""Every event of the timeline is dated and has its source in the bibliography."""

import re
from datetime import date
from pathlib import Path

import pytest

from aibook.data.timeline import KINDS, Event, load_timeline

BOOK = Path(__file__).parents[2] / "book"
ENTRY = re.compile(r"^@\w+\{([^,]+),\n(.*?)^\}", re.MULTILINE | re.DOTALL)
SOURCES = dict(ENTRY.findall((BOOK / "references.bib").read_text("utf-8")))
EVENTS = load_timeline()
# Printed later than the event: read or shown first, submitted, or the rules of a
# game that had been played.
LATER = {
    "turing1936": 1937,
    "mccarthy1955": 2006,
    "campbell2002": 2002,
    "kingma2014": 2014,
    "silver2017": 2017,
    "devlin2019": 2019,
    "rombach2022": 2022,
    "aibasicact2025": 2025,
}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.label)
def test_every_event_has_its_source_and_year(event: Event) -> None:
    assert event.source in SOURCES
    found = re.search(r"year = \{(\d{4})\}", SOURCES[event.source])
    assert found
    assert int(found[1]) == LATER.get(event.source, event.year)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.label)
def test_every_source_can_be_found(event: Event) -> None:
    """A DOI, an arXiv number, an address, or a publisher and a title."""
    entry = SOURCES[event.source]
    fields = ("doi", "eprint", r"\url", "publisher", "institution", "school")
    assert any(field in entry for field in fields) or "journal" in entry


def test_events_are_in_order() -> None:
    years = [event.year for event in EVENTS]
    assert years == sorted(years)
    assert years[0] == 1936
    dated = [e.date for e in EVENTS if len(e.date) == 10]
    assert dated == sorted(dated)
    assert [date.fromisoformat(day).isoformat() for day in dated] == dated


def test_labels_are_not_repeated_and_kinds_all_occur() -> None:
    assert len({event.label for event in EVENTS}) == len(EVENTS)
    assert {event.kind for event in EVENTS} == set(KINDS)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_page_cites_every_source(language: str) -> None:
    page = (BOOK / language / "ai" / "history.md").read_text("utf-8")
    cited = {
        key.strip()
        for keys in re.findall(r"\{cite:[pt]\}`([^`]*)`", page)
        for key in keys.split(",")
    }
    assert {event.source for event in EVENTS} - cited == set()


def test_years_are_chosen() -> None:
    assert [e.label for e in load_timeline(1966, 1966)] == [
        "ELIZA",
        "ALPAC report",
    ]
    assert load_timeline(1937, 1937) == []
    with pytest.raises(ValueError, match="first is 2000, after last, 1999"):
        load_timeline(2000, 1999)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ((1936, "1937-01-01", "a", "b", "theory"), "no YYYY-MM"),
        ((1936, "1936-13", "a", "b", "theory"), "no YYYY-MM"),
        ((1936, "12 Nov 1936", "a", "b", "theory"), "no YYYY-MM"),
        ((1936, "", "a", "b", "idea"), "kind must be one of 'theory'"),
        ((1936, "", "", "b", "theory"), "lacks its label or its source"),
        ((1936, "", "a", "", "theory"), "lacks its label or its source"),
    ],
)
def test_a_bad_row_is_refused(row, message) -> None:
    with pytest.raises(ValueError, match=message):
        Event(*row)
