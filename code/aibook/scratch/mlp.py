"""A multilayer perceptron for two classes, with back-propagation written out.

Any number of hidden layers of one activation, one output (a logit), binary
cross-entropy, gradient descent on all examples or on random batches. More
classes and other optimisers are not here.

Sources: D. Rumelhart, G. Hinton and R. Williams, "Learning representations by
back-propagating errors", Nature 323, 1986; X. Glorot and Y. Bengio,
"Understanding the difficulty of training deep feedforward neural networks",
AISTATS 2010 (how the weights start).

Book page: networks/mlp
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.losses import binary_cross_entropy, binary_cross_entropy_grad
from aibook.scratch.activations import ACTIVATIONS, sigmoid
from aibook.scratch.checks import (
    check_count,
    check_examples,
    check_inputs,
    check_positive,
)
from aibook.scratch.initialisation import glorot_uniform

__all__ = ["MLP", "XOR_SETTINGS", "XORSettings"]

Array = NDArray[np.float64]


class XORSettings(NamedTuple):
    """What to give `MLP` (sizes, activation) and its ``fit`` (lr, num_steps)."""

    sizes: tuple[int, ...]
    activation: str
    lr: float
    num_steps: int


#: The smallest network that learnt XOR from each of the seeds 0 to 999.
XOR_SETTINGS = XORSettings(
    sizes=(2, 4, 1), activation="sigmoid", lr=3.0, num_steps=1000
)


class MLP:
    """A multilayer perceptron that separates two classes.

    Parameters
    ----------
    sizes
        The number of inputs, of units in each hidden layer, and 1: (2, 4, 1).
    activation
        What the hidden layers apply, a name in `ACTIVATIONS`.
    seed
        Seed of the start: weights uniform within sqrt(6 / (D_in + D_out)) of 0
        (Glorot), biases 0.

    Attributes
    ----------
    weights
        A matrix for each layer, shape (D_in, D_out).
    biases
        A vector for each layer, shape (D_out,).

    Raises
    ------
    ValueError
        If a size is no positive integer, fewer than two are given, the last is
        not 1, or the activation is unknown. By every method if X or y has another
        shape than it says, no rows, NaN or infinity, or a label is not 0 or 1.

    References
    ----------
    Rumelhart, Hinton and Williams (1986); Glorot and Bengio (2010).

    Examples
    --------
    >>> from aibook.data.gates import load_gate
    >>> X, y = load_gate("xor")
    >>> model = MLP((2, 4, 1), activation="sigmoid", seed=0)
    >>> losses = model.fit(X, y, lr=3.0, num_steps=1000)
    >>> model.predict(X)
    array([0, 1, 1, 0])
    """

    def __init__(
        self, sizes: Sequence[int], *, activation: str = "tanh", seed: int = 0
    ) -> None:
        self.sizes = tuple(check_count("sizes", size) for size in sizes)
        if len(self.sizes) < 2 or self.sizes[-1] != 1:
            message = (
                f"sizes is {self.sizes}; expected (inputs, hidden ..., 1)"
            )
            raise ValueError(message)
        if activation not in ACTIVATIONS:
            allowed = ", ".join(ACTIVATIONS)
            raise ValueError(
                f"activation is {activation!r}; expected one of {allowed}"
            )
        self.activation, self.derivative = ACTIVATIONS[activation]
        rng = np.random.default_rng(seed)
        self.weights: list[Array] = []
        self.biases: list[Array] = []
        for num_in, num_out in pairwise(self.sizes):
            self.weights.append(glorot_uniform(num_in, num_out, rng))
            self.biases.append(np.zeros(num_out))

    def forward(self, X: ArrayLike) -> tuple[list[Array], list[Array]]:
        """Return what enters each layer, and each layer's weighted sums.

        Shapes: X (N, D), every input (N, D_in), every sum (N, D_out); the last
        sum is the logit.
        """
        inputs: list[Array] = [check_inputs(X, self.sizes[0])]
        sums: list[Array] = []
        for w, b in zip(self.weights, self.biases, strict=True):
            if sums:  # between two layers
                inputs.append(self.activation(sums[-1]))  # (N, D_in)
            sums.append(inputs[-1] @ w + b)  # (N, D_out)
        return inputs, sums

    def hidden(self, X: ArrayLike) -> Array:
        """Return the outputs of the first hidden layer, shape (N, H).

        Raises
        ------
        ValueError
            If X, shape (N, D), is bad input, or there is no hidden layer.
        """
        inputs, _ = self.forward(X)
        if len(inputs) < 2:
            raise ValueError(
                f"sizes is {self.sizes}: there is no hidden layer"
            )
        return inputs[1]

    def logits(self, X: ArrayLike) -> Array:
        """Return the weighted sum of the output unit, shape (N,), for X (N, D)."""
        _, sums = self.forward(X)
        return sums[-1][:, 0]

    def predict_proba(self, X: ArrayLike) -> Array:
        """Return the probability of class 1, shape (N,), for X (N, D)."""
        return sigmoid(self.logits(X))

    def predict(self, X: ArrayLike) -> NDArray[np.int64]:
        """Return the likelier class, 0 or 1, shape (N,), for X (N, D)."""
        return (self.logits(X) > 0).astype(np.int64)

    def gradients(
        self, X: ArrayLike, y: ArrayLike
    ) -> tuple[float, list[Array], list[Array]]:
        """Return the mean loss and its gradients by back-propagation.

        ``X`` has shape (N, D), ``y`` shape (N,) and labels 0 and 1; the gradients
        have the shapes of ``weights`` and ``biases``.
        """
        X, y = check_examples(X, y, self.sizes[0])  # 1. data as arrays
        dweights: list[Array] = []  # 2. no old gradients
        dbiases: list[Array] = []
        inputs, sums = self.forward(X)  # 3. forward
        logits = sums[-1][:, 0]
        loss = binary_cross_entropy(logits, y)  # 4. loss
        dlogits = binary_cross_entropy_grad(logits, y)  # 5. backward
        delta = dlogits[:, np.newaxis]  # (N, 1)
        for layer in reversed(range(len(self.weights))):
            dweights.insert(0, inputs[layer].T @ delta)
            dbiases.insert(0, delta.sum(axis=0))
            if layer > 0:  # the chain rule, one layer down
                delta = delta @ self.weights[layer].T  # (N, D_in)
                delta *= self.derivative(sums[layer - 1])
        return loss, dweights, dbiases

    def fit(
        self,
        X: ArrayLike,
        y: ArrayLike,
        *,
        lr: float = 0.5,
        num_steps: int = 1000,
        batch_size: int | None = None,
        seed: int = 0,
    ) -> list[float]:
        """Descend the gradient, and return the loss before every step.

        ``X`` has shape (N, D), ``y`` shape (N,) and labels 0 and 1. Each step takes
        all examples, or ``batch_size`` random ones drawn with ``seed``.
        """
        X, y = check_examples(X, y, self.sizes[0])
        lr = check_positive("lr", lr)
        rng = np.random.default_rng(seed)
        if batch_size is not None:
            batch_size = check_count("batch_size", batch_size, len(X))
        losses = []
        for _ in range(check_count("num_steps", num_steps)):
            rows = np.arange(len(X))
            if batch_size is not None:
                rows = rng.permutation(rows)[:batch_size]
            # steps 1 to 5
            loss, dweights, dbiases = self.gradients(X[rows], y[rows])
            for layer in range(len(self.weights)):  # 6. update
                self.weights[layer] = (
                    self.weights[layer] - lr * dweights[layer]
                )
                self.biases[layer] = self.biases[layer] - lr * dbiases[layer]
            losses.append(loss)
        return losses
