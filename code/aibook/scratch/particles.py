"""Korean particles: choose the form that fits a word, and take them off.

What: 은/는, 이/가, 을/를, 과/와 and their like, whose form depends on whether the
syllable before them ends in a consonant. A syllable's code point says so: the
11,172 syllables of Unicode stand in the order of their parts, 28 endings each,
the first of them empty.

What not: no analysis of words. 나이 (age) could be 나 with 이 by its letters alone;
what the rules of sound allow is all that is used here.

Source: The Unicode Standard, section 3.12, "Conjoining Jamo Behavior".

Book page: ai/history
"""

from __future__ import annotations

#: Particles with what they may follow: any ending, a consonant, or a vowel.
PARTICLES = {
    "한테서": "any",
    "에게서": "any",
    "에서": "any",
    "에게": "any",
    "한테": "any",
    "까지": "any",
    "부터": "any",
    "이랑": "consonant",
    "으로": "consonant",
    "은": "consonant",
    "이": "consonant",
    "을": "consonant",
    "과": "consonant",
    "는": "vowel",
    "가": "vowel",
    "를": "vowel",
    "와": "vowel",
    "랑": "vowel",
    "로": "vowel",
    "도": "any",
    "만": "any",
    "의": "any",
    "에": "any",
}
_RIEUL = 8  # the place of ㄹ among the endings


def final_consonant(word: str) -> int | None:
    """Return which consonant ends a word: 0 for none, up to 27.

    Parameters
    ----------
    word
        Any text.

    Returns
    -------
    int or None
        None if the last character is no Korean syllable.

    Examples
    --------
    >>> final_consonant("나무"), final_consonant("산"), final_consonant("AI")
    (0, 4, None)
    """
    if not word or not "가" <= word[-1] <= "힣":
        return None
    return (ord(word[-1]) - ord("가")) % 28


def attach(word: str, forms: str) -> str:
    """Put the form of a particle that fits behind a word.

    Parameters
    ----------
    word
        The word.
    forms
        The form after a consonant, a slash, the form after a vowel: ``"은/는"``.

    Returns
    -------
    str
        The word with its particle; with both forms, as ``"AI은(는)"``, if the
        word does not end in a Korean syllable.

    Raises
    ------
    ValueError
        If `forms` is not two forms.

    Examples
    --------
    >>> [attach(word, "을/를") for word in ("산", "나무", "AI")]
    ['산을', '나무를', 'AI을(를)']
    >>> [attach(word, "으로/로") for word in ("산", "물", "바다")]
    ['산으로', '물로', '바다로']
    """
    after_consonant, slash, after_vowel = forms.partition("/")
    if not (after_consonant and slash and after_vowel) or "/" in after_vowel:
        raise ValueError(f"forms is {forms!r}; write two, such as '은/는'")
    end = final_consonant(word)
    if end is None:
        return f"{word}{after_consonant}({after_vowel})"
    if end == 0 or (end == _RIEUL and forms == "으로/로"):
        return word + after_vowel
    return word + after_consonant


def strip(word: str) -> str:
    """Take the particle off a word, the longest whose sound fits.

    Parameters
    ----------
    word
        A noun with or without one particle.

    Returns
    -------
    str
        The noun; the word itself if no particle fits.

    Examples
    --------
    >>> [strip(word) for word in ("엄마가", "시험은", "학교에서", "바다")]
    ['엄마', '시험', '학교', '바다']
    """
    for particle, after in PARTICLES.items():  # longer ones first
        noun = word.removesuffix(particle)
        end = final_consonant(noun)
        if noun == word or end is None:
            continue
        if after == "any" or (after == "vowel") == (end == 0):
            return noun
        if particle == "로" and end == _RIEUL:
            return noun
    return word
