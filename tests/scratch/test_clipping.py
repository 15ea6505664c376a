"""Clipping by the norm: PyTorch, and the limits."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.scratch.clipping import clip_by_norm
from helpers import assert_same


@given(
    st.lists(st.floats(-1e200, 1e200), min_size=1, max_size=6),
    st.floats(1e-3, 1e3),
)
def test_clipping_is_torchs(values, max_norm):
    arrays = [np.array(values), np.ones((2, 2))]
    clipped, norm = clip_by_norm(arrays, max_norm)
    twins = [torch.zeros(a.shape, dtype=torch.float64) for a in arrays]
    for twin, a in zip(twins, arrays, strict=True):
        twin.grad = torch.tensor(a)
    if max(map(abs, values)) < 1e150:  # torch squares, and overflows
        expected = nn.utils.clip_grad_norm_(twins, max_norm)
        assert_same(np.array(norm), expected.numpy(), rtol=1e-6)
        for ours, twin in zip(clipped, twins, strict=True):
            assert_same(ours, twin.grad, rtol=1e-5)
    _, after = clip_by_norm(clipped, max_norm)
    assert after <= max_norm * (1 + 1e-9) or after == pytest.approx(norm)


def test_clipping_leaves_short_and_zero_gradients():
    short = [np.array([0.3, 0.4])]
    assert_same(clip_by_norm(short, 1.0)[0][0], short[0])
    zeros, norm = clip_by_norm([np.zeros(3)], 1.0)
    assert norm == 0
    assert not zeros[0].any()


@pytest.mark.parametrize("max_norm", [0.0, -1.0, float("nan")])
def test_bad_clipping(max_norm):
    with pytest.raises(ValueError, match="expected more than 0"):
        clip_by_norm([np.ones(2)], max_norm)
    with pytest.raises(ValueError, match="one array or more"):
        clip_by_norm([], 1.0)
