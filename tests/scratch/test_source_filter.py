import numpy as np
import pytest
from scipy.signal import lfilter

from aibook.scratch.source_filter import pulse_trains, shape_sound
from aibook.scratch.vowels import BANDWIDTHS, RATE, resonate
from helpers import assert_same


def test_pulses_come_as_often_as_the_pitch_says():
    rng = np.random.default_rng(0)
    pitch = np.array([80.0, 120.0, 250.0])
    pulses = pulse_trains(pitch, RATE, rng)
    # The pitch falls from 1.05 to 0.95 of itself in the second, and wavers by 2 %.
    assert np.abs(pulses.sum(axis=0) / pitch - 1).max() < 0.03
    assert pulses.min() >= 0
    for column, expected in zip(pulses.T, RATE / pitch, strict=True):
        weights = column[column > 0]
        assert np.isclose(weights, 1).sum() < len(weights) / 2  # shared by two
        starts = np.flatnonzero(np.diff((column > 0).astype(int)) > 0)
        gaps = np.diff(starts)
        assert 0.85 * expected < gaps.min() <= gaps.max() < 1.15 * expected


def test_still_formants_are_the_resonators_in_a_row():
    x = np.random.default_rng(0).normal(size=(200, 2))
    formants = np.tile(np.array([[500.0, 1500.0, 2500.0]]), (5, 2, 1))
    for column, sound in zip(x.T, shape_sound(x, formants).T, strict=True):
        a = np.exp(-np.pi * 100 / RATE)
        expected = lfilter([(1 - a) ** 2], [1, -2 * a, a * a], column)
        for f, bandwidth in zip((500, 1500, 2500), BANDWIDTHS, strict=True):
            expected = resonate(expected, f, bandwidth)
        assert_same(sound, np.diff(expected, prepend=0.0))


def test_formants_may_move():
    x = np.random.default_rng(1).normal(size=(80, 1))
    formants = np.full((2, 1, 3), 500.0)
    formants[1] = 900.0
    whole = shape_sound(x, formants)[:, 0]
    still = shape_sound(x, np.full((2, 1, 3), 500.0))[:, 0]
    assert_same(whole[:40], still[:40])
    assert np.abs(whole[40:] - still[40:]).max() > 1e-3


def test_formants_may_be_the_lowest_and_the_highest_that_sound_can_have():
    """At 0 and at half the rate a resonator has one double pole on the axis."""
    x = np.random.default_rng(2).normal(size=(80, 1))
    formants = np.tile([[0.0, RATE / 2, 500.0]], (2, 1, 1))
    a = np.exp(-np.pi * 100 / RATE)
    expected = lfilter([(1 - a) ** 2], [1, -2 * a, a * a], x[:, 0])
    for sign, bandwidth in zip((1, -1), BANDWIDTHS[:2], strict=True):
        r = sign * np.exp(-np.pi * bandwidth / RATE)
        expected = lfilter([(1 - r) ** 2], [1, -2 * r, r * r], expected)
    expected = resonate(expected, 500, BANDWIDTHS[2])
    assert_same(shape_sound(x, formants)[:, 0], np.diff(expected, prepend=0.0))


@pytest.mark.parametrize(
    ("source", "formants"),
    [
        (np.zeros((80, 1)), np.full((3, 1, 3), 500.0)),
        (np.zeros((80, 1)), np.full((2, 1, 3), 5000.0)),
        (np.zeros(80), np.full((2, 1, 3), 500.0)),
    ],
)
def test_refuses(source, formants):
    with pytest.raises(ValueError, match="expected"):
        shape_sound(source, formants)
