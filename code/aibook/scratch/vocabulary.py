"""From texts to rows of numbers: cutting, numbering, filling up.

What: three ways of cutting a text (`words`, `syllables`, `jamo`), and a vocabulary
learned from training texts, with a number for padding and one for the unknown.

What not: pieces learned from frequencies (`aibook.scratch.bpe`).

Source: Unicode Standard Annex 15 (the forms NFC and NFD; in NFD each Korean
syllable is its two or three letters).

Book page: labs/sentiment
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from aibook.scratch.checks import check_count

__all__ = [
    "PAD",
    "UNKNOWN",
    "Tokenize",
    "Vocabulary",
    "jamo",
    "syllables",
    "words",
]

PAD = 0
"""The number that fills up short texts."""

UNKNOWN = 1
"""The number of every token that the training texts did not have."""

Tokenize = Callable[[str], Sequence[Hashable]]
"""A function that cuts a text into tokens."""

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def words(text: str) -> list[str]:
    """Cut a text into words: lower case, without punctuation.

    An apostrophe inside a word stays. Korean words keep their endings.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> words("Not bad, it wasn't NOISY!")
    ['not', 'bad', 'it', "wasn't", 'noisy']
    >>> words("방은 나쁘지 않다.")
    ['방은', '나쁘지', '않다']
    """
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def syllables(text: str) -> list[str]:
    """Cut a text into characters, words apart by one blank.

    A character of Korean is a syllable.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> syllables("나쁘지 않다.")
    ['나', '쁘', '지', ' ', '않', '다']
    """
    return list(" ".join(words(text)))


def jamo(text: str) -> list[str]:
    """Cut a text into letters, Korean syllables into their jamo.

    Parameters
    ----------
    text
        Any text.

    Examples
    --------
    >>> len(syllables("나쁘지")), len(jamo("나쁘지"))
    (3, 6)
    >>> jamo("나빠")[:3] == jamo("나쁘")[:3]  # differ in the last vowel only
    True
    """
    return list(unicodedata.normalize("NFD", " ".join(words(text))))


class Vocabulary:
    """Number the tokens of training texts, so that texts become rows of numbers.

    The order is that of sorting, the same in every run. `PAD` and `UNKNOWN` come
    first.

    Parameters
    ----------
    texts
        Training texts, and only those.
    tokenize
        Cuts a text into tokens.
    min_count
        Tokens that occur less often stay unknown.

    Attributes
    ----------
    index : dict
        Token to number, from 2.

    Raises
    ------
    ValueError
        If no token is left, or for a ``min_count`` below 1.

    Examples
    --------
    >>> vocabulary = Vocabulary(["not good", "so good"])
    >>> vocabulary.index
    {'good': 2, 'not': 3, 'so': 4}
    >>> vocabulary.encode(["Not so good.", "good day"])
    array([[3, 4, 2],
           [2, 1, 0]])
    """

    def __init__(
        self,
        texts: Iterable[str],
        *,
        tokenize: Tokenize = words,
        min_count: int = 1,
    ) -> None:
        check_count("min_count", min_count)
        counts: Counter[Any] = Counter(t for s in texts for t in tokenize(s))
        known = sorted(t for t, count in counts.items() if count >= min_count)
        if not known:
            raise ValueError(
                "texts leave no token; expected one that occurs "
                f"{min_count} times or more"
            )
        self.tokenize = tokenize
        self.index = {token: i for i, token in enumerate(known, start=2)}

    def __len__(self) -> int:
        """Return how many numbers there are, padding and unknown included."""
        return len(self.index) + 2

    def encode(
        self, texts: Sequence[str], *, max_length: int | None = None
    ) -> npt.NDArray[np.int64]:
        """Return texts as rows of numbers, short ones filled up with `PAD`.

        Parameters
        ----------
        texts
            N texts, each with a token at least.
        max_length
            What a longer text is cut to; None cuts nothing.

        Returns
        -------
        numpy.ndarray
            Shape (N, L), L the length of the longest.

        Raises
        ------
        ValueError
            For no text, a text without token, or a length below 1.
        """
        if max_length is not None:
            check_count("max_length", max_length)
        if isinstance(texts, str):
            raise ValueError(f"texts is {texts!r}; expected a list of texts")
        rows = [self.tokenize(text)[:max_length] for text in texts]
        if not rows or not all(map(len, rows)):
            empty = next(
                (t for t, r in zip(texts, rows, strict=True) if not r), None
            )
            raise ValueError(
                "texts is empty; give one at least"
                if not rows
                else f"text {empty!r} has no token"
            )
        X = np.full((len(rows), max(map(len, rows))), PAD, dtype=np.int64)
        for row, tokens in zip(X, rows, strict=True):
            row[: len(tokens)] = [self.index.get(t, UNKNOWN) for t in tokens]
        return X
