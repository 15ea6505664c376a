import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch.nn.utils import prune

from aibook.scratch.pruning import magnitude_mask, sparse_bytes


@given(
    arrays(
        np.float64,
        st.tuples(st.integers(0, 5), st.integers(1, 5)),
        elements=st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]),
    ),
    st.floats(0, 1),
)
def test_the_smallest_go_and_ties_count_exactly(W, share):
    mask = magnitude_mask(W, share)
    assert mask.shape == W.shape
    assert (~mask).sum() == round(share * W.size)
    if mask.any() and not mask.all():
        assert np.abs(W[~mask]).max() <= np.abs(W[mask]).min()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.77, 1.0])
def test_as_pytorch_prunes(share):
    torch.manual_seed(0)
    layer = torch.nn.Linear(30, 20)
    mask = magnitude_mask(layer.weight.detach().numpy(), share)
    prune.l1_unstructured(layer, "weight", amount=share)
    expected = getattr(layer, "weight_mask", torch.ones(20, 30)).numpy()
    assert np.array_equal(mask, expected == 1)


def test_of_equal_weights_the_first_go():
    assert magnitude_mask([1.0, -1.0, 1.0], 1 / 3).tolist() == [
        False,
        True,
        True,
    ]


def test_bytes():
    assert sparse_bytes(0, 0, num_bits=8) == 0
    assert sparse_bytes(9, 9, num_bits=8) == 2 + 9
    assert sparse_bytes(8, 3, num_bits=4) == 1 + 2
    # Storing the places pays once more than 1 weight in 8 is 0.
    assert sparse_bytes(800, 700, num_bits=8) == 800


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: magnitude_mask([1.0], 1.1), "share is 1.1"),
        (lambda: magnitude_mask([1.0], -0.1), "share is -0.1"),
        (lambda: magnitude_mask([np.nan], 0.5), "NaN"),
        (lambda: sparse_bytes(3, 4, num_bits=8), "num_kept = 4 of 3"),
        (lambda: sparse_bytes(3, -1, num_bits=8), "num_kept = -1"),
        (lambda: sparse_bytes(3, 1, num_bits=0), "num_bits = 0"),
    ],
)
def test_bad_input(call, message):
    with pytest.raises(ValueError, match=message):
        call()
