import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.metrics import accuracy
from aibook.models.mlp import MLP
from aibook.scratch import mlp as numpy_mlp
from aibook.training import fit, seed_everything
from helpers import assert_same

SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=4)
XOR = numpy_mlp.XOR_SETTINGS
ACTIVATIONS = st.sampled_from(["identity", "relu", "sigmoid", "tanh"])


@given(SIZES, ACTIVATIONS, st.integers(0, 99))
def test_same_outputs_and_gradients_as_the_numpy_twin(sizes, activation, seed):
    sizes = (*sizes[:-1], 1)
    twin = numpy_mlp.MLP(sizes, activation=activation, seed=seed)
    model = MLP.from_arrays(twin.weights, twin.biases, activation=activation)
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(5, sizes[0])), rng.integers(0, 2, 5)
    logits = model(torch.tensor(X))
    assert_same(logits, twin.logits(X), rtol=1e-9)
    nn.BCEWithLogitsLoss()(
        logits, torch.tensor(y, dtype=torch.float64)
    ).backward()
    _, dweights, dbiases = twin.gradients(X, y)
    for layer, dw, db in zip(model.layers, dweights, dbiases, strict=True):
        assert_same(layer.weight.grad.T, dw, rtol=1e-9)
        assert_same(layer.bias.grad, db, rtol=1e-9)


@given(SIZES, st.integers(1, 5))
def test_shapes_and_parameter_count(sizes, num):
    model = MLP(sizes)
    logits = model(torch.zeros(num, sizes[0]))
    assert logits.shape == ((num,) if sizes[-1] == 1 else (num, sizes[-1]))
    count = sum((i + 1) * o for i, o in itertools.pairwise(sizes))
    assert sum(p.numel() for p in model.parameters()) == count


def test_start_is_glorot_uniform_with_zero_biases():
    torch.manual_seed(0)
    layer = MLP((60, 90)).layers[0]
    limit = math.sqrt(6 / 150)
    w = layer.weight.detach()
    assert 0.99 * limit < w.abs().max() <= limit
    assert w.std().item() == pytest.approx(limit / math.sqrt(3), rel=0.03)
    assert not layer.bias.any()


def test_training_follows_the_numpy_twin():
    twin = numpy_mlp.MLP((2, 4, 1), activation="tanh", seed=3)
    model = MLP.from_arrays(twin.weights, twin.biases, activation="tanh")
    rng = np.random.default_rng(3)
    X, y = rng.normal(size=(9, 2)), rng.integers(0, 2, 9)
    losses = twin.fit(X, y, lr=0.5, num_steps=50)
    history = fit(
        model,
        [(torch.tensor(X), torch.tensor(y, dtype=torch.float64))],
        loss_fn=nn.BCEWithLogitsLoss(),
        optimizer=torch.optim.SGD(model.parameters(), lr=0.5),
        num_epochs=50,
    )
    np.testing.assert_allclose(history.loss, losses, rtol=1e-9)
    for layer, w, b in zip(
        model.layers, twin.weights, twin.biases, strict=True
    ):
        assert_same(layer.weight.detach().T, w, rtol=1e-9)
        assert_same(layer.bias.detach(), b, rtol=1e-9)


def test_from_arrays_copies():
    weights, biases = [np.ones((2, 1))], [np.zeros(1)]
    model = MLP.from_arrays(weights, biases)
    weights[0][:] = 5
    assert_same(model.layers[0].weight.detach(), np.ones((1, 2)))
    with torch.no_grad():
        model.layers[0].bias += 7
    assert biases[0] == 0


def fit_xor(seed, activation, num_epochs):
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    y = np.array([0, 1, 1, 0], dtype=np.float32)
    seed_everything(seed)
    model = MLP(XOR.sizes, activation=activation)
    fit(
        model,
        [(torch.tensor(X), torch.tensor(y))],
        loss_fn=nn.BCEWithLogitsLoss(),
        optimizer=torch.optim.SGD(model.parameters(), lr=XOR.lr),
        num_epochs=num_epochs,
    )
    with torch.no_grad():
        return accuracy(model(torch.tensor(X)) > 0, y)


@pytest.mark.slow
def test_every_seed_solves_xor():
    settings = XOR.activation, XOR.num_steps
    assert [fit_xor(seed, *settings) for seed in range(10)] == [1.0] * 10


def test_without_a_non_linearity_no_seed_solves_xor():
    assert all(fit_xor(seed, "identity", 100) < 1.0 for seed in range(10))


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (torch.zeros(4, 3), r"shape \(4, 3\); expected \(N, 2\)"),
        (torch.zeros(2), r"shape \(2,\)"),
        (torch.zeros(0, 2), "empty"),
    ],
)
def test_bad_input(inputs, message):
    with pytest.raises(ValueError, match=message):
        MLP((2, 4, 1))(inputs)


@pytest.mark.parametrize(
    ("sizes", "activation", "message"),
    [
        ((2,), "tanh", "sizes"),
        ((), "tanh", "sizes"),
        ((2, 0, 1), "tanh", "sizes"),
        ((2, 4, 1), "step", "expected one of identity, relu, sigmoid, tanh"),
    ],
)
def test_bad_architecture(sizes, activation, message):
    with pytest.raises(ValueError, match=message):
        MLP(sizes, activation=activation)


@pytest.mark.parametrize(
    ("weights", "biases", "message"),
    [
        ([], [], "0 weights"),
        ([np.ones((2, 3))], [], "0 biases"),
        ([np.ones((2, 3))], [np.ones(2)], r"\(2, 3\), \(2,\)"),
        (
            [np.ones((2, 3)), np.ones((4, 1))],
            [np.ones(3), np.ones(1)],
            r"\(4, 1\)",
        ),
        ([np.ones(2)], [np.ones(1)], r"\(2,\), \(1,\)"),
        ([np.ones((1, 1))], [np.array([np.nan])], "NaN"),
    ],
)
def test_bad_arrays(weights, biases, message):
    with pytest.raises(ValueError, match=message):
        MLP.from_arrays(weights, biases)
