"""Vowels from nothing: a buzz like that of the vocal folds, shaped by resonances.

The source is a pulse for every vibration of the folds; the mouth is a chain of
resonators, whose frequencies, the formants, make one vowel differ from another.
So a line of vowels can be spoken without any recording.

Not here: consonants, melody, changes from one sound to the next.

Sources: G. Peterson and H. Barney, "Control methods used in a study of the
vowels", JASA 24, 1952 (the formants, means of 33 men); D. Klatt, "Software for a
cascade/parallel formant synthesizer", JASA 67, 1980 (the resonator).

Book page: ai/tasks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from aibook.scratch.checks import check_finite, check_positive

__all__ = ["FORMANTS", "RATE", "find_formants", "resonate", "speak"]

RATE = 8000
"""Samples a second."""

FORMANTS = {
    "i": (270, 2290, 3010),
    "e": (530, 1840, 2480),
    "a": (730, 1090, 2440),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
}
"""The first three formants of each vowel in hertz (American English, men)."""

BANDWIDTHS = (60.0, 90.0, 120.0)

Array = NDArray[np.float64]


def resonate(signal: ArrayLike, frequency: float, bandwidth: float) -> Array:
    """Let a signal pass through one resonator, y[n] = A x[n] + B y[n-1] + C y[n-2].

    Parameters
    ----------
    signal
        Samples, shape (T,).
    frequency
        Where it resonates, in hertz, from 0 to half of `RATE`.
    bandwidth
        How broadly, in hertz, above 0.

    Returns
    -------
    Array of shape (T,); a constant signal keeps its height.

    Raises
    ------
    ValueError
        For numbers out of range.

    References
    ----------
    Klatt (1980), equation 2.

    Examples
    --------
    >>> resonate(np.ones(2000), 500.0, 60.0)[-1].round(6)
    np.float64(1.0)
    """
    x = check_finite("signal", signal)
    check_positive("bandwidth", bandwidth)
    if x.ndim != 1 or not 0 <= frequency <= RATE / 2:
        raise ValueError(
            f"signal has shape {x.shape}, frequency is {frequency!r}; expected "
            f"(T,) and 0 to {RATE / 2:g}"
        )
    C = -np.exp(-2 * np.pi * bandwidth / RATE)
    B = (
        2
        * np.exp(-np.pi * bandwidth / RATE)
        * np.cos(2 * np.pi * frequency / RATE)
    )
    return lfilter([1 - B - C], [1, -B, -C], x)  # type: ignore[no-any-return]


def speak(text: str, *, pitch: float = 110.0, seconds: float = 0.3) -> Array:
    """Turn vowels into sound.

    Parameters
    ----------
    text
        One or more of the letters of `FORMANTS`.
    pitch
        Vibrations a second, 50 to 400.
    seconds
        The length of each vowel, 0.05 or more.

    Returns
    -------
    Array of samples, -1 to 1, `RATE` of them a second.

    Raises
    ------
    ValueError
        For another letter, no letter, or numbers out of range.

    Examples
    --------
    >>> speak("ai", seconds=0.5).shape
    (8000,)
    """
    wrong = [letter for letter in text if letter not in FORMANTS]
    if wrong or not text:
        raise ValueError(
            f"text is {text!r}; expected letters of {''.join(FORMANTS)}"
        )
    if not (50 <= pitch <= 400 and 0.05 <= seconds < float("inf")):
        raise ValueError(
            f"pitch = {pitch}, seconds = {seconds}; expected 50 to 400, 0.05 or more"
        )
    num = round(RATE * seconds)
    phase = np.arange(num) * pitch / RATE
    pulses = np.diff(
        np.floor(phase), prepend=-1.0
    )  # 1 at the start of each period
    buzz = resonate(pulses, 0.0, 100.0)  # low tones are stronger
    sounds = []
    for letter in text:
        sound = buzz
        for frequency, bandwidth in zip(
            FORMANTS[letter], BANDWIDTHS, strict=True
        ):
            sound = resonate(sound, frequency, bandwidth)
        sounds.append(sound / np.abs(sound).max())
    return np.concatenate(sounds)


def find_formants(signal: ArrayLike, *, num: int = 3) -> Array:
    """Return the lowest resonances of a sound, by linear prediction.

    Each sample is predicted from those before it; the poles of the predictor are
    the resonances. The tilt of the source is taken off first.

    Parameters
    ----------
    signal
        Samples of one vowel, shape (T,), 100 or more, not silent.
    num
        How many, 1 to 3.

    Returns
    -------
    Array of shape (num,), hertz, ascending.

    Raises
    ------
    ValueError
        For another shape or a number out of range.

    Examples
    --------
    >>> bool(abs(find_formants(speak("a")) - FORMANTS["a"]).max() < 60)
    True
    """
    x = check_finite("signal", signal)
    if x.ndim != 1 or len(x) < 100 or not np.ptp(x) or num not in (1, 2, 3):
        raise ValueError(
            f"signal has shape {x.shape}, num is {num!r}; expected 100 samples or "
            "more of sound, and 1 to 3"
        )
    x = lfilter([1, -np.exp(-np.pi * 100 / RATE)], [1], x)
    x = x * np.hamming(len(x))
    order = 8
    lags = np.array([x[: len(x) - k] @ x[k:] for k in range(order + 1)])
    weights = solve_toeplitz(lags[:-1], lags[1:])
    poles = np.roots(np.r_[1.0, -weights])
    frequencies = np.angle(poles) * RATE / (2 * np.pi)
    narrow = -np.log(np.abs(poles)) * RATE / np.pi < 400  # bandwidth in hertz
    found = np.sort(frequencies[(frequencies > 90) & narrow])
    if len(found) < num:
        raise ValueError(
            f"{len(found)} resonances found; {num} were asked for"
        )
    return found[:num]
