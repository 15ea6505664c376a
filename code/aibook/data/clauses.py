"""A clause about a room of a hotel, in Korean or English, with or without negation.

What: "the lobby was not dark", and what it is in Korean, with any of its endings; a
clause drawn at random that praises or complains; two clauses joined by "and" or "but".

What not: texts with labels (`aibook.data.opinions`, `aibook.data.remarks`).

Book page: labs/sentiment
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.adjectives import ADJECTIVES, NUM_GOOD, has_final, inflect
from aibook.data.checks import integer

__all__ = [
    "LANGUAGES",
    "NEGATIONS",
    "ROOMS",
    "Labelled",
    "clause",
    "draw_clause",
    "join_clauses",
]

LANGUAGES = ("ko", "en")
"""Korean and English."""

ROOMS = {
    "ko": ("객실", "욕실", "로비", "식당", "카페", "복도", "거실", "회의실"),
    "en": (
        *("bedroom", "bathroom", "lobby", "restaurant"),
        *("cafe", "hallway", "lounge", "office"),
    ),
}

#: Two ways to say no: "안 좋다" and "좋지 않다", "was not" and "wasn't".
NEGATIONS = ("none", "short", "long")

_JOINED = {
    "ko": {
        "one": "{0}.",
        "and": "{0}. 그리고 {1}.",
        "but": "{0}. 하지만 {1}.",
    },
    "en": {"one": "{0}.", "and": "{0}, and {1}.", "but": "{0}, but {1}."},
}


class Labelled(NamedTuple):
    """Texts with their labels.

    Parameters
    ----------
    texts
        N sentences.
    y
        Labels, shape (N,): 1 for good, 0 for bad.
    kinds
        Of which kind each text is.
    """

    texts: list[str]
    y: npt.NDArray[np.int64]
    kinds: list[str]


def clause(
    room: int,
    adjective: int,
    *,
    language: str,
    negation: str = "none",
    ending: str = "plain",
) -> str:
    """Say of a room what it is, or is not.

    Parameters
    ----------
    room, adjective
        Places in `ROOMS` and `ADJECTIVES`.
    language
        ``"ko"`` or ``"en"``.
    negation
        One of `NEGATIONS`.
    ending
        One of `ENDINGS`; English has ``"plain"`` alone.

    Raises
    ------
    ValueError
        If one of them does not exist.

    Examples
    --------
    >>> [clause(0, 8, language="en", negation=n) for n in NEGATIONS]
    ['the bedroom was bad', 'the bedroom was not bad', "the bedroom wasn't bad"]
    >>> [clause(0, 8, language="ko", negation=n) for n in NEGATIONS]
    ['객실은 나쁘다', '객실은 안 나쁘다', '객실은 나쁘지 않다']
    """
    if language not in LANGUAGES or negation not in NEGATIONS:
        raise ValueError(
            f"language is {language!r} and negation {negation!r}; expected 'ko' or "
            f"'en', and one of {', '.join(NEGATIONS)}"
        )
    name = ROOMS[language][integer("room", room, 0, len(ROOMS[language]) - 1)]
    stem, infinitive, word = ADJECTIVES[
        integer("adjective", adjective, 0, len(ADJECTIVES) - 1)
    ]
    if language == "en":
        if ending != "plain":
            raise ValueError(
                f"ending is {ending!r}; English has 'plain' alone"
            )
        verb = {"none": "was", "short": "was not", "long": "wasn't"}[negation]
        return f"the {name} {verb} {word}"
    topic = name + ("은" if has_final(name[-1]) else "는")
    if negation == "long":
        return f"{topic} {stem}지 {inflect('않', '않아', ending)}"
    no = "안 " if negation == "short" else ""
    return f"{topic} {no}{inflect(stem, infinitive, ending)}"


def draw_clause(
    room: int,
    *,
    good: bool,
    unseen: bool,
    language: str,
    rng: np.random.Generator,
    negation: str = "none",
) -> str:
    """Praise a room, or complain of it, with an adjective drawn at random.

    Parameters
    ----------
    room
        A place in `ROOMS`.
    good
        Whether the clause praises, negation included.
    unseen
        Whether to draw from the quarter of the pairs of room and adjective that
        training lacks (each room lacks two good ones and two bad ones), or from
        all others.
    language
        ``"ko"`` or ``"en"``.
    rng
        Draws the adjective.
    negation
        One of `NEGATIONS`.

    Returns
    -------
    str
        What `clause` returns, and its errors.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> draw_clause(2, good=True, unseen=False, language="en", rng=rng)
    'the lobby was pretty'
    """
    word_is_good = good == (negation == "none")
    choice = [
        a
        for a in range(len(ADJECTIVES))
        if (a < NUM_GOOD) == word_is_good and ((room + a) % 4 == 0) == unseen
    ]
    adjective = int(rng.choice(choice))
    return clause(int(room), adjective, language=language, negation=negation)


def join_clauses(*clauses: str, kind: str, language: str) -> str:
    """Make one text of one clause or of two.

    Parameters
    ----------
    clauses
        As `clause` returns them.
    kind
        ``"one"`` for one clause, ``"and"`` or ``"but"`` for two.
    language
        ``"ko"`` or ``"en"``.

    Raises
    ------
    ValueError
        If the kind is another, or the number of clauses does not fit.

    Examples
    --------
    >>> join_clauses("a was b", "c was d", kind="but", language="en")
    'A was b, but c was d.'
    """
    forms = _JOINED[language]
    if kind not in forms or len(clauses) != (1 if kind == "one" else 2):
        raise ValueError(
            f"{len(clauses)} clauses of kind {kind!r}; expected one clause for "
            "'one', two for 'and' and 'but'"
        )
    text = forms[kind].format(*clauses)
    return text[0].upper() + text[1:]
