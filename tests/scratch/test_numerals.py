import pytest

from aibook.scratch.numerals import read_korean, to_english, to_korean


def test_every_number_comes_back():
    words = [to_korean(n) for n in range(1, 10_000)]
    assert [read_korean(w) for w in words] == list(range(1, 10_000))


def test_every_english_number_is_its_own():
    words = [to_english(n) for n in range(1, 10_000)]
    assert len(set(words)) == 9999


@pytest.mark.parametrize(
    ("number", "korean", "english"),
    [
        (1, "일", "one"),
        (10, "십", "ten"),
        (11, "십일", "eleven"),
        (20, "이십", "twenty"),
        (99, "구십구", "ninety-nine"),
        (100, "백", "one hundred"),
        (1000, "천", "one thousand"),
        (1001, "천일", "one thousand one"),
        (2010, "이천십", "two thousand ten"),
        (
            9876,
            "구천팔백칠십육",
            "nine thousand eight hundred seventy-six",
        ),
    ],
)
def test_by_hand(number, korean, english):
    assert to_korean(number) == korean
    assert to_english(number) == english


@pytest.mark.parametrize(
    "words", ["", "일일", "십백", "영", "one", "일백", "이" * 2]
)
def test_refuses_other_words(words):
    with pytest.raises(ValueError, match=r"numeral|in words"):
        read_korean(words)


@pytest.mark.parametrize("number", [0, 10_000, -1, 1.5, True])
def test_refuses_other_numbers(number):
    for spell in (to_korean, to_english):
        with pytest.raises(ValueError, match="1 to 9999"):
            spell(number)
