"""A clause about a room of a hotel, in Korean or English, with or without negation.

What: "the lobby was not dark", and what it is in Korean, with any of its endings.

What not: sentences of two clauses and their labels (`aibook.data.opinions`).

Book page: labs/sentiment
"""

from __future__ import annotations

from aibook.data.adjectives import ADJECTIVES, has_final, inflect
from aibook.data.checks import integer

__all__ = ["LANGUAGES", "NEGATIONS", "ROOMS", "clause"]

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
