"""Prompts for pictures of digits, in Korean and English, with one vocabulary.

What: `make_prompt` says which digit to draw, in which styles, and where it moves;
`read_prompt` gets that back out of the words; `tokenize` cuts a prompt into words;
`unseen_pairs` names the pairs of digit and style that training is not to see.

What not: pictures (`aibook.vision.pen`), and what people would really type; these
sentences are made by a formula.

Book page: generative/text-to-image
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from aibook.data.checks import integer

__all__ = [
    "DIGITS",
    "LANGUAGES",
    "MOTIONS",
    "STYLES",
    "TEMPLATES",
    "Meaning",
    "all_prompts",
    "make_prompt",
    "read_prompt",
    "tokenize",
    "unseen_pairs",
]

LANGUAGES = ("ko", "en")

#: The names of the digits, 0 to 9.
DIGITS = {
    "ko": ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9"),
    "en": (
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
    ),
}

#: The styles, in pairs of opposites, and how a prompt calls them.
STYLES = {
    "thin": {"ko": "가늘게", "en": "thin"},
    "bold": {"ko": "두껍게", "en": "bold"},
    "left": {"ko": "왼쪽으로 기울여", "en": "leaning left"},
    "right": {"ko": "오른쪽으로 기울여", "en": "leaning right"},
    "small": {"ko": "작게", "en": "small"},
    "large": {"ko": "크게", "en": "large"},
}

#: Where a digit moves in a moving picture.
MOTIONS = {
    "left": {"ko": "왼쪽으로 이동", "en": "moving left"},
    "right": {"ko": "오른쪽으로 이동", "en": "moving right"},
    "up": {"ko": "위로 이동", "en": "moving up"},
    "down": {"ko": "아래로 이동", "en": "moving down"},
}

#: How a prompt begins: {0} is the digit, {1} its Korean ending.
TEMPLATES = {
    "ko": ("숫자 {0}", "{0}{1} 그려 줘"),
    "en": ("digit {0}", "please draw a {0}"),
}

_BATCHIM = frozenset((0, 1, 3, 6, 7, 8))  # digits whose Korean name ends so
_WORD = re.compile(r"\w+")


class Meaning(NamedTuple):
    """What a prompt says, in no language.

    Parameters
    ----------
    digit
        0 to 9.
    styles
        Keys of `STYLES`, in their order, at most one of each pair.
    motion
        A key of `MOTIONS`, or None.
    """

    digit: int
    styles: tuple[str, ...] = ()
    motion: str | None = None


def make_prompt(
    digit: int,
    styles: Iterable[str] = (),
    *,
    language: str,
    motion: str | None = None,
    template: int = 0,
) -> str:
    """Say in words what to draw.

    Parameters
    ----------
    digit
        0 to 9.
    styles
        Keys of `STYLES`, at most one of each pair of opposites.
    language
        ``"ko"`` or ``"en"``.
    motion
        A key of `MOTIONS`, or None.
    template
        Which of the language's `TEMPLATES`, from 0.

    Raises
    ------
    ValueError
        If one of them does not exist, or two styles contradict each other.

    Examples
    --------
    >>> make_prompt(3, ["bold"], language="ko")
    '숫자 3, 두껍게'
    >>> make_prompt(3, ["bold", "left"], language="en", template=1)
    'please draw a three, bold, leaning left'
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected 'ko' or 'en'")
    digit = integer("digit", digit, 0, 9)
    starts = TEMPLATES[language]
    start = starts[integer("template", template, 0, len(starts) - 1)]
    ending = "을" if digit in _BATCHIM else "를"
    parts = [start.format(DIGITS[language][digit], ending)]
    parts += [STYLES[style][language] for style in _check(styles)]
    if motion is not None:
        if motion not in MOTIONS:
            raise ValueError(
                f"motion is {motion!r}; expected None or one of "
                f"{', '.join(MOTIONS)}"
            )
        parts.append(MOTIONS[motion][language])
    return ", ".join(parts)


def read_prompt(prompt: str) -> Meaning:
    """Return what a prompt says, whatever its language; undoes `make_prompt`.

    Parameters
    ----------
    prompt
        In the words of this module, in any order of its parts.

    Raises
    ------
    ValueError
        If no digit is named, a part is not understood, or parts contradict.

    Examples
    --------
    >>> read_prompt("숫자 3, 두껍게") == read_prompt("digit three, bold")
    True
    >>> read_prompt("digit three, bold")
    Meaning(digit=3, styles=('bold',), motion=None)
    """
    starts, styles, motions = (_names(k) for k in ("start", "style", "motion"))
    digits, found, moves = [], [], []
    for part in (part.strip().lower() for part in prompt.split(",")):
        if part in starts:
            digits.append(starts[part])
        elif part in styles:
            found.append(styles[part])
        elif part in motions:
            moves.append(motions[part])
        else:
            raise ValueError(f"{part!r} in {prompt!r} is no known part")
    if len(digits) != 1 or len(moves) > 1:
        raise ValueError(
            f"{prompt!r} names {len(digits)} digits and {len(moves)} motions; "
            "expected one digit, and at most one motion"
        )
    return Meaning(
        int(digits[0]), tuple(_check(found)), moves[0] if moves else None
    )


def tokenize(prompt: str) -> list[str]:
    """Cut a prompt into lower-case words.

    Parameters
    ----------
    prompt
        Any text.

    Examples
    --------
    >>> tokenize("숫자 3, 두껍게")
    ['숫자', '3', '두껍게']
    >>> tokenize("Digit three, bold")
    ['digit', 'three', 'bold']
    """
    return _WORD.findall(prompt.lower())


def all_prompts() -> list[str]:
    """Return prompts that hold every word there is, in both languages.

    Examples
    --------
    >>> prompts = all_prompts()
    >>> len(prompts), prompts[0], prompts[-1]
    (60, '숫자 0', 'digit zero, moving down')
    """
    prompts = []
    for language in LANGUAGES:
        for template in range(len(TEMPLATES[language])):
            prompts += [
                make_prompt(digit, language=language, template=template)
                for digit in range(10)
            ]
    for language in LANGUAGES:
        prompts += [make_prompt(0, [s], language=language) for s in STYLES]
    for language in LANGUAGES:
        prompts += [
            make_prompt(0, language=language, motion=m) for m in MOTIONS
        ]
    return prompts


def unseen_pairs() -> list[tuple[int, str]]:
    """Return the pair of digit and style that each digit lacks in training.

    Every style is seen with most digits, and every digit with most styles.

    Examples
    --------
    >>> unseen_pairs()[:4]
    [(0, 'thin'), (1, 'bold'), (2, 'left'), (3, 'right')]
    """
    names = list(STYLES)
    return [(digit, names[digit % len(names)]) for digit in range(10)]


def _names(kind: str) -> dict[str, str]:
    """Return the parts of prompts of one kind, and what each means."""
    if kind == "start":
        return {
            make_prompt(digit, language=language, template=i): str(digit)
            for language in LANGUAGES
            for i in range(len(TEMPLATES[language]))
            for digit in range(10)
        }
    words = STYLES if kind == "style" else MOTIONS
    return {
        name[language]: key
        for key, name in words.items()
        for language in LANGUAGES
    }


def _check(styles: Iterable[str]) -> Sequence[str]:
    """Return the styles in their order, or refuse them."""
    chosen = list(styles)
    names = list(STYLES)
    unknown = [style for style in chosen if style not in names]
    pairs = {names.index(s) // 2 for s in chosen if s in names}
    if unknown or len(pairs) < len(chosen):
        raise ValueError(
            f"styles are {chosen}; expected some of {', '.join(names)}, at most "
            "one of each pair of opposites"
        )
    return sorted(chosen, key=names.index)
