import numpy as np
import pytest

from aibook.scratch.speakers import draw_speaker


@pytest.mark.parametrize("scale", [None, 0.7, 1.0, 1.3])
def test_speakers_stay_within_their_ranges(scale):
    rng = np.random.default_rng(0)
    speakers = [draw_speaker(rng, scale=scale) for _ in range(200)]
    for s in speakers:
        assert s.scale == scale if scale else 0.9 <= s.scale <= 1.2
        assert 70 <= s.pitch <= 320
        assert 0.8 <= s.pace <= 1.25
        assert 0 <= s.breath <= 0.1
        assert np.abs(s.habits).max() <= 0.08
    assert len({s.pace for s in speakers}) == 200


def test_refuses():
    for scale in (0.6, 1.5):
        with pytest.raises(ValueError, match="expected"):
            draw_speaker(np.random.default_rng(0), scale=scale)
