import pytest
import torch
import torch.nn.functional as F
from hypothesis import assume, given
from hypothesis import strategies as st
from torch import nn

from aibook.sizes import (
    Window,
    output_size,
    receptive_field,
    transposed_output_size,
)

small = st.integers(1, 5)


@given(st.integers(1, 40), small, small, st.integers(0, 4), small)
def test_output_size_is_that_of_torch(n, kernel, stride, padding, dilation):
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, kernel)
    if dilation * (kernel - 1) + 1 > n + 2 * padding:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(n, kernel, **geometry)
        with pytest.raises(RuntimeError):
            F.conv1d(x, w, **geometry)
        return
    size = F.conv1d(x, w, **geometry).shape[-1]
    assert output_size(n, kernel, **geometry) == size


@given(
    st.integers(1, 20), small, small, st.integers(0, 4), small,
    st.integers(0, 4),
)  # fmt: skip
def test_transposed_size_is_that_of_torch(
    n, kernel, stride, padding, dilation, extra
):
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    assume(extra < max(stride, dilation))
    x, w = torch.zeros(1, 1, n), torch.zeros(1, 1, kernel)
    expected = (
        (n - 1) * stride - 2 * padding + dilation * (kernel - 1) + extra + 1
    )
    if expected < 1:
        with pytest.raises(ValueError, match="leave a size"):
            transposed_output_size(n, kernel, output_padding=extra, **geometry)
        return
    y = F.conv_transpose1d(x, w, output_padding=extra, **geometry)
    size = transposed_output_size(n, kernel, output_padding=extra, **geometry)
    assert size == y.shape[-1]


@given(st.integers(1, 40), small, small, st.integers(0, 4), small)
def test_some_output_padding_leads_back(n, kernel, stride, padding, dilation):
    geometry = {"stride": stride, "padding": padding, "dilation": dilation}
    assume(dilation * (kernel - 1) < n + 2 * padding)
    size = output_size(n, kernel, **geometry)
    sizes = [
        (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + 1 + extra
        for extra in range(stride)
    ]
    assert n in sizes


@pytest.mark.parametrize(
    ("n", "kernel", "padding", "stride", "size"),
    [
        (16, 5, 0, 1, 12),
        (28, 5, 0, 1, 24),
        (14, 3, 1, 2, 7),
        (4, 3, 0, 2, 1),
        (28, 3, 1, 2, 14),
        (14, 5, 0, 2, 5),
        (5, 4, 0, 2, 1),
        (32, 3, 1, 1, 32),
    ],
)
def test_sizes_worked_by_hand(n, kernel, padding, stride, size):
    assert output_size(n, kernel, stride=stride, padding=padding) == size


layers = st.tuples(st.integers(1, 3), st.integers(1, 2), st.integers(1, 2))


@given(st.lists(layers, min_size=1, max_size=4))
def test_receptive_field_is_where_the_gradient_is(windows):
    net = nn.Sequential(
        *(nn.Conv1d(1, 1, k, stride=s, dilation=d) for k, s, d in windows)
    )
    for layer in net:
        nn.init.ones_(layer.weight)
        nn.init.zeros_(layer.bias)
    x = torch.zeros(1, 1, 130, requires_grad=True)
    y = net(x)
    y[..., y.shape[-1] // 2].sum().backward()
    seen = x.grad[0, 0].nonzero()
    assert receptive_field(windows) == int(seen.max() - seen.min()) + 1


def test_receptive_field_of_nothing_and_of_two_layers():
    assert receptive_field([]) == 1
    assert receptive_field([Window(3), Window(3)]) == 5
    assert receptive_field([Window(3, dilation=d) for d in (1, 2, 4)]) == 15


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "n is 0; expected 1 or more"),
        ({"kernel": 0}, "kernel is 0; expected 1 or more"),
        ({"stride": 0}, "stride is 0; expected 1 or more"),
        ({"padding": -1}, "padding is -1; expected 0 or more"),
        ({"dilation": 0}, "dilation is 0; expected 1 or more"),
        ({"stride": 1.5}, "stride is 1.5; expected a whole number"),
        ({"padding": True}, "padding is True; expected a whole number"),
        ({"kernel": 9}, "a window of 9 does not fit into 7"),
    ],
)
def test_bad_sizes_are_refused(arguments, message):
    settings = {"n": 7, "kernel": 3} | arguments
    with pytest.raises(ValueError, match=message):
        output_size(**settings)


def test_bad_transposed_sizes_are_refused():
    with pytest.raises(ValueError, match="output_padding is 2; expected less"):
        transposed_output_size(4, 3, stride=2, output_padding=2)
    with pytest.raises(ValueError, match="leave a size of 0"):
        transposed_output_size(1, 2, padding=1)
    with pytest.raises(ValueError, match="stride is 0"):
        receptive_field([(3, 0)])
