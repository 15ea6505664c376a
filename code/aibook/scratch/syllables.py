"""Syllables spoken by speakers who never were: vowels, and b, d and g before them.

The formants of the vowels are measured ones (`aibook.scratch.vowels`), shifted as the
speaker's tract is shorter or longer. A consonant closes the mouth; when it opens, and
before it closes, the formants come from and go to places of its own.

Not here: who speaks (`aibook.scratch.speakers`), how formants become sound
(`aibook.scratch.source_filter`), other consonants, stress, melody, the burst of air
at the release.

Source: P. Delattre, A. Liberman and F. Cooper, "Acoustic loci and transitional cues
for consonants", JASA 27, 1955 (where the second formant of b, d and g points).

Book page: sequences/speech.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.checks import check_count
from aibook.scratch.source_filter import STEP, pulse_trains, shape_sound
from aibook.scratch.speakers import Speaker
from aibook.scratch.vowels import FORMANTS, RATE

__all__ = ["LOCI", "draw_text", "say"]

LOCI = {"b": 720.0, "d": 1800.0, "g": 3000.0}
"""Where the second formant of each consonant points, in hertz.

The 3,000 Hz of g were measured before i, e and a; here they hold before all vowels.
"""

CLOSED = 200.0  # first formant while the mouth is closed, in hertz
HIGHEST = 0.47 * RATE  # of a formant: the band ends at half the rate

Array = NDArray[np.float64]


def draw_text(rng: np.random.Generator, *, num_syllables: int) -> str:
    """Draw syllables: each a vowel, alone or after b, d or g.

    Parameters
    ----------
    rng
        Source of chance.
    num_syllables
        1 or more.

    Raises
    ------
    ValueError
        If ``num_syllables`` is below 1.

    Examples
    --------
    >>> draw_text(np.random.default_rng(1), num_syllables=4)
    'baguigu'
    """
    check_count("num_syllables", num_syllables)
    starts, vowels = ["", *LOCI], list(FORMANTS)
    return "".join(
        str(rng.choice(starts)) + str(rng.choice(vowels))
        for _ in range(num_syllables)
    )


def say(
    texts: Sequence[str], speakers: Sequence[Speaker], *, seed: int
) -> list[Array]:
    """Let speakers say texts, one each.

    Parameters
    ----------
    texts
        Vowels of `FORMANTS`, each alone or after one consonant of `LOCI`.
    speakers
        As many as texts.
    seed
        Fixes breath, loudness and small irregularities.

    Returns
    -------
    One array of samples for each text, -1 to 1, `RATE` of them a second.

    Raises
    ------
    ValueError
        For a text with other letters or an order that has no syllables, and for
        other numbers of texts and speakers.

    Examples
    --------
    >>> from aibook.scratch.speakers import draw_speaker
    >>> rng = np.random.default_rng(0)
    >>> [sound] = say(["bada"], [draw_speaker(rng)], seed=0)
    >>> 0.3 < len(sound) / RATE < 0.9
    True
    """
    if len(texts) != len(speakers) or not texts:
        raise ValueError(
            f"{len(texts)} texts, {len(speakers)} speakers; expected one each"
        )
    rng = np.random.default_rng(seed)
    plans = [
        _plan(text, speaker, rng)
        for text, speaker in zip(texts, speakers, strict=True)
    ]
    num_steps = max(len(plan) for plan in plans)
    tracks = np.stack(
        [
            np.pad(p, ((0, num_steps - len(p)), (0, 0)), mode="edge")
            for p in plans
        ],
        axis=1,
    )  # (S, N, 4): three formants and the loudness
    loudness = np.repeat(tracks[..., 3], STEP, axis=0)  # (T, N)
    pitch = np.array([speaker.pitch for speaker in speakers])
    breath = np.array([speaker.breath for speaker in speakers])
    source = pulse_trains(pitch, len(loudness), rng)
    source += breath * rng.normal(size=source.shape)
    sound = shape_sound(source * loudness, tracks[..., :3])
    sounds = []
    for column, plan in zip(sound.T, plans, strict=True):
        x = column[: len(plan) * STEP]
        sounds.append(rng.uniform(0.3, 1.0) * x / np.abs(x).max())
    return sounds


def _plan(text: str, speaker: Speaker, rng: np.random.Generator) -> Array:
    """Return formants and loudness of a text every 5 ms, shape (S, 4)."""
    points = []  # (seconds, F1, F2, F3, loudness)
    time, here, last = 0.0, np.zeros(3), ""
    for consonant, vowel in _syllables(text):
        row = list(FORMANTS).index(vowel)
        there = np.array(FORMANTS[vowel]) * (1 + speaker.habits[row])
        there = there * speaker.scale
        here = there if not last else here
        if consonant:
            locus = np.array([CLOSED, LOCI[consonant], np.nan]) * speaker.scale
            toward = [
                np.where(np.isnan(locus), f, (f + locus) / 2)
                for f in (here, there)
            ]
            gap, quiet = 0.07, 0.03
        else:
            toward, gap, quiet = [here, there], 0.05, 0.0
        if last:
            points.append((time - 0.04, *here, 1.0))
        pace = speaker.pace * rng.uniform(0.9, 1.1)
        points.append((time, *toward[0], 0.6 if last else 0.0))
        points.append((time + 0.01, *toward[0], quiet))
        time += gap / pace
        points.append((time, *toward[1], quiet))
        points.append((time + 0.01, *toward[1], 0.7))
        points.append((time + 0.05, *there, 1.0))
        time += 0.05 + rng.uniform(0.11, 0.16) / pace
        here, last = there, vowel
    points.append((time - 0.04, *here, 1.0))
    points.append((time, *here, 0.0))
    at, *tracks = np.array(points).T
    grid = np.arange(0, time, STEP / RATE)
    plan = np.column_stack([np.interp(grid, at, track) for track in tracks])
    plan[:, :3] = np.minimum(plan[:, :3], HIGHEST)
    return plan


def _syllables(text: str) -> list[tuple[str, str]]:
    """Return each consonant, or nothing, with its vowel."""
    found, rest = [], text
    while rest:
        consonant = rest[0] if rest[0] in LOCI else ""
        vowel = rest[len(consonant) :][:1]
        if vowel not in FORMANTS:
            break
        found.append((consonant, vowel))
        rest = rest[len(consonant) + 1 :]
    if rest or not found:
        raise ValueError(
            f"text is {text!r}; expected vowels of {''.join(FORMANTS)}, each alone "
            f"or after one of {''.join(LOCI)}"
        )
    return found
