"""A linear support-vector machine, trained by subgradient descent.

Two classes, hinge loss, L2 penalty on the weights and on the bias, every example
in every step. The steps shrink as 1 / t and the answer is an average of the way,
which is what makes the method converge. Kernels, stochastic steps and the dual
problem are not here.

Sources: C. Cortes and V. Vapnik, "Support-vector networks", Machine Learning 20,
1995 (the model); S. Shalev-Shwartz, Y. Singer, N. Srebro and A. Cotter, "Pegasos:
primal estimated sub-gradient solver for SVM", Mathematical Programming 127, 2011
(the descent); S. Lacoste-Julien, M. Schmidt and F. Bach, "A simpler approach to
obtaining an O(1/t) convergence rate for the projected stochastic subgradient
method", arXiv:1212.2002 (steps and average).

Book page: ai/definition
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_inputs,
    check_positive,
)

__all__ = ["LinearSVM"]

Array = NDArray[np.float64]


class LinearSVM:
    """A straight line (a hyperplane) with as wide a margin as the data allow.

    The objective is ``l2 / 2 * (|w|^2 + b^2)`` plus the mean hinge loss
    ``max(0, 1 - s (w x + b))``, where s is +1 for class 1 and -1 for class 0. It
    is that of scikit-learn's ``LinearSVC(loss="hinge", C=1 / (l2 * N))``, divided
    by C N; there too the bias is part of the penalty.

    Parameters
    ----------
    num_inputs
        The number D of inputs.
    l2
        Strength of the penalty, positive. The larger, the wider the margin and
        the more examples may lie inside it.

    Attributes
    ----------
    w
        Weights, shape (D,), zeros at first.
    b
        Bias, 0 at first.

    Raises
    ------
    ValueError
        If ``num_inputs`` is no positive integer or ``l2`` is not positive. By every
        method if X or y has another shape than it says, no rows, NaN or infinity,
        or a label is not 0 or 1.

    References
    ----------
    Cortes and Vapnik (1995); Shalev-Shwartz, Singer, Srebro and Cotter (2011).

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [3.0], [4.0]], [0, 0, 1, 1]
    >>> model = LinearSVM(1, l2=0.01)
    >>> objective = model.fit(X, y, num_steps=20_000)
    >>> model.predict(X)
    array([0, 0, 1, 1])
    >>> round(float(-model.b / model.w[0]), 1)  # half-way between 1 and 3
    2.0
    """

    def __init__(self, num_inputs: int, *, l2: float = 0.01) -> None:
        self.w = np.zeros(check_count("num_inputs", num_inputs))  # (D,)
        self.b = 0.0
        self.l2 = check_positive("l2", l2)

    def scores(self, X: ArrayLike) -> Array:
        """Return the weighted sum w x + b, shape (N,), for X (N, D)."""
        X = check_inputs(X, len(self.w))  # (N, D)
        return X @ self.w + self.b

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return 1 where the score is positive, else 0, shape (N,)."""
        return (self.scores(X) > 0).astype(np.int64)

    def subgradient(
        self, X: ArrayLike, y: ArrayLike
    ) -> tuple[float, Array, float]:
        """Return the objective and its subgradient in the weights and the bias.

        ``X`` has shape (N, D), ``y`` shape (N,) and labels 0 and 1. An example
        whose margin is exactly 1, where the hinge has its corner, counts with
        slope 0.
        """
        X, y = check_examples(X, y, len(self.w))
        return self._subgradient(X, (2 * y - 1).astype(np.float64))

    def fit(
        self, X: ArrayLike, y: ArrayLike, *, num_steps: int = 10_000
    ) -> list[float]:
        """Descend from zero, and return the objective before every step.

        ``X`` has shape (N, D), ``y`` shape (N,) and labels 0 and 1. Step t has the
        size ``2 / (l2 * (t + 1))``; what is kept is the mean of the weights on the
        way, those of step t counted t times. The objective of the way itself jumps
        about; that of the mean is within a constant / (l2 * num_steps) of the best.
        """
        X, y = check_examples(X, y, len(self.w))
        s = (2 * y - 1).astype(np.float64)  # (N,) +1 or -1
        self.w, self.b = np.zeros_like(self.w), 0.0
        mean_w, mean_b = self.w, self.b
        objectives = []
        for t in range(1, check_count("num_steps", num_steps) + 1):
            objective, dw, db = self._subgradient(X, s)
            objectives.append(objective)
            share = 2 / (t + 1)  # of step t in the mean so far
            mean_w = (1 - share) * mean_w + share * self.w
            mean_b = (1 - share) * mean_b + share * self.b
            self.w = self.w - share / self.l2 * dw
            self.b = self.b - share / self.l2 * db
        self.w, self.b = mean_w, mean_b
        return objectives

    def _subgradient(self, X: Array, s: Array) -> tuple[float, Array, float]:
        margins = s * (X @ self.w + self.b)  # (N,)
        inside = margins < 1  # wrong, or right but too close to the line
        hinge = np.maximum(0, 1 - margins).mean()
        objective = hinge + self.l2 / 2 * (self.w @ self.w + self.b**2)
        pull = np.where(inside, s, 0) / len(s)  # (N,)
        dw = self.l2 * self.w - pull @ X
        db = self.l2 * self.b - pull.sum()
        return float(objective), dw, float(db)
