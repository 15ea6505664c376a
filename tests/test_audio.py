import base64
import io
import re
import wave

import numpy as np
import pytest

from aibook import audio
from aibook.audio import play, to_wav


def test_the_samples_come_back():
    x = np.random.default_rng(0).uniform(-1, 1, size=500)
    with wave.open(io.BytesIO(to_wav(x, 8000))) as file:
        assert file.getparams()[:4] == (1, 2, 8000, 500)
        levels = np.frombuffer(file.readframes(500), dtype="<i2")
    assert np.abs(levels / 32767 - x).max() < 1 / 32767


def test_what_is_too_loud_is_cut_off():
    data = np.frombuffer(to_wav([-3.0, 3.0], 8000)[44:], dtype="<i2")
    assert data.tolist() == [-32767, 32767]


def test_a_player_has_a_name_and_its_sound(monkeypatch):
    shown = []
    monkeypatch.setattr(audio, "display", shown.append)
    play([0.0, 0.5], 8000, name='an "a" & more')
    [html] = [output.data for output in shown]
    assert 'aria-label="an &quot;a&quot; &amp; more"' in html
    [source] = re.findall(r'src="data:audio/wav;base64,([^"]+)"', html)
    assert base64.b64decode(source) == to_wav([0.0, 0.5], 8000)


@pytest.mark.parametrize(
    "call",
    [
        lambda: to_wav([], 8000),
        lambda: to_wav([[0.0]], 8000),
        lambda: to_wav([np.nan], 8000),
        lambda: to_wav([0.0], 0),
        lambda: play([0.0], 8000, name=" "),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match="expected"):
        call()
