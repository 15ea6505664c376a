"""Byte-pair encoding: a vocabulary of frequent pieces that can write any text.

A text is UTF-8 bytes, 256 tokens. Training joins the most frequent pair of
neighbours into a new token, again and again; encoding joins in the same order.
Joins stay within a piece: a word with the blank before it, a digit, a run of marks.

Not here: normalisation of Unicode, the exact pieces of GPT-2.

Sources: P. Gage, "A New Algorithm for Data Compression", C Users Journal, 1994; R.
Sennrich, B. Haddow and A. Birch, "Neural Machine Translation of Rare Words with
Subword Units", ACL 2016; A. Radford et al., "Language Models are Unsupervised
Multitask Learners", 2019 (bytes).

Book page: sequences/language-models
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Self

from aibook.scratch.checks import check_count

__all__ = ["BPE", "join_pair", "split_pieces"]

PIECES = re.compile(r" ?[^\W\d_]+| ?\d| ?(?:[^\w\s]|_)+|\s+(?!\S)|\s")
Pair = tuple[int, int]


def split_pieces(text: str) -> list[str]:
    """Cut a text into the pieces that no token crosses.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    list of str
        Words, digits and runs of marks, each with one blank before it if there is
        one, and other white space; joined again they are the text.

    Examples
    --------
    >>> split_pieces("GPT-2 learns, 12 layers")
    ['GPT', '-', '2', ' learns', ',', ' 1', '2', ' layers']
    """
    return PIECES.findall(text)


def join_pair(tokens: Sequence[int], pair: Pair, new: int) -> list[int]:
    """Replace each occurrence of a pair of neighbours by one token.

    Parameters
    ----------
    tokens
        Numbers of tokens.
    pair
        The two neighbours; of overlapping occurrences the first counts.
    new
        The token in their place.

    Returns
    -------
    list of int

    Examples
    --------
    >>> join_pair([7, 7, 7, 5], (7, 7), 256)
    [256, 7, 5]
    """
    joined: list[int] = []
    i = 0
    while i < len(tokens):
        if tuple(tokens[i : i + 2]) == pair:
            joined.append(new)
            i += 2
        else:
            joined.append(tokens[i])
            i += 1
    return joined


class BPE:
    """A tokeniser: text to numbers, and back without loss.

    Parameters
    ----------
    pairs
        What is joined, in order: entry i makes token 256 + i.
    specials
        Names of tokens that no text contains, such as ``"<end>"``; they get the
        numbers after all others.

    Attributes
    ----------
    vocabulary : list of bytes
        The bytes of each token; those of a special token are its name.
    specials : dict
        Name to number.

    Raises
    ------
    ValueError
        If a pair names a token that is not made before it.

    References
    ----------
    Gage (1994); Sennrich, Haddow and Birch (2016).

    Examples
    --------
    >>> tokenizer = BPE.train(["low lower lowest"], vocab_size=258)
    >>> tokenizer.vocabulary[256:]
    [b'lo', b'low']
    >>> tokenizer.encode("low"), tokenizer.encode("낮")
    ([257], [235, 130, 174])
    >>> tokenizer.decode(tokenizer.encode("낮은 slow"))
    '낮은 slow'
    """

    def __init__(
        self, pairs: Iterable[Pair] = (), *, specials: Sequence[str] = ()
    ) -> None:
        self.pairs = [(int(a), int(b)) for a, b in pairs]
        self.vocabulary = [bytes([i]) for i in range(256)]
        for a, b in self.pairs:
            if not 0 <= min(a, b) <= max(a, b) < len(self.vocabulary):
                raise ValueError(
                    f"pair ({a}, {b}) makes token {len(self.vocabulary)}; "
                    "expected two tokens made before it"
                )
            self.vocabulary.append(self.vocabulary[a] + self.vocabulary[b])
        self._ranks = {pair: rank for rank, pair in enumerate(self.pairs)}
        self._known: dict[str, list[int]] = {}
        start = len(self.vocabulary)
        self.specials = {name: start + i for i, name in enumerate(specials)}
        self.vocabulary += [name.encode() for name in specials]

    @classmethod
    def train(
        cls,
        texts: Iterable[str],
        *,
        vocab_size: int,
        specials: Sequence[str] = (),
    ) -> Self:
        """Find the pairs to join in the given texts.

        Parameters
        ----------
        texts
            What to learn from.
        vocab_size
            256 bytes, joined pairs and special tokens together.
        specials
            As for the class.

        Returns
        -------
        BPE
            With fewer tokens than asked for if no pair is left to join.

        Raises
        ------
        ValueError
            If ``vocab_size`` has no room for bytes and special tokens.
        """
        num_pairs = check_count("vocab_size", vocab_size) - 256 - len(specials)
        if num_pairs < 0:
            raise ValueError(
                f"vocab_size is {vocab_size}; expected {256 + len(specials)} or more"
            )
        pieces = Counter(p for text in texts for p in split_pieces(text))
        words = [list(piece.encode()) for piece in pieces]
        times = list(pieces.values())
        counts: Counter[Pair] = Counter()  # pair -> how often
        places: dict[Pair, set[int]] = defaultdict(set)  # pair -> which words
        for i, word in enumerate(words):
            for pair in pairwise(word):
                counts[pair] += times[i]
                places[pair].add(i)
        pairs: list[Pair] = []
        while len(pairs) < num_pairs and counts:
            most = max(counts.values())
            best = min(pair for pair, count in counts.items() if count == most)
            new = 256 + len(pairs)
            pairs.append(best)
            for i in places.pop(best):  # only these words change
                for pair in pairwise(words[i]):
                    counts[pair] -= times[i]
                    if not counts[pair]:
                        del counts[pair]
                words[i] = join_pair(words[i], best, new)
                for pair in pairwise(words[i]):
                    counts[pair] += times[i]
                    places[pair].add(i)
        return cls(pairs, specials=specials)

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text; special tokens are never among them.

        Half a surrogate pair, which is no character, raises UnicodeEncodeError, a
        ValueError.
        """
        tokens: list[int] = []
        for piece in split_pieces(text):
            if piece not in self._known:
                self._known[piece] = self._join(list(piece.encode()))
            tokens += self._known[piece]
        return tokens

    def _join(self, tokens: list[int]) -> list[int]:
        """Join pairs of a piece, those first that training joined first."""
        while len(tokens) > 1:
            ranks = self._ranks
            best = min(
                pairwise(tokens), key=lambda p: ranks.get(p, len(ranks))
            )
            if best not in ranks:
                break
            tokens = join_pair(tokens, best, 256 + ranks[best])
        return tokens

    def decode(self, tokens: Iterable[int]) -> str:
        """Return the text of tokens; bytes that are no UTF-8 become U+FFFD.

        A number outside the vocabulary raises ValueError.
        """
        parts = list(tokens)
        wrong = [t for t in parts if not 0 <= t < len(self.vocabulary)]
        if wrong:
            raise ValueError(
                f"token {wrong[0]}; expected 0 to {len(self.vocabulary) - 1}"
            )
        return b"".join(self.vocabulary[t] for t in parts).decode(
            errors="replace"
        )
