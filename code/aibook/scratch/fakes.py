"""Fake voices: one played from a loudspeaker, one rebuilt from a spectrogram.

Every microphone hears a room and some noise. A replayed voice has been through
that twice, and through a loudspeaker in between. A rebuilt one never was a voice:
its loudness at each time and pitch is that of a voice, its phases are guessed.

Not here: voices converted into other voices, synthesis by networks.

Sources: X. Wang et al., "ASVspoof 2019", Computer Speech & Language 64, 2020 (which
fakes are told apart); D. Griffin and J. Lim, "Signal estimation from modified
short-time Fourier transform", IEEE Transactions on Acoustics, Speech, and Signal
Processing 32, 1984 (the phases).

Book page: sequences/speech.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from aibook.scratch.checks import check_count, check_finite
from aibook.scratch.spectrogram import hann, mel_bands, stft
from aibook.scratch.vowels import RATE

__all__ = ["istft", "rebuild", "record", "replay"]

SIZE, HOP = 256, 64

Array = NDArray[np.float64]


def record(sound: ArrayLike, rng: np.random.Generator) -> Array:
    """Return what a microphone in a room hears of a sound.

    Parameters
    ----------
    sound
        Samples, shape (T,), not silent.
    rng
        Draws the room: its echoes fade by 60 decibels within 0.1 to 0.4 seconds
        and are 6 to 16 decibels weaker than the sound itself; the noise is 15 to
        30 decibels weaker.

    Returns
    -------
    Array of shape (T,), as loud as before.

    Raises
    ------
    ValueError
        If the sound has another shape or is silent.

    Examples
    --------
    >>> record(np.ones(100), np.random.default_rng(0)).shape
    (100,)
    """
    x = _check(sound)
    seconds = np.arange(int(0.4 * RATE)) / RATE
    fading = 10 ** (-3 * seconds / rng.uniform(0.1, 0.4))
    echo = rng.normal(size=len(seconds)) * fading
    echo *= 10 ** (-rng.uniform(6, 16) / 20) / np.linalg.norm(echo)
    echo[0] = 1.0  # the sound itself
    heard = fftconvolve(x, echo)[: len(x)]
    noise = rng.normal(size=len(x)) * heard.std()
    heard = heard + noise * 10 ** (-rng.uniform(15, 30) / 20)
    return np.asarray(heard * np.linalg.norm(x) / np.linalg.norm(heard))


def replay(sound: ArrayLike, rng: np.random.Generator) -> Array:
    """Record a sound, play it from a small loudspeaker, and record it again.

    Parameters
    ----------
    sound
        Samples, shape (T,), not silent.
    rng
        Draws both rooms, and the band of the loudspeaker: from 150 to 400 Hz up
        to 2,600 to 3,600 Hz.

    Returns
    -------
    Array of shape (T,).

    Raises
    ------
    ValueError
        If the sound has another shape or is silent.

    Examples
    --------
    >>> replay(np.ones(100), np.random.default_rng(0)).shape
    (100,)
    """
    band = [rng.uniform(150, 400), rng.uniform(2600, 3600)]
    loudspeaker = butter(2, band, "bandpass", fs=RATE, output="sos")
    return record(sosfilt(loudspeaker, record(sound, rng)), rng)


def rebuild(
    sound: ArrayLike,
    rng: np.random.Generator,
    *,
    num_bands: int = 40,
    num_rounds: int = 8,
) -> Array:
    """Keep only how loud each band of mel is in each frame, and make sound of it.

    Parameters
    ----------
    sound
        Samples, shape (T,), 256 or more, not silent.
    rng
        Draws the phases to start with.
    num_bands
        Of `mel_bands`.
    num_rounds
        How often the phases are made to fit each other.

    Returns
    -------
    Array of shape (T,).

    Raises
    ------
    ValueError
        If the sound is too short or silent, or a number below 1.

    References
    ----------
    Griffin and Lim (1984).

    Examples
    --------
    >>> rebuild(np.sin(np.arange(800)), np.random.default_rng(0)).shape
    (800,)
    """
    x = _check(sound)
    check_count("num_rounds", num_rounds)
    padded = np.pad(x, SIZE)  # so that every sample lies in whole frames
    padded = np.pad(padded, (0, -len(padded) % HOP))
    bands = mel_bands(num_bands, size=SIZE, rate=RATE)
    loudness = np.abs(stft(padded, size=SIZE, hop=HOP))
    shares = bands / bands.sum(axis=1, keepdims=True)
    spread = bands / np.maximum(bands.sum(axis=0), 1e-9)
    kept = spread.T @ (shares @ loudness)  # the bands are all that is left
    phase = np.exp(2j * np.pi * rng.uniform(size=kept.shape))
    for _ in range(num_rounds):
        rebuilt = istft(kept * phase, size=SIZE, hop=HOP)
        fitting = stft(rebuilt, size=SIZE, hop=HOP)
        phase = fitting / np.maximum(np.abs(fitting), 1e-12)
    rebuilt = istft(kept * phase, size=SIZE, hop=HOP)[SIZE:][: len(x)]
    return np.asarray(rebuilt * np.linalg.norm(x) / np.linalg.norm(rebuilt))


def istft(frames: ArrayLike, *, size: int, hop: int) -> Array:
    """Return the signal whose `stft` is nearest to the frames.

    Parameters
    ----------
    frames
        Complex, shape (F, L).
    size, hop
        As `stft` was given them.

    Returns
    -------
    Array of shape ((L - 1) * hop + size,); 0 where no window has weight.

    Raises
    ------
    ValueError
        If F is not ``size // 2 + 1`` or there is no frame.

    References
    ----------
    Griffin and Lim (1984), equation 6.

    Examples
    --------
    >>> x = np.sin(np.arange(100))
    >>> back = istft(stft(x, size=20, hop=5), size=20, hop=5)
    >>> bool(np.allclose(back[1:], x[1:]))
    True
    """
    X = np.asarray(frames)
    window = hann(size)
    check_count("hop", hop)
    if X.ndim != 2 or X.shape[0] != size // 2 + 1 or not X.shape[1]:
        raise ValueError(
            f"frames have shape {X.shape}; expected ({size // 2 + 1}, L)"
        )
    pieces = np.fft.irfft(X.T, n=size) * window  # (L, W)
    signal = np.zeros((len(pieces) - 1) * hop + size)
    weight = np.zeros_like(signal)
    for k, piece in enumerate(pieces):
        signal[k * hop : k * hop + size] += piece
        weight[k * hop : k * hop + size] += window**2
    return np.where(weight > 1e-9, signal / np.maximum(weight, 1e-9), 0.0)


def _check(sound: ArrayLike) -> Array:
    x = check_finite("sound", sound)
    if x.ndim != 1 or not x.any():
        raise ValueError(
            f"sound has shape {x.shape}; expected (T,), and not silence"
        )
    return x
