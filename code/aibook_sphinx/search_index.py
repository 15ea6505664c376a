"""What ``searchindex.js`` says: how often a word stands in each section.

Read back by the next build, for the pages that it does not write anew.
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from docutils import nodes
from sphinx.search import js_index

from aibook_sphinx.search_text import Section, sections_of
from aibook_sphinx.search_words import key

# What a page counts whose name begins so; the first that fits.
_WEIGHTS = {"reference/api/": 0.3, "reference/": 0.7}
# A page that lists others counts less than those.
_LIST_WEIGHT = 0.5
# Pages below whose title are headings that explain nothing, only name it.
_LISTS = (
    "reference/corrections",
    "reference/formulas",
    "reference/notes-map",
)
# A longer heading is a sentence, not the name of something.
_LONGEST_NAME = 4
# What Sphinx's own ranking would need.
_UNUSED = ("alltitles", "indexentries", "terms", "titleterms")

Words = Callable[[str], list[str]]


@dataclass
class Entry:
    """What the index says of a section.

    Attributes
    ----------
    anchor, title
        Where it is, and its heading.
    length
        How many words it has.
    is_entry
        Whether it is an entry of the glossary, which stands for itself.
    counts
        How often a word stands there, those in headings counted more often.
    keys
        The keys of what it explains.
    told_in
        The page and the section that explain an entry of the glossary further.
    """

    anchor: str
    title: str
    length: int
    is_entry: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    keys: set[str] = field(default_factory=set)
    told_in: tuple[str, str] | None = None


def entry_of(docname: str, section: Section, words: Words) -> Entry:
    """Count the words of a section, and say what it explains."""
    counts: Counter[str] = Counter()
    length = 0
    for text, weight in section.texts:
        found = words(text)
        length += len(found)
        for word in found:
            counts[word] += weight
    names = [*section.terms]
    if len(section.title.split()) <= _LONGEST_NAME:
        names.append(section.title)
    if section.anchor and docname.startswith(_LISTS):
        names = []
    keys = {key(name) for name in names} - {""}
    return Entry(
        section.anchor,
        section.title,
        length,
        int(section.is_entry),
        counts,
        keys,
        _place(docname, section.told_in) if section.told_in else None,
    )


def _place(docname: str, address: str) -> tuple[str, str]:
    """Return the page and the section that a link on a page leads to.

    Examples
    --------
    >>> _place("reference/glossary", "../networks/mlp.html#mlp-idea")
    ('networks/mlp', 'mlp-idea')
    """
    path, _, anchor = address.partition("#")
    path = posixpath.join(posixpath.dirname(docname), path)
    return posixpath.splitext(posixpath.normpath(path))[0], anchor


def weight_of(docname: str) -> float:
    """Return what a page counts in the ranking.

    Examples
    --------
    >>> weight_of("networks/mlp"), weight_of("reference/api/scratch")
    (1.0, 0.3)
    """
    if docname.split("/")[-1] == "index":
        return _LIST_WEIGHT
    fit = (w for start, w in _WEIGHTS.items() if docname.startswith(start))
    return next(fit, 1.0)


def freeze(pages: dict[str, list[Entry]]) -> dict[str, Any]:
    """Return the pages' entries as data for the browser, ordered by word.

    ``words`` and ``keys`` hold for each word the numbers of the sections where it
    stands, as the distance to the one before (the first to -1); in ``words`` the
    count follows each. ``told`` leads from an entry of the glossary to the section
    that explains it further.
    """
    entries = [entry for page in pages.values() for entry in page]
    words: dict[str, list[int]] = {}
    keys: dict[str, list[int]] = {}
    last: dict[str, int] = {}
    places = [
        (docname, entry.anchor)
        for docname, page in pages.items()
        for entry in page
    ]
    numbers = {place: number for number, place in enumerate(places)}
    for number, entry in enumerate(entries):
        for word, count in entry.counts.items():
            gap = number - last.get(word, -1)
            words.setdefault(word, []).extend((gap, count))
            last[word] = number
        for name in entry.keys:
            keys.setdefault(name, []).append(number)
    return {
        "weights": [weight_of(docname) for docname in pages],
        "sections": [
            [[e.anchor, e.title, e.length, e.is_entry] for e in page]
            for page in pages.values()
        ],
        "words": words,
        "keys": keys,
        "told": {
            str(number): numbers[entry.told_in]
            for number, entry in enumerate(entries)
            if entry.told_in in numbers
        },
    }


def thaw(docnames: list[str], data: dict[str, Any]) -> dict[str, list[Entry]]:
    """Return the entries of the pages that :func:`freeze` has turned into data."""
    pages = {
        docname: [Entry(*section) for section in sections]
        for docname, sections in zip(docnames, data["sections"], strict=True)
    }
    entries = [entry for page in pages.values() for entry in page]
    for word, postings in data["words"].items():
        number = -1
        for gap, count in zip(postings[::2], postings[1::2], strict=True):
            number += gap
            entries[number].counts[word] = count
    for name, numbers in data["keys"].items():
        for number in numbers:
            entries[number].keys.add(name)
    places = [
        (docname, entry.anchor)
        for docname, page in pages.items()
        for entry in page
    ]
    for number, place in data["told"].items():
        entries[int(number)].told_in = places[place]
    return pages


class Index:
    """The format of ``searchindex.js``, for Sphinx's builder to read and write.

    Parameters
    ----------
    make_words
        Returns what cuts a text; called only when there is a text to cut.
    """

    def __init__(self, make_words: Callable[[], Words]) -> None:
        self._make_words = make_words
        self._before: dict[str, list[Entry]] = {}
        self._written: dict[str, list[Section]] = {}

    def add(self, docname: str, document: nodes.document) -> None:
        """Note a page that is being written."""
        self._written[docname] = sections_of(document)

    def load(self, file: IO[str]) -> Any:
        """Read the last build's index; Sphinx gets its own part of it."""
        data = js_index.load(file)
        book = data.pop("book", None)
        if book is None or book.keys() != freeze({}).keys():
            raise ValueError("the index is another's")
        self._before = thaw(data["docnames"], book)
        return data

    def dump(self, frozen: dict[str, Any], file: IO[str]) -> None:
        """Write the index."""
        pages = {
            name: self._before.get(name, []) for name in frozen["docnames"]
        }
        written = {n: s for n, s in self._written.items() if n in pages}
        if written:
            words = self._make_words()
            for name, sections in written.items():
                pages[name] = [
                    entry_of(name, section, words) for section in sections
                ]
        data = frozen | {name: {} for name in _UNUSED}
        text = json.dumps(
            data | {"book": freeze(pages)},
            ensure_ascii=False,
            separators=(",", ":"),
            sort_keys=True,
        )
        file.write(f"{js_index.PREFIX}{text}{js_index.SUFFIX}")
