import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.svm import LinearSVC

from aibook.data.moons import load_moons
from aibook.scratch.linear_svm import LinearSVM
from helpers import assert_same, numeric_gradient
from reference import svm_objective


def library(X, y, l2):
    """The same problem by the dual coordinate descent of LIBLINEAR."""
    model = LinearSVC(
        loss="hinge", C=1 / (l2 * len(X)), tol=1e-10, max_iter=100_000
    ).fit(X, y)
    twin = LinearSVM(X.shape[1], l2=l2)
    twin.w, twin.b = model.coef_[0], float(model.intercept_[0])
    return twin


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("l2", "objective", "score"), [(0.1, 1e-7, 1e-4), (0.01, 1e-6, 1e-3)]
)
def test_it_reaches_the_minimum_of_scikit_learn(seed, l2, objective, score):
    X, y = load_moons(200, noise=0.3, seed=seed)
    best = library(X, y, l2)
    model = LinearSVM(2, l2=l2)
    model.fit(X, y, num_steps=10_000)
    lowest, _, _ = best.subgradient(X, y)
    reached, _, _ = model.subgradient(X, y)
    assert -1e-9 <= reached - lowest <= objective
    assert np.abs(model.scores(X) - best.scores(X)).max() <= score
    assert (model.predict(X) == best.predict(X)).mean() >= 0.99


def test_the_excess_shrinks_at_least_as_fast_as_the_theory_says():
    X, y = load_moons(200, noise=0.3, seed=0)
    lowest, _, _ = library(X, y, 0.01).subgradient(X, y)
    largest = np.linalg.norm(np.column_stack([X, np.ones(200)]), axis=1).max()
    for num_steps in [100, 1000, 5000]:
        model = LinearSVM(2, l2=0.01)
        model.fit(X, y, num_steps=num_steps)
        # |(w, b)| stays within largest / l2, so no slope exceeds 2 largest
        bound = 2 * (2 * largest) ** 2 / (0.01 * (num_steps + 1))
        assert model.subgradient(X, y)[0] - lowest <= bound


@pytest.mark.parametrize(
    ("l2", "w"), [(0.1, 1.0), (0.5, 1.0), (2.0, 0.5), (10.0, 0.1)]
)
def test_two_points_have_a_closed_form(l2, w):
    """l2 w^2 / 2 + max(0, 1 - w) is least at w = min(1, 1 / l2)."""
    model = LinearSVM(1, l2=l2)
    model.fit([[-1.0], [1.0]], [0, 1], num_steps=20_000)
    assert model.w[0] == pytest.approx(w, abs=2e-3)
    assert model.b == pytest.approx(0.0, abs=1e-9)


numbers = st.floats(-4, 4, width=32)
problems = st.tuples(st.integers(1, 6), st.integers(1, 4)).flatmap(
    lambda shape: st.tuples(
        arrays(float, shape, elements=numbers),
        arrays(int, shape[0], elements=st.integers(0, 1)),
        arrays(float, (2, shape[1] + 1), elements=numbers),
        st.sampled_from([0.01, 1.0, 7.5]),
    )
)


@given(problems)
def test_the_objective_is_that_of_the_slow_loop(problem):
    X, y, (v, _), l2 = problem
    model = LinearSVM(X.shape[1], l2=l2)
    model.w, model.b = v[:-1], float(v[-1])
    objective, _, _ = model.subgradient(X, y)
    expected = svm_objective(
        v[:-1].tolist(), v[-1], X.tolist(), y.tolist(), l2
    )
    assert_same(objective, expected, rtol=1e-12)


@given(problems)
def test_a_subgradient_lies_below_the_objective_everywhere(problem):
    X, y, (here, there), l2 = problem
    model = LinearSVM(X.shape[1], l2=l2)
    model.w, model.b = here[:-1], float(here[-1])
    f_here, dw, db = model.subgradient(X, y)
    model.w, model.b = there[:-1], float(there[-1])
    f_there, _, _ = model.subgradient(X, y)
    step = there - here
    line = f_here + dw @ step[:-1] + db * step[-1]
    assert f_there >= line - 1e-9 * (1 + abs(line))


@pytest.mark.parametrize("seed", range(5))
def test_between_corners_the_subgradient_is_the_gradient(seed):
    rng = np.random.default_rng(seed)
    X, y = rng.normal(size=(20, 3)), rng.integers(0, 2, size=20)
    model = LinearSVM(3, l2=0.3)
    model.w, model.b = rng.normal(size=3), float(rng.normal())
    _, dw, db = model.subgradient(X, y)
    numeric = numeric_gradient(lambda _: model.subgradient(X, y)[0], model.w)
    assert_same(dw, numeric, rtol=1e-6, atol=1e-8)

    def of_bias(b):
        model.b = float(b[0])
        return model.subgradient(X, y)[0]

    bias = np.array([model.b])
    assert_same(db, numeric_gradient(of_bias, bias)[0], rtol=1e-6, atol=1e-8)


def test_the_log_starts_at_zero_weights_and_a_second_fit_starts_anew():
    X, y = load_moons(50, noise=0.2, seed=0)
    model = LinearSVM(2)
    first = model.fit(X, y, num_steps=30)
    w = model.w
    assert len(first) == 30
    assert first[0] == 1.0  # every margin is 0, so every hinge is 1
    assert model.fit(X, y, num_steps=30) == first
    assert_same(model.w, w)


def test_swapped_classes_give_the_opposite_score():
    X, y = load_moons(50, noise=0.2, seed=1)
    model, swapped = LinearSVM(2), LinearSVM(2)
    model.fit(X, y, num_steps=100)
    swapped.fit(X, 1 - y, num_steps=100)
    assert_same(swapped.scores(X), -model.scores(X))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: LinearSVM(0), "num_inputs is 0; expected a whole number"),
        (lambda: LinearSVM(2, l2=0.0), "l2 is 0.0; expected a positive"),
        (lambda: LinearSVM(2).scores([[1.0]]), r"X has shape \(1, 1\)"),
        (lambda: LinearSVM(1).predict([[np.nan]]), "X holds NaN or infinity"),
        (lambda: LinearSVM(1).predict(np.empty((0, 1))), "X is empty"),
        (lambda: LinearSVM(1).fit([[1.0]], [-1]), "y holds -1; only the"),
        (lambda: LinearSVM(1).fit([[1.0]], [0, 1]), r"y has shape \(2,\)"),
        (
            lambda: LinearSVM(1).fit([[1.0]], [1], num_steps=0),
            "num_steps is 0; expected a whole number",
        ),
        (
            lambda: LinearSVM(1).subgradient([[1.0]], [2]),
            "y holds 2; only the labels 0 and 1",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
