"""Sixteen adjectives in Korean and English, and the forms that Korean gives them.

What: the words for `aibook.data.opinions`, and five endings put on a Korean stem:
-다, -아요, -ㅂ니다, -았어요, -네요.

What not: a conjugator for any word; the form with 아 or 어, in which the irregular
adjectives differ, is given, not derived.

Book page: labs/sentiment
"""

from __future__ import annotations

__all__ = ["ADJECTIVES", "ENDINGS", "NUM_GOOD", "has_final", "inflect"]

#: Stem and its form with 아 or 어, and the English word; eight good, eight bad.
ADJECTIVES = (
    ("좋", "좋아", "good"),
    ("넓", "넓어", "spacious"),
    ("밝", "밝아", "bright"),
    ("깨끗하", "깨끗해", "clean"),
    ("조용하", "조용해", "quiet"),
    ("따뜻하", "따뜻해", "warm"),
    ("편하", "편해", "comfortable"),
    ("예쁘", "예뻐", "pretty"),
    ("나쁘", "나빠", "bad"),
    ("좁", "좁아", "cramped"),
    ("어둡", "어두워", "dark"),
    ("더럽", "더러워", "dirty"),
    ("시끄럽", "시끄러워", "noisy"),
    ("춥", "추워", "cold"),
    ("불편하", "불편해", "uncomfortable"),
    ("지저분하", "지저분해", "messy"),
)
NUM_GOOD = 8

#: The endings, in the order above.
ENDINGS = ("plain", "polite", "formal", "past", "exclaiming")

# Places of two final consonants in Unicode's order, and how many there are.
_PIEUP, _SSANGSIOS, _FINALS = 17, 20, 28


def has_final(syllable: str) -> bool:
    """Return whether a Korean syllable ends in a consonant.

    Examples
    --------
    >>> has_final("좋"), has_final("쁘")
    (True, False)
    """
    return (ord(syllable) - ord("가")) % _FINALS > 0


def inflect(stem: str, infinitive: str, ending: str) -> str:
    """Give a Korean adjective one of `ENDINGS`.

    Parameters
    ----------
    stem, infinitive
        As in `ADJECTIVES`.
    ending
        One of `ENDINGS`.

    Raises
    ------
    ValueError
        For another ending.

    Examples
    --------
    >>> [inflect("나쁘", "나빠", ending) for ending in ENDINGS]
    ['나쁘다', '나빠요', '나쁩니다', '나빴어요', '나쁘네요']
    """
    if ending not in ENDINGS:
        raise ValueError(
            f"ending is {ending!r}; expected one of {', '.join(ENDINGS)}"
        )
    if ending == "polite":
        return infinitive + "요"
    if ending == "past":
        return infinitive[:-1] + chr(ord(infinitive[-1]) + _SSANGSIOS) + "어요"
    if ending == "formal":
        if has_final(stem[-1]):
            return stem + "습니다"
        return stem[:-1] + chr(ord(stem[-1]) + _PIEUP) + "니다"
    return stem + {"plain": "다", "exclaiming": "네요"}[ending]
