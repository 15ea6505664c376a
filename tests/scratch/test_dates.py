import pytest

from aibook.scratch.dates import (
    GLOSSES,
    SOFTENED,
    make_pairs,
    to_glosses,
    to_korean_date,
)
from aibook.scratch.numerals import read_korean, to_korean


@pytest.mark.parametrize(
    ("year", "month", "words"),
    [
        (2026, 11, "이천이십육년 십일월"),
        (1945, 8, "천구백사십오년 팔월"),
        (1987, 6, "천구백팔십칠년 유월"),
        (2002, 10, "이천이년 시월"),
        (2000, 12, "이천년 십이월"),
        (1, 1, "일년 일월"),
    ],
)
def test_dates_by_hand(year, month, words):
    assert to_korean_date(year, month) == words


def test_every_date_can_be_read_back():
    hard = {f"{name}월": month for month, name in SOFTENED.items()}
    for year in range(1, 10_000, 37):
        for month in range(1, 13):
            words, name = to_korean_date(year, month).split("년 ")
            assert read_korean(words) == year
            read = hard.get(name) or read_korean(name.removesuffix("월"))
            assert read == month


def test_pairs_are_all_different_in_both_languages():
    pairs = make_pairs(range(1, 10_000))
    assert len(pairs) == 9999 + 200 * 12
    assert len({p.korean for p in pairs}) == len(pairs)
    assert len({p.digits for p in pairs}) == len(pairs)
    assert make_pairs([7], years=range(7, 8))[-1] == ("칠년 십이월", "7-12")
    assert make_pairs([]) == []


def test_pairs_agree_with_the_rules():
    for korean, digits in make_pairs(range(1, 10_000, 11)):
        year, _, month = digits.partition("-")
        words = (
            to_korean_date(int(year), int(month))
            if month
            else to_korean(int(year))
        )
        assert korean == words


@pytest.mark.parametrize(
    ("year", "month"), [(0, 1), (10_000, 1), (1, 0), (1, 13)]
)
def test_refuses_what_is_out_of_range(year, month):
    with pytest.raises(ValueError, match=r"(year|month) is"):
        to_korean_date(year, month)


def test_every_character_has_a_gloss_of_its_own():
    letters = set("".join(p.korean for p in make_pairs(range(1, 10_000))))
    assert letters == set(GLOSSES)
    assert len(set(GLOSSES.values())) == len(GLOSSES)
    assert to_glosses("2-0") == ["2", "-", "0"]
    with pytest.raises(ValueError, match="'x', which has no gloss"):
        to_glosses("1x")
