import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.metrics import accuracy
from aibook.models.logistic_regression import LogisticRegression
from aibook.training import fit, make_loader, seed_everything
from helpers import assert_same

X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
GATES = {
    "and": [0, 0, 0, 1],
    "or": [0, 1, 1, 1],
    "nand": [1, 1, 1, 0],
    "xor": [0, 1, 1, 0],
}


@given(st.integers(1, 5), st.integers(1, 7))
def test_logits_are_the_weighted_sums(num_inputs, num):
    model = LogisticRegression(num_inputs).double()
    inputs = np.random.default_rng(0).normal(size=(num, num_inputs))
    weight, bias = (p.detach().numpy() for p in model.linear.parameters())
    expected = np.array([sum(weight[0] * row) + bias[0] for row in inputs])
    assert_same(model(torch.tensor(inputs)), expected, rtol=1e-12)
    assert sum(p.numel() for p in model.parameters()) == num_inputs + 1


@pytest.mark.parametrize("gate", GATES)
def test_learns_the_separable_gates_and_never_xor(gate):
    y = np.array(GATES[gate], dtype=np.float32)
    solved = 0
    for seed in range(20):
        seed_everything(seed)
        model = LogisticRegression(2)
        fit(
            model,
            make_loader(X, y, batch_size=4),
            loss_fn=nn.BCEWithLogitsLoss(),
            optimizer=torch.optim.SGD(model.parameters(), lr=5.0),
            num_epochs=60,
        )
        with torch.no_grad():
            solved += accuracy(model(torch.tensor(X)) > 0, y) == 1.0
    assert solved == (0 if gate == "xor" else 20)


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
        LogisticRegression(2)(inputs)


def test_bad_number_of_inputs():
    with pytest.raises(ValueError, match="num_inputs is 0"):
        LogisticRegression(0)
