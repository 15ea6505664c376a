import numpy as np
import pytest
from scipy.signal import lfilter

from aibook.scratch.speakers import Speaker, draw_speaker
from aibook.scratch.syllables import LOCI, _plan, draw_text, say
from aibook.scratch.vowels import FORMANTS, find_formants
from helpers import assert_same


def plain(**options):
    usual = Speaker(
        scale=1.0, pitch=110.0, pace=1.0, breath=0.0, habits=np.zeros((5, 3))
    )
    return usual._replace(**options)


@pytest.mark.parametrize("scale", [0.85, 1.0, 1.15])
@pytest.mark.parametrize("vowel", FORMANTS)
def test_the_formants_are_those_of_the_speaker(vowel, scale):
    [sound] = say([vowel], [plain(scale=scale)], seed=0)
    middle = sound[len(sound) // 2 - 400 : len(sound) // 2 + 400]
    # Lips and a second pole of the source: the tilt that remains is taken off.
    middle = lfilter([1], [1, -0.95], middle)
    found = find_formants(middle, num=2)
    wanted = scale * np.array(FORMANTS[vowel][:2])
    assert np.abs(found - wanted).max() < 90


def test_a_consonant_moves_the_second_formant():
    """Just after the release F2 is on its way from the locus to the vowel."""
    rng = np.random.default_rng(0)
    for consonant, locus in LOCI.items():
        for vowel, formants in FORMANTS.items():
            second = _plan(consonant + vowel, plain(), rng)[:, 1]
            assert abs(second[0] - (locus + formants[1]) / 2) < 30
            assert abs(second[-1] - formants[1]) < 1e-6


def test_silence_between_vowels_keeps_repeats_apart():
    [sound] = say(["aa"], [plain()], seed=0)
    power = np.array([x.std() for x in np.array_split(sound, 40)])
    inside = power[8:32]
    assert inside.min() < 0.1 * inside.max()


def test_the_same_seed_says_the_same():
    speakers = [plain(breath=0.1), plain(pitch=200.0)]
    first = say(["bada", "u"], speakers, seed=3)
    second = say(["bada", "u"], speakers, seed=3)
    for a, b in zip(first, second, strict=True):
        assert_same(a, b)
        assert 0.3 <= np.abs(a).max() <= 1.0
        assert np.isfinite(a).all()
    assert len(first[0]) > len(first[1])


def test_a_long_tract_and_a_high_pitch_stay_in_the_band():
    rng = np.random.default_rng(0)
    for scale in (0.7, 1.3):
        speakers = [draw_speaker(rng, scale=scale) for _ in range(20)]
        say(["gi"] * 20, speakers, seed=0)


def test_texts_have_the_syllables_asked_for():
    rng = np.random.default_rng(0)
    texts = [draw_text(rng, num_syllables=5) for _ in range(200)]
    assert all(sum(c in FORMANTS for c in text) == 5 for text in texts)
    assert set("".join(texts)) == {*FORMANTS, *LOCI}


@pytest.mark.parametrize(
    "call",
    [
        lambda: say([], [], seed=0),
        lambda: say(["a"], [], seed=0),
        lambda: say([""], [plain()], seed=0),
        lambda: say(["ab"], [plain()], seed=0),
        lambda: say(["bb"], [plain()], seed=0),
        lambda: say(["xa"], [plain()], seed=0),
        lambda: draw_text(np.random.default_rng(0), num_syllables=0),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match="expected"):
        call()
