"""Opinions about the rooms of a hotel, in Korean and English, with negation.

What: sentences of a small grammar, of one clause or two, and whether they are good
or bad in the end. Good and bad words are equally many in either class, and what
follows "but" has the last word, so that the order of the words decides. Some pairs
of room and adjective are kept from training. For Korean also the forms that an
adjective takes with five endings.

What not: nothing that people wrote (`aibook.data.reviews`); no irony, no degrees.

Book page: labs/sentiment
"""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer

__all__ = [
    "ADJECTIVES",
    "ENDINGS",
    "MOST",
    "NEGATIONS",
    "ROOMS",
    "Opinions",
    "clause",
    "draw_opinions",
    "inflect",
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

#: Stem and its form with 아 or 어, and the English word; eight good, eight bad.
ADJECTIVES = (
    ("좋", "좋아", "good"),
    ("넓", "넓어", "spacious"),
    ("밝", "밝아", "bright"),
    ("깨끗하", "깨끗해", "clean"),
    ("조용하", "조용해", "quiet"),
    ("따뜻하", "따뜻해", "warm"),
    ("편하", "편해", "comfortable"),
    ("예쁘", "예뻐", "pretty"),
    ("나쁘", "나빠", "bad"),
    ("좁", "좁아", "cramped"),
    ("어둡", "어두워", "dark"),
    ("더럽", "더러워", "dirty"),
    ("시끄럽", "시끄러워", "noisy"),
    ("춥", "추워", "cold"),
    ("불편하", "불편해", "uncomfortable"),
    ("지저분하", "지저분해", "messy"),
)
NUM_GOOD = 8

#: Two ways to say no: "안 좋다" and "좋지 않다", "was not" and "wasn't".
NEGATIONS = ("none", "short", "long")

#: -다, -아요, -ㅂ니다, -았어요, -네요.
ENDINGS = ("plain", "polite", "formal", "past", "exclaiming")

#: How many sentences there are without repeating, of seen and of unseen pairs.
MOST = {False: 1200, True: 400}

_KINDS = ("one", "and", "but", "and", "but")
_JOIN = {
    "ko": {"and": "{0}. 그리고 {1}.", "but": "{0}. 하지만 {1}."},
    "en": {"and": "{0}, and {1}.", "but": "{0}, but {1}."},
}
_PIEUP, _SSANGSIOS, _FINALS = (
    17,
    20,
    28,
)  # of Unicode's order of final consonants


class Opinions(NamedTuple):
    """Texts, labels (1 for good), and of which kind each text is."""

    texts: list[str]
    y: npt.NDArray[np.int64]
    kinds: list[str]


def _has_final(syllable: str) -> bool:
    return (ord(syllable) - ord("가")) % _FINALS > 0


def inflect(stem: str, infinitive: str, ending: str) -> str:
    """Give a Korean adjective one of `ENDINGS`.

    Parameters
    ----------
    stem, infinitive
        As in `ADJECTIVES`.
    ending
        One of `ENDINGS`.

    Raises
    ------
    ValueError
        For another ending.

    Examples
    --------
    >>> [inflect("나쁘", "나빠", ending) for ending in ENDINGS]
    ['나쁘다', '나빠요', '나쁩니다', '나빴어요', '나쁘네요']
    """
    if ending not in ENDINGS:
        raise ValueError(
            f"ending is {ending!r}; expected one of {', '.join(ENDINGS)}"
        )
    if ending == "polite":
        return infinitive + "요"
    if ending == "past":
        return infinitive[:-1] + chr(ord(infinitive[-1]) + _SSANGSIOS) + "어요"
    if ending == "formal":
        if _has_final(stem[-1]):
            return stem + "습니다"
        return stem[:-1] + chr(ord(stem[-1]) + _PIEUP) + "니다"
    return stem + {"plain": "다", "exclaiming": "네요"}[ending]


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
    topic = name + ("은" if _has_final(name[-1]) else "는")
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
