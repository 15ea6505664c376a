import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.expert_system import Finding, Rule, combine, infer

factor = st.floats(-0.99, 0.99)


@given(factor, factor, factor)
def test_certainties_combine_in_any_order(a, b, c):
    assert combine(a, b) == pytest.approx(combine(b, a))
    assert -1 <= combine(a, b) <= 1
    left, right = combine(combine(a, b), c), combine(a, combine(b, c))
    assert left == pytest.approx(right, abs=1e-6)


@given(factor)
def test_nothing_known_changes_nothing(a):
    assert combine(a, 0) == a
    assert combine(a, -a) == pytest.approx(0)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [(0.6, 0.5, 0.8), (-0.6, -0.5, -0.8), (0.8, -0.5, 0.6), (1, -0.5, 1)],
)
def test_worked_by_hand(a, b, expected):
    assert combine(a, b) == pytest.approx(expected)


def test_chains_backwards_and_says_why():
    rules = [
        Rule(("dark house",), "power cut", 0.9),
        Rule(("lamp out", "power cut"), "call supplier", 0.8),
        Rule(("lamp out",), "bulb broken", 0.5),
    ]
    facts = {"lamp out": 1.0, "dark house": 0.7}
    found = infer("call supplier", rules, facts)
    assert found.certainty == pytest.approx(0.7 * 0.9 * 0.8)
    assert found.why == (rules[1], rules[0])
    assert infer("flood", rules, facts) == Finding(0.0)


def test_a_weak_condition_uses_no_rule():
    rules = [Rule(("a", "b"), "c", 1.0)]
    assert infer("c", rules, {"a": 1.0, "b": 0.2}) == Finding(0.0)
    assert infer("c", rules, {"a": 1.0, "b": 0.3}).certainty == 0.3
    assert infer("c", rules, {"a": 1.0}) == Finding(0.0)


def test_a_rule_may_speak_against():
    rules = [Rule(("a",), "c", 0.8), Rule(("b",), "c", -0.5)]
    found = infer("c", rules, {"a": 1.0, "b": 1.0})
    assert found.certainty == pytest.approx(0.6)
    assert found.why == tuple(rules)


def test_refuses_rules_in_a_circle():
    rules = [Rule(("a",), "b", 1.0), Rule(("b",), "a", 1.0)]
    with pytest.raises(ValueError, match="a <- b <- a"):
        infer("a", rules, {})


@pytest.mark.parametrize("value", [1.1, -1.1, float("nan")])
def test_refuses_certainties_out_of_range(value):
    with pytest.raises(ValueError, match="expected -1 to 1"):
        combine(value, 0)
    with pytest.raises(ValueError, match="expected -1 to 1"):
        infer("a", [], {"a": value})
    with pytest.raises(ValueError, match="expected -1 to 1"):
        infer("a", [Rule(("b",), "a", value)], {})


def test_refuses_a_contradiction_and_a_rule_of_nothing():
    with pytest.raises(ValueError, match="contradict"):
        combine(1, -1)
    with pytest.raises(ValueError, match="no condition"):
        infer("a", [Rule((), "a", 1.0)], {})
