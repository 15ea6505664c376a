import math
import operator
import random
import sys

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.autograd import Value, topological_order
from helpers import assert_same, numeric_gradient

NUM_GRAPHS = 200
BINARY = (operator.add, operator.sub, operator.mul, operator.truediv)
UNARY = ("exp", "log", "tanh", "sigmoid", "relu", "power", "negative")


class RandomFormula:
    """A random formula of three numbers, which any type of number can run.

    Every step takes values of earlier steps at random, so most of them are shared.
    A step that would leave the safe range (a division by almost 0, a logarithm
    near or below 0, a number above 50, a kink of ReLU) is left out.
    """

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.point = [rng.uniform(-2, 2) for _ in range(3)]
        self.steps: list[tuple] = []
        values = list(self.point)
        while len(self.steps) < 20:
            i, j = rng.randrange(len(values)), rng.randrange(len(values))
            name = rng.choice((*BINARY, *UNARY))
            step = (name, i, j, rng.choice((-1, 0.5, 2, 3)))
            try:
                value = self._apply(step, [Value(v) for v in values]).data
            except ValueError:
                continue
            if self._is_safe(step, values) and abs(value) < 50:
                self.steps.append(step)
                values.append(value)

    @staticmethod
    def _is_safe(step, values) -> bool:
        name, i, j, power = step
        if name is operator.truediv:
            return abs(values[j]) > 0.2
        if name == "power":
            return values[i] > 0.2 or power in (2, 3)
        return {"log": values[i] > 0.2, "relu": abs(values[i]) > 1e-3}.get(
            name, True
        )

    @staticmethod
    def _apply(step, values):
        name, i, j, power = step
        if name in BINARY:
            return name(values[i], values[j])
        if name == "power":
            return values[i] ** power
        if name == "negative":
            return -values[i]
        return getattr(values[i], name)()

    def __call__(self, *numbers):
        values = list(numbers)
        for step in self.steps:
            values.append(self._apply(step, values))
        total = 0.5 * values[0]
        for value in values[
            1:
        ]:  # all of them count, the second again and again
            total = total + (0.1 * value).tanh() * values[1]
        return 1.0 - total


def gradient(function, point) -> tuple[float, np.ndarray]:
    values = [Value(p) for p in point]
    result = function(*values)
    result.backward()
    return result.data, np.array([v.grad for v in values])


@pytest.mark.parametrize("seed", range(NUM_GRAPHS))
def test_random_formulas_agree_with_torch(seed):
    formula = RandomFormula(seed)
    value, ours = gradient(formula, formula.point)
    twins = [
        torch.tensor(p, dtype=torch.float64, requires_grad=True)
        for p in formula.point
    ]
    result = formula(*twins)
    result.backward()
    theirs = np.array([twin.grad.item() for twin in twins])
    assert_same(np.array(value), result, rtol=1e-12)
    assert_same(ours, theirs, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(NUM_GRAPHS))
def test_random_formulas_agree_with_central_differences(seed):
    formula = RandomFormula(seed)
    point = np.array(formula.point)
    _, ours = gradient(formula, formula.point)
    numeric = numeric_gradient(lambda p: formula(*map(Value, p)).data, point)
    assert_same(ours, numeric, rtol=1e-6, atol=1e-6)


def test_the_random_formulas_share_values_and_use_every_operation():
    used = set()
    for seed in range(NUM_GRAPHS):
        formula = RandomFormula(seed)
        used |= {step[0] for step in formula.steps}
        inputs = [Value(p) for p in formula.point]
        sources = [
            id(source)
            for node in topological_order(formula(*inputs))
            for source in node.inputs
        ]
        assert len(set(sources)) < len(sources)
    assert used == {*BINARY, *UNARY}


@pytest.mark.parametrize(
    ("function", "x", "value", "slope"),
    [
        (lambda a: a + a, 3.0, 6.0, 2.0),
        (lambda a: 1 + a, 3.0, 4.0, 1.0),
        (lambda a: a - 1, 3.0, 2.0, 1.0),
        (lambda a: 1 - a, 3.0, -2.0, -1.0),
        (lambda a: -a, 3.0, -3.0, -1.0),
        (lambda a: 2 * a, 3.0, 6.0, 2.0),
        (lambda a: a * a * a, 2.0, 8.0, 12.0),
        (lambda a: a / 4, 3.0, 0.75, 0.25),
        (lambda a: 6 / a, 2.0, 3.0, -1.5),
        (lambda a: a / a, 3.0, 1.0, 0.0),
        (lambda a: a**3, -2.0, -8.0, 12.0),
        (lambda a: a**0.5, 4.0, 2.0, 0.25),
        (lambda a: a**-1, 2.0, 0.5, -0.25),
        (lambda a: a**0, 0.0, 1.0, 0.0),
        (lambda a: a**1, 0.0, 0.0, 1.0),
        (Value.exp, 0.0, 1.0, 1.0),
        (Value.exp, -800.0, 0.0, 0.0),
        (Value.log, 1.0, 0.0, 1.0),
        (Value.tanh, 0.0, 0.0, 1.0),
        (Value.tanh, 800.0, 1.0, 0.0),
        (Value.sigmoid, 0.0, 0.5, 0.25),
        (Value.sigmoid, -800.0, 0.0, 0.0),
        (Value.sigmoid, 1e308, 1.0, 0.0),
        (Value.relu, 2.0, 2.0, 1.0),
        (Value.relu, -2.0, 0.0, 0.0),
        (Value.relu, 0.0, 0.0, 0.0),
    ],
)
def test_values_and_slopes_worked_by_hand(function, x, value, slope):
    result, ours = gradient(function, [x])
    assert result == value
    assert ours[0] == slope


@given(st.floats(-1e300, 1e300))
def test_no_nan_at_extreme_numbers(x):
    for function in (Value.tanh, Value.sigmoid, Value.relu, lambda a: a - a):
        value, ours = gradient(function, [x])
        assert math.isfinite(value)
        assert math.isfinite(ours[0])


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30))
def test_every_value_stands_after_its_inputs(picks):
    values = [Value(1.0)]
    for pick in picks:
        source = values[pick % len(values)]
        values.append(values[-1] * 0.5 + source * 0.5)
    order = topological_order(values[-1])
    place = {node: k for k, node in enumerate(order)}
    assert len(place) == len(order)
    assert order[-1] is values[-1]
    assert all(place[i] < place[n] for n in order for i in n.inputs)


def test_a_long_chain_needs_no_recursion():
    length = 20 * sys.getrecursionlimit()
    x = Value(1.0)
    y = x
    for _ in range(length):
        y = y + 1.0
    y.backward()
    assert y.data == length + 1
    assert x.grad == 1.0
    del y  # thousands of objects, each held by the next


def test_gradients_add_up_over_calls():
    a = Value(3.0)
    square = a * a
    result = square * 2.0
    for calls in (1, 2, 3):
        result.backward()
        assert a.grad == 12.0 * calls
        assert square.grad == 2.0 * calls
    (a + 0.0).backward()
    assert a.grad == 37.0


def test_a_number_that_takes_no_part_has_gradient_zero():
    a, b = Value(1.0), Value(2.0)
    (a * 3.0).backward()
    assert (a.grad, b.grad) == (3.0, 0.0)


def test_numpy_numbers_become_plain_ones():
    a = Value(np.float64(2.0))
    result = np.float64(3.0) * a + np.int64(1)
    assert isinstance(result, Value)
    assert type(result.data) is float
    result.backward()
    assert a.grad == 3.0


def test_repr():
    a = Value(2)
    (a * a).backward()
    assert repr(a) == "Value(2, grad=4)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Value("2"), "data is '2', .* expected finite numbers"),
        (lambda: Value(math.nan), "data is nan"),
        (lambda: Value(math.inf), "data is inf"),
        (lambda: Value(2.0) + "1", "data is '1'"),
        (lambda: [1.0] * Value(2.0), r"data is \[1.0\]"),
        (lambda: np.ones(2) * Value(2.0), "expected finite numbers"),
        (lambda: Value(1e200) * Value(1e200), "× is inf"),
        (lambda: Value(1e308) + 1e308, r"\+ is inf"),
        (lambda: Value(1.0) / 0.0, r"truediv\(1, 0\) has no finite value"),
        (lambda: Value(0.0) ** -1, r"pow\(0, -1\) has no finite value"),
        (lambda: Value(-1.0) ** 0.5, r"pow\(-1, 0.5\) has no finite value"),
        (lambda: Value(0.0) ** 0.5, r"pow\(0, -0.5\) has no finite value"),
        (lambda: Value(2.0) ** Value(3.0), r"the power is Value\(3, grad=0\)"),
        (lambda: Value(2.0) ** math.inf, "the power is inf"),
        (lambda: Value(1000.0).exp(), r"exp\(1000\) has no finite value"),
        (lambda: Value(0.0).log(), r"log\(0\) has no finite value"),
        (lambda: Value(-1.0).log(), r"log\(-1\) has no finite value"),
        (lambda: Value(5e-324).log(), "its slopes are"),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_a_gradient_out_of_range_changes_nothing():
    a = Value(1e-200)
    result = (a * 1e200) * 1e200
    with pytest.raises(ValueError, match="exceeds the range of floats"):
        result.backward()
    assert a.grad == result.grad == 0.0
