"""Texts as rows of numbers, one a character, and back.

Not here: subwords, words, characters that were not in the texts given at first.

Book page: sequences/transformer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Characters"]


class Characters:
    """A vocabulary of characters, after a few tokens that are no characters.

    Parameters
    ----------
    texts
        Where the characters are taken from; they are sorted.
    special
        More tokens, after ``<pad>`` (number 0) and ``<end>`` (number 1).

    Attributes
    ----------
    tokens : list of str
        The token with each number.

    Raises
    ------
    ValueError
        If two tokens are the same.

    Examples
    --------
    >>> characters = Characters(["325", "12"], special=["<ko>"])
    >>> characters.tokens
    ['<pad>', '<end>', '<ko>', '1', '2', '3', '5']
    >>> characters.encode(["325", "1"])
    array([[5, 4, 6, 1],
           [3, 1, 0, 0]])
    """

    padding, end = 0, 1

    def __init__(
        self, texts: Iterable[str], *, special: Sequence[str] = ()
    ) -> None:
        letters = sorted(set("".join(texts)))
        self.tokens = ["<pad>", "<end>", *special, *letters]
        self._numbers = {token: n for n, token in enumerate(self.tokens)}
        if len(self._numbers) < len(self.tokens):
            raise ValueError(
                f"special is {list(special)}; each must be new, and not one "
                "character of the texts"
            )

    def __len__(self) -> int:
        """Return how many tokens there are."""
        return len(self.tokens)

    def number_of(self, token: str) -> int:
        """Return the number of a token; one that is unknown raises ValueError."""
        if token not in self._numbers:
            raise ValueError(f"{token!r} is not in the vocabulary")
        return self._numbers[token]

    def encode(
        self, texts: Sequence[str], *, first: str | None = None
    ) -> NDArray[np.int64]:
        """Return the texts as rows, each ended by ``<end>`` and padded.

        Parameters
        ----------
        texts
            N texts of known characters.
        first
            A token that goes before each.

        Returns
        -------
        Array of shape (N, L): L is the length of the longest row.

        Raises
        ------
        ValueError
            If there is no text, or a character is unknown.
        """
        if not texts:
            raise ValueError("texts is empty; give one at least")
        before = [] if first is None else [self.number_of(first)]
        rows = [
            [*before, *map(self.number_of, text), self.end] for text in texts
        ]
        array = np.full((len(rows), max(map(len, rows))), self.padding)
        for row, numbers in zip(array, rows, strict=True):
            row[: len(numbers)] = numbers
        return array

    def decode(self, rows: ArrayLike) -> list[str]:
        """Return each row, (N, L), as a text: all before ``<end>``.

        Padding is left out, other special tokens stay, so that a model's mistakes
        show. A number without a token raises ValueError.

        Examples
        --------
        >>> Characters(["ab"]).decode([[3, 2, 1, 0], [2, 2, 2, 2]])
        ['ba', 'aaaa']
        """
        numbers = np.asarray(rows)
        if numbers.ndim != 2 or numbers.dtype.kind not in "iu":
            raise ValueError(
                f"rows have shape {numbers.shape} and dtype {numbers.dtype}; "
                "expected (N, L) of integers"
            )
        if ((numbers < 0) | (numbers >= len(self))).any():
            raise ValueError(
                f"rows hold a number outside 0 to {len(self) - 1}"
            )
        texts = []
        for row in numbers.tolist():
            row = row[: row.index(self.end)] if self.end in row else row
            texts.append(
                "".join(self.tokens[n] for n in row if n != self.padding)
            )
        return texts
