"""Eighteen short English sentences, good or bad: a set that is far too small.

What: the sentences of the lecture notes in their order, with the repetitions that
make their test leak.

What not: no split, no vocabulary (`aibook.scratch.vocabulary`).

Book page: labs/sentiment
"""

from __future__ import annotations

__all__ = ["NUM_TRAIN", "SENTENCES"]

#: Text and label, 1 for good; the notes train on the first `NUM_TRAIN`.
SENTENCES = (
    ("This is great", 1),
    ("I love it", 1),
    ("So good", 1),
    ("Amazing work", 1),
    ("Fantastic job", 1),
    ("Not good", 0),
    ("I am disappointed", 0),
    ("Bad experience", 0),
    ("Not happy with this", 0),
    ("Could be better", 0),
    ("Amazing work", 1),
    ("Fantastic job", 1),
    ("Not happy with this", 0),
    ("Could be better", 0),
    ("I am very good", 1),
    ("An excellent experience", 1),
    ("I am not happy", 0),
    ("It was a bad day", 0),
)

NUM_TRAIN = 10
