import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.vocabulary import (
    PAD,
    UNKNOWN,
    Vocabulary,
    jamo,
    syllables,
    words,
)

TEXTS = st.lists(
    st.text(alphabet="abc 나빠쁘!", min_size=1).filter(words), min_size=1
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It's NOT good.", ["it's", "not", "good"]),
        ("'quoted' 5'8\"", ["quoted", "5'8"]),
        ("객실은, 나쁘지 않다!", ["객실은", "나쁘지", "않다"]),
        ("", []),
        ("...", []),
    ],
)
def test_words(text, expected):
    assert words(text) == expected


@given(st.text())
def test_all_three_cuts_hold_the_same_text(text):
    whole = " ".join(words(text))
    assert "".join(syllables(text)) == whole
    assert unicodedata.normalize("NFC", "".join(jamo(text))) == whole


@given(TEXTS)
def test_training_texts_are_read_back(texts):
    vocabulary = Vocabulary(texts)
    name = {number: token for token, number in vocabulary.index.items()}
    X = vocabulary.encode(texts)
    assert X.dtype == np.int64
    assert X.max() < len(vocabulary)
    for row, text in zip(X, texts, strict=True):
        assert [name[i] for i in row[row != PAD]] == words(text)


@given(TEXTS)
def test_the_order_of_the_texts_does_not_matter(texts):
    a, b = Vocabulary(texts), Vocabulary(reversed(texts))
    assert a.index == b.index
    assert list(a.index) == sorted(a.index)
    assert sorted(a.index.values()) == list(range(2, len(a)))


def test_rare_tokens_stay_unknown():
    vocabulary = Vocabulary(["a b", "a c"], min_count=2)
    assert vocabulary.encode(["a b"]).tolist() == [[2, UNKNOWN]]


def test_long_texts_are_cut():
    vocabulary = Vocabulary(["a b c"])
    assert vocabulary.encode(["a b c"], max_length=2).tolist() == [[2, 3]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Vocabulary([]), "texts leave no token"),
        (lambda: Vocabulary(["a"], min_count=2), "2 times or more"),
        (lambda: Vocabulary(["a"], min_count=0), "min_count is 0"),
        (lambda: Vocabulary(["a"]).encode([]), "texts is empty"),
        (lambda: Vocabulary(["a"]).encode("a"), "texts is 'a'"),
        (
            lambda: Vocabulary(["a"]).encode(["a", "!"]),
            "text '!' has no token",
        ),
        (
            lambda: Vocabulary(["a"]).encode(["a"], max_length=0),
            "max_length is 0",
        ),
    ],
)
def test_bad_arguments_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
