"""Rosenblatt's perceptron: a weighted sum, a step, and a rule that learns.

The output is 0 or 1. A step has derivative 0, so there is no gradient of the
output to follow: the rule corrects the weights after each mistake. With a sigmoid
and cross-entropy the unit is logistic regression, which is not here.

Sources: F. Rosenblatt, "The perceptron: a probabilistic model for information
storage and organization in the brain", Psychological Review 65, 1958 (the model);
F. Rosenblatt, "Principles of Neurodynamics", 1962 (learning by error correction).

Book page: networks/perceptron
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.activations import step
from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_finite,
    check_inputs,
    check_positive,
)

__all__ = ["Perceptron", "PerceptronHistory"]


@dataclass(frozen=True, eq=False)
class PerceptronHistory:
    """What happened while a perceptron learned.

    Attributes
    ----------
    errors
        The number of mistakes, each with its update, in every epoch.
    weights
        The weights at the start and after each of U updates, shape (U + 1, D).
    biases
        The bias at the start and after each of U updates, shape (U + 1,).
    converged
        Whether the last epoch was free of mistakes.
    """

    errors: list[int]
    weights: NDArray[np.float64]
    biases: NDArray[np.float64]
    converged: bool

    @property
    def num_updates(self) -> int:
        """The number U of updates in all epochs together."""
        return sum(self.errors)


class Perceptron:
    """One artificial neuron with a step that learns by Rosenblatt's rule.

    Parameters
    ----------
    num_inputs
        The number D of inputs.
    lr
        Learning rate, positive. From zero weights it only scales the weights
        and changes no prediction.

    Attributes
    ----------
    w
        Weights, shape (D,), zeros at first.
    b
        Bias, 0 at first.

    Raises
    ------
    ValueError
        If ``num_inputs`` is no positive integer or ``lr`` is not positive.

    References
    ----------
    F. Rosenblatt (1958), Psychological Review 65, 386-408. For convergence on
    linearly separable data: A. Novikoff (1962), "On convergence proofs on
    perceptrons".

    Examples
    --------
    >>> from aibook.data.gates import load_gate
    >>> X, y = load_gate("and")
    >>> model = Perceptron(num_inputs=2)
    >>> history = model.fit(X, y)
    >>> history.errors
    [1, 3, 3, 2, 1, 0]
    >>> model.w, model.b
    (array([2., 1.]), -2.0)
    >>> model.predict(X)
    array([0, 0, 0, 1])
    """

    def __init__(self, num_inputs: int, *, lr: float = 1.0) -> None:
        self.w = np.zeros(check_count("num_inputs", num_inputs))  # (D,)
        self.b = 0.0
        self.lr = check_positive("lr", lr)

    def weighted_sum(self, X: ArrayLike) -> NDArray[np.float64]:
        """Return the weighted sum w x + b of every example.

        Parameters
        ----------
        X
            Examples, shape (N, D).

        Returns
        -------
        Array of shape (N,).

        Raises
        ------
        ValueError
            If X has another shape, no rows, NaN or infinity.
        """
        X = check_inputs(X, len(self.w))  # (N, D)
        return X @ self.w + self.b

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return 1 for examples with a positive weighted sum, else 0.

        Parameters
        ----------
        X
            Examples, shape (N, D).

        Returns
        -------
        Array of shape (N,).

        Raises
        ------
        ValueError
            If X has another shape, no rows, NaN or infinity.
        """
        return step(self.weighted_sum(X)).astype(np.int64)

    def update(self, x: ArrayLike, t: int) -> bool:
        """Learn from one example, and return whether that changed the weights.

        Parameters
        ----------
        x
            The example, shape (D,).
        t
            Its target, 0 or 1.

        Raises
        ------
        ValueError
            If x has another shape, NaN or infinity, or t is not 0 or 1.
        """
        x, t = self._check_example(x, t)
        y_hat = int(self.predict([x])[0])
        # A new array: the history keeps the old one.
        self.w = self.w + self.lr * (t - y_hat) * x
        self.b = self.b + self.lr * (t - y_hat)
        return y_hat != t

    def fit(
        self, X: ArrayLike, y: ArrayLike, *, max_epochs: int = 100
    ) -> PerceptronHistory:
        """Go through the examples in order until an epoch has no mistake.

        Starts from the weights as they are: a second call goes on.

        Parameters
        ----------
        X
            Examples, shape (N, D).
        y
            Targets, each 0 or 1, shape (N,).
        max_epochs
            The number of epochs after which to give up.

        Raises
        ------
        ValueError
            If a shape differs, there is no example, a number is not finite, a
            target is not 0 or 1, or ``max_epochs`` is no positive integer.
        """
        X, y = check_examples(X, y, len(self.w))
        errors, weights, biases = [], [self.w], [self.b]
        for _ in range(check_count("max_epochs", max_epochs)):
            errors.append(0)
            for x, t in zip(X, y, strict=True):
                if self.update(x, t):
                    errors[-1] += 1
                    weights.append(self.w)
                    biases.append(self.b)
            if errors[-1] == 0:
                break
        return PerceptronHistory(
            errors, np.array(weights), np.array(biases), errors[-1] == 0
        )

    def _check_example(
        self, x: ArrayLike, t: int
    ) -> tuple[NDArray[np.float64], int]:
        x = check_finite("x", x)
        if x.shape != self.w.shape:
            raise ValueError(f"x has shape {x.shape}; expected {self.w.shape}")
        if t not in (0, 1):
            raise ValueError(
                f"t is {t!r}; only the targets 0 and 1 are allowed"
            )
        return x, int(t)
