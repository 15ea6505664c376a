"""Speakers who never were, drawn by chance.

A speaker has a vocal tract of some length, a pitch, a pace and a voice more or less
breathy, and vowels with habits of their own.

Not here: what they say and how it sounds (`aibook.scratch.syllables`).

Source: the ranges are the book's own, around the measured formants of
`aibook.scratch.vowels`.

Book page: sequences/speech.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.vowels import FORMANTS

__all__ = ["Speaker", "draw_speaker"]

Array = NDArray[np.float64]


class Speaker(NamedTuple):
    """What tells one voice from another."""

    scale: float
    """Formants as a multiple of the measured ones: above 1 for a short tract."""
    pitch: float
    """Vibrations of the vocal folds a second."""
    pace: float
    """Syllables a second, relative to 1 for about five."""
    breath: float
    """Strength of the noise in the source, 0 for none."""
    habits: Array
    """Deviations of the formants, relative, shape (5, 3): rows as `FORMANTS`."""


def draw_speaker(
    rng: np.random.Generator, *, scale: float | None = None
) -> Speaker:
    """Draw a voice; women's and men's tracts, and all between.

    Parameters
    ----------
    rng
        Source of chance.
    scale
        `Speaker.scale`; drawn from 0.9 to 1.2 if missing.

    Raises
    ------
    ValueError
        For a scale outside 0.7 to 1.3.

    Examples
    --------
    >>> speaker = draw_speaker(np.random.default_rng(0))
    >>> 0.9 <= speaker.scale <= 1.2 and speaker.habits.shape == (5, 3)
    True
    """
    size = rng.uniform(0.9, 1.2)
    if scale is not None:
        if not 0.7 <= scale <= 1.3:
            raise ValueError(f"scale = {scale}; expected 0.7 to 1.3")
        size = scale
    return Speaker(
        scale=size,
        pitch=float(np.clip(130 * size**3 * rng.lognormal(0, 0.15), 70, 320)),
        pace=rng.uniform(0.8, 1.25),
        breath=rng.uniform(0.0, 0.1),
        habits=np.clip(rng.normal(0, 0.03, (len(FORMANTS), 3)), -0.08, 0.08),
    )
