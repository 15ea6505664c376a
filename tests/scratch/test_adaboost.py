import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.ensemble import AdaBoostClassifier
from sklearn.tree import DecisionTreeClassifier

from aibook.data.moons import load_moons
from aibook.scratch.adaboost import AdaBoost, Stump, fit_stump
from helpers import assert_same
from reference import stump_cost


class StumpClassifier(ClassifierMixin, BaseEstimator):
    """Our stump, as scikit-learn wants it."""

    def fit(self, X, y, sample_weight=None):
        self.classes_ = np.unique(y)
        self.stump_ = fit_stump(X, y, sample_weight)
        return self

    def predict(self, X):
        return self.stump_.predict(X)


TWINS = {
    "gini": DecisionTreeClassifier(max_depth=1),
    "error": StumpClassifier(),
}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("criterion", ["gini", "error"])
def test_votes_and_answers_are_those_of_scikit_learn(criterion, seed):
    X, y = load_moons(200, noise=0.3, seed=seed)
    new, _ = load_moons(500, noise=0.3, seed=100 + seed)
    model = AdaBoost(40, criterion=criterion).fit(X, y)
    twin = AdaBoostClassifier(
        TWINS[criterion], n_estimators=40, random_state=0
    ).fit(X, y)
    assert len(model.stumps) == 40
    assert_same(2 * model.alphas, twin.estimator_weights_, rtol=1e-9)
    assert_same(model.errors, twin.estimator_errors_, rtol=1e-9)
    assert_same(model.predict(new), twin.predict(new))
    assert_same(2 * model.scores(new), twin.decision_function(new), rtol=1e-9)


problems = st.tuples(st.integers(2, 7), st.integers(1, 3)).flatmap(
    lambda shape: st.tuples(
        arrays(float, shape, elements=st.integers(-2, 2)),
        arrays(int, shape[0], elements=st.integers(0, 1)),
        arrays(float, shape[0], elements=st.integers(0, 4)),
        st.sampled_from(["error", "gini"]),
    )
)


@given(problems)
def test_no_stump_is_better(problem):
    X, y, weights, criterion = problem
    if weights.max() == 0 or (np.ptp(X, axis=0) == 0).all():
        return
    best = fit_stump(X, y, weights, criterion=criterion)
    rows = X.tolist(), y.tolist(), weights.tolist()
    costs = {
        (feature, low + 0.5): stump_cost(
            *rows, feature, low + 0.5, gini=criterion == "gini"
        )
        for feature in range(X.shape[1])
        for low in range(-2, 2)
        if X[:, feature].min() <= low < X[:, feature].max()
    }
    cost = stump_cost(
        *rows, best.feature, best.threshold, gini=criterion == "gini"
    )
    assert cost == pytest.approx(min(costs.values()), abs=1e-12)
    column = X[:, best.feature]  # both sides hold examples
    assert column.min() <= best.threshold < column.max()
    for side, answer in [
        (column <= best.threshold, best.below),
        (column > best.threshold, best.above),
    ]:
        ones = weights[side & (y == 1)].sum()
        assert answer == int(ones > weights[side & (y == 0)].sum())


@pytest.mark.parametrize("seed", range(3))
def test_each_round_looks_at_the_mistakes_of_the_last(seed):
    """Freund and Schapire: the last stump is wrong on half of the weight."""
    X, y = load_moons(100, noise=0.3, seed=seed)
    model = AdaBoost(20).fit(X, y)
    weights = np.full(100, 0.01)
    for stump, alpha, error in zip(
        model.stumps, model.alphas, model.errors, strict=True
    ):
        wrong = stump.predict(X) != y
        assert weights[wrong].sum() == pytest.approx(error, rel=1e-9)
        assert alpha == pytest.approx(0.5 * np.log(1 / error - 1), rel=1e-9)
        weights = weights * np.exp(alpha * np.where(wrong, 1, -1))
        weights = weights / weights.sum()
        assert weights[wrong].sum() == pytest.approx(0.5, rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_mistakes_stay_below_the_bound(seed):
    X, y = load_moons(100, noise=0.3, seed=seed)
    model = AdaBoost(60).fit(X, y)
    factors = 2 * np.sqrt(model.errors * (1 - model.errors))
    for rounds, bound in enumerate(np.cumprod(factors), start=1):
        assert (model.predict(X, rounds) != y).mean() <= bound + 1e-12


def test_an_interval_takes_three_stumps():
    X, y = [[1.0], [2.0], [3.0], [4.0]], np.array([0, 1, 1, 0])
    model = AdaBoost(3).fit(X, y)
    assert_same(model.errors, np.array([1 / 4, 1 / 6, 1 / 5]))
    assert_same(model.predict(X), y)
    assert (model.predict(X, 1) != y).sum() == 1


def test_a_faultless_stump_ends_it():
    model = AdaBoost(50).fit([[0.0], [1.0]], [0, 1])
    assert model.stumps == [Stump(0, 0.5, 0, 1)]
    assert_same(model.scores([[-9.0], [9.0]]), np.array([-1.0, 1.0]))


def test_xor_gives_no_stump_better_than_chance():
    X, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]
    model = AdaBoost(50).fit(X, y)
    assert model.stumps == []
    assert_same(model.scores(X), np.zeros(4))


def test_thresholds_separate_neighbouring_and_huge_values():
    low = 1.0
    stump = fit_stump([[low], [np.nextafter(low, 2)]], [0, 1], [1, 1])
    assert stump.threshold == low
    assert_same(
        stump.predict([[low], [np.nextafter(low, 2)]]), np.array([0, 1])
    )
    huge = np.finfo(float).max
    assert fit_stump([[-huge], [huge]], [0, 1], [1, 1]).threshold == 0.0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: AdaBoost(0), "num_rounds is 0; expected a whole number"),
        (
            lambda: AdaBoost(criterion="entropy"),
            "criterion is 'entropy'; expected one of error, gini",
        ),
        (lambda: AdaBoost().predict([[1.0]]), "nothing has been fitted yet"),
        (lambda: AdaBoost().fit([1.0], [1]), r"X has shape \(1,\)"),
        (lambda: AdaBoost().fit([[1.0], [1.0]], [0, 1]), "no feature of X"),
        (lambda: AdaBoost().fit([[1.0]], [1]), "no feature of X varies"),
        (lambda: AdaBoost().fit([[1.0], [2.0]], [0, 2]), "y holds 2; only"),
        (lambda: AdaBoost().fit([[np.inf]], [0]), "X holds NaN or infinity"),
        (
            lambda: AdaBoost().fit([[1.0], [2.0]], [0, 1]).predict([[1, 2]]),
            r"X has shape \(1, 2\); expected \(N, 1\)",
        ),
        (
            lambda: fit_stump([[1.0], [2.0]], [0, 1], [1]),
            r"weights of shape \(1,\), from 1 to 1; expected \(2,\)",
        ),
        (
            lambda: fit_stump([[1.0], [2.0]], [0, 1], [1, -1]),
            "from -1 to 1; expected .*, none negative",
        ),
        (
            lambda: fit_stump([[1.0], [2.0]], [0, 1], [0, 0]),
            "expected .*, not all 0",
        ),
        (
            lambda: fit_stump([[1.0]], [0], [1], criterion="x"),
            "criterion is 'x'; expected one of",
        ),
    ],
)
def test_bad_input_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
