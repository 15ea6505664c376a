import numpy as np
import pytest

from aibook.data.orders import COLUMNS, ORDERS, RATE, TONES, dial


def test_the_orders_are_a_table():
    assert all(len(order) == len(COLUMNS) for order in ORDERS)
    assert len({order[0] for order in ORDERS}) == len(ORDERS)


@pytest.mark.parametrize("key", TONES)
def test_a_key_sounds_at_its_two_frequencies(key):
    num = RATE // 5
    sound = dial(key, seconds=0.2)
    assert sound.dtype == np.int16
    assert (sound[num:] == 0).all()
    power = np.abs(np.fft.rfft(sound[:num] * np.hanning(num)))
    hertz = np.fft.rfftfreq(num, 1 / RATE)
    low = hertz[hertz < 1000][power[hertz < 1000].argmax()]
    high = hertz[hertz > 1000][power[hertz > 1000].argmax()]
    assert (low, high) == pytest.approx(TONES[key], abs=5)


def test_keys_follow_each_other():
    both = np.concatenate([dial("4"), dial("#")])
    assert (dial("4#") == both).all()


@pytest.mark.parametrize("keys", ["", "A", "1 2"])
def test_refuses_other_keys(keys):
    with pytest.raises(ValueError, match="one or more of"):
        dial(keys)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 11.0, float("nan")])
def test_refuses_other_lengths(seconds):
    with pytest.raises(ValueError, match=r"expected 0\.02 to 10"):
        dial("1", seconds=seconds)
