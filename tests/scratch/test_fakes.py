import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.scratch.fakes import istft, rebuild, record, replay
from aibook.scratch.spectrogram import log_mel, stft
from aibook.scratch.vowels import RATE, speak
from helpers import assert_same


@settings(max_examples=30, deadline=None)
@given(
    size=st.integers(4, 64),
    overlap=st.integers(2, 4),
    frames=st.integers(4, 12),
    seed=st.integers(0, 99),
)
def test_istft_turns_back(size, overlap, frames, seed):
    hop = size // overlap
    x = np.random.default_rng(seed).normal(size=size + (frames - 1) * hop)
    back = istft(stft(x, size=size, hop=hop), size=size, hop=hop)
    inside = slice(size // 2, len(x) - size // 2)
    assert_same(back[inside], x[inside], rtol=1e-6, atol=1e-8)


def test_istft_is_that_of_torch():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(33, 10)) + 1j * rng.normal(size=(33, 10))
    X[[0, -1]] = X[[0, -1]].real
    twin = torch.istft(
        torch.tensor(X),
        n_fft=64,
        hop_length=16,
        window=torch.hann_window(64, dtype=torch.float64),
        center=True,
    )
    assert_same(istft(X, size=64, hop=16)[32:-32], twin)


@pytest.mark.parametrize("fake", [record, replay, rebuild])
def test_as_long_as_before_and_of_the_seed(fake):
    x = 0.3 * speak("ai")
    first = fake(x, np.random.default_rng(1))
    assert first.shape == x.shape
    assert_same(first, fake(x, np.random.default_rng(1)))
    assert np.abs(first - fake(x, np.random.default_rng(2))).max() > 1e-3
    assert np.isfinite(first).all()


def test_a_recording_keeps_the_energy():
    x = speak("a")
    heard = record(x, np.random.default_rng(0))
    assert_same(np.linalg.norm(heard), np.linalg.norm(x))


def test_a_loudspeaker_has_a_band():
    x = np.random.default_rng(0).normal(size=4 * RATE)
    y = replay(x, np.random.default_rng(1))
    power = (np.abs(stft(y, size=256, hop=128)) ** 2).mean(axis=1)
    hertz = np.arange(129) * RATE / 256
    middle = power[(hertz > 800) & (hertz < 2000)].mean()
    assert power[hertz < 100].mean() < 0.2 * middle
    assert power[hertz > 3800].mean() < 0.2 * middle


def test_what_is_rebuilt_looks_like_the_voice_but_is_another_wave():
    x = speak("aiu", seconds=0.3)
    y = rebuild(x, np.random.default_rng(0))
    seen = np.corrcoef(log_mel(x).ravel(), log_mel(y).ravel())[0, 1]
    wave = np.corrcoef(x, y)[0, 1]
    assert seen > 0.85
    assert abs(wave) < 0.5


@pytest.mark.parametrize(
    "call",
    [
        lambda rng: record(np.zeros(10), rng),
        lambda rng: replay(np.zeros((5, 2)), rng),
        lambda rng: rebuild(np.ones(300), rng, num_rounds=0),
        lambda rng: istft(np.ones((5, 2)), size=10, hop=2),
        lambda rng: istft(np.ones((6, 0)), size=10, hop=2),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match="expected"):
        call(np.random.default_rng(0))
