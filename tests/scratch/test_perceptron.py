import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aibook.data.gates import load_gate
from aibook.scratch.perceptron import Perceptron
from helpers import assert_same
from reference import perceptron_rule


def test_and_as_worked_by_hand():
    X, y = load_gate("and")
    model = Perceptron(2)
    history = model.fit(X, y)
    assert history.errors == [1, 3, 3, 2, 1, 0]
    assert history.num_updates == 10
    assert history.converged
    assert_same(model.w, np.array([2.0, 1.0]))
    assert model.b == -2.0
    # the first: (1, 1) is missed; the second and third: (0, 0), (0, 1) are 1
    assert history.weights[:4].tolist() == [[0, 0], [1, 1], [1, 1], [1, 0]]
    assert history.biases[:4].tolist() == [0, 1, 0, -1]


@pytest.mark.parametrize("gate", ["and", "or", "nand"])
@pytest.mark.parametrize("lr", [0.1, 1.0, 10.0])
def test_separable_gates_are_solved(gate, lr):
    X, y = load_gate(gate)
    model = Perceptron(2, lr=lr)
    history = model.fit(X, y)
    assert history.converged
    assert_same(model.predict(X), y)


def test_xor_is_never_solved_and_the_weights_cycle():
    X, y = load_gate("xor")
    model = Perceptron(2)
    history = model.fit(X, y, max_epochs=1000)
    assert not history.converged
    assert len(history.errors) == 1000
    assert min(history.errors) > 0
    assert (model.predict(X) == y).sum() < 4
    states = {
        (*w, b) for w, b in zip(history.weights, history.biases, strict=True)
    }
    assert (
        len(states) < 20
    )  # of thousands of updates: the weights go in circles
    assert history.num_updates > 1000
    assert np.abs(history.weights).max() <= 2


labelled = st.tuples(st.integers(1, 6), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        arrays(float, shape, elements=st.integers(-5, 5)),
        arrays(int, shape[0], elements=st.integers(0, 1)),
    )
)


@given(labelled, st.sampled_from([0.25, 1.0, 2.0]))
def test_history_is_that_of_the_slow_loop(example, lr):
    X, y = example
    model = Perceptron(X.shape[1], lr=lr)
    history = model.fit(X, y, max_epochs=20)
    errors, states = perceptron_rule(X.tolist(), y.tolist(), lr, 20)
    assert history.errors == errors
    assert history.converged == (errors[-1] == 0)
    assert_same(history.weights, np.array([w for w, _ in states]))
    assert_same(history.biases, np.array([b for _, b in states]))
    assert_same(model.w, history.weights[-1])
    assert_same(model.b, history.biases[-1])


@given(arrays(float, (12, 3), elements=st.floats(-1, 1)), st.integers(0, 99))
def test_updates_stay_within_novikoffs_bound(X, seed):
    truth = np.random.default_rng(seed).normal(size=4)
    truth /= np.linalg.norm(truth)
    extended = np.column_stack([X, np.ones(len(X))])
    margins = extended @ truth
    keep = np.abs(margins) > 0.1
    if not keep.any():
        return
    X, margins = X[keep], margins[keep]
    history = Perceptron(3).fit(X, margins > 0, max_epochs=1000)
    radius = np.linalg.norm(extended[keep], axis=1).max()
    assert history.converged
    assert history.num_updates <= (radius / np.abs(margins).min()) ** 2


def test_the_learning_rate_only_scales_the_weights():
    X, y = load_gate("and")
    one, four = Perceptron(2), Perceptron(2, lr=4.0)
    assert one.fit(X, y).errors == four.fit(X, y).errors
    assert_same(four.w, 4 * one.w)
    assert four.b == 4 * one.b


def test_an_update_corrects_only_mistakes():
    model = Perceptron(2, lr=0.5)
    assert not model.update([1.0, 2.0], 0)
    assert_same(model.w, np.zeros(2))
    assert model.update([1.0, 2.0], 1)
    assert_same(model.w, np.array([0.5, 1.0]))
    assert model.b == 0.5
    assert model.update([3.0, 0.0], 0)
    assert_same(model.w, np.array([-1.0, 1.0]))
    assert model.b == 0.0


def test_weighted_sum_and_prediction():
    model = Perceptron(2)
    model.w, model.b = np.array([2.0, 1.0]), -2.0
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert_same(model.weighted_sum(X), np.array([-2.0, -1.0, 0.0, 1.0]))
    assert_same(model.predict(X), np.array([0, 0, 0, 1]))  # a sum of 0 gives 0


def test_a_second_fit_goes_on_where_the_first_ended():
    X, y = load_gate("and")
    model = Perceptron(2)
    first = model.fit(X, y, max_epochs=2)
    second = model.fit(X, y)
    assert not first.converged
    assert first.errors + second.errors == [1, 3, 3, 2, 1, 0]
    assert_same(second.weights[0], first.weights[-1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: Perceptron(0),
            "num_inputs is 0; expected a whole number from 1",
        ),
        (lambda: Perceptron(2, lr=0.0), "lr is 0.0; expected a positive"),
        (
            lambda: Perceptron(2).weighted_sum([1, 2]),
            r"X has shape \(2,\); .* \(N, 2",
        ),
        (
            lambda: Perceptron(2).predict([[1]]),
            r"X has shape \(1, 1\); .* \(N, 2\)",
        ),
        (lambda: Perceptron(2).predict(np.empty((0, 2))), "X is empty"),
        (
            lambda: Perceptron(1).update([1, 2], 1),
            r"x has shape \(2,\); .* \(1,\)",
        ),
        (lambda: Perceptron(1).update([np.nan], 1), "x holds NaN or infinity"),
        (
            lambda: Perceptron(1).update([1], 2),
            "t is 2; only the targets 0 and 1",
        ),
        (
            lambda: Perceptron(1).fit([[1]], [-1]),
            "y holds -1; only the labels 0 and",
        ),
        (
            lambda: Perceptron(1).fit([[1]], [0, 1]),
            r"y has shape \(2,\); .* \(1,\)",
        ),
        (
            lambda: Perceptron(1).fit([[np.inf]], [0]),
            "X holds NaN or infinity",
        ),
        (
            lambda: Perceptron(1).fit([[1]], [0], max_epochs=0),
            "max_epochs is 0; exp",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
