import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.scratch.spectrogram import hann, log_mel, mel, mel_bands, stft
from helpers import assert_same


@settings(max_examples=60, deadline=None)
@given(
    size=st.integers(2, 300),
    hop=st.integers(1, 400),
    extra=st.integers(0, 700),
    scale=st.sampled_from([1e-6, 1.0, 1e6]),
    seed=st.integers(0, 99),
)
def test_stft_is_that_of_torch(size, hop, extra, scale, seed):
    x = scale * np.random.default_rng(seed).normal(size=size + extra)
    twin = torch.stft(
        torch.tensor(x),
        n_fft=size,
        hop_length=hop,
        window=torch.hann_window(size, dtype=torch.float64),
        center=False,
        return_complex=True,
    )
    assert_same(
        stft(x, size=size, hop=hop), twin, rtol=1e-6, atol=1e-9 * scale
    )


@pytest.mark.parametrize("size", [2, 5, 256])
def test_hann_is_that_of_torch(size):
    assert_same(hann(size), torch.hann_window(size, dtype=torch.float64))


def test_a_tone_is_one_row():
    x = np.sin(2 * np.pi * 1500 * np.arange(4000) / 8000)
    power = np.abs(stft(x, size=256, hop=80)) ** 2
    assert (power.argmax(axis=0) == 1500 * 256 // 8000).all()
    assert power[46:51].sum() > 0.999 * power.sum()


def test_overlapping_windows_add_up():
    hop = 40
    total = sum(
        np.pad(hann(160), (shift, 480 - shift)) for shift in range(0, 480, hop)
    )
    assert_same(total[160:480], np.full(320, 2.0))


def test_mel_grows_like_frequency_then_like_its_logarithm():
    assert abs(mel(1000.0) - 1000) < 0.1
    f = np.linspace(0, 8000, 500)
    assert (np.diff(mel(f)) > 0).all()
    assert (np.diff(mel(f), 2) < 0).all()
    assert_same(700 * (10 ** (mel(f) / 2595) - 1), f, atol=1e-6)


@pytest.mark.parametrize("num", [1, 5, 32])
def test_bands_by_hand(num):
    bands = mel_bands(num, size=256, rate=8000)
    corners = np.linspace(0, float(mel(4000)), num + 2)
    expected = np.zeros((num, 129))
    for m in range(num):
        low, middle, high = corners[m : m + 3]
        for k in range(129):
            at = float(mel(k * 8000 / 256))
            if low <= at <= middle:
                expected[m, k] = (at - low) / (middle - low)
            elif middle <= at <= high:
                expected[m, k] = (high - at) / (high - middle)
    assert_same(bands, expected)


def test_inner_bands_share_each_frequency():
    bands = mel_bands(20, size=512, rate=8000)
    at = mel(np.arange(257) * 8000 / 512)
    corners = np.linspace(0, float(mel(4000)), 22)
    inner = (at >= corners[1]) & (at <= corners[-2])
    assert_same(bands.sum(axis=0)[inner], np.ones(inner.sum()))


def test_ten_times_as_loud_is_20_decibels():
    x = 0.05 * np.random.default_rng(0).normal(size=2000)
    assert_same(
        log_mel(10 * x) - log_mel(x), np.full((32, 22), 20.0), rtol=1e-4
    )
    assert_same(log_mel(np.zeros(500)), np.full((32, 4), -80.0))


@pytest.mark.parametrize(
    "call",
    [
        lambda: hann(1),
        lambda: stft(np.zeros(10), size=11, hop=1),
        lambda: stft(np.zeros((10, 2)), size=2, hop=1),
        lambda: stft(np.zeros(10), size=4, hop=0),
        lambda: stft([1.0, np.nan], size=2, hop=1),
        lambda: mel(-1.0),
        lambda: mel_bands(0, size=256, rate=8000),
        lambda: mel_bands(60, size=64, rate=8000),
        lambda: mel_bands(4, size=64, rate=0),
        lambda: log_mel(np.zeros(10)),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match=r"expected|only finite"):
        call()
