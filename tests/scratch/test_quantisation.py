import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from aibook.scratch.quantisation import (
    affine_for,
    dequantise,
    integer_product,
    quantise,
    round_half_up,
    symmetric_scales,
)
from helpers import assert_same

BITS = st.integers(2, 16)
REAL = st.floats(-1e3, 1e3, allow_subnormal=False)


@given(REAL, REAL, BITS)
@example(0.0, 3.0, 8)
@example(-3.0, 0.0, 8)
@example(2.0, 3.0, 2)
def test_affine_codes_hold_0_exactly_and_the_rest_to_half_a_step(a, b, bits):
    low, high = sorted((a, b))
    if high - low < 1e-6 and max(abs(low), abs(high)) < 1e-6:
        return
    scale, zero = affine_for(low, high, num_bits=bits)
    least, greatest = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    assert least <= zero <= greatest
    x = np.linspace(min(low, 0), max(high, 0), 50)
    codes = quantise(x, scale, zero, num_bits=bits)
    assert codes.min() >= least
    assert codes.max() <= greatest
    # The zero point is rounded: an end of the range may lose half a step more.
    error = np.abs(dequantise(codes, scale, zero) - x)
    assert error.max() <= scale * (1 + 1e-9)
    inner = (codes > least) & (codes < greatest)
    assert (error[inner] <= scale * (0.5 + 1e-9)).all()
    assert quantise(0.0, scale, zero, num_bits=bits) == zero
    assert dequantise(zero, scale, zero) == 0


def test_ranges_by_hand():
    assert affine_for(0, 255) == (1.0, -128)
    assert affine_for(-255, 0) == (1.0, 127)
    assert affine_for(-100, 155) == (1.0, -28)
    assert affine_for(5, 255) == affine_for(0, 255)
    assert affine_for(-1, 2, num_bits=2) == (1.0, -1)


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(1, 4), st.integers(1, 6)),
        elements=REAL,
    ),
    BITS,
)
def test_symmetric_scales(W, bits):
    scales = symmetric_scales(W, num_bits=bits)
    assert scales.shape == (len(W),)
    codes = quantise(W, scales[:, None], num_bits=bits)
    greatest = 2 ** (bits - 1) - 1
    assert np.abs(codes).max() <= greatest
    for row, line in zip(codes, W, strict=True):
        if np.abs(line).max() > 0:
            assert np.abs(row).max() == greatest
    error = np.abs(dequantise(codes, scales[:, None]) - W)
    assert (error <= scales[:, None] * (0.5 + 1e-9)).all()


def test_as_pytorch_rounds(generator):
    X = generator.normal(size=(200, 7)).astype(np.float32)
    scale, zero = affine_for(X.min(), X.max())
    expected = torch.fake_quantize_per_tensor_affine(
        torch.tensor(X), scale, zero, -128, 127
    )
    found = dequantise(quantise(X, scale, zero), scale, zero)
    assert_same(found.astype(np.float32), expected, rtol=1e-5, atol=1e-6)
    scales = symmetric_scales(X)
    expected = torch.fake_quantize_per_channel_affine(
        torch.tensor(X),
        torch.tensor(scales, dtype=torch.float32),
        torch.zeros(len(X), dtype=torch.int32),
        0,
        -127,
        127,
    )
    found = dequantise(quantise(X, scales[:, None]), scales[:, None])
    assert_same(found.astype(np.float32), expected, rtol=1e-5, atol=1e-6)


@given(st.data())
def test_product_of_codes(data):
    n, c, o = (data.draw(st.integers(1, 5)) for _ in range(3))
    codes = st.integers(-128, 127)
    q_x = data.draw(arrays(np.int32, (n, c), elements=codes))
    q_w = data.draw(arrays(np.int8, (o, c), elements=st.integers(-127, 127)))
    zero = data.draw(codes)
    found = integer_product(q_x, zero, q_w)
    assert found.dtype == np.int32
    for i in range(n):
        for j in range(o):
            total = sum(
                (int(q_x[i, k]) - zero) * int(q_w[j, k]) for k in range(c)
            )
            assert found[i, j] == total


def test_the_largest_sum_fits():
    c = (2**31 - 1) // (255 * 128)
    q_x, q_w = np.full((1, c), 127), np.full((1, c), 127)
    assert integer_product(q_x, -128, q_w)[0, 0] == c * 255 * 127
    with pytest.raises(ValueError, match="could leave 32 bits"):
        integer_product(
            np.zeros((1, c + 1), int), 0, np.zeros((1, c + 1), int)
        )


def test_the_product_is_that_of_the_real_matrices_to_rounding(generator):
    X, W = generator.random((20, 300)), generator.normal(size=(5, 300))
    scale, zero = affine_for(0, 1)
    scales = symmetric_scales(W)
    q_w = quantise(W, scales[:, None])
    q_x = quantise(X, scale, zero)
    found = scale * scales * integer_product(q_x, zero, q_w)
    exact = dequantise(q_x, scale, zero) @ dequantise(q_w, scales[:, None]).T
    assert_same(found, exact, rtol=1e-12, atol=1e-12)
    # Half a step of each factor, whatever the other is.
    bound = scale / 2 * np.abs(W).sum(axis=1)
    bound = bound + scales / 2 * (X.sum(axis=1)[:, None] + 300 * scale / 2)
    error = np.abs(found - X @ W.T)
    assert (error <= bound).all()
    assert error.max() > bound.min() / 100


def test_halves_go_up():
    assert round_half_up([-1.5, -0.5, 0.5, 2.5]).tolist() == [-1, 0, 1, 3]


def test_what_is_far_gets_the_last_code():
    assert quantise([-1e9, 1e9], 0.1).tolist() == [-128, 127]
    assert quantise([-1e9, 1e9], 0.1, num_bits=4).tolist() == [-8, 7]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: affine_for(0, 0), "not both 0"),
        (lambda: affine_for(2, 1), "finite bounds in order"),
        (lambda: affine_for(0, np.inf), "finite bounds in order"),
        (lambda: affine_for(0, 1, num_bits=1), "num_bits is 1"),
        (lambda: symmetric_scales([]), r"W has shape \(0,\)"),
        (lambda: symmetric_scales(1.0), r"W has shape \(\)"),
        (lambda: symmetric_scales([np.nan]), "finite"),
        (lambda: quantise(1.0, 0.0), "expected numbers above 0"),
        (lambda: quantise(1.0, 1.0, num_bits=17), "num_bits is 17"),
        (lambda: integer_product([[1]], 0, [[1, 2]]), r"\(N, C\)"),
        (lambda: integer_product([[128]], 0, [[1]]), "q_x leaves"),
        (lambda: integer_product([[1]], 300, [[1]]), "zero_point leaves"),
        (lambda: integer_product([[1]], 0, [[-129]]), "q_w leaves"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.fixture
def generator():
    return np.random.default_rng(0)
