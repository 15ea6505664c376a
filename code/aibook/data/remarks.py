"""Remarks about the rooms of a hotel, whose words can be learnt from their company.

What: sentences of one clause or two, in Korean and English, and whether they are good
or bad in the end. "And" joins clauses that agree, "but" clauses that do not, and "and"
is the more frequent. So adjectives that stand together mostly mean the same, and a
model can sort them without labels. Some pairs of room and adjective are kept from
training.

What not: no negation, and no balance that would hide from a bag of words what a
sentence means (`aibook.data.opinions` has both); nothing that people
wrote.

Book page: sequences/language-models
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aibook.data.adjectives import ADJECTIVES, NUM_GOOD
from aibook.data.checks import integer
from aibook.data.clauses import ROOMS, clause
from aibook.data.opinions import Opinions

__all__ = ["KINDS", "draw_remarks"]

#: The turns that the kinds of sentences take.
KINDS = ("one", "and", "and", "and", "but")

_FORMS = {
    "ko": {
        "one": "{0}.",
        "and": "{0}. 그리고 {1}.",
        "but": "{0}. 하지만 {1}.",
    },
    "en": {"one": "{0}.", "and": "{0}, and {1}.", "but": "{0}, but {1}."},
}


def draw_remarks(
    num_sentences: int,
    *,
    language: str,
    kinds: Sequence[str] = KINDS,
    unseen: bool = False,
    seed: int = 0,
) -> Opinions:
    """Draw sentences; some may occur twice.

    With "and" both clauses are good or both bad; with "but" they differ, and the
    second decides. Both labels are equally likely.

    Parameters
    ----------
    num_sentences
        N, from 1.
    language
        ``"ko"`` or ``"en"``.
    kinds
        Of ``"one"``, ``"and"`` and ``"but"``; they take turns.
    unseen
        Draw from the quarter of the pairs of room and adjective that training lacks,
        instead of from all others.
    seed
        At least 0.

    Returns
    -------
    Opinions
        Texts, labels (1 for good), and kinds.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> texts, y, kinds = draw_remarks(5, language="en", seed=1)
    >>> kinds
    ['one', 'and', 'and', 'and', 'but']
    """
    if language not in _FORMS:
        raise ValueError(f"language is {language!r}; expected 'ko' or 'en'")
    if not kinds or not set(kinds) <= set(KINDS):
        raise ValueError(f"kinds are {kinds}; expected some of one, and, but")
    integer("num_sentences", num_sentences, 1)
    rng = np.random.default_rng(integer("seed", seed, 0))
    forms = _FORMS[language]
    texts, labels, turns = [], [], []
    for i in range(num_sentences):
        kind = kinds[i % len(kinds)]
        good = bool(rng.integers(2))
        first, second = rng.permutation(len(ROOMS[language]))[:2]
        text = forms[kind].format(
            _draw_clause(
                first, good != (kind == "but"), unseen, language, rng
            ),
            _draw_clause(second, good, unseen, language, rng),
        )
        texts.append(text[0].upper() + text[1:])
        labels.append(int(good))
        turns.append(kind)
    return Opinions(texts, np.array(labels), turns)


def _draw_clause(
    room: int,
    good: bool,
    unseen: bool,
    language: str,
    rng: np.random.Generator,
) -> str:
    """Say something good or bad of a room, of the pairs seen or unseen."""
    choice = [
        a
        for a in range(len(ADJECTIVES))
        if (a < NUM_GOOD) == good and ((room + a) % 4 == 0) == unseen
    ]
    return clause(int(room), int(rng.choice(choice)), language=language)
