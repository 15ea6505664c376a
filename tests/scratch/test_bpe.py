"""Byte-pair encoding against a version that counts everything again each time."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.scratch.bpe import BPE, join_pair, split_pieces

any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
few_letters = st.text("ab 가나.1", max_size=40)


def slow_pairs(texts: list[str], num_pairs: int) -> list[tuple[int, int]]:
    """Return the pairs to join; all neighbours are counted for each of them."""
    words = [list(p.encode()) for text in texts for p in split_pieces(text)]
    pairs: list[tuple[int, int]] = []
    for _ in range(num_pairs):
        counts = Counter(pair for word in words for pair in pairwise(word))
        if not counts:
            break
        most = max(counts.values())
        pairs.append(min(p for p, count in counts.items() if count == most))
        words = [join_pair(w, pairs[-1], 255 + len(pairs)) for w in words]
    return pairs


@given(any_text)
def test_pieces_are_the_whole_text(text: str) -> None:
    assert "".join(split_pieces(text)) == text


@given(any_text)
@settings(max_examples=200)
def test_any_text_comes_back(text: str) -> None:
    tokenizer = BPE.train(
        ["한국어와 English, 3.14 그리고 12"],
        vocab_size=290,
        specials=["<end>"],
    )
    tokens = tokenizer.encode(text)
    assert tokenizer.decode(tokens) == text
    assert tokenizer.specials["<end>"] not in tokens
    assert b"".join(tokenizer.vocabulary[t] for t in tokens) == text.encode()


@given(st.lists(few_letters, max_size=4), st.integers(0, 12))
def test_training_counts_right(texts: list[str], num_pairs: int) -> None:
    tokenizer = BPE.train(texts, vocab_size=256 + num_pairs)
    assert tokenizer.pairs == slow_pairs(texts, num_pairs)


@given(few_letters)
def test_encoding_joins_as_training_did(text: str) -> None:
    tokenizer = BPE.train([text], vocab_size=300)
    expected = []
    for piece in split_pieces(text):
        tokens = list(piece.encode())
        for i, pair in enumerate(tokenizer.pairs):
            tokens = join_pair(tokens, pair, 256 + i)
        expected += tokens
    assert tokenizer.encode(text) == expected


def test_a_classic_example() -> None:
    text = "low low low low low lower lower newest newest newest widest"
    tokenizer = BPE.train([text], vocab_size=260)
    made = [tokenizer.vocabulary[t] for t in range(256, 260)]
    assert made == slow_made(text, 4)


def slow_made(text: str, num: int) -> list[bytes]:
    known = [bytes([i]) for i in range(256)]
    for a, b in slow_pairs([text], num):
        known.append(known[a] + known[b])
    return known[256:]


def test_special_tokens_come_last_and_read_as_their_name() -> None:
    tokenizer = BPE.train(["aa"], vocab_size=259, specials=["<end>", "<x>"])
    assert tokenizer.specials == {"<end>": 257, "<x>": 258}
    assert tokenizer.decode([257, 97]) == "<end>a"
    assert 257 not in tokenizer.encode("<end>")


def test_bytes_that_are_no_text_are_marked() -> None:
    assert BPE().decode([0xEA, 0xB0]) == "\N{REPLACEMENT CHARACTER}"


@pytest.mark.parametrize("tokens", [[256], [-1]])
def test_unknown_tokens_are_refused(tokens: list[int]) -> None:
    with pytest.raises(ValueError, match="expected 0 to 255"):
        BPE().decode(tokens)


def test_other_bad_input() -> None:
    with pytest.raises(ValueError, match="made before it"):
        BPE([(256, 97)])
    with pytest.raises(ValueError, match="expected 257 or more"):
        BPE.train([], vocab_size=256, specials=["<end>"])
    with pytest.raises(ValueError, match="surrogates"):
        BPE().encode("\ud800")
