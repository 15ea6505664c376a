"""Syllables spoken by speakers who never were: vowels, and b, d and g before them.

A speaker has a vocal tract of some length, a pitch, a pace and a voice more or less
breathy. The formants of the vowels are measured ones (`aibook.scratch.vowels`),
shifted as the tract is shorter or longer. A consonant closes the mouth; when it
opens, and before it closes, the formants come from and go to places of its own.

Not here: other consonants, stress, melody, the burst of air at the release.

Sources: `aibook.scratch.vowels`; P. Delattre, A. Liberman and F. Cooper, "Acoustic
loci and transitional cues for consonants", JASA 27, 1955 (where the second formant
of b, d and g points); D. Klatt, "Software for a cascade/parallel formant
synthesizer", JASA 67, 1980.

Book page: sequences/speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_count, check_finite
from aibook.scratch.vowels import BANDWIDTHS, FORMANTS, RATE

__all__ = [
    "LOCI",
    "Speaker",
    "draw_speaker",
    "draw_text",
    "say",
    "shape_sound",
]

LOCI = {"b": 720.0, "d": 1800.0, "g": 3000.0}
"""Where the second formant of each consonant points, in hertz."""

CLOSED = 200.0  # first formant while the mouth is closed, in hertz
HIGHEST = 0.47 * RATE  # of a formant: the band ends at half the rate
STEP = 40  # samples between two settings of the resonators: 5 ms

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
    source = _pulses(pitch, len(loudness), rng)
    source += breath * rng.normal(size=source.shape)
    sound = shape_sound(source * loudness, tracks[..., :3])
    sounds = []
    for column, plan in zip(sound.T, plans, strict=True):
        x = column[: len(plan) * STEP]
        sounds.append(rng.uniform(0.3, 1.0) * x / np.abs(x).max())
    return sounds


def shape_sound(source: ArrayLike, formants: ArrayLike) -> Array:
    """Let sources pass through resonators that move, three in a row.

    Parameters
    ----------
    source
        Samples of N sources, shape (T, N).
    formants
        In hertz, shape (S, N, 3), 0 to half of `RATE`; one setting for every 40
        samples (5 ms), so S is T / 40, rounded up.

    Returns
    -------
    Array of shape (T, N): the sound in front of the lips.

    Raises
    ------
    ValueError
        If shapes or frequencies do not fit.

    References
    ----------
    Klatt (1980), equation 2.

    Examples
    --------
    >>> shape_sound(np.eye(80, 1), np.full((2, 1, 3), 500.0)).shape
    (80, 1)
    """
    x, f = check_finite("source", source), check_finite("formants", formants)
    if (
        x.ndim != 2
        or f.shape != (-(-len(x) // STEP), x.shape[1], 3)
        or not (f.min() >= 0 and f.max() <= RATE / 2)
    ):
        raise ValueError(
            f"source has shape {x.shape}, formants {f.shape}; expected (T, N) and "
            f"(T / {STEP}, N, 3), and frequencies from 0 to {RATE / 2:g}"
        )
    tilt = np.exp(-2 * np.pi * 100 / RATE)  # the folds favour low tones
    x = _filter(x, np.full(len(f), 2 * np.sqrt(tilt))[:, None], -tilt)
    for k, bandwidth in enumerate(BANDWIDTHS):
        C = -np.exp(-2 * np.pi * bandwidth / RATE)
        B = 2 * np.sqrt(-C) * np.cos(2 * np.pi * f[:, :, k] / RATE)
        x = _filter(x, B, C)
    return np.diff(x, axis=0, prepend=0.0)  # lips favour high tones


def _filter(x: Array, B: Array, C: float) -> Array:
    """Return y[n] = (1 - B - C) x[n] + B y[n-1] + C y[n-2], B new every step."""
    y = np.empty_like(x)
    last, older = np.zeros(x.shape[1]), np.zeros(x.shape[1])
    for n in range(len(x)):
        b = B[n // STEP]
        y[n] = (1 - b - C) * x[n] + b * last + C * older
        last, older = y[n], last
    return y


def _pulses(pitch: Array, num: int, rng: np.random.Generator) -> Array:
    """Return a pulse for every vibration, shape (num, N); the pitch falls slowly."""
    seconds = np.arange(num)[:, None] / RATE
    melody = (
        1.05
        - 0.1 * seconds
        + 0.02 * np.sin(2 * np.pi * (rng.uniform(2, 5, len(pitch)) * seconds))
    )
    advance = pitch * np.maximum(melody, 0.6) / RATE
    phase = np.cumsum(advance, axis=0) + rng.uniform(size=len(pitch))
    whole = np.floor(phase)
    new = np.diff(whole, axis=0, prepend=whole[:1])
    late = (
        (phase - whole) / advance * new
    )  # the pulse fell between two samples
    pulses = new - late
    pulses[:-1] += late[1:]
    return pulses


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
