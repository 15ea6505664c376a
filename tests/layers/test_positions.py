import cmath
import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.layers.attention import attention
from aibook.layers.positions import LearnedPositions, rotate, sinusoids
from helpers import assert_same

length = st.integers(1, 12)
even = st.integers(1, 6).map(lambda n: 2 * n)
base = st.sampled_from([2.0, 100.0, 10000.0, 500000.0])
seed = st.integers(0, 99)


@pytest.fixture(autouse=True)
def _double():
    torch.set_default_dtype(torch.double)
    yield
    torch.set_default_dtype(torch.float32)


def turned_one_by_one(x, start, base):
    """Return x, (L, d), turned as complex numbers are, one pair after another."""
    rows = []
    for p, row in enumerate(x.tolist(), start=start):
        rows.append([])
        for i in range(0, len(row), 2):
            frequency = 1 / base ** (i / len(row))
            z = complex(row[i], row[i + 1]) * cmath.exp(1j * p * frequency)
            rows[-1] += [z.real, z.imag]
    return torch.tensor(rows)


# --- sinusoids ------------------------------------------------------------------------


@given(length, even, base)
def test_sines_and_cosines_one_by_one(L, D, base):
    expected = torch.zeros(L, D)
    for p in range(L):
        for i in range(D // 2):
            angle = p / base ** (2 * i / D)
            expected[p, 2 * i] = math.sin(angle)
            expected[p, 2 * i + 1] = math.cos(angle)
    assert_same(sinusoids(L, D, base=base), expected, rtol=1e-10, atol=1e-12)


def test_the_paper_s_formula_by_hand():
    expected = [0.84147, 0.5403, 0.09983, 0.995, 0.01, 0.99995, 0.001, 1.0]
    assert [round(v, 5) for v in sinusoids(2, 8)[1].tolist()] == expected


@given(length, even, base, st.integers(0, 30))
def test_a_shift_is_a_rotation(L, D, base, k):
    P = sinusoids(L + k, D, base=base)
    frequencies = base ** (-torch.arange(0, D, 2) / D)
    cos, sin = (k * frequencies).cos(), (k * frequencies).sin()
    R = torch.zeros(D, D)
    for i in range(D // 2):
        block = torch.stack([cos[i], sin[i], -sin[i], cos[i]]).view(2, 2)
        R[2 * i : 2 * i + 2, 2 * i : 2 * i + 2] = block
    assert_same(P[k:], P[:L] @ R.T, rtol=1e-9, atol=1e-11)


@given(length, even, base)
def test_dot_products_depend_on_the_distance(L, D, base):
    P = sinusoids(L, D, base=base)
    frequencies = base ** (-torch.arange(0, D, 2) / D)
    distance = torch.arange(L)[:, None] - torch.arange(L)
    expected = (distance[..., None] * frequencies).cos().sum(dim=-1)
    assert_same(P @ P.T, expected, rtol=1e-9, atol=1e-10)


def test_late_positions_are_exact_in_single_precision():
    double = sinusoids(20000, 16)
    torch.set_default_dtype(torch.float32)
    assert_same(sinusoids(20000, 16), double.float(), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize(
    ("L", "D", "base"), [(0, 4, 10.0), (3, 5, 10.0), (3, 0, 10.0), (3, 4, 0.0)]
)
def test_sinusoids_out_of_range(L, D, base):
    with pytest.raises(ValueError, match=f"length is {L}, width {D}, base"):
        sinusoids(L, D, base=base)


# --- rotate ----------------------------------------------------------------


@given(length, even, base, st.integers(0, 1000), seed)
def test_complex_numbers_one_by_one(L, d, base, start, n):
    torch.manual_seed(n)
    x = torch.randn(L, d)
    expected = turned_one_by_one(x, start, base)
    turned = rotate(x, start=start, base=base)
    assert_same(turned, expected, rtol=1e-8, atol=1e-10)


@given(length, even, st.integers(0, 5000), st.integers(0, 5000), seed)
def test_scores_depend_on_the_distance_only(L, d, a, b, n):
    torch.manual_seed(n)
    q, k = torch.randn(2, L, d), torch.randn(2, L, d)
    near = rotate(q, start=a) @ rotate(k, start=a).mT
    far = rotate(q, start=b) @ rotate(k, start=b).mT
    assert_same(near, far, rtol=1e-8, atol=1e-9)


@given(length, even, seed)
def test_one_query_and_one_key_everywhere_give_equal_diagonals(L, d, n):
    torch.manual_seed(n)
    q, k = torch.randn(1, d).expand(L, d), torch.randn(1, d).expand(L, d)
    scores = rotate(q) @ rotate(k).T
    for i in range(1, L):
        assert_same(scores[i, 1:], scores[i - 1, :-1], rtol=1e-9, atol=1e-10)


@given(length, even, st.integers(0, 100), seed)
def test_lengths_stay_and_the_gradient_turns_back(L, d, start, n):
    torch.manual_seed(n)
    x = torch.randn(3, L, d, requires_grad=True)
    turned = rotate(x, start=start)
    assert_same(turned.norm(dim=-1), x.norm(dim=-1).detach(), rtol=1e-9)
    turned.backward(turned.detach())
    assert_same(x.grad, x.detach(), rtol=1e-9, atol=1e-10)


@given(length, length, even, seed)
def test_parts_are_turned_as_the_whole(L, M, d, n):
    torch.manual_seed(n)
    x = torch.randn(2, L + M, d)
    parts = [rotate(x[:, :L]), rotate(x[:, L:], start=L)]
    assert_same(rotate(x), torch.cat(parts, dim=1), rtol=1e-12)


def test_position_zero_is_not_turned():
    x = torch.randn(1, 4)
    assert_same(rotate(x), x)


def test_single_precision_far_out():
    x = torch.randn(4, 8)
    exact = rotate(x, start=100_000)
    rough = rotate(x.float(), start=100_000)
    assert_same(rough, exact.float(), rtol=1e-5, atol=1e-6)


def test_attention_with_rotation_sees_the_order():
    x, p = torch.randn(5, 4), torch.tensor([3, 0, 4, 1, 2])
    plain, _ = attention(rotate(x), rotate(x), x)
    moved, _ = attention(rotate(x[p]), rotate(x[p]), x[p])
    assert (moved - plain[p]).abs().max() > 0.01


@pytest.mark.parametrize("shape", [(3, 5), (4,), (0, 4), (3, 0)])
def test_what_cannot_be_rotated(shape):
    with pytest.raises(ValueError, match=r"width|shape"):
        rotate(torch.zeros(shape))


def test_no_negative_start():
    with pytest.raises(ValueError, match="start is -1"):
        rotate(torch.zeros(2, 4), start=-1)


# --- LearnedPositions ----------------------------------------------------------------


@given(st.integers(1, 3), length, st.integers(1, 5))
def test_each_position_s_row_is_added(N, L, D):
    layer = LearnedPositions(12, width=D)
    x = torch.randn(N, L, D)
    y = layer(x)
    for p in range(L):
        assert_same(y[:, p], x[:, p] + layer.table[p])
    y.sum().backward()
    used = (torch.arange(12) < L)[:, None].double() * N
    assert_same(layer.table.grad, used.expand(12, D))


@pytest.mark.parametrize("shape", [(1, 5, 4), (1, 3, 1), (1, 3, 8), (4,)])
def test_more_tokens_than_positions_or_another_width(shape):
    with pytest.raises(ValueError, match="x has shape"):
        LearnedPositions(4, width=4)(torch.zeros(shape))


@pytest.mark.parametrize(("limit", "width"), [(0, 4), (4, 0)])
def test_no_positions(limit, width):
    with pytest.raises(ValueError, match=f"max_length is {limit}"):
        LearnedPositions(limit, width=width)
