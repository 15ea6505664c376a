import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from aibook.scratch.convolution import conv2d, conv2d_backward
from aibook.scratch.transposed import conv_transpose2d, conv_transpose2d_loop
from aibook.sizes import output_size
from helpers import assert_same

axis, step = st.integers(1, 5), st.integers(1, 3)
kernel, few = st.integers(1, 4), st.integers(1, 3)
padding = st.integers(0, 2)


def arrays(N, C, H, W, F_, kh, kw):
    rng = np.random.default_rng(N + C + H + W + F_)
    return (
        rng.normal(size=(N, C, H, W)),
        rng.normal(size=(C, F_, kh, kw)),
        rng.normal(size=F_),
    )


def fits(H, W, kh, kw, stride, padding, dilation=1, more=0):
    sizes = [
        (n - 1) * stride - 2 * padding + dilation * (k - 1) + more + 1
        for n, k in ((H, kh), (W, kw))
    ]
    return min(sizes) >= 1


@given(few, few, axis, axis, few, kernel, kernel, step, padding, step, padding)
def test_values_are_those_of_torch(
    N, C, H, W_, F_, kh, kw, stride, padding, dilation, more
):
    assume(more < max(stride, dilation))
    assume(fits(H, W_, kh, kw, stride, padding, dilation, more))
    X, W, b = arrays(N, C, H, W_, F_, kh, kw)
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    Y = conv_transpose2d(X, W, b, output_padding=more, **geometry)
    twin = F.conv_transpose2d(
        *map(torch.tensor, (X, W, b)), output_padding=more, **geometry
    )
    assert_same(Y, twin, rtol=1e-10, atol=1e-12)


@given(few, few, axis, axis, few, kernel, kernel, step, padding)
def test_the_loop_gives_the_same(N, C, H, W_, F_, kh, kw, stride, padding):
    assume(fits(H, W_, kh, kw, stride, padding))
    X, W, _ = arrays(N, C, H, W_, F_, kh, kw)
    geometry = {"stride": stride, "padding": padding}
    expected = conv_transpose2d(X, W, **geometry)
    ours = conv_transpose2d_loop(X, W, **geometry)
    assert_same(ours, expected, rtol=1e-10, atol=1e-12)


@given(
    few,
    few,
    st.integers(3, 9),
    few,
    kernel,
    step,
    st.integers(0, 1),
    st.integers(1, 2),
)
def test_it_is_the_adjoint_and_the_gradient_of_the_convolution(
    N, C, side, F_, k, stride, padding, dilation
):
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    assume(dilation * (k - 1) < side + 2 * padding)
    rng = np.random.default_rng(side + k)
    X, W = rng.normal(size=(N, C, side, side)), rng.normal(size=(F_, C, k, k))
    small = output_size(side, k, **geometry)
    Y = rng.normal(size=(N, F_, small, small))
    lost = (side + 2 * padding - dilation * (k - 1) - 1) % stride
    spread = conv_transpose2d(Y, W, output_padding=lost, **geometry)
    there, back = (conv2d(X, W, **geometry) * Y).sum(), (X * spread).sum()
    assert there == pytest.approx(back, rel=1e-9, abs=1e-9)
    dX, _, _ = conv2d_backward(Y, X, W, **geometry)
    assert_same(spread, dX, rtol=1e-10, atol=1e-12)


def test_a_value_stamps_its_kernel():
    X = np.zeros((1, 1, 3, 3))
    X[0, 0, 1, 2] = 5.0
    W = np.arange(4.0).reshape(1, 1, 2, 2)
    Y = conv_transpose2d(X, W, stride=3)
    expected = np.zeros((1, 1, 8, 8))
    expected[0, 0, 3:5, 6:8] = 5 * W[0, 0]
    assert_same(Y, expected)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"X": np.ones((2, 2))}, "N, C, H, W"),
        ({"W": np.ones((3, 2, 2, 2))}, r"expected \(2, F, kh, kw\)"),
        ({"b": np.ones(2)}, r"expected \(3,\)"),
        ({"X": np.full((1, 2, 2, 2), np.nan)}, "NaN"),
        ({"stride": 0}, "stride is 0"),
        ({"output_padding": 1}, "output_padding is 1"),
        ({"padding": 2}, "size of -1"),
    ],
)
def test_bad_input_is_refused(change, message):
    good = {"X": np.ones((1, 2, 2, 2)), "W": np.ones((2, 3, 2, 2)), "b": None}
    with pytest.raises(ValueError, match=message):
        conv_transpose2d(**(good | change))
