"""Remarks about the rooms of a hotel, whose words can be learnt from their company.

What: sentences of two clauses, in Korean and English, and whether they are good
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

from aibook.data.checks import integer
from aibook.data.clauses import (
    LANGUAGES,
    ROOMS,
    Labelled,
    draw_clause,
    join_clauses,
)

__all__ = ["KINDS", "draw_remarks"]

#: The turns that the kinds of sentences take.
KINDS = ("and", "and", "and", "but")


def draw_remarks(
    num_sentences: int,
    *,
    language: str,
    kinds: Sequence[str] = KINDS,
    unseen: bool = False,
    seed: int = 0,
) -> Labelled:
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
        Of ``"and"`` and ``"but"``; they take turns.
    unseen
        Draw from the quarter of the pairs of room and adjective that training lacks,
        instead of from all others.
    seed
        At least 0.

    Returns
    -------
    Labelled
        Texts, labels (1 for good), and kinds.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> texts, y, kinds = draw_remarks(5, language="en", seed=1)
    >>> kinds
    ['and', 'and', 'and', 'but', 'and']
    """
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}; expected 'ko' or 'en'")
    if not kinds or not set(kinds) <= set(KINDS):
        raise ValueError(f"kinds are {kinds}; expected some of and, but")
    integer("num_sentences", num_sentences, 1)
    rng = np.random.default_rng(integer("seed", seed, 0))
    texts, labels, turns = [], [], []
    for i in range(num_sentences):
        kind = kinds[i % len(kinds)]
        good = bool(rng.integers(2))
        rooms = rng.permutation(len(ROOMS[language]))[:2]
        parts = [
            draw_clause(
                room,
                good=good != (kind == "but" and place == 0),
                unseen=unseen,
                language=language,
                rng=rng,
            )
            for place, room in enumerate(rooms)
        ]
        texts.append(join_clauses(*parts, kind=kind, language=language))
        labels.append(int(good))
        turns.append(kind)
    return Labelled(texts, np.array(labels), turns)
