import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.characters import Characters


@given(st.lists(st.text(max_size=6), min_size=1, max_size=5))
def test_texts_come_back(texts):
    characters = Characters(texts)
    rows = characters.encode(texts)
    assert characters.decode(rows) == texts
    assert rows.dtype == np.int64
    assert rows.shape == (len(texts), 1 + max(map(len, texts)))
    assert len(characters) == 2 + len(set("".join(texts)))


def test_the_order_of_the_texts_does_not_matter():
    tokens = Characters(["나가", "가다"], special=["<x>"]).tokens
    assert tokens == Characters(["가다", "나가"], special=["<x>"]).tokens
    assert tokens == ["<pad>", "<end>", "<x>", "가", "나", "다"]


def test_a_first_token_stays_visible():
    characters = Characters(["ab"], special=["<x>"])
    rows = characters.encode(["b", ""], first="<x>")
    assert rows.tolist() == [[2, 4, 1], [2, 1, 0]]
    assert characters.decode(rows) == ["<x>b", "<x>"]
    assert characters.decode([[3, 0, 4]]) == ["ab"]


def test_refuses_what_it_does_not_know():
    characters = Characters(["ab"])
    with pytest.raises(ValueError, match="'c' is not in"):
        characters.encode(["abc"])
    with pytest.raises(ValueError, match="'<x>' is not in"):
        characters.encode(["a"], first="<x>")
    with pytest.raises(ValueError, match="texts is empty"):
        characters.encode([])
    for rows in ([[4]], [[-1]]):
        with pytest.raises(ValueError, match="outside 0 to 3"):
            characters.decode(rows)
    for rows in ([1, 2], [[1.0]]):
        with pytest.raises(ValueError, match="expected"):
            characters.decode(rows)


@pytest.mark.parametrize("special", [["<pad>"], ["<x>", "<x>"], ["a"]])
def test_refuses_two_tokens_of_one_name(special):
    with pytest.raises(ValueError, match="each must be new"):
        Characters(["ab"], special=special)
