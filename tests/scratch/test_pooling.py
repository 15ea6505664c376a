import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st

from aibook.scratch.pooling import pool2d, pool2d_backward
from helpers import assert_same, numeric_gradient

KINDS = ["max", "average", "min"]
axis, few = st.integers(1, 7), st.integers(1, 3)


def twin(x, kind, size, **geometry):
    if kind == "max":
        return F.max_pool2d(x, size, **geometry)
    if kind == "min":
        return -F.max_pool2d(-x, size, **geometry)
    return F.avg_pool2d(x, size, count_include_pad=False, **geometry)


@given(
    st.sampled_from(KINDS), few, few, axis, axis, few, few, st.integers(0, 1),
    st.booleans(),
)  # fmt: skip
def test_values_and_gradients_are_those_of_torch(
    kind, N, C, H, W, size, stride, padding, ties
):
    assume(padding <= size // 2)
    assume(size <= min(H, W) + 2 * padding)
    rng = np.random.default_rng(H + 7 * W)
    X = rng.normal(size=(N, C, H, W))
    if ties:
        X = X.round()
    geometry = {"stride": stride, "padding": padding}
    x = torch.tensor(X, requires_grad=True)
    y = twin(x, kind, size, **geometry)
    Y = pool2d(X, size, kind=kind, **geometry)
    assert_same(Y, y, rtol=1e-12, atol=1e-15)

    dY = rng.normal(size=Y.shape)
    y.backward(torch.tensor(dY))
    dX = pool2d_backward(dY, X, size, kind=kind, **geometry)
    assert_same(dX, x.grad, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_are_the_numeric_ones(kind):
    X = np.random.default_rng(2).normal(size=(1, 2, 5, 5))
    dY = np.random.default_rng(3).normal(size=(1, 2, 2, 2))
    numeric = numeric_gradient(
        lambda x: float((dY * pool2d(x, 2, kind=kind)).sum()), X
    )
    assert_same(pool2d_backward(dY, X, 2, kind=kind), numeric, rtol=1e-6)


def test_the_window_is_its_own_stride_and_the_rest_is_left_out():
    X = np.arange(25.0).reshape(1, 1, 5, 5)
    assert pool2d(X, 2)[0, 0].tolist() == [[6, 8], [16, 18]]
    assert pool2d(X, 2, kind="min")[0, 0].tolist() == [[0, 2], [10, 12]]
    assert pool2d(X, 2, kind="average")[0, 0].tolist() == [[3, 5], [13, 15]]


def test_channels_stay_apart_and_padding_never_counts():
    X = -np.ones((1, 3, 4, 4)) * np.arange(1, 4)[:, None, None]
    for kind in KINDS:
        Y = pool2d(X, 3, kind=kind, stride=2, padding=1)
        assert Y.shape == (1, 3, 2, 2)
        assert_same(Y, X[:, :, :2, :2])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [0.0, 1e300, -1e300, 1e-300])
def test_extreme_values_have_a_value(kind, value):
    Y = pool2d(np.full((1, 1, 2, 2), value / 4), 2, kind=kind)
    assert_same(Y, np.full((1, 1, 1, 1), value / 4))


@pytest.mark.parametrize(
    ("shape", "size", "options", "message"),
    [
        ((4, 4), 2, {}, r"X has shape \(4, 4\)"),
        ((8, 8, 4), 2, {}, r"X has shape \(8, 8, 4\)"),
        ((1, 1, 4, 4), 5, {}, "a window of 5 does not fit into 4"),
        ((1, 1, 4, 4), 0, {}, "size is 0"),
        ((1, 1, 4, 4), 2, {"stride": 0}, "stride is 0"),
        ((1, 1, 4, 4), 2, {"padding": 2}, "expected at most half of the size"),
        ((1, 1, 4, 4), 2, {"kind": "median"}, "kind is 'median'; expected"),
        ((1, 1, 0, 4), 2, {}, "X is empty"),
    ],
)
def test_bad_input_is_refused(shape, size, options, message):
    with pytest.raises(ValueError, match=message):
        pool2d(np.zeros(shape), size, **options)
    if "X is empty" not in message:
        with pytest.raises(ValueError, match=message):
            pool2d_backward(np.zeros((1, 1, 2, 2)), np.zeros(shape), size,
                            **options)  # fmt: skip


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"dY has shape \(1, 1, 3, 3\)"):
        pool2d_backward(np.zeros((1, 1, 3, 3)), np.zeros((1, 1, 4, 4)), 2)
