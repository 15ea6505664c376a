import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import rel_entr
from scipy.stats import entropy as scipy_entropy

from aibook.information import (
    cross_entropy,
    entropy,
    kl_divergence,
    perplexity,
    self_information,
)

BASES = pytest.mark.parametrize("base", [2.0, math.e, 10.0])


@st.composite
def distributions(draw, num=1):
    k = draw(st.integers(1, 8))
    size = st.one_of(st.just(0.0), st.floats(1e-12, 1.0))
    found = []
    for _ in range(num):
        p = draw(arrays(float, k, elements=size).filter(lambda p: p.sum() > 0))
        found.append(p / p.sum())
    return found if num > 1 else found[0]


@BASES
@given(p=distributions())
def test_entropy_is_that_of_scipy(base, p):
    value = entropy(p, base=base)
    assert value == pytest.approx(scipy_entropy(p, base=base), abs=1e-12)
    assert -1e-12 <= value <= math.log(len(p), base) + 1e-9


@BASES
@given(pair=distributions(num=2))
def test_divergence_is_that_of_scipy(base, pair):
    p, q = pair
    value = kl_divergence(p, q, base=base)
    expected = rel_entr(p, q).sum() / math.log(base)
    assert value == pytest.approx(expected, abs=1e-9)
    assert value >= 0


@given(distributions(num=2))
def test_cross_entropy_is_entropy_and_divergence(pair):
    p, q = pair
    total = entropy(p) + kl_divergence(p, q)
    assert cross_entropy(p, q) == pytest.approx(total, abs=1e-9)


@given(arrays(float, st.integers(1, 6), elements=st.floats(0, 1)))
def test_no_nan_for_any_probability(p):
    assert (self_information(p) >= 0).all()
    assert perplexity(p) >= 1


@given(distributions())
def test_equal_distributions_do_not_diverge(p):
    assert kl_divergence(p, p) == 0


def test_values_worked_by_hand():
    information = self_information([0.5, 0.9, 0.1, 0.01, 1.0])
    expected = [1.0, 0.1520, 3.3219, 6.6439, 0.0]
    assert information == pytest.approx(expected, abs=5e-5)
    assert entropy([0.5, 0.5]) == 1.0
    assert entropy([0.9, 0.1]) == pytest.approx(0.4690, abs=5e-5)
    assert entropy([0.9, 0.1], base=math.e) == pytest.approx(0.3251, abs=5e-5)
    assert entropy([0.99, 0.01]) == pytest.approx(0.0808, abs=5e-5)
    assert entropy([1 / 6] * 6) == pytest.approx(2.5850, abs=5e-5)
    p, q = [0.9, 0.1], [0.7, 0.3]
    assert cross_entropy(p, q) == pytest.approx(0.6368, abs=5e-5)
    assert cross_entropy(q, p) == pytest.approx(1.1030, abs=5e-5)
    assert kl_divergence(p, q) == pytest.approx(0.1678, abs=5e-5)
    assert cross_entropy([1, 0], [0.7, 0.3], base=math.e) == pytest.approx(
        -math.log(0.7)
    )
    assert perplexity([1 / 6] * 3) == pytest.approx(6)


def test_what_q_rules_out_costs_infinitely_much():
    assert cross_entropy([0.5, 0.5], [1, 0]) == math.inf
    assert kl_divergence([0.5, 0.5], [1, 0]) == math.inf
    assert kl_divergence([1, 0], [0.5, 0.5]) == 1.0
    assert self_information(0.0) == math.inf
    assert perplexity([0.5, 0.0]) == math.inf


@pytest.mark.parametrize("function", [cross_entropy, kl_divergence])
@pytest.mark.parametrize(
    ("p", "q", "message"),
    [
        ([0.5, 0.6], [0.5, 0.5], "p is no distribution"),
        ([0.5, 0.5], [0.5, 0.4], "q is no distribution"),
        ([1.5, -0.5], [0.5, 0.5], "p is no distribution"),
        ([1.0], [0.5, 0.5], r"q has shape \(2,\); expected \(1,\) as p"),
        ([[1.0]], [1.0], r"p has shape \(1, 1\); expected \(K,\)"),
        ([], [], "p is empty"),
        ([math.nan], [1.0], "p holds NaN or infinity"),
    ],
)
def test_bad_distributions_are_refused(function, p, q, message):
    with pytest.raises(ValueError, match=message):
        function(p, q)


@pytest.mark.parametrize("function", [self_information, perplexity])
@pytest.mark.parametrize("p", [[-0.1], [1.1]])
def test_bad_probabilities_are_refused(function, p):
    with pytest.raises(ValueError, match="p holds a number outside 0 to 1"):
        function(p)


@pytest.mark.parametrize("base", [1.0, 0.5, math.inf, math.nan])
def test_a_bad_base_is_refused(base):
    with pytest.raises(ValueError, match="expected a number above 1"):
        entropy([0.5, 0.5], base=base)
