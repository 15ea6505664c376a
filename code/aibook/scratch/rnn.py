"""A recurrent layer, and back-propagation through time written out.

Letters: N sequences in a batch, T steps, D inputs a step, H units.

Not here: what is done with the states (classification, forecasts); gradients that
grow too long (`aibook.scratch.clipping`); layers that train by themselves
(`aibook.layers.rnn`); sequences of different lengths.

Sources: J. Elman, "Finding Structure in Time", Cognitive Science 14(2), 1990 (the
layer); P. Werbos, "Backpropagation Through Time: What It Does and How to Do It",
Proceedings of the IEEE 78(10), 1990 (its gradients).

Book page: sequences/rnn
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aibook.scratch.activations import identity, relu, tanh
from aibook.scratch.checks import check_count, check_finite

__all__ = ["RNN", "RNNGradients"]

Array = NDArray[np.float64]


class _Rule(NamedTuple):
    """An activation, and its slope as a function of its own output."""

    f: Callable[[ArrayLike], Array]
    slope: Callable[[Array], Array]


_RULES = {
    "identity": _Rule(identity, np.ones_like),
    "relu": _Rule(relu, lambda h: (h > 0).astype(float)),
    "tanh": _Rule(tanh, lambda h: 1 - h**2),
}


class RNNGradients(NamedTuple):
    """What `RNN.backward` finds: the loss differentiated by each of these."""

    W_x: Array
    W_h: Array
    b: Array
    X: Array
    H: Array


class RNN:
    """A layer that reads a sequence step by step and carries its state along.

    Parameters
    ----------
    num_inputs
        Of an input, D.
    hidden
        H, the length of the state.
    activation
        ``"tanh"``, ``"relu"`` or ``"identity"``.
    seed
        Seed of the weights, uniform within 1 / sqrt(H) around 0, as in PyTorch.

    Attributes
    ----------
    W_x, W_h, b
        Weights of inputs (D, H) and states (H, H), and biases (H,), all used at
        every step.

    Raises
    ------
    ValueError
        If a number is below 1, or there is no such activation.

    References
    ----------
    Elman (1990).

    Examples
    --------
    >>> layer = RNN(1, 1, activation="identity")
    >>> layer.W_x[:], layer.W_h[:], layer.b[:] = 1.0, 0.5, 0.0
    >>> layer.forward([[[1.0], [0.0], [0.0]]]).ravel().tolist()
    [1.0, 0.5, 0.25]
    """

    def __init__(
        self,
        num_inputs: int,
        hidden: int,
        *,
        activation: str = "tanh",
        seed: int = 0,
    ) -> None:
        num_inputs = check_count("num_inputs", num_inputs)
        hidden = check_count("hidden", hidden)
        if activation not in _RULES:
            raise ValueError(
                f"activation is {activation!r}; expected one of {list(_RULES)}"
            )
        self.rule = _RULES[activation]
        rng = np.random.default_rng(seed)
        bound = hidden**-0.5
        self.W_x = rng.uniform(-bound, bound, size=(num_inputs, hidden))
        self.W_h = rng.uniform(-bound, bound, size=(hidden, hidden))
        self.b = rng.uniform(-bound, bound, size=hidden)

    def forward(self, X: ArrayLike) -> Array:
        """Return the state after each step, shape (N, T, H), for X (N, T, D)."""
        X = self._check("X", X, len(self.W_x))
        h = np.zeros((len(X), len(self.b)))  # nothing read yet: (N, H)
        states = []
        for t in range(X.shape[1]):
            h = self.rule.f(X[:, t] @ self.W_x + h @ self.W_h + self.b)
            states.append(h)
        return np.stack(states, axis=1)

    def backward(
        self, X: ArrayLike, H: ArrayLike, dH: ArrayLike
    ) -> RNNGradients:
        """Go back through the steps, from the last to the first.

        Parameters
        ----------
        X
            What `forward` was given, shape (N, T, D).
        H
            What it returned, shape (N, T, H).
        dH
            The loss differentiated by each state *directly*, that is where the
            state leaves the layer: shape (N, T, H). If only the last state is
            used, all but the last step is 0.

        Returns
        -------
        RNNGradients
            The loss differentiated by the weights, shaped like them, by X, and by
            the states *in all*, later steps included, shape (N, T, H).

        Raises
        ------
        ValueError
            If the shapes do not fit, or a number is not finite.
        """
        X = self._check("X", X, len(self.W_x))
        H, dH = (self._check(*a, len(self.b)) for a in (("H", H), ("dH", dH)))
        if not X.shape[:2] == H.shape[:2] == dH.shape[:2]:
            raise ValueError(
                f"X, H and dH have shapes {X.shape}, {H.shape} and {dH.shape}; "
                "expected one N and one T"
            )
        W_x, W_h, b = (np.zeros_like(w) for w in (self.W_x, self.W_h, self.b))
        dX, total = np.zeros_like(X), np.zeros_like(H)
        later = np.zeros_like(H[:, 0])  # comes back from the next step: (N, H)
        for t in reversed(range(X.shape[1])):
            total[:, t] = dH[:, t] + later
            dz = total[:, t] * self.rule.slope(
                H[:, t]
            )  # through the activation
            before = H[:, t - 1] if t else np.zeros_like(H[:, 0])
            W_x += X[:, t].T @ dz  # every step adds to the same weights
            W_h += before.T @ dz
            b += dz.sum(axis=0)
            dX[:, t] = dz @ self.W_x.T
            later = dz @ self.W_h.T
        return RNNGradients(W_x, W_h, b, dX, total)

    @staticmethod
    def _check(name: str, values: ArrayLike, width: int) -> Array:
        array = check_finite(name, values)
        if array.ndim != 3 or array.shape[2] != width:
            raise ValueError(
                f"{name} has shape {array.shape}; expected (N, T, {width})"
            )
        return array
