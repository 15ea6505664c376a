"""Numbers in words, Korean and English: the smallest honest translation.

The rules of both languages are few and without exception, so a program of rules
can read a Korean number and say it in English. Real sentences are not like that.

Not here: native Korean numerals, 0, numbers from 10,000.

Source: the rules are common knowledge; the code is the book's own.

Book page: ai/tasks.
"""

from __future__ import annotations

from aibook.scratch.checks import check_count

__all__ = ["MAX_NUMBER", "read_korean", "to_english", "to_korean"]

MAX_NUMBER = 9999
"""The greatest number with words here; the least is 1."""

KOREAN_DIGITS = ("", "일", "이", "삼", "사", "오", "육", "칠", "팔", "구")
KOREAN_UNITS = {"천": 1000, "백": 100, "십": 10}
ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = [
    "twenty",
    "thirty",
    "forty",
    "fifty",
    "sixty",
    "seventy",
    "eighty",
    "ninety",
]


def to_korean(number: int) -> str:
    """Return a number in Sino-Korean words, without spaces.

    Parameters
    ----------
    number
        1 to 9999.

    Raises
    ------
    ValueError
        For another number.

    Examples
    --------
    >>> to_korean(325)
    '삼백이십오'
    """
    rest = check_count("number", number, MAX_NUMBER)
    words = ""
    for name, unit in KOREAN_UNITS.items():
        digit, rest = divmod(rest, unit)
        if digit:  # one hundred is just "hundred"
            words += (KOREAN_DIGITS[digit] if digit > 1 else "") + name
    return words + KOREAN_DIGITS[rest]


def read_korean(words: str) -> int:
    """Return the number that Sino-Korean words stand for.

    A digit waits for the unit after it; at the end it stands for itself.

    Parameters
    ----------
    words
        As `to_korean` writes them.

    Raises
    ------
    ValueError
        For words that are not such a number.

    Examples
    --------
    >>> read_korean("천구백팔십사")
    1984
    """
    total, digit = 0, 0
    for letter in words:
        if letter in KOREAN_UNITS:
            total += (digit or 1) * KOREAN_UNITS[letter]
            digit = 0
        elif letter in KOREAN_DIGITS:
            digit = KOREAN_DIGITS.index(letter)
        else:
            raise ValueError(
                f"{words!r} holds {letter!r}, which is no numeral"
            )
    total += digit
    if not 1 <= total <= MAX_NUMBER or to_korean(total) != words:
        raise ValueError(
            f"{words!r} is no number from 1 to {MAX_NUMBER} in words"
        )
    return total


def to_english(number: int) -> str:
    """Return a number in English words, in the American way, without "and".

    Parameters
    ----------
    number
        1 to 9999.

    Raises
    ------
    ValueError
        For another number.

    Examples
    --------
    >>> to_english(325)
    'three hundred twenty-five'
    """
    rest = check_count("number", number, MAX_NUMBER)
    words = []
    for name, unit in (("thousand", 1000), ("hundred", 100)):
        digit, rest = divmod(rest, unit)
        if digit:
            words += [ENGLISH[digit], name]
    if rest >= 20:
        tens, rest = divmod(rest, 10)
        words.append(TENS[tens - 2] + (f"-{ENGLISH[rest]}" if rest else ""))
    elif rest:
        words.append(ENGLISH[rest])
    return " ".join(words)
