import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from aibook.scratch.windows import add_windows, check_images, windows
from helpers import assert_same

axis = st.integers(1, 6)
kernel, step = st.integers(1, 3), st.integers(1, 3)
GEOMETRY = st.fixed_dictionaries(
    {"stride": step, "padding": st.integers(0, 2), "dilation": step}
)
SHAPES = st.tuples(st.integers(1, 2), st.integers(1, 3), axis, axis)


def fits(shape, kh, kw, geometry):
    return all(
        geometry["dilation"] * (k - 1) < n + 2 * geometry["padding"]
        for n, k in zip(shape[2:], (kh, kw), strict=True)
    )


@given(SHAPES, kernel, kernel, GEOMETRY)
def test_windows_and_their_sum_are_those_of_torch(shape, kh, kw, geometry):
    assume(fits(shape, kh, kw, geometry))
    X = np.random.default_rng(0).normal(size=shape)
    taken = windows(X, kh, kw, **geometry)
    N, C, _, _, Ho, Wo = taken.shape
    columns = F.unfold(torch.tensor(X), (kh, kw), **geometry)
    ours = taken.reshape(N, C * kh * kw, Ho * Wo)
    assert_same(ours, columns, rtol=0, atol=0)

    back = F.fold(columns, shape[2:], (kh, kw), **geometry)
    assert_same(add_windows(taken, shape, **geometry), back, rtol=1e-12)


@given(SHAPES, kernel, kernel, GEOMETRY)
def test_adding_is_the_transpose_of_taking(shape, kh, kw, geometry):
    assume(fits(shape, kh, kw, geometry))
    rng = np.random.default_rng(1)
    X = rng.normal(size=shape)
    taken = windows(X, kh, kw, **geometry)
    parts = rng.normal(size=taken.shape)
    left = np.vdot(taken, parts)
    right = np.vdot(X, add_windows(parts, shape, **geometry))
    assert_same(left, right, rtol=1e-10, atol=1e-10)


def test_windows_are_a_view_and_padding_has_a_value():
    X = np.arange(9.0).reshape(1, 1, 3, 3)
    assert np.shares_memory(windows(X, 2, 2), X)
    assert windows(X, 3, 3, padding=1, fill=7.0)[0, 0, 0, 0, 0, 0] == 7.0


def test_bad_input_is_refused():
    X = np.zeros((1, 1, 3, 3))
    with pytest.raises(ValueError, match="does not fit into 3"):
        windows(X, 4, 4)
    with pytest.raises(ValueError, match="stride is 0"):
        windows(X, 2, 2, stride=0)
    with pytest.raises(ValueError, match="parts has shape"):
        add_windows(np.zeros((1, 1, 2, 2, 3, 3)), X.shape)
    for bad in (np.zeros((3, 3)), np.zeros((0, 1, 3, 3)), [["a"]]):
        with pytest.raises(ValueError, match="X"):
            check_images(bad)
    with pytest.raises(ValueError, match="NaN or infinity"):
        check_images(np.full((1, 1, 2, 2), np.nan))
