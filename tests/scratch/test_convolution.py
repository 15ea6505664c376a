import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.signal import convolve2d

from aibook.scratch.convolution import conv2d, conv2d_backward, conv2d_loop
from helpers import assert_same, numeric_gradient

axis, step = st.integers(1, 6), st.integers(1, 3)
kernel, few = st.integers(1, 3), st.integers(1, 3)
padding = st.integers(0, 2)


def arrays(N, C, H, W, F_, kh, kw):
    rng = np.random.default_rng(N + C + H + W + F_)
    return (
        rng.normal(size=(N, C, H, W)),
        rng.normal(size=(F_, C, kh, kw)),
        rng.normal(size=F_),
    )


def tensors(*values):
    return [torch.tensor(value, requires_grad=True) for value in values]


@given(few, few, axis, axis, few, kernel, kernel, step, padding, step)
def test_values_and_gradients_are_those_of_torch(
    N, C, H, W_, F_, kh, kw, stride, padding, dilation
):
    assume(dilation * (kh - 1) < H + 2 * padding)
    assume(dilation * (kw - 1) < W_ + 2 * padding)
    X, W, b = arrays(N, C, H, W_, F_, kh, kw)
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    x, w, bias = tensors(X, W, b)
    y = F.conv2d(x, w, bias, **geometry)
    Y = conv2d(X, W, b, **geometry)
    assert_same(Y, y, rtol=1e-10, atol=1e-12)

    dY = np.random.default_rng(9).normal(size=Y.shape)
    y.backward(torch.tensor(dY))
    dX, dW, db = conv2d_backward(dY, X, W, **geometry)
    assert_same(dX, x.grad, rtol=1e-10, atol=1e-12)
    assert_same(dW, w.grad, rtol=1e-10, atol=1e-12)
    assert_same(db, bias.grad, rtol=1e-10, atol=1e-12)


@given(few, few, axis, axis, few, kernel, kernel, step, padding)
def test_the_loop_gives_the_same(N, C, H, W_, F_, kh, kw, stride, padding):
    assume(kh <= H + 2 * padding and kw <= W_ + 2 * padding)
    X, W, _ = arrays(N, C, H, W_, F_, kh, kw)
    geometry = {"stride": stride, "padding": padding}
    expected = conv2d(X, W, **geometry)
    assert_same(conv2d_loop(X, W, **geometry), expected, rtol=1e-10)


def test_gradients_are_the_numeric_ones():
    X, W, b = arrays(2, 2, 5, 4, 3, 3, 2)
    geometry = {"stride": 2, "padding": 1, "dilation": 1}
    dY = np.random.default_rng(5).normal(
        size=conv2d(X, W, b, **geometry).shape
    )
    ours = conv2d_backward(dY, X, W, **geometry)
    for parameter, gradient in zip((X, W, b), ours, strict=True):
        numeric = numeric_gradient(
            lambda _: float((dY * conv2d(X, W, b, **geometry)).sum()),
            parameter,
        )
        assert_same(gradient, numeric, rtol=1e-6, atol=1e-8)


def test_a_flipped_kernel_gives_the_convolution_of_mathematics():
    X, W, _ = arrays(1, 1, 7, 6, 1, 3, 2)
    flipped = np.ascontiguousarray(W[:, :, ::-1, ::-1])
    expected = convolve2d(X[0, 0], W[0, 0], mode="valid")
    assert_same(conv2d(X, flipped)[0, 0], expected, rtol=1e-12)


def test_numbers_worked_by_hand():
    X = np.arange(9.0).reshape(1, 1, 3, 3)
    W = np.array([[[[0.0, 1.0], [2.0, 3.0]]]])
    assert conv2d(X, W)[0, 0].tolist() == [[19, 25], [37, 43]]
    assert conv2d_loop(X, W)[0, 0].tolist() == [[19, 25], [37, 43]]
    assert conv2d(X, W[:, :, ::-1, ::-1])[0, 0].tolist() == [
        [5, 11], [23, 29],
    ]  # fmt: skip


@pytest.mark.parametrize("scale", [1e-300, 1e-8, 1e8, 1e150])
def test_extreme_values_have_a_value(scale):
    X, W, b = arrays(1, 2, 4, 4, 2, 2, 2)
    Y = conv2d(scale * X, W, scale * b)
    assert np.isfinite(Y).all()
    assert_same(Y / scale, conv2d(X, W, b), rtol=1e-9)


def test_whole_numbers_become_double():
    Y = conv2d(np.ones((1, 1, 2, 2), np.uint8), -np.ones((1, 1, 2, 2), int))
    assert Y.dtype == np.float64
    assert Y.item() == -4.0


@pytest.mark.parametrize(
    ("X", "W", "options", "message"),
    [
        ((3, 3), (1, 1, 2, 2), {}, r"X has shape \(3, 3\)"),
        ((1, 1, 3, 3), (2, 2), {}, r"W has shape \(2, 2\); expected \(F, 1"),
        ((1, 3, 3, 3), (1, 1, 2, 2), {}, r"expected \(F, 3, kh, kw\)"),
        ((1, 1, 3, 3), (1, 1, 4, 2), {}, "a window of 4 does not fit into 3"),
        ((1, 1, 3, 3), (1, 1, 2, 2), {"stride": 0}, "stride is 0"),
        ((1, 1, 3, 3), (1, 1, 2, 2), {"padding": -1}, "padding is -1"),
        ((0, 1, 3, 3), (1, 1, 2, 2), {}, "X is empty"),
    ],
)
def test_bad_input_is_refused(X, W, options, message):
    for function in (conv2d, conv2d_loop):
        with pytest.raises(ValueError, match=message):
            function(np.ones(X), np.ones(W), **options)


def test_other_bad_input_is_refused():
    X, W = np.ones((1, 1, 3, 3)), np.ones((2, 1, 2, 2))
    with pytest.raises(ValueError, match=r"b has shape \(3,\); expected"):
        conv2d(X, W, np.ones(3))
    with pytest.raises(ValueError, match="dilation is 0"):
        conv2d(X, W, dilation=0)
    with pytest.raises(ValueError, match="NaN or infinity"):
        conv2d(np.nan * X, W)
    with pytest.raises(ValueError, match=r"dY has shape \(1, 2, 3, 3\)"):
        conv2d_backward(np.ones((1, 2, 3, 3)), X, W)
