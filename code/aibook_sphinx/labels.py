"""The labels of figures in the page's language, from the catalogue ``figures.po``.

What: a label is looked up as it stands, then with its numbers taken out, so that
one entry ``hidden {0}, {1}`` serves ``hidden 1, +4.1`` and ``hidden 2, +7.9``.
What not: drawing (`aibook_sphinx.svg`). A label that no entry covers stays as it
is; the tests of the built site name it.

Book page: start/using-this-book
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from babel.messages.pofile import read_po

# A number that stands by itself: not the 1 of x1.
_NUMBER = re.compile(r"(?<![\w.])[+\-−±]?\d+(?:[.,]\d+)*(?:[eE][+\-−]?\d+)?%?")
# Two letters or more; an index (₁, ²) is none.
_WORD = re.compile(r"[^\W\d_²³¹\u2070-\u209f]{2,}")


def is_neutral(label: str) -> bool:
    """Return whether a label is the same in every language: numbers and symbols.

    A symbol is a single letter (``x1``, ``η``); two letters in a row are a word.

    Examples
    --------
    >>> is_neutral("−0.5"), is_neutral("p(5) = 0.10"), is_neutral("loss")
    (True, True, False)
    """
    return not _WORD.search(label)


def template(label: str) -> tuple[str, list[str]]:
    """Return a label with its numbers replaced by ``{0}``, ``{1}``..., and these.

    Examples
    --------
    >>> template("hidden 1, +4.1")
    ('hidden {0}, {1}', ['1', '+4.1'])
    """
    numbers: list[str] = []

    def take(match: re.Match[str]) -> str:
        numbers.append(match[0])
        return f"{{{len(numbers) - 1}}}"

    return _NUMBER.sub(take, label), numbers


class Labels:
    """The labels of one language.

    Parameters
    ----------
    messages
        English label, or template, to the label shown; equal where the label is a
        proper name.

    Examples
    --------
    >>> labels = Labels({"loss": "손실", "hidden {0}": "은닉 {0}"})
    >>> labels("loss"), labels("hidden 3"), labels("0.5"), labels("epoch")
    ('손실', '은닉 3', '0.5', 'epoch')
    >>> labels.cover("hidden 3"), labels.cover("0.5"), labels.cover("epoch")
    (True, True, False)
    """

    def __init__(self, messages: Mapping[str, str]) -> None:
        self.messages = dict(messages)

    @classmethod
    def read(cls, path: Path) -> Labels:
        """Read a catalogue; a file that is not there holds no label.

        Raises
        ------
        ValueError
            If a translation misses one of its entry's numbers, or has another.
        """
        if not path.is_file():
            return cls({})
        with path.open("rb") as file:
            catalogue = read_po(file)
        messages = {
            str(m.id): str(m.string)
            for m in catalogue
            if m.id and m.string and not m.fuzzy
        }
        for key, text in messages.items():
            places = [sorted(re.findall(r"\{\d+\}", t)) for t in (key, text)]
            if places[0] != places[1]:
                raise ValueError(
                    f"{path}: {key!r} has the numbers {places[0]}, "
                    f"its translation {text!r} has {places[1]}"
                )
        return cls(messages)

    def cover(self, label: str) -> bool:
        """Return whether the label needs no entry, or has one."""
        return (
            is_neutral(label)
            or label in self.messages
            or template(label)[0] in self.messages
        )

    def __call__(self, label: str) -> str:
        """Return the label to show."""
        if label in self.messages:
            return self.messages[label]
        pattern, numbers = template(label)
        text = self.messages.get(pattern)
        if text is None:
            return label
        for place, number in enumerate(numbers):
            text = text.replace(f"{{{place}}}", number)
        return text
