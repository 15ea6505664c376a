"""AdaBoost: many weak rules, each on one feature, vote with weights.

Two classes, decision stumps, the discrete form in which a stump answers 0 or 1.
Trees with more than one question, more classes, and gradient boosting are not
here.

Sources: Y. Freund and R. Schapire, "A decision-theoretic generalization of on-line
learning and an application to boosting", Journal of Computer and System Sciences
55, 1997; L. Breiman, J. Friedman, R. Olshen and C. Stone, "Classification and
Regression Trees", 1984 (the Gini criterion).

Book page: ai/definition
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_finite,
    check_inputs,
)

__all__ = ["CRITERIA", "AdaBoost", "Stump", "fit_stump"]

Array = NDArray[np.float64]

#: What a side of a stump costs that holds the weights ``p`` and ``q`` of the classes.
CRITERIA = {
    "error": lambda p, q: np.minimum(p, q),
    "gini": lambda p, q: 2 * p * q / np.maximum(p + q, np.finfo(float).tiny),
}


class Stump(NamedTuple):
    """A rule on one feature: ``below`` up to the threshold, ``above`` beyond it."""

    feature: int
    threshold: float
    below: int
    above: int

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return the answers, 0 or 1, shape (N,), for X (N, D)."""
        values = np.asarray(X)[:, self.feature]  # (N,)
        return np.where(values <= self.threshold, self.below, self.above)


def fit_stump(
    X: ArrayLike,
    y: ArrayLike,
    weights: ArrayLike,
    *,
    criterion: str = "error",
    order: NDArray[np.int64] | None = None,
) -> Stump:
    """Return the best rule on one feature, for examples with weights.

    Every feature and every threshold half-way between two neighbouring values is
    tried; each side answers with its heavier class (0 if both weigh the same). Of
    equally good rules the one with the lowest threshold of the first feature wins.

    Parameters
    ----------
    X
        Examples, shape (N, D).
    y
        Labels, shape (N,), each 0 or 1.
    weights
        Shape (N,), none negative, not all zero.
    criterion
        What to keep small, a name in `CRITERIA`: ``"error"``, the weight of the
        wrong answers, or ``"gini"``, how mixed the sides are.
    order
        ``np.argsort(X, axis=0)`` if it is known, to sort only once.

    Raises
    ------
    ValueError
        If a shape differs, a number is not finite, a label is not 0 or 1, a weight
        is negative or all are zero, no feature varies, or the criterion is unknown.

    References
    ----------
    Freund and Schapire (1997); Breiman, Friedman, Olshen and Stone (1984).

    Examples
    --------
    >>> fit_stump([[1.0], [2.0], [4.0]], [0, 0, 1], [1, 1, 1])
    Stump(feature=0, threshold=3.0, below=0, above=1)
    """
    X = np.asarray(X, dtype=np.float64)
    X, y = check_examples(X, y, X.shape[1] if X.ndim == 2 else 1)
    weights = check_finite("weights", weights)
    if weights.shape != y.shape or weights.min() < 0 or weights.max() == 0:
        raise ValueError(
            f"weights of shape {weights.shape}, from {weights.min():g} to "
            f"{weights.max():g}; expected {y.shape}, none negative, not all 0"
        )
    if criterion not in CRITERIA:
        raise ValueError(
            f"criterion is {criterion!r}; expected one of {', '.join(CRITERIA)}"
        )
    if order is None:
        order = np.argsort(X, axis=0, kind="stable")
    return _best_stump(X, y, weights, criterion, order)


def _best_stump(
    X: Array,
    y: NDArray[np.int64],
    weights: Array,
    criterion: str,
    order: NDArray[np.int64],
) -> Stump:
    values = np.take_along_axis(X, order, axis=0)  # (N, D), sorted columns
    ones = np.cumsum((weights * y)[order], axis=0)  # weight of class 1 so far
    zeros = np.cumsum((weights * (1 - y))[order], axis=0)
    below = ones[:-1], zeros[:-1]  # (N - 1, D) each
    above = ones[-1] - ones[:-1], zeros[-1] - zeros[:-1]
    cost = CRITERIA[criterion](*below) + CRITERIA[criterion](*above)
    cost = np.where(values[:-1] < values[1:], cost, np.inf)  # between values
    if not np.isfinite(cost).any():
        raise ValueError("no feature of X varies; a stump has nothing to ask")
    feature, row = divmod(int(cost.T.argmin()), len(cost))
    low, high = values[row : row + 2, feature]
    middle = low / 2 + high / 2
    sides = [p[row, feature] > q[row, feature] for p, q in (below, above)]
    return Stump(
        feature, float(middle if middle < high else low), *map(int, sides)
    )


class AdaBoost:
    """A weighted vote of stumps, each fitted to the mistakes of those before it.

    Parameters
    ----------
    num_rounds
        The greatest number of stumps.
    criterion
        How a stump is chosen, a name in `CRITERIA`. scikit-learn's trees take
        ``"gini"``; the theory of boosting speaks of ``"error"``.

    Attributes
    ----------
    stumps
        The stumps, R of them: fewer than ``num_rounds`` if one made no mistake or
        the next would be no better than chance.
    alphas
        Their votes, shape (R,).
    errors
        The weight of the mistakes of each stump in its own round, shape (R,).

    Raises
    ------
    ValueError
        If ``num_rounds`` is no positive integer or the criterion is unknown. By
        ``fit`` as `fit_stump`; by the others if X has another number of columns,
        no rows, NaN or infinity, or nothing has been fitted.

    References
    ----------
    Freund and Schapire (1997). The stump with error e has the vote
    ln((1 - e) / e) / 2; scikit-learn's ``estimator_weights_`` are twice as large.

    Examples
    --------
    >>> X, y = [[1.0], [2.0], [3.0], [4.0]], [0, 1, 1, 0]
    >>> model = AdaBoost(num_rounds=3).fit(X, y)
    >>> [stump.threshold for stump in model.stumps]
    [1.5, 3.5, 1.5]
    >>> model.predict(X)
    array([0, 1, 1, 0])
    """

    def __init__(
        self, num_rounds: int = 50, *, criterion: str = "error"
    ) -> None:
        if criterion not in CRITERIA:
            raise ValueError(
                f"criterion is {criterion!r}; expected one of "
                f"{', '.join(CRITERIA)}"
            )
        self.num_rounds = check_count("num_rounds", num_rounds)
        self.criterion = criterion
        self.num_inputs = 0
        self.stumps: list[Stump] = []
        self.alphas = self.errors = np.zeros(0)

    def fit(self, X: ArrayLike, y: ArrayLike) -> AdaBoost:
        """Learn from X (N, D) and labels y (N,), and return the model itself."""
        X = np.asarray(X, dtype=np.float64)
        X, y = check_examples(X, y, X.shape[1] if X.ndim == 2 else 1)
        self.num_inputs = X.shape[1]
        order = np.argsort(X, axis=0, kind="stable")
        weights = np.full(len(y), 1 / len(y))  # all examples count the same
        self.stumps, alphas, errors = [], [], []
        for _ in range(self.num_rounds):
            stump = fit_stump(
                X, y, weights, criterion=self.criterion, order=order
            )
            wrong = stump.predict(X) != y
            error = weights[wrong].sum()
            if error >= 0.5:  # no better than chance
                break
            alpha = 0.5 * np.log((1 - error) / error) if error > 0 else 0.5
            self.stumps.append(stump)
            alphas.append(alpha)
            errors.append(error)
            if error == 0:
                break
            weights *= np.exp(np.where(wrong, alpha, -alpha))
            weights /= weights.sum()  # mistakes now weigh one half
        self.alphas, self.errors = np.array(alphas), np.array(errors)
        return self

    def scores(self, X: ArrayLike, num_rounds: int | None = None) -> Array:
        """Return the share of the vote for 1 minus that for 0, shape (N,).

        Only the first ``num_rounds`` stumps vote; all of them if None.
        """
        if not self.num_inputs:
            raise ValueError("nothing has been fitted yet; call fit first")
        X = check_inputs(X, self.num_inputs)
        alphas = self.alphas[:num_rounds]
        total = np.zeros(len(X))
        for alpha, stump in zip(alphas, self.stumps, strict=False):
            total += alpha * (2 * stump.predict(X) - 1)
        votes = float(alphas.sum())
        return total / votes if votes > 0 else total

    def predict(
        self, X: ArrayLike, num_rounds: int | None = None
    ) -> NDArray[np.int64]:
        """Return 1 where the vote for it is larger, else 0, shape (N,)."""
        return (self.scores(X, num_rounds) > 0).astype(np.int64)
