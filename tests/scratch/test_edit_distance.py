from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.edit_distance import Edits, count_edits, error_rate

WORDS = st.text("abc", max_size=7)


def slow_distance(a, b):
    @cache
    def best(i, j):
        if i == 0 or j == 0:
            return i + j
        return min(
            best(i - 1, j) + 1,
            best(i, j - 1) + 1,
            best(i - 1, j - 1) + (a[i - 1] != b[j - 1]),
        )

    return best(len(a), len(b))


@given(WORDS, WORDS)
def test_the_fewest_edits(a, b):
    edits = count_edits(a, b)
    assert sum(edits) == slow_distance(a, b)
    assert len(b) == len(a) + edits.insertions - edits.deletions
    assert min(edits) >= 0


@given(WORDS, WORDS, WORDS)
def test_it_is_a_distance(a, b, c):
    ab, ba = sum(count_edits(a, b)), sum(count_edits(b, a))
    assert ab == ba
    assert (ab == 0) == (a == b)
    assert sum(count_edits(a, c)) <= ab + sum(count_edits(b, c))


@pytest.mark.parametrize(
    ("target", "heard", "expected"),
    [
        ("", "", (0, 0, 0)),
        ("", "ab", (0, 0, 2)),
        ("ab", "", (0, 2, 0)),
        ("bada", "baga", (1, 0, 0)),
        ([1, 2, 2], [1, 2], (0, 1, 0)),
    ],
)
def test_by_hand(target, heard, expected):
    assert count_edits(target, heard) == Edits(*expected)


def test_the_rate_is_over_all_tokens():
    assert error_rate(["abcd", "a"], ["abcx", "b"]) == 2 / 5
    assert error_rate(["a"], ["abcd"]) == 3.0


@pytest.mark.parametrize(
    ("targets", "heard"), [([], []), ([""], ["a"]), (["a"], ["a", "b"])]
)
def test_refuses(targets, heard):
    with pytest.raises(ValueError, match="expected as many"):
        error_rate(targets, heard)
