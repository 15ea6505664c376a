"""From a waveform to a picture: which frequencies sound when, and how loud.

Letters: T samples, W samples in a window, F = W // 2 + 1 frequencies, L frames,
M bands.

Not here: the way back from a picture to sound (`aibook.scratch.fakes`), cepstra.

Sources: J. Allen, "Short term spectral analysis, synthesis, and modification by
discrete Fourier transform", IEEE Transactions on Acoustics, Speech, and Signal
Processing 25, 1977; S. Stevens, J. Volkmann and E. Newman, "A scale for the
measurement of the psychological magnitude pitch", JASA 8, 1937 (mel); D.
O'Shaughnessy, "Speech Communication", 1987 (the formula).

Book page: sequences/speech.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import check_count, check_finite, check_positive

__all__ = ["hann", "log_mel", "mel", "mel_bands", "stft"]

Array = NDArray[np.float64]


def hann(size: int) -> Array:
    """Return a window that rises and falls like a cosine, from 0 to 1 and back.

    Parameters
    ----------
    size
        W, 2 or more.

    Returns
    -------
    Array of shape (W,); repeated without end it would be periodic.

    Raises
    ------
    ValueError
        If ``size`` is below 2.

    Examples
    --------
    >>> hann(4)
    array([0. , 0.5, 1. , 0.5])
    """
    if check_count("size", size) < 2:
        raise ValueError(f"size is {size}; expected 2 or more")
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)


def stft(signal: ArrayLike, *, size: int, hop: int) -> NDArray[np.complex128]:
    """Cut a signal into frames that overlap, and Fourier-transform each.

    Parameters
    ----------
    signal
        Samples, shape (T,), at least ``size`` of them.
    size
        W, the length of a frame; each is multiplied by `hann` first.
    hop
        From the start of one frame to the next, in samples.

    Returns
    -------
    Array of shape (F, L), L = (T - W) // hop + 1. Row k is the frequency k / W
    times the sampling rate. Samples after the last whole frame are left out.

    Raises
    ------
    ValueError
        If the signal is too short, ``size`` below 2 or ``hop`` below 1.

    Examples
    --------
    >>> tone = np.cos(2 * np.pi * 1000 * np.arange(800) / 8000)
    >>> loudness = np.abs(stft(tone, size=80, hop=40))
    >>> loudness.shape, loudness[:, 0].argmax() * 8000 // 80
    ((41, 19), np.int64(1000))
    """
    x = check_finite("signal", signal)
    check_count("size", size)
    check_count("hop", hop)
    if x.ndim != 1 or len(x) < size:
        raise ValueError(
            f"signal has shape {x.shape}; expected (T,) with T at least {size}"
        )
    frames = sliding_window_view(x, size)[::hop]  # (L, W)
    return np.fft.rfft(frames * hann(size)).T


def mel(frequency: ArrayLike) -> Array:
    """Return how high a frequency in hertz sounds: 1,000 for 1,000 Hz.

    Parameters
    ----------
    frequency
        In hertz, 0 or more, any shape.

    Returns
    -------
    Array of the same shape: nearly proportional below 1,000 Hz, then as the
    logarithm.

    Raises
    ------
    ValueError
        For a negative frequency.

    Examples
    --------
    >>> mel([0, 1000, 4000]).round()
    array([   0., 1000., 2146.])
    """
    f = check_finite("frequency", frequency)
    if f.min() < 0:
        raise ValueError(f"frequency is {f.min():g}; expected 0 or more")
    return np.asarray(2595 * np.log10(1 + f / 700))


def mel_bands(num: int, *, size: int, rate: float) -> Array:
    """Return triangles, equally spaced in mel, that overlap by half.

    Parameters
    ----------
    num
        M, 1 or more.
    size
        W of the `stft` that they are for.
    rate
        Samples a second.

    Returns
    -------
    Array of shape (M, F), 0 to 1. The first triangle starts at 0 Hz, the last
    ends at half the rate.

    Raises
    ------
    ValueError
        For numbers out of range, and if a triangle is so narrow that no
        frequency of the `stft` lies in it.

    Examples
    --------
    >>> bands = mel_bands(3, size=16, rate=8000)
    >>> bands.shape, bands.argmax(axis=1) * 500
    ((3, 9), array([ 500, 1000, 2000]))
    """
    check_count("num", num)
    check_count("size", size)
    check_positive("rate", rate)
    corners = np.linspace(0, mel(rate / 2), num + 2)  # in mel
    at = mel(np.arange(size // 2 + 1) * rate / size)
    rise = (at - corners[:-2, None]) / (corners[1] - corners[0])
    bands: Array = np.clip(np.minimum(rise, 2 - rise), 0, None)
    if not bands.sum(axis=1).all():
        raise ValueError(
            f"num = {num} with size = {size}: a band without a frequency; expected "
            "fewer bands or a longer window"
        )
    return bands


def log_mel(
    signal: ArrayLike,
    *,
    num_bands: int = 32,
    size: int = 256,
    hop: int = 80,
    rate: float = 8000,
) -> Array:
    """Return the logarithm of the power in each band and frame.

    Parameters
    ----------
    signal
        Samples, shape (T,), -1 to 1.
    num_bands
        Of the spectrogram, M.
    size, hop
        As `stft` takes them.
    rate
        Samples a second.

    Returns
    -------
    Array of shape (M, L), in decibels; silence is -80.

    Raises
    ------
    ValueError
        As `stft` and `mel_bands`.

    Examples
    --------
    >>> log_mel(np.zeros(400)).shape
    (32, 2)
    """
    power = np.abs(stft(signal, size=size, hop=hop)) ** 2
    bands = mel_bands(num_bands, size=size, rate=rate)
    return np.asarray(10 * np.log10(bands @ power + 1e-8))
