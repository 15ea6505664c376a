import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from aibook.scratch.ctc import (
    add_blanks,
    collapse,
    ctc_gradient,
    ctc_loss,
    forward_scores,
)
from ctc_paths import all_texts, draw, log_softmax
from helpers import assert_same


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ([], []),
        ([0, 0], []),
        ([1, 1], [1]),
        ([1, 0, 1], [1, 1]),
        ([0, 2, 2, 1, 0, 1, 1], [2, 1, 1]),
    ],
)
def test_collapse(path, text):
    assert collapse(path) == text


@pytest.mark.parametrize("num_frames", [1, 2, 3, 5])
def test_the_loss_is_the_sum_over_all_paths(num_frames):
    logits, _ = draw(num_frames, num_frames, 3, 0)
    log_probs = log_softmax(logits)
    texts = all_texts(log_probs)
    for text, p in texts.items():
        assert_same(ctc_loss(log_probs, list(text)), -np.log(p))
    assert_same(sum(texts.values()), 1.0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 999),
    num_frames=st.integers(1, 40),
    num_tokens=st.integers(2, 8),
    length=st.integers(0, 12),
)
def test_loss_and_gradient_are_those_of_torch(
    seed, num_frames, num_tokens, length
):
    logits, target = draw(seed, num_frames, num_tokens, length)
    log_probs = log_softmax(logits)
    leaf = torch.tensor(logits, requires_grad=True)
    twin = torch.nn.functional.ctc_loss(
        leaf.log_softmax(-1)[:, None],
        torch.tensor([target], dtype=torch.int64).reshape(1, -1),
        torch.tensor([num_frames]),
        torch.tensor([length]),
        reduction="sum",
    )
    assert_same(np.float64(ctc_loss(log_probs, target)), twin.detach())
    if twin.isfinite():
        twin.backward()
        assert_same(
            ctc_gradient(log_probs, target), leaf.grad, rtol=1e-6, atol=1e-9
        )
    else:
        with pytest.raises(ValueError, match="no path"):
            ctc_gradient(log_probs, target)


def test_long_recordings_do_not_underflow():
    logits, target = draw(0, 3000, 9, 200)
    loss = ctc_loss(log_softmax(20 * logits), target)
    assert np.isfinite(loss)
    assert loss > 1000


def test_certain_frames():
    log_probs = np.full((3, 2), -np.inf)
    log_probs[[0, 1, 2], [1, 0, 1]] = 0.0
    assert ctc_loss(log_probs, [1, 1]) == 0.0
    assert ctc_loss(log_probs, [1]) == np.inf
    assert_same(ctc_gradient(log_probs, [1, 1]), np.zeros((3, 2)))


def test_a_blank_between_equals_is_not_skipped():
    even = np.log(np.full((2, 2), 0.5))
    assert ctc_loss(even, [1, 1]) == np.inf
    assert add_blanks([1, 1]) == [0, 1, 0, 1, 0]
    assert forward_scores(even, [1, 1]).shape == (2, 5)


@pytest.mark.parametrize(
    "call",
    [
        lambda: ctc_loss(np.zeros(3), [1]),
        lambda: ctc_loss(np.zeros((0, 3)), [1]),
        lambda: ctc_loss([[0.0, np.nan]], [1]),
        lambda: ctc_loss([[0.0, 0.0]], [2]),
        lambda: ctc_loss([[0.0, 0.0]], [0]),
    ],
)
def test_refuses(call):
    with pytest.raises(ValueError, match="expected"):
        call()
