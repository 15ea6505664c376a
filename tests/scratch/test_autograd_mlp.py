import math

import numpy as np
import pytest

from aibook.data.gates import load_gate
from aibook.scratch.autograd import Value
from aibook.scratch.autograd_mlp import ACTIVATIONS, Layer, Network, Neuron
from aibook.scratch.mlp import MLP, XOR_SETTINGS
from helpers import assert_same

SHAPES = [(3, 1), (2, 4, 1), (3, 3, 2, 1)]


def problem(num_inputs: int, num_examples: int = 6):
    rng = np.random.default_rng(0)
    X = rng.normal(size=(num_examples, num_inputs))
    return X, rng.integers(0, 2, size=num_examples)


def twins(sizes, activation: str, seed: int = 3) -> tuple[Network, MLP]:
    """Return both networks with the same weights, and biases other than 0."""
    network = Network(sizes, activation=activation, seed=seed)
    twin = MLP(sizes, activation=activation, seed=seed)
    rng = np.random.default_rng(1)
    twin.biases = [rng.normal(size=b.shape) for b in twin.biases]
    for layer, biases in zip(network.layers, twin.biases, strict=True):
        for neuron, b in zip(layer.neurons, biases, strict=True):
            neuron.b.data = float(b)
    return network, twin


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("sizes", SHAPES)
def test_loss_and_gradients_are_those_of_the_layered_mlp(sizes, activation):
    network, twin = twins(sizes, activation)
    X, y = problem(sizes[0])
    loss = network.loss(X, y)
    loss.backward()
    expected, dweights, dbiases = twin.gradients(X, y)
    assert loss.data == pytest.approx(expected, abs=1e-12)
    for layer, dw, db in zip(network.layers, dweights, dbiases, strict=True):
        w_grads = [[w.grad for w in neuron.w] for neuron in layer.neurons]
        assert_same(np.array(w_grads).T, dw, rtol=0, atol=1e-12)
        b_grads = [neuron.b.grad for neuron in layer.neurons]
        assert_same(np.array(b_grads), db, rtol=0, atol=1e-12)
    logits = np.array([network(x).data for x in X])
    assert_same(logits, twin.logits(X), rtol=0, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
def test_xor_is_solved_by_every_seed(seed):
    X, y = load_gate("xor")
    sizes, activation, lr, num_steps = XOR_SETTINGS
    network = Network(sizes, activation=activation, seed=seed)
    for _ in range(num_steps):
        for p in network.parameters():
            p.grad = 0.0
        loss = network.loss(X, y)
        loss.backward()
        for p in network.parameters():
            p.data -= lr * p.grad
    assert loss.data < 0.01
    assert [int(network(x).data > 0) for x in X] == y.tolist()


def test_zero_weights_get_no_gradient_on_xor():
    X, y = load_gate("xor")
    network = Network((2, 4, 1), activation="sigmoid")
    for p in network.parameters():
        p.data = 0.0
    loss = network.loss(X, y)
    loss.backward()
    assert loss.data == pytest.approx(math.log(2))
    assert all(abs(p.grad) < 1e-15 for p in network.parameters())


def test_parameters_of_every_neuron_in_order():
    network = Network((2, 3, 1))
    assert len(network.parameters()) == 13
    first = network.layers[0].neurons[0]
    assert network.parameters()[:3] == [*first.w, first.b]


def test_a_layer_has_a_neuron_for_each_column():
    layer = Layer([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], activation="relu")
    outputs = layer([Value(1.0), Value(-1.0)])
    assert [output.data for output in outputs] == [0.0, 0.0, 0.0]
    outputs = layer([Value(1.0), Value(1.0)])
    assert [output.data for output in outputs] == [5.0, 7.0, 9.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Network((1,)), r"sizes is \(1,\); expected"),
        (lambda: Network((2, 3)), r"sizes is \(2, 3\); expected"),
        (lambda: Network((2, 0, 1)), "sizes is 0; expected a whole number"),
        (
            lambda: Neuron([1.0], activation="step"),
            "activation is 'step'; expected one of identity, relu, sigmoid, tanh",
        ),
        (lambda: Neuron([math.nan]), "data is .*nan"),
        (lambda: Neuron([1.0])([Value(1.0), Value(1.0)]), "zip"),
        (lambda: Network((2, 1)).loss([[1.0]], [1]), r"expected \(N, 2\)"),
        (lambda: Network((1, 1)).loss([[1.0]], [2]), "y holds 2"),
        (lambda: Network((1, 1)).loss([[1e4]], [int(wrong_label())]), "log"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def wrong_label() -> bool:
    """Return the label that the logit of 1e4 has the wrong sign for."""
    return Network((1, 1))([1e4]).data < 0
