"""Opinions about the rooms of a hotel, in Korean and English, with negation.

What: sentences of a small grammar, of one clause or two, and whether they are good
or bad in the end. Good and bad words are equally many in either class, and what
follows "but" has the last word, so that the order of the words decides. Some pairs
of room and adjective are kept from training. For Korean also clauses whose
adjective has an ending that training lacks (`aibook.data.adjectives`).

What not: nothing that people wrote (`aibook.data.reviews`); no irony, no degrees.

Book page: labs/sentiment
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.adjectives import (
    ADJECTIVES,
    ENDINGS,
    NUM_GOOD,
    has_final,
    inflect,
)
from aibook.data.checks import integer

__all__ = [
    "MOST",
    "NEGATIONS",
    "ROOMS",
    "Opinions",
    "clause",
    "draw_opinions",
    "korean_forms",
]

LANGUAGES = ("ko", "en")

ROOMS = {
    "ko": ("객실", "욕실", "로비", "식당", "카페", "복도", "거실", "회의실"),
    "en": (
        *("bedroom", "bathroom", "lobby", "restaurant"),
        *("cafe", "hallway", "lounge", "office"),
    ),
}

#: Two ways to say no: "안 좋다" and "좋지 않다", "was not" and "wasn't".
NEGATIONS = ("none", "short", "long")

#: How many sentences there are without repeating, of seen and of unseen pairs.
MOST = {False: 1200, True: 400}

_KINDS = ("one", "and", "but", "and", "but")
_JOIN = {
    "ko": {"and": "{0}. 그리고 {1}.", "but": "{0}. 하지만 {1}."},
    "en": {"and": "{0}, and {1}.", "but": "{0}, but {1}."},
}


class Opinions(NamedTuple):
    """Texts, labels (1 for good), and of which kind each text is."""

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


def _is_unseen(room: int, adjective: int) -> bool:
    """Return whether training lacks the pair: each room lacks two of either kind."""
    return (room + adjective) % 4 == 0


def draw_opinions(
    num_sentences: int, *, language: str, unseen: bool = False, seed: int = 0
) -> Opinions:
    """Draw sentences, none of them twice.

    Of five, one has one clause, two have "and", and two have "but". With "and"
    both clauses are good or both bad; with "but" the second decides. Half of the
    clauses are negated, and both labels are equally likely.

    Parameters
    ----------
    num_sentences
        N, from 1 to 1,200 (with ``unseen`` to 400), which is `MOST`.
    language
        ``"ko"`` or ``"en"``.
    unseen
        Draw from the pairs of room and adjective that training lacks, instead of
        all others.
    seed
        At least 0.

    Returns
    -------
    Opinions
        Kinds are ``"one"``, ``"and"`` and ``"but"``.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> texts, y, kinds = draw_opinions(3, language="en", seed=1)
    >>> kinds
    ['one', 'and', 'but']
    >>> len(set(draw_opinions(1200, language="ko").texts))
    1200
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected 'ko' or 'en'")
    integer("num_sentences", num_sentences, 1, MOST[unseen])
    rng = np.random.default_rng(integer("seed", seed, 0))
    found: dict[str, tuple[int, str]] = {}
    while len(found) < num_sentences:
        kind = _KINDS[len(found) % len(_KINDS)]
        good = bool(rng.integers(2))
        rooms = rng.permutation(len(ROOMS[language]))[
            : 1 if kind == "one" else 2
        ]
        parts = []
        for place, room in enumerate(rooms):
            turned = kind == "but" and place == 0
            parts.append(
                _draw_clause(int(room), good != turned, unseen, language, rng)
            )
        text = parts[0] + "."
        if kind != "one":
            text = _JOIN[language][kind].format(*parts)
        found.setdefault(text[0].upper() + text[1:], (int(good), kind))
    return Opinions(
        list(found),
        np.array([label for label, _ in found.values()]),
        [kind for _, kind in found.values()],
    )


def _draw_clause(
    room: int,
    good: bool,
    unseen: bool,
    language: str,
    rng: np.random.Generator,
) -> str:
    negation = str(rng.choice(NEGATIONS, p=[0.5, 0.25, 0.25]))
    word_is_good = good == (negation == "none")
    choice = [
        a
        for a in range(len(ADJECTIVES))
        if (a < NUM_GOOD) == word_is_good and _is_unseen(room, a) == unseen
    ]
    adjective = int(rng.choice(choice))
    return clause(room, adjective, language=language, negation=negation)


def korean_forms(*, unseen: bool) -> Opinions:
    """Return all Korean clauses whose adjective has an ending that is (un)seen.

    Of the five endings each adjective lacks two in training, not the same as its
    neighbour, so that every ending is seen on others.

    Parameters
    ----------
    unseen
        Whether to return the clauses that training lacks.

    Returns
    -------
    Opinions
        In a fixed order; the kinds are `NEGATIONS`.

    Examples
    --------
    >>> len(korean_forms(unseen=False).texts), len(korean_forms(unseen=True).texts)
    (1152, 768)
    """
    texts, labels, kinds = [], [], []
    for a, (e, ending), negation, room in product(
        range(len(ADJECTIVES)),
        enumerate(ENDINGS),
        NEGATIONS,
        range(len(ROOMS["ko"])),
    ):
        if ((a + e) % len(ENDINGS) < 2) == unseen:
            text = clause(
                room, a, language="ko", negation=negation, ending=ending
            )
            texts.append(text + ".")
            labels.append(int((a < NUM_GOOD) == (negation == "none")))
            kinds.append(negation)
    return Opinions(texts, np.array(labels), kinds)
