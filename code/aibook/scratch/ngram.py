"""An n-gram language model: counts of what followed the last n - 1 tokens.

Kneser-Ney smoothing, interpolated: every count is lowered by a discount, and what
is saved goes to the model that sees one token less. The shorter models count in
how many different contexts a token was seen, not how often.

Not here: three discounts for each order (Chen and Goodman's modification), pruning.

Sources: R. Kneser and H. Ney, "Improved backing-off for m-gram language modeling",
ICASSP 1995; S. F. Chen and J. Goodman, "An empirical study of smoothing techniques
for language modeling", Computer Speech and Language 13, 1999.

Book page: sequences/language-models
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from aibook.scratch.checks import check_count

__all__ = ["NGram"]

Context = tuple[int, ...]


class NGram:
    """Probabilities of the next token after the last n - 1 tokens.

    Parameters
    ----------
    order
        n: 1 looks at no context, 3 (a trigram) at two tokens.
    vocab_size
        V, how many tokens there are.

    Attributes
    ----------
    counts : list of dict
        Entry k: for each context of k tokens, how often which token followed; for k
        below n - 1, after how many different tokens that happened.
    discounts : list of float
        What each count of entry k is lowered by, 0 to 1.

    Raises
    ------
    ValueError
        If a number is below 1.

    References
    ----------
    Chen and Goodman (1999), section 2.7.

    Examples
    --------
    >>> model = NGram(2, vocab_size=3).fit([0, 1, 0, 1, 0, 2])
    >>> model.probabilities([0]).round(3)
    array([0.044, 0.644, 0.311])
    """

    def __init__(self, order: int, *, vocab_size: int) -> None:
        self.order = check_count("order", order)
        self.vocab_size = check_count("vocab_size", vocab_size)
        self.counts: list[dict[Context, Counter[int]]] = []
        self.discounts: list[float] = []

    def fit(self, tokens: Sequence[int]) -> Self:
        """Count, shape (T,) with T of ``order`` or more, and return the model."""
        tokens = self._check(tokens)
        if len(tokens) < self.order:
            raise ValueError(
                f"{len(tokens)} tokens; expected {self.order} or more"
            )
        n = self.order
        grams = Counter(zip(*(tokens[i:] for i in range(n)), strict=False))
        self.counts, self.discounts = [], []
        for _ in range(n):
            table: dict[Context, Counter[int]] = defaultdict(Counter)
            for (*context, token), count in grams.items():
                table[tuple(context)][token] = count
            self.counts.insert(0, dict(table))
            once, twice = (sum(c == k for c in grams.values()) for k in (1, 2))
            discount = once / (once + 2 * twice) if once else 0.5
            self.discounts.insert(0, discount)
            grams = Counter(
                gram[1:] for gram in grams
            )  # different first tokens
        return self

    def probability(self, token: int, context: Sequence[int]) -> float:
        """Return P(token | context); only the last n - 1 of the context count."""
        p = 1 / self.vocab_size
        for followers, discount in self._known(context):
            total = followers.total()
            saved = discount * len(followers) / total
            p = max(followers[token] - discount, 0) / total + saved * p
        return p

    def probabilities(self, context: Sequence[int]) -> NDArray[np.float64]:
        """Return P(token | context) for all tokens, shape (V,), adding up to 1."""
        p = np.full(self.vocab_size, 1 / self.vocab_size)
        for followers, discount in self._known(context):
            total = followers.total()
            p *= discount * len(followers) / total
            seen = np.fromiter(followers, int)
            times = np.fromiter(followers.values(), float)
            p[seen] += np.maximum(times - discount, 0) / total
        return p

    def predict(self, tokens: Sequence[int]) -> NDArray[np.float64]:
        """Return the probability of each token after those before it, (T,)."""
        tokens = self._check(tokens)
        k = self.order - 1
        return np.array(
            [
                self.probability(token, tokens[max(0, i - k) : i])
                for i, token in enumerate(tokens)
            ]
        )

    def _known(
        self, context: Sequence[int]
    ) -> list[tuple[Counter[int], float]]:
        """Return counts and discounts, from no context to the longest one known."""
        if not self.counts:
            raise ValueError("the model has no counts; call fit first")
        found = []
        for k in range(min(len(context), self.order - 1) + 1):
            suffix = tuple(context[len(context) - k :])
            if suffix not in self.counts[k]:
                break
            found.append((self.counts[k][suffix], self.discounts[k]))
        return found

    def _check(self, tokens: Sequence[int]) -> list[int]:
        numbers = np.asarray(tokens)
        if (
            numbers.ndim != 1
            or not np.issubdtype(numbers.dtype, np.integer)
            or len(numbers) == 0
            or not 0 <= numbers.min() <= numbers.max() < self.vocab_size
        ):
            raise ValueError(
                f"tokens have shape {numbers.shape} and type {numbers.dtype}; "
                f"expected (T,), whole numbers from 0 to {self.vocab_size - 1}"
            )
        return [int(number) for number in numbers]
