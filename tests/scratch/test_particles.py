"""Particles against the decomposition of Unicode, and the round trip."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.particles import PARTICLES, attach, final_consonant, strip

syllables = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
words = st.text(syllables, min_size=1, max_size=5)


@given(words)
def test_the_final_consonant_is_unicode_s(word):
    parts = unicodedata.normalize("NFD", word[-1])
    end = ord(parts[2]) - 0x11A7 if len(parts) == 3 else 0
    assert final_consonant(word) == end


@pytest.mark.parametrize("word", ["", "AI", "3", "ㄱ", "엄마!"])
def test_what_is_no_syllable_has_no_final_consonant(word):
    assert final_consonant(word) is None


@given(words, st.sampled_from(["은/는", "이/가", "을/를", "과/와", "이랑/랑"]))
def test_the_form_follows_the_final_consonant(word, forms):
    first, second = forms.split("/")
    closed = len(unicodedata.normalize("NFD", word[-1])) == 3
    assert attach(word, forms) == word + (first if closed else second)


@given(words, st.sampled_from(["은/는", "을/를", "과/와"]))
def test_an_attached_particle_comes_off(word, forms):
    assert strip(attach(word, forms)) == word


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("엄마가", "엄마"),
        ("시험이", "시험"),
        ("학교에서", "학교"),
        ("친구한테서", "친구"),
        ("서울로", "서울"),
        ("나무로", "나무"),
        ("산으로", "산"),
        ("바다", "바다"),
        ("나", "나"),
        ("가", "가"),
        ("AI를", "AI를"),
    ],
)
def test_words(word, expected):
    assert strip(word) == expected


def test_longer_particles_come_before_those_they_end_in():
    order = list(PARTICLES)
    for i, particle in enumerate(order):
        assert not any(other.endswith(particle) for other in order[i + 1 :])


@pytest.mark.parametrize("forms", ["", "은", "은/", "/는", "은/는/도"])
def test_forms_that_are_not_two(forms):
    with pytest.raises(ValueError, match="write two, such as"):
        attach("산", forms)
