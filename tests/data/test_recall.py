"""The memory test: what sequences hold, and bad arguments."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.data.recall import load_recall, spell
from helpers import assert_same


@given(
    st.integers(1, 20),
    st.integers(0, 30),
    st.integers(2, 26),
    st.integers(1, 10),
    st.integers(0, 99),
)
def test_a_symbol_and_then_fillers(N, delay, symbols, fillers, seed):
    X, y = load_recall(
        N, delay=delay, num_symbols=symbols, num_fillers=fillers, seed=seed
    )
    assert X.shape == (N, delay + 1, symbols + fillers)
    assert X.dtype == np.float32
    assert_same(X.sum(axis=2), np.ones((N, delay + 1), np.float32))
    tokens = X.argmax(axis=2)
    assert_same(tokens[:, 0], y)
    assert (tokens[:, 1:] >= symbols).all()
    text = spell(X[0], num_symbols=symbols)
    assert text[0] == "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[y[0]]
    assert text[1:] == "" or text[1:].isdigit()


def test_fillers_tell_nothing():
    X, y = load_recall(8000, delay=3, seed=1)
    tokens = X.argmax(axis=2)
    together = np.zeros((8, 8))
    np.add.at(together, (y, tokens[:, 3] - 8), 1)
    assert abs(together - 125).max() < 5 * 125**0.5
    assert abs(np.bincount(y) - 1000).max() < 5 * 1000**0.5


def test_seed_decides_all():
    assert_same(load_recall(9, delay=4)[0], load_recall(9, delay=4)[0])
    other = load_recall(9, delay=4, seed=1)[0]
    assert not np.array_equal(load_recall(9, delay=4)[0], other)


@pytest.mark.parametrize(
    "options",
    [
        {"delay": -1},
        {"delay": 1.5},
        {"delay": 2, "num_symbols": 1},
        {"delay": 2, "num_symbols": 27},
        {"delay": 2, "num_fillers": 0},
        {"delay": 2, "num_fillers": 11},
        {"delay": 2, "seed": -1},
    ],
)
def test_bad_arguments(options):
    with pytest.raises(ValueError, match="must be an integer"):
        load_recall(5, **options)
    with pytest.raises(ValueError, match="num_sequences"):
        load_recall(0, delay=1)


@pytest.mark.parametrize("shape", [(3,), (3, 8), (3, 19), (1, 3, 16)])
def test_bad_spelling(shape):
    with pytest.raises(ValueError, match="expected"):
        spell(np.zeros(shape))
