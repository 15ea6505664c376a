"""A multilayer perceptron of single numbers, differentiated by `autograd`.

Neurons, layers and a network for two classes, as the NumPy network of
`aibook.scratch.mlp` with the same start, but without a line of backward pass. Slow,
and meant to be read: no arrays, one example at a time.

Source: D. Rumelhart, G. Hinton and R. Williams, "Learning representations by
back-propagating errors", Nature 323, 1986.

Book page: networks/backpropagation
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from aibook.scratch.autograd import Value
from aibook.scratch.checks import check_count, check_examples
from aibook.scratch.initialisation import glorot_uniform

__all__ = ["ACTIVATIONS", "Layer", "Network", "Neuron"]

#: The activations by name.
#:
#: :meta hide-value:
ACTIVATIONS: dict[str, Callable[[Value], Value]] = {
    "identity": lambda z: z,
    "relu": Value.relu,
    "sigmoid": Value.sigmoid,
    "tanh": Value.tanh,
}


class Neuron:
    """A weighted sum and its activation.

    Parameters
    ----------
    weights
        Where the weights start, shape (D,).
    activation
        A name in `ACTIVATIONS`.

    Attributes
    ----------
    w, b
        Weights (D of them) and bias; the bias starts at 0.

    Examples
    --------
    >>> neuron = Neuron([1.0, -2.0], activation="relu")
    >>> neuron([Value(3.0), Value(1.0)])
    Value(1, grad=0)
    """

    def __init__(
        self, weights: ArrayLike, *, activation: str = "identity"
    ) -> None:
        if activation not in ACTIVATIONS:
            allowed = ", ".join(ACTIVATIONS)
            raise ValueError(
                f"activation is {activation!r}; expected one of {allowed}"
            )
        self.w = [Value(w) for w in np.asarray(weights)]
        self.b = Value(0.0)
        self.activation = ACTIVATIONS[activation]

    def __call__(self, x: Sequence[Value]) -> Value:
        """Return the output for inputs (D,)."""
        z = self.b
        for w_i, x_i in zip(self.w, x, strict=True):
            z = z + w_i * x_i
        return self.activation(z)

    def parameters(self) -> list[Value]:
        """Return the weights and the bias."""
        return [*self.w, self.b]


class Layer:
    """Neurons that read the same inputs.

    Parameters
    ----------
    weights
        Where the weights start, shape (D_in, D_out): a column for each neuron.
    activation
        A name in `ACTIVATIONS`.

    Examples
    --------
    >>> layer = Layer([[1.0, -1.0]])
    >>> layer([Value(2.0)])
    [Value(2, grad=0), Value(-2, grad=0)]
    """

    def __init__(
        self, weights: ArrayLike, *, activation: str = "identity"
    ) -> None:
        columns = np.asarray(weights).T
        self.neurons = [Neuron(w, activation=activation) for w in columns]

    def __call__(self, x: Sequence[Value]) -> list[Value]:
        """Return the neurons' outputs (D_out,) for inputs (D_in,)."""
        return [neuron(x) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Return the parameters of all neurons."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class Network:
    """A multilayer perceptron that separates two classes.

    Parameters
    ----------
    sizes
        The number of inputs, of units in each hidden layer, and 1: (2, 4, 1).
    activation
        What the hidden layers apply, a name in `ACTIVATIONS`.
    seed
        Seed of the start, which is that of `aibook.scratch.mlp.MLP`.

    Raises
    ------
    ValueError
        If a size is no positive integer, fewer than two are given, the last is
        not 1, or the activation is unknown.

    Examples
    --------
    >>> network = Network((2, 4, 1))
    >>> len(network.parameters())
    17
    >>> logit = network([0.0, 0.0])
    >>> logit.data
    0.0
    """

    def __init__(
        self, sizes: Sequence[int], *, activation: str = "tanh", seed: int = 0
    ) -> None:
        self.sizes = tuple(check_count("sizes", size) for size in sizes)
        if len(self.sizes) < 2 or self.sizes[-1] != 1:
            raise ValueError(
                f"sizes is {self.sizes}; expected (inputs, hidden ..., 1)"
            )
        rng = np.random.default_rng(seed)
        starts = [glorot_uniform(*pair, rng) for pair in pairwise(self.sizes)]
        self.layers = [Layer(w, activation=activation) for w in starts[:-1]]
        self.layers.append(Layer(starts[-1]))  # a logit: no activation

    def __call__(self, x: Sequence[float]) -> Value:
        """Return the logit of one example (D,)."""
        values = [Value(x_i) for x_i in x]
        for layer in self.layers:
            values = layer(values)
        return values[0]

    def parameters(self) -> list[Value]:
        """Return all weights and biases, layer after layer, neuron after neuron."""
        return [p for layer in self.layers for p in layer.parameters()]

    def loss(self, X: ArrayLike, y: ArrayLike) -> Value:
        """Return the mean binary cross-entropy.

        ``X`` has shape (N, D), ``y`` shape (N,) and labels 0 and 1; other input
        raises ValueError, and so does a logit beyond 700 with the wrong sign.
        """
        X, y = check_examples(X, y, self.sizes[0])
        total = Value(0.0)
        for x, target in zip(X, y, strict=True):
            logit = self(x.tolist())
            p_right = (logit if target == 1 else -logit).sigmoid()
            total = total - p_right.log()
        return total / len(y)
