import math
from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aibook.scratch.initialisation import glorot_uniform, he_normal, normal
from helpers import assert_same

STARTS = {
    "normal": (normal, lambda i, o: 0.01),
    "normal 1": (partial(normal, std=1.0), lambda i, o: 1.0),
    "glorot": (glorot_uniform, lambda i, o: math.sqrt(2 / (i + o))),
    "he": (he_normal, lambda i, o: math.sqrt(2 / i)),
}


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("sizes", [(300, 200), (200, 300)])
def test_mean_and_spread(name, sizes):
    start, std = STARTS[name]
    w = start(*sizes, np.random.default_rng(0))
    assert w.shape == sizes
    assert w.std() == pytest.approx(std(*sizes), rel=0.01)
    assert abs(w.mean()) < 4 * std(*sizes) / math.sqrt(w.size)


@pytest.mark.parametrize("name", STARTS)
@given(num_in=st.integers(1, 20), num_out=st.integers(1, 20))
def test_shape_and_seed(name, num_in, num_out):
    start, _ = STARTS[name]
    w = start(num_in, num_out, np.random.default_rng(3))
    assert w.shape == (num_in, num_out)
    assert w.dtype == np.float64
    again = start(num_in, num_out, np.random.default_rng(3))
    assert_same(again, w, rtol=0, atol=0)


def test_glorot_stays_within_its_limit():
    w = glorot_uniform(50, 70, np.random.default_rng(0))
    assert 0.99 * math.sqrt(6 / 120) < np.abs(w).max() <= math.sqrt(6 / 120)


@pytest.mark.parametrize("name", STARTS)
@pytest.mark.parametrize("sizes", [(0, 1), (1, 0), (1.5, 1), (1, -1)])
def test_bad_sizes_are_refused(name, sizes):
    with pytest.raises(ValueError, match=r"num_(in|out) is .*whole number"):
        STARTS[name][0](*sizes, np.random.default_rng(0))


@pytest.mark.parametrize("std", [0.0, -1.0, math.nan, math.inf])
def test_bad_spread_is_refused(std):
    with pytest.raises(ValueError, match=f"std is {std}; expected a positive"):
        normal(2, 2, np.random.default_rng(0), std=std)
