"""Activation functions and their derivatives, element by element, in NumPy.

Each takes weighted sums z of any shape and returns float64 of that shape.
Conventions where a function has a jump or a kink: H(0) = 0, that is
H(z) = [z > 0], and ReLU'(0) = 0.

Sources: W. McCulloch and W. Pitts, "A logical calculus of the ideas immanent in
nervous activity", 1943 (step); V. Nair and G. Hinton, "Rectified linear units
improve restricted Boltzmann machines", 2010 (ReLU).

Book page: networks/perceptron
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "ACTIVATIONS",
    "Activation",
    "identity",
    "identity_derivative",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "step",
    "step_derivative",
    "tanh",
    "tanh_derivative",
]

Array = NDArray[np.float64]


def step(z: ArrayLike) -> Array:
    """Return 1 where z is positive, else 0 (Heaviside's function with H(0) = 0).

    Examples
    --------
    >>> step([-2.0, 0.0, 0.1])
    array([0., 0., 1.])
    """
    return np.asarray(np.heaviside(np.asarray(z, dtype=np.float64), 0.0))


def step_derivative(z: ArrayLike) -> Array:
    """Return 0 everywhere: a step gives gradient descent nothing to follow.

    At 0, where the step has no derivative, 0 is returned too.

    Examples
    --------
    >>> step_derivative([-2.0, 0.0, 0.1])
    array([0., 0., 0.])
    """
    return np.zeros_like(np.asarray(z, dtype=np.float64))


def sigmoid(z: ArrayLike) -> Array:
    """Return 1 / (1 + exp(-z)), between 0 and 1, without overflow.

    Examples
    --------
    >>> sigmoid([-1000.0, 0.0, 2.0]).round(4)
    array([0.    , 0.5   , 0.8808])
    """
    z = np.asarray(z, dtype=np.float64)
    small = np.exp(-np.abs(z))  # never above 1, so it cannot overflow
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def sigmoid_derivative(z: ArrayLike) -> Array:
    """Return sigmoid(z) (1 - sigmoid(z)), at most 1/4.

    Examples
    --------
    >>> sigmoid_derivative([-1000.0, 0.0, 2.0]).round(4)
    array([0.   , 0.25 , 0.105])
    """
    y = sigmoid(z)
    return y * (1.0 - y)


def tanh(z: ArrayLike) -> Array:
    """Return the hyperbolic tangent 2 sigmoid(2z) - 1, between -1 and 1.

    Examples
    --------
    >>> tanh([-1.0, 0.0, 1.0]).round(4)
    array([-0.7616,  0.    ,  0.7616])
    """
    return np.tanh(np.asarray(z, dtype=np.float64))


def tanh_derivative(z: ArrayLike) -> Array:
    """Return 1 - tanh(z)^2, at most 1.

    Examples
    --------
    >>> tanh_derivative([0.0, 1.0]).round(4)
    array([1.  , 0.42])
    """
    return 1.0 - tanh(z) ** 2


def relu(z: ArrayLike) -> Array:
    """Return max(0, z).

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(np.asarray(z, dtype=np.float64), 0.0)


def relu_derivative(z: ArrayLike) -> Array:
    """Return 1 where z is positive, else 0.

    Examples
    --------
    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    return step(z)


def identity(z: ArrayLike) -> Array:
    """Return z unchanged: layers without a non-linearity make one linear layer.

    Examples
    --------
    >>> identity([-2.0, 3.0])
    array([-2.,  3.])
    """
    return np.asarray(z, dtype=np.float64)


def identity_derivative(z: ArrayLike) -> Array:
    """Return 1 everywhere.

    Examples
    --------
    >>> identity_derivative([-2.0, 3.0])
    array([1., 1.])
    """
    return np.ones_like(np.asarray(z, dtype=np.float64))


class Activation(NamedTuple):
    """An activation function and its derivative, both functions of z."""

    function: Callable[[ArrayLike], Array]
    derivative: Callable[[ArrayLike], Array]


#: The activations by name, as the multilayer perceptron takes them.
#:
#: :meta hide-value:
ACTIVATIONS = {
    "identity": Activation(identity, identity_derivative),
    "relu": Activation(relu, relu_derivative),
    "sigmoid": Activation(sigmoid, sigmoid_derivative),
    "step": Activation(step, step_derivative),
    "tanh": Activation(tanh, tanh_derivative),
}
