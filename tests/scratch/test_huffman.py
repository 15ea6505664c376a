import math
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.texts import TEXTS, load_text
from aibook.information import entropy
from aibook.scratch.huffman import decode, encode, huffman_code

weights = st.dictionaries(
    st.characters(), st.integers(1, 1000), min_size=1, max_size=30
)


def mean_length(weights, code):
    total = sum(weights.values())
    return sum(w * len(code[s]) for s, w in weights.items()) / total


@given(weights.filter(lambda found: len(found) > 1))
def test_the_mean_length_meets_the_bound(weights):
    total = sum(weights.values())
    bound = entropy([w / total for w in weights.values()])
    mean = mean_length(weights, huffman_code(weights))
    assert bound - 1e-9 <= mean < bound + 1


@given(weights)
def test_no_code_begins_another(weights):
    words = sorted(huffman_code(weights).values())
    for word, next_word in pairwise(words):
        assert not next_word.startswith(word)


@given(st.text(min_size=1))
def test_a_text_comes_back(text):
    code = huffman_code({symbol: text.count(symbol) for symbol in text})
    assert "".join(decode(encode(text, code), code)) == text


def lengths_of_prefix_codes(num_symbols):
    """Return all sorted lengths up to num_symbols - 1 that Kraft allows."""
    found = [()]
    for _ in range(num_symbols):
        found = [
            (*lengths, next_length)
            for lengths in found
            for next_length in range(
                lengths[-1] if lengths else 1, num_symbols
            )
        ]
    return [x for x in found if sum(2.0**-n for n in x) <= 1]


@given(st.lists(st.integers(1, 20), min_size=2, max_size=5))
def test_no_prefix_code_is_shorter(sizes):
    weights = {chr(97 + i): w for i, w in enumerate(sizes)}
    best = min(
        sum(w * n for w, n in zip(order, lengths, strict=True))
        for lengths in lengths_of_prefix_codes(len(sizes))
        for order in set(permutations(sizes))
    )
    mean = mean_length(weights, huffman_code(weights))
    assert mean * sum(sizes) == pytest.approx(best)


def test_worked_by_hand():
    code = huffman_code({"a": 0.5, "b": 0.25, "c": 0.125, "d": 0.125})
    assert code == {"a": "0", "b": "10", "c": "110", "d": "111"}
    assert huffman_code({"a": 3}) == {"a": "0"}


@pytest.mark.parametrize("name", TEXTS)
def test_real_texts_come_within_a_tenth_of_a_bit(name):
    text = load_text(name)
    counts = {symbol: text.count(symbol) for symbol in sorted(set(text))}
    bound = entropy([n / len(text) for n in counts.values()])
    assert bound <= mean_length(counts, huffman_code(counts)) < bound + 0.1


@pytest.mark.parametrize("weight", [0, -1, math.nan, math.inf])
def test_bad_weights_are_refused(weight):
    with pytest.raises(ValueError, match="expected a positive, finite number"):
        huffman_code({"a": weight})


def test_no_symbols_are_refused():
    with pytest.raises(ValueError, match="weights is empty"):
        huffman_code({})


def test_what_cannot_be_coded_is_refused():
    code = {"a": "0", "b": "10", "c": "11"}
    with pytest.raises(ValueError, match="'d' has no code"):
        encode("ad", code)
    with pytest.raises(ValueError, match="the bits end with '1'"):
        decode("01", code)
