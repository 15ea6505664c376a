"""Tones that glide upwards or downwards, which differ in nothing but their order.

What: waves of rising and of falling pitch, with a random start and noise. Read
backwards, a rising tone is a falling one; so no statistic that ignores the order
(mean, spread, sorted values) tells the two apart.

What not: no split; draw the test's tones with another seed.

Source: made for this book.

Book page: sequences/rnn
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer

__all__ = ["load_glides"]


def load_glides(
    num_tones: int = 1000,
    *,
    num_steps: int = 40,
    noise: float = 0.2,
    seed: int = 0,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Draw tones, half of them rising on average and half falling.

    Parameters
    ----------
    num_tones
        N, at least 1.
    num_steps
        T, samples of a tone, at least 2.
    noise
        Standard deviation of the noise on each sample, at least 0; the tone
        itself lies within -1 to 1.
    seed
        Seed of everything random, at least 0.

    Returns
    -------
    X : numpy.ndarray
        Samples, shape (N, T, 1): the pitch of a rising tone goes evenly from
        0.03 to 0.06 waves a sample at the start to 2 to 3 times as much at the
        end, a falling tone goes the other way.
    y : numpy.ndarray
        1 for rising, 0 for falling, shape (N,).

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> X, y = load_glides(6)
    >>> X.shape, y.shape
    ((6, 40, 1), (6,))
    """
    num_tones = integer("num_tones", num_tones, 1)
    num_steps = integer("num_steps", num_steps, 2)
    if not (noise >= 0 and math.isfinite(noise)):
        raise ValueError(f"noise must be finite and at least 0, got {noise!r}")
    rng = np.random.default_rng(integer("seed", seed, 0))
    y = rng.integers(2, size=num_tones)
    low = rng.uniform(0.03, 0.06, size=(num_tones, 1))
    high = low * rng.uniform(2, 3, size=(num_tones, 1))
    pitch = low + (high - low) * np.linspace(0, 1, num_steps)  # (N, T)
    start = rng.uniform(size=(num_tones, 1))
    X = np.sin(2 * np.pi * (start + pitch.cumsum(axis=1)))
    X[y == 0] = X[y == 0, ::-1]  # backwards
    X += noise * rng.normal(size=X.shape)
    return X[:, :, None].astype(np.float32), y
