import math
from itertools import pairwise

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.gates import load_gate
from aibook.scratch.mlp import MLP, XOR_SETTINGS
from helpers import assert_same, numeric_gradient
from reference import mlp_logit

TORCH = {
    "identity": torch.nn.Identity,
    "relu": torch.nn.ReLU,
    "sigmoid": torch.nn.Sigmoid,
    "tanh": torch.nn.Tanh,
}
SHAPES = [(3, 1), (2, 4, 1), (5, 3, 2, 1), (1, 2, 2, 2, 1)]


def problem(num_inputs: int, num_examples: int = 9, seed: int = 0):
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(num_examples, num_inputs))
    return X, rng.integers(0, 2, size=num_examples)


def with_biases(model: MLP) -> MLP:
    rng = np.random.default_rng(1)
    model.biases = [rng.normal(size=b.shape) for b in model.biases]
    return model


def torch_twin(model: MLP, activation: str) -> torch.nn.Sequential:
    layers: list[torch.nn.Module] = []
    for w, b in zip(model.weights, model.biases, strict=True):
        linear = torch.nn.Linear(*w.shape, dtype=torch.float64)
        linear.weight.data = torch.tensor(w.T.copy())
        linear.bias.data = torch.tensor(b)
        layers += [linear, TORCH[activation]()]
    return torch.nn.Sequential(*layers[:-1])


def linear_layers(twin: torch.nn.Sequential) -> list[torch.nn.Linear]:
    return [layer for layer in twin if isinstance(layer, torch.nn.Linear)]


def assert_same_parameters(model: MLP, twin: torch.nn.Sequential) -> None:
    for layer, linear in enumerate(linear_layers(twin)):
        assert_same(model.weights[layer], linear.weight.T.detach(), rtol=1e-10)
        assert_same(model.biases[layer], linear.bias.detach(), rtol=1e-10)


def solves_xor(seed: int) -> bool:
    X, y = load_gate("xor")
    sizes, activation, lr, num_steps = XOR_SETTINGS
    model = MLP(sizes, activation=activation, seed=seed)
    losses = model.fit(X, y, lr=lr, num_steps=num_steps)
    return bool((model.predict(X) == y).all()) and losses[-1] < 0.01


@pytest.mark.parametrize("activation", TORCH)
@pytest.mark.parametrize("sizes", SHAPES)
def test_logits_loss_and_gradients_are_those_of_torch(sizes, activation):
    model = with_biases(MLP(sizes, activation=activation, seed=3))
    X, y = problem(sizes[0])
    twin = torch_twin(model, activation)
    logits = twin(torch.tensor(X))[:, 0]
    loss = F.binary_cross_entropy_with_logits(logits, torch.tensor(y).double())
    loss.backward()

    assert_same(model.logits(X), logits, rtol=1e-10, atol=1e-12)
    assert_same(model.predict_proba(X), torch.sigmoid(logits), rtol=1e-10)
    our_loss, dweights, dbiases = model.gradients(X, y)
    assert_same(our_loss, loss, rtol=1e-10)
    linears = linear_layers(twin)
    assert len(dweights) == len(dbiases) == len(linears)
    for dw, db, linear in zip(dweights, dbiases, linears, strict=True):
        assert_same(dw, linear.weight.grad.T, rtol=1e-10, atol=1e-12)
        assert_same(db, linear.bias.grad, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("sizes", SHAPES)
def test_gradients_are_the_numeric_ones(sizes):
    model = with_biases(MLP(sizes, seed=4))
    X, y = problem(sizes[0])
    _, dweights, dbiases = model.gradients(X, y)
    parameters = model.weights + model.biases
    for parameter, ours in zip(parameters, dweights + dbiases, strict=True):
        numeric = numeric_gradient(
            lambda _: model.gradients(X, y)[0], parameter
        )
        assert_same(ours, numeric, rtol=1e-5, atol=1e-9)


def test_fit_takes_the_steps_of_torch_sgd():
    model = MLP((2, 3, 1), seed=5)
    X, y = problem(2)
    twin = torch_twin(model, "tanh")
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.7)
    expected = []
    for _ in range(50):
        optimizer.zero_grad()
        logits = twin(torch.tensor(X))[:, 0]
        loss = F.binary_cross_entropy_with_logits(
            logits, torch.tensor(y).double()
        )
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    losses = model.fit(X, y, lr=0.7, num_steps=50)
    assert_same(np.array(losses), np.array(expected), rtol=1e-10)
    assert_same_parameters(model, twin)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=4), st.integers(1, 4))
def test_shapes_and_values_of_any_network(hidden, num_examples):
    sizes = (*hidden, 1)
    model = with_biases(MLP(sizes))
    X, _ = problem(sizes[0], num_examples)
    assert [w.shape for w in model.weights] == list(pairwise(sizes))
    assert [b.shape for b in model.biases] == [(size,) for size in sizes[1:]]
    inputs, sums = model.forward(X)
    assert [a.shape for a in inputs] == [(num_examples, d) for d in sizes[:-1]]
    assert [z.shape for z in sums] == [(num_examples, d) for d in sizes[1:]]
    slow = [
        mlp_logit(x, model.weights, model.biases, math.tanh)
        for x in X.tolist()
    ]
    assert_same(model.logits(X), np.array(slow))
    assert_same(model.predict(X), (np.array(slow) > 0).astype(np.int64))


def test_hidden_is_the_first_layers_output():
    model = with_biases(MLP((2, 3, 4, 1), activation="relu"))
    X, _ = problem(2)
    expected = np.maximum(X @ model.weights[0] + model.biases[0], 0.0)
    assert_same(model.hidden(X), expected)


def test_start_is_glorots_and_depends_on_the_seed_alone():
    model = MLP((200, 100, 1), seed=6)
    limit = math.sqrt(6 / 300)
    w = model.weights[0]
    assert np.abs(w).max() <= limit
    assert w.std() == pytest.approx(limit / math.sqrt(3), rel=0.02)
    assert_same(model.biases[0], np.zeros(100))
    assert_same(MLP((200, 100, 1), seed=6).weights[0], w, rtol=0)
    assert (MLP((200, 100, 1), seed=7).weights[0] != w).all()


def test_fit_leaves_arrays_that_a_reader_kept_alone():
    X, y = problem(2)
    model = MLP((2, 3, 1))
    kept = model.weights[0]
    before = kept.copy()
    model.fit(X, y, num_steps=5)
    assert_same(kept, before, rtol=0, atol=0)
    assert (model.weights[0] != before).all()


def test_batches_are_random_and_reproducible():
    X, y = problem(2, num_examples=50)
    runs = [
        MLP((2, 3, 1)).fit(X, y, num_steps=20, batch_size=10, seed=seed)
        for seed in (0, 0, 1)
    ]
    assert runs[0] == runs[1]
    assert runs[0] != runs[2]


def test_a_batch_of_all_examples_takes_the_same_steps():
    X, y = problem(2, num_examples=20)
    whole, batch = MLP((2, 3, 1)), MLP((2, 3, 1))
    losses = whole.fit(X, y, num_steps=20)
    assert batch.fit(X, y, num_steps=20, batch_size=20) == pytest.approx(
        losses
    )


def test_batches_learn_a_blob_on_each_side():
    rng = np.random.default_rng(8)
    y = rng.integers(0, 2, size=200)
    X = rng.normal(size=(200, 2)) + 6 * y[:, np.newaxis]
    model = MLP((2, 4, 1))
    model.fit(X, y, lr=0.5, num_steps=300, batch_size=20)
    assert (model.predict(X) == y).mean() > 0.97


def test_xor_by_weights_set_by_hand():
    X, y = load_gate("xor")
    model = MLP((2, 2, 1), activation="step")
    model.weights = [
        np.array([[1.0, -1.0], [1.0, -1.0]]),
        np.array([[1.0], [1.0]]),
    ]
    model.biases = [np.array([-0.5, 1.5]), np.array([-1.5])]
    assert model.hidden(X).tolist() == [
        [0, 1],
        [1, 1],
        [1, 1],
        [1, 0],
    ]  # OR, NAND
    assert_same(model.predict(X), y)
    _, dweights, dbiases = model.gradients(X, y)
    assert_same(
        dweights[0], np.zeros((2, 2))
    )  # nothing passes back through a step
    assert_same(dbiases[0], np.zeros(2))
    assert np.abs(dweights[1]).min() > 0


@pytest.mark.parametrize(
    "num_seeds", [20, pytest.param(100, marks=pytest.mark.slow)]
)
def test_xor_is_solved_by_every_seed(num_seeds):
    assert [seed for seed in range(num_seeds) if not solves_xor(seed)] == []


@pytest.mark.parametrize("seed", range(20))
def test_a_linear_mlp_fails_at_xor(seed):
    X, y = load_gate("xor")
    model = MLP((2, 4, 1), activation="identity", seed=seed)
    losses = model.fit(X, y, lr=0.5, num_steps=500)
    assert (model.predict(X) == y).sum() <= 3
    assert losses[-1] >= math.log(2) - 1e-9  # as good as a coin, at best


def test_equal_weights_stay_equal():
    X, y = load_gate("xor")
    model = MLP((2, 4, 1), activation="sigmoid")
    model.weights = [np.full_like(w, 0.5) for w in model.weights]
    model.fit(X, y, lr=3.0, num_steps=200)
    assert np.ptp(model.weights[0], axis=1) == pytest.approx(0.0, abs=1e-12)
    assert (model.predict(X) == y).sum() <= 3


ONE = [[0.0, 1.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: MLP(()),
            r"sizes is \(\); expected \(inputs, hidden ..., 1\)",
        ),
        (lambda: MLP((1,)), r"sizes is \(1,\); expected"),
        (lambda: MLP((2, 3)), r"sizes is \(2, 3\); expected"),
        (lambda: MLP((2, 0, 1)), "sizes is 0; expected a whole number from 1"),
        (
            lambda: MLP((2, 1.5, 1)),
            "sizes is 1.5; expected a whole number from 1",
        ),
        (
            lambda: MLP((2, 1), activation="sine"),
            "activation is 'sine'; expected one of identity, relu, sigmoid, step, tanh",
        ),
        (
            lambda: MLP((2, 1)).forward([0.0, 1.0]),
            r"X has shape \(2,\); .* \(N, 2\)",
        ),
        (lambda: MLP((2, 1)).hidden(ONE), "there is no hidden layer"),
        (
            lambda: MLP((2, 1)).logits([[1.0]]),
            r"X has shape \(1, 1\); .* \(N, 2\)",
        ),
        (lambda: MLP((2, 1)).predict(np.empty((0, 2))), "X is empty"),
        (
            lambda: MLP((2, 1)).predict_proba([[np.nan, 0]]),
            "X holds NaN or infinity",
        ),
        (
            lambda: MLP((2, 1)).gradients(ONE, [2]),
            "y holds 2; only the labels 0 and 1",
        ),
        (
            lambda: MLP((2, 1)).gradients(ONE, [0, 1]),
            r"y has shape \(2,\); .* \(1,\)",
        ),
        (
            lambda: MLP((2, 1)).fit(ONE, [0.5]),
            "y holds 0.5; only the labels 0 and 1",
        ),
        (lambda: MLP((2, 1)).fit(ONE, [np.nan]), "y holds NaN or infinity"),
        (
            lambda: MLP((2, 1)).fit(ONE, [1], lr=-1.0),
            "lr is -1.0; expected a positive",
        ),
        (
            lambda: MLP((2, 1)).fit(ONE, [1], num_steps=0),
            "num_steps is 0; expected",
        ),
        (
            lambda: MLP((2, 1)).fit(ONE, [1], batch_size=2),
            "batch_size is 2; expected a whole number from 1 to 1",
        ),
        (
            lambda: MLP((2, 1)).fit(ONE, [1], batch_size=0),
            "batch_size is 0; expected a whole number from 1 to 1",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
