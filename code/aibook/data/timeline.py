"""The history of AI as a table: what, when, of what kind, and by which source.

What: the rows of ``handmade/timeline.csv``, checked when they are read. A year is
that of the event: a paper first shown in one year and printed in the next stands
at the first. `source` is a key of the book's bibliography.

What not: no completeness. A source of their own, the chance that a reader meets
them in this book, and room in a figure decided which events are listed.

Book page: ai/history
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

_FILE = "handmade/timeline.csv"
_DATE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?")

KINDS = ("theory", "program", "learning", "machine", "society")
"""Ideas and proofs; programs and what they did; methods and models that learn;
machines and devices; reports, prizes and laws."""


@dataclass(frozen=True)
class Event:
    """One row: year, date (may be empty), label, source and kind.

    Raises
    ------
    ValueError
        If the date is no ISO date of that year, the kind is unknown, or the label
        or the source is missing.

    Examples
    --------
    >>> Event(1936, "1936-11-12", "Turing machine", "turing1936", "theory").year
    1936
    """

    year: int
    date: str
    label: str
    source: str
    kind: str

    def __post_init__(self) -> None:
        """Check the row."""
        found = _DATE.fullmatch(self.date)
        if self.date and (found is None or int(found[1]) != self.year):
            raise ValueError(
                f"date {self.date!r} is no YYYY-MM or YYYY-MM-DD of {self.year}"
            )
        if self.kind not in KINDS:
            allowed = ", ".join(map(repr, KINDS))
            raise ValueError(
                f"kind must be one of {allowed}, got {self.kind!r}"
            )
        if not (self.label and self.source):
            raise ValueError(f"{self} lacks its label or its source")


def load_timeline(first: int = 1936, last: int = 9999) -> list[Event]:
    """Return the events of the years from `first` to `last`, in order.

    Parameters
    ----------
    first, last
        Years, both included.

    Returns
    -------
    list of Event
        In order of year; within a year as in the file.

    Raises
    ------
    ValueError
        If `first` is after `last`.

    Examples
    --------
    >>> [event.label for event in load_timeline(1955, 1957)]
    ['the term AI', 'Logic Theorist', 'perceptron']
    """
    if first > last:
        raise ValueError(f"first is {first}, after last, {last}")
    path = Path(__file__).parent / _FILE
    with path.open(encoding="utf-8", newline="") as stream:
        lines = csv.reader(stream)
        next(lines)  # the names of the columns
        rows = [Event(int(year), *rest) for year, *rest in lines]
    return [event for event in rows if first <= event.year <= last]
