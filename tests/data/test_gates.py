"""The gates against Python's own operators."""

import operator

import numpy as np
import pytest

from aibook.data.gates import GATES, load_gate
from helpers import assert_same

OPERATORS = {
    "and": operator.and_,
    "or": operator.or_,
    "nand": lambda a, b: 1 - (a & b),
    "xor": operator.xor,
}


def test_names() -> None:
    assert GATES == ("and", "or", "nand", "xor")


@pytest.mark.parametrize("name", GATES)
def test_truth_table(name: str) -> None:
    X, y = load_gate(name)
    assert_same(X, np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]))
    expected = [OPERATORS[name](int(a), int(b)) for a, b in X]
    assert_same(y, np.array(expected, dtype=np.int64))


def test_calls_share_nothing() -> None:
    X, y = load_gate("or")
    X[...] = 9
    y[...] = 9
    assert load_gate("or")[0].max() == 1
    assert load_gate("or")[1].max() == 1


@pytest.mark.parametrize("name", ["XOR", "not", "", None, 3, ["and"]])
def test_unknown_gate(name: object) -> None:
    with pytest.raises(
        ValueError, match=r"one of 'and', 'or', 'nand', 'xor', got"
    ):
        load_gate(name)  # type: ignore[arg-type]
