"""Opinions about the rooms of a hotel, in Korean and English, with negation.

What: sentences of a small grammar, of one clause or two, and whether they are good
or bad in the end. Good and bad words are equally many in either class, and what
follows "but" has the last word, so that the order of the words decides. Some pairs
of room and adjective are kept from training. For Korean also clauses whose
adjective has an ending that training lacks (`aibook.data.adjectives`).

What not: a clause by itself (`aibook.data.clauses`); nothing that people wrote
(`aibook.data.reviews`); no irony, no degrees.

Book page: labs/sentiment
"""

from __future__ import annotations

from itertools import product

import numpy as np

from aibook.data.adjectives import ADJECTIVES, ENDINGS, NUM_GOOD
from aibook.data.checks import integer
from aibook.data.clauses import (
    LANGUAGES,
    NEGATIONS,
    ROOMS,
    Labelled,
    clause,
    draw_clause,
    join_clauses,
)

__all__ = [
    "MOST",
    "draw_opinions",
    "korean_forms",
]

#: How many sentences there are without repeating, of seen and of unseen pairs.
MOST = {False: 1200, True: 400}

_KINDS = ("one", "and", "but", "and", "but")


def draw_opinions(
    num_sentences: int, *, language: str, unseen: bool = False, seed: int = 0
) -> Labelled:
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
    Labelled
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
            negation = str(rng.choice(NEGATIONS, p=[0.5, 0.25, 0.25]))
            part = draw_clause(
                room,
                good=good != (kind == "but" and place == 0),
                unseen=unseen,
                language=language,
                rng=rng,
                negation=negation,
            )
            parts.append(part)
        text = join_clauses(*parts, kind=kind, language=language)
        found.setdefault(text, (int(good), kind))
    return Labelled(
        list(found),
        np.array([label for label, _ in found.values()]),
        [kind for _, kind in found.values()],
    )


def korean_forms(*, unseen: bool) -> Labelled:
    """Return all Korean clauses whose adjective has an ending that is (un)seen.

    Of the five endings each adjective lacks two in training, not the same as its
    neighbour, so that every ending is seen on others.

    Parameters
    ----------
    unseen
        Whether to return the clauses that training lacks.

    Returns
    -------
    Labelled
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
    return Labelled(texts, np.array(labels), kinds)
