import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from aibook.scratch.activations import ACTIVATIONS, step
from helpers import assert_same

TWINS = {
    "identity": lambda z: z * 1.0,
    "relu": torch.relu,
    "sigmoid": torch.sigmoid,
    "step": lambda z: (torch.sign(z) > 0) + 0.0 * z,  # the derivative: 0
    "tanh": torch.tanh,
}

any_array = arrays(
    float, array_shapes(min_dims=0, max_dims=3), elements=st.floats(-1e6, 1e6)
)


def test_every_activation_has_a_twin():
    assert sorted(TWINS) == sorted(ACTIVATIONS)


@pytest.mark.parametrize("name", TWINS)
@given(z=any_array)
def test_function_and_derivative_are_those_of_torch(name, z):
    twin = torch.tensor(z, requires_grad=True)
    output = TWINS[name](twin)
    output.sum().backward()
    activation = ACTIVATIONS[name]
    assert_same(activation.function(z), output, rtol=1e-12, atol=1e-15)
    assert_same(activation.derivative(z), twin.grad, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", TWINS)
def test_derivative_is_the_slope(name):
    z, eps = np.array([-2.0, -0.3, 0.4, 3.0]), 1e-6
    function, derivative = ACTIVATIONS[name]
    slope = (function(z + eps) - function(z - eps)) / (2 * eps)
    assert_same(derivative(z), slope, rtol=1e-7)


@pytest.mark.parametrize(
    ("name", "z", "value", "slope"),
    [
        ("step", 0.0, 0.0, 0.0),
        ("step", 1e-300, 1.0, 0.0),
        ("relu", 0.0, 0.0, 0.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("sigmoid", 2.0, 0.8808, 0.1050),
        ("sigmoid", 1e6, 1.0, 0.0),
        ("sigmoid", -1e6, 0.0, 0.0),
        ("tanh", 1.0, 0.7616, 0.4200),
        ("tanh", -1e6, -1.0, 0.0),
    ],
)
def test_values_worked_by_hand(name, z, value, slope):
    activation = ACTIVATIONS[name]
    assert activation.function(z) == pytest.approx(value, abs=5e-5)
    assert activation.derivative(z) == pytest.approx(slope, abs=5e-5)


def test_integers_become_float64():
    assert_same(step([-1, 0, 1]), np.array([0.0, 0.0, 1.0]))


@pytest.mark.parametrize("name", TWINS)
def test_text_is_refused(name):
    with pytest.raises(ValueError, match="could not convert string to float"):
        ACTIVATIONS[name].function(["a"])
