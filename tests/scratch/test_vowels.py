import numpy as np
import pytest
from scipy.signal import freqz

from aibook.scratch.vowels import (
    FORMANTS,
    RATE,
    find_formants,
    resonate,
    speak,
)
from helpers import assert_same


def test_the_resonator_is_its_equation():
    x = np.random.default_rng(0).normal(size=50)
    C = -np.exp(-2 * np.pi * 60 / RATE)
    B = 2 * np.exp(-np.pi * 60 / RATE) * np.cos(2 * np.pi * 500 / RATE)
    expected = np.zeros(52)
    for n in range(50):
        expected[n + 2] = (
            (1 - B - C) * x[n] + B * expected[n + 1] + C * expected[n]
        )
    assert_same(resonate(x, 500.0, 60.0), expected[2:], rtol=1e-9)


@pytest.mark.parametrize("frequency", [500.0, 1500.0, 3000.0])
def test_it_resonates_where_it_should(frequency):
    pulse = np.eye(1, 4000)[0]
    h = resonate(pulse, frequency, 60.0)
    at, response = freqz(h, worN=4096, fs=RATE)
    assert abs(at[np.abs(response).argmax()] - frequency) < 10


def test_the_pitch_is_the_period():
    sound = speak("a", pitch=100.0, seconds=0.5)[2000:]
    lags = [sound[:-k] @ sound[k:] for k in range(20, 200)]
    assert 20 + int(np.argmax(lags)) == RATE // 100


@pytest.mark.parametrize("pitch", [90.0, 110.0, 150.0, 200.0])
@pytest.mark.parametrize("vowel", FORMANTS)
def test_the_formants_are_found_again(vowel, pitch):
    found = find_formants(speak(vowel, pitch=pitch))
    assert np.abs(found - FORMANTS[vowel]).max() < 60


def test_a_word_is_its_vowels_in_a_row():
    both = speak("ai")
    assert_same(both, np.concatenate([speak("a"), speak("i")]))
    assert np.abs(both).max() == 1.0


@pytest.mark.parametrize(
    "call",
    [
        lambda: speak(""),
        lambda: speak("b"),
        lambda: speak("a", pitch=20),
        lambda: speak("a", seconds=0.01),
        lambda: speak("a", seconds=float("nan")),
        lambda: resonate([1.0], 5000.0, 60.0),
        lambda: resonate([1.0], 500.0, 0.0),
        lambda: resonate([[1.0]], 500.0, 60.0),
        lambda: find_formants(np.zeros(200)),
        lambda: find_formants(np.ones(10)),
        lambda: find_formants(speak("a"), num=4),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match="expected"):
        call()
