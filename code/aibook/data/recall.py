"""The memory test: to say which symbol came first, many steps later.

What: sequences that begin with the symbol to remember and go on with fillers,
which tell nothing. How many fillers there are decides how far back the answer is.

What not: no split; draw the test's sequences with another seed.

Source: S. Hochreiter and J. Schmidhuber, "Long Short-Term Memory", Neural
Computation 9(8), 1997, experiment 2, has the same idea with other symbols.

Book pages: sequences/rnn, sequences/lstm
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from aibook.data.checks import integer

__all__ = ["load_recall", "spell"]

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"


def load_recall(
    num_sequences: int,
    *,
    delay: int,
    num_symbols: int = 8,
    num_fillers: int = 8,
    seed: int = 0,
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]:
    """Draw sequences of one symbol and ``delay`` fillers, all at random.

    Parameters
    ----------
    num_sequences
        N, at least 1.
    delay
        Fillers after the symbol, at least 0; a sequence has T = delay + 1 steps.
    num_symbols
        K, from 2 to 26: who guesses is right once in K.
    num_fillers
        From 1 to 10; they are no symbols, so that the first is known for one.
    seed
        Seed of symbols and fillers, at least 0.

    Returns
    -------
    X : numpy.ndarray
        One-hot vectors, shape (N, T, num_symbols + num_fillers); the symbols are
        the first ``num_symbols`` columns.
    y : numpy.ndarray
        The symbols of the first step, shape (N,), 0 to K - 1.

    Raises
    ------
    ValueError
        If an argument is outside its range.

    Examples
    --------
    >>> X, y = load_recall(4, delay=5)
    >>> X.shape, bool((X[:, 0].argmax(axis=1) == y).all())
    ((4, 6, 16), True)
    """
    num_sequences = integer("num_sequences", num_sequences, 1)
    delay = integer("delay", delay, 0)
    num_symbols = integer("num_symbols", num_symbols, 2, len(_LETTERS))
    num_fillers = integer("num_fillers", num_fillers, 1, len(_DIGITS))
    rng = np.random.default_rng(integer("seed", seed, 0))
    y = rng.integers(num_symbols, size=num_sequences)
    fillers = rng.integers(num_fillers, size=(num_sequences, delay))
    tokens = np.column_stack([y, num_symbols + fillers])  # (N, T)
    one_hot = np.eye(num_symbols + num_fillers, dtype=np.float32)
    return one_hot[tokens], y


def spell(x: npt.ArrayLike, *, num_symbols: int = 8) -> str:
    """Write a sequence of the memory test with letters and digits.

    Parameters
    ----------
    x
        One-hot vectors, shape (T, num_symbols + num_fillers).
    num_symbols
        K, as in `load_recall`.

    Returns
    -------
    str
        A letter for a symbol, a digit for a filler.

    Raises
    ------
    ValueError
        If x has another shape.

    Examples
    --------
    >>> X, y = load_recall(1, delay=7, seed=3)
    >>> spell(X[0])
    'G0111664'
    """
    array = np.asarray(x)
    low, high = num_symbols + 1, num_symbols + len(_DIGITS)
    if array.ndim != 2 or not low <= array.shape[1] <= high:
        raise ValueError(
            f"x has shape {array.shape}; expected (T, {low} to {high})"
        )
    names = _LETTERS[:num_symbols] + _DIGITS
    return "".join(names[token] for token in array.argmax(axis=1))
