"""Two short texts, one English and one Korean, for counting letters.

Both are in the public domain: their authors died in 1865 and 1934.

- ``"gettysburg"``: Abraham Lincoln, the Gettysburg Address, 1863, in the wording
  of the Bliss copy.
- ``"sowol"``: Kim Sowol (1902-1934), the poems "Azaleas", "Flowers on the
  mountain", "One day long after" and "Mother, sister", from the collection
  "Azaleas", 1925, in today's spelling.

Book page: networks/entropy
"""

from __future__ import annotations

__all__ = ["TEXTS", "load_text"]

_GETTYSBURG = """\
Four score and seven years ago our fathers brought forth on this continent, a
new nation, conceived in Liberty, and dedicated to the proposition that all men
are created equal.

Now we are engaged in a great civil war, testing whether that nation, or any
nation so conceived and so dedicated, can long endure. We are met on a great
battle-field of that war. We have come to dedicate a portion of that field, as a
final resting place for those who here gave their lives that that nation might
live. It is altogether fitting and proper that we should do this.

But, in a larger sense, we can not dedicate -- we can not consecrate -- we can
not hallow -- this ground. The brave men, living and dead, who struggled here,
have consecrated it, far above our poor power to add or detract. The world will
little note, nor long remember what we say here, but it can never forget what
they did here. It is for us the living, rather, to be dedicated here to the
unfinished work which they who fought here have thus far so nobly advanced. It
is rather for us to be here dedicated to the great task remaining before us --
that from these honored dead we take increased devotion to that cause for which
they gave the last full measure of devotion -- that we here highly resolve that
these dead shall not have died in vain -- that this nation, under God, shall
have a new birth of freedom -- and that government of the people, by the people,
for the people, shall not perish from the earth.
"""

_SOWOL = """\
나 보기가 역겨워
가실 때에는
말없이 고이 보내 드리우리다.

영변에 약산
진달래꽃
아름 따다 가실 길에 뿌리우리다.

가시는 걸음걸음
놓인 그 꽃을
사뿐히 즈려밟고 가시옵소서.

나 보기가 역겨워
가실 때에는
죽어도 아니 눈물 흘리우리다.

산에는 꽃 피네
꽃이 피네
갈 봄 여름 없이
꽃이 피네.

산에
산에
피는 꽃은
저만치 혼자서 피어 있네.

산에서 우는 작은 새여
꽃이 좋아
산에서
사노라네.

산에는 꽃 지네
꽃이 지네
갈 봄 여름 없이
꽃이 지네.

먼 훗날 당신이 찾으시면
그때에 내 말이 “잊었노라”

당신이 속으로 나무라면
“무척 그리다가 잊었노라”

그래도 당신이 나무라면
“믿기지 않아서 잊었노라”

오늘도 어제도 아니 잊고
먼 훗날 그때에 “잊었노라”

엄마야 누나야 강변 살자,
뜰에는 반짝이는 금모래 빛,
뒷문 밖에는 갈잎의 노래
엄마야 누나야 강변 살자.
"""

#: The names of the texts and the texts themselves.
#:
#: :meta hide-value:
TEXTS = {"gettysburg": _GETTYSBURG, "sowol": _SOWOL}


def load_text(name: str) -> str:
    r"""Return a text, its words separated by single spaces.

    Parameters
    ----------
    name
        ``"gettysburg"`` (English) or ``"sowol"`` (Korean).

    Returns
    -------
    The text on one line.

    Raises
    ------
    ValueError
        If there is no such text.

    Examples
    --------
    >>> load_text("gettysburg")[:31]
    'Four score and seven years ago '
    >>> len(load_text("sowol").split())
    116
    """
    if name not in TEXTS:
        allowed = ", ".join(TEXTS)
        raise ValueError(f"name is {name!r}; expected one of {allowed}")
    return " ".join(TEXTS[name].split())
