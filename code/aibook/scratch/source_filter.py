"""A voice as a source and a filter: pulses, and resonators that they pass through.

Letters: T samples, N sources, S settings of the resonators, one every 5 ms.

Not here: which formants make which sound (`aibook.scratch.syllables`).

Sources: G. Fant, "Acoustic Theory of Speech Production", Mouton, 1960; D. Klatt,
"Software for a cascade/parallel formant synthesizer", JASA 67, 1980.

Book page: sequences/speech.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_finite
from aibook.scratch.vowels import BANDWIDTHS, RATE

__all__ = ["STEP", "pulse_trains", "shape_sound"]

STEP = 40
"""Samples between two settings of the resonators: 5 ms."""

Array = NDArray[np.float64]


def pulse_trains(
    pitch: Array, num_samples: int, rng: np.random.Generator
) -> Array:
    """Return a pulse for every vibration of the vocal folds; the pitch falls slowly.

    Parameters
    ----------
    pitch
        Vibrations a second at the beginning, about, of N sources, shape (N,).
    num_samples
        Length, `RATE` samples a second.
    rng
        Draws where each source begins, and how its pitch wavers.

    Returns
    -------
    Array of shape (num_samples, N): 0 but for the pulses, each of which is shared
    between the two samples that it falls between.

    Examples
    --------
    >>> buzz = pulse_trains(np.array([100.0]), RATE, np.random.default_rng(0))
    >>> bool(95 < buzz.sum() < 105)
    True
    """
    seconds = np.arange(num_samples)[:, None] / RATE
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
