"""Numbers and dates in Korean words, paired with the same in digits.

Nothing but digits would be too plain: a date has an order, words between the
numbers, a leading zero, and two months whose names break the rule.

Not here: days, the names of years before 1, English.

Source: the rules are common knowledge; the code is the book's own.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from aibook.scratch.checks import check_count
from aibook.scratch.numerals import MAX_NUMBER, to_korean

__all__ = ["Pair", "make_pairs", "to_glosses", "to_korean_date"]

SOFTENED = {6: "유", 10: "시"}
"""June and October lose the last sound of 육 and 십."""


GLOSSES = {
    "일": "il1",
    "이": "i2",
    "삼": "sam3",
    "사": "sa4",
    "오": "o5",
    "육": "yuk6",
    "칠": "chil7",
    "팔": "pal8",
    "구": "gu9",
    "십": "sip10",
    "백": "baek100",
    "천": "cheon1000",
    "유": "yu6",
    "시": "si10",
    "년": "nyeon",
    "월": "wol",
    " ": "space",
}
"""Each syllable as it sounds, and the number that it stands for."""


class Pair(NamedTuple):
    """The same number or date twice."""

    korean: str
    digits: str


def to_korean_date(year: int, month: int) -> str:
    """Return a year and a month in Korean words.

    Parameters
    ----------
    year
        1 to 9999.
    month
        1 to 12.

    Raises
    ------
    ValueError
        For a number out of range.

    Examples
    --------
    >>> to_korean_date(2026, 11)
    '이천이십육년 십일월'
    >>> to_korean_date(1987, 6)
    '천구백팔십칠년 유월'
    """
    check_count("year", year, MAX_NUMBER)
    check_count("month", month, 12)
    name = SOFTENED.get(month) or to_korean(month)
    return f"{to_korean(year)}년 {name}월"


def make_pairs(
    numbers: Iterable[int], *, years: range = range(1900, 2100)
) -> list[Pair]:
    """Return each number in words and digits; as a year, with every month too.

    Parameters
    ----------
    numbers
        From 1 to 9999.
    years
        The numbers that are years too.

    Raises
    ------
    ValueError
        For a number out of range.

    Examples
    --------
    >>> make_pairs([325])
    [Pair(korean='삼백이십오', digits='325')]
    >>> pairs = make_pairs([2026])
    >>> len(pairs), pairs[-2]
    (13, Pair(korean='이천이십육년 십일월', digits='2026-11'))
    """
    pairs = []
    for n in numbers:
        pairs.append(Pair(to_korean(n), str(n)))
        if n in years:
            pairs += [
                Pair(to_korean_date(n, month), f"{n}-{month:02}")
                for month in range(1, 13)
            ]
    return pairs


def to_glosses(text: str) -> list[str]:
    """Return a name in Latin letters for each character, for the axes of figures.

    Parameters
    ----------
    text
        Korean or digits, as `make_pairs` writes them.

    Raises
    ------
    ValueError
        For a character of neither.

    Examples
    --------
    >>> to_glosses("삼백이"), to_glosses("3-2")
    (['sam3', 'baek100', 'i2'], ['3', '-', '2'])
    """
    strange = [c for c in text if c not in GLOSSES and c not in "0123456789-"]
    if strange:
        raise ValueError(f"{text!r} holds {strange[0]!r}, which has no gloss")
    return [GLOSSES.get(c, c) for c in text]
