"""Sunspots: as many as years, and the cycle that they are known for."""

import hashlib

import numpy as np

from aibook.data.sunspots import load_sunspots


def test_a_number_for_each_year():
    years, numbers = load_sunspots()
    assert years[0] == 1700
    assert years[-1] == 2008
    assert len(years) == len(numbers) == 309
    assert (numbers >= 0).all()
    digest = hashlib.sha256(numbers.tobytes()).hexdigest()
    assert digest.startswith("66c86ecdcd5950f6")


def test_known_years():
    numbers = dict(zip(*load_sunspots(), strict=True))
    assert numbers[1957] == 190.2  # the highest peak
    assert numbers[1712] == 0.0
    assert numbers[2008] == 2.9


def test_the_cycle_takes_eleven_years():
    _, numbers = load_sunspots()
    wave = numbers - numbers.mean()
    strength = np.abs(np.fft.rfft(wave, n=4096))
    period = 4096 / strength.argmax()
    assert 10.5 < period < 11.5
