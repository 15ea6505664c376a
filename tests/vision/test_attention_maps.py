import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from aibook.vision.attention_maps import attention_distance, attention_rollout
from helpers import assert_same

numbers = st.integers(1, 3)


def draw(blocks, n, heads, tokens):
    scores = 3 * torch.randn(blocks, n, heads, tokens, tokens)
    return scores.double().softmax(dim=-1)


@given(numbers, numbers, numbers, st.integers(1, 5))
def test_rollout_sums_over_all_paths(blocks, n, heads, tokens):
    weights = draw(blocks, n, heads, tokens)
    flow = attention_rollout(weights)
    assert_same(flow.sum(-1), torch.ones(n, tokens).double())

    def paths(image, block, start, end):
        """Return the share of ``start`` after the block from ``end`` at first."""
        if block < 0:
            return float(start == end)
        total = 0.0
        for via in range(tokens):
            mean = sum(
                weights[block, image, h, start, via].item()
                for h in range(heads)
            )
            step = 0.5 * mean / heads + 0.5 * (start == via)
            total += step * paths(image, block - 1, via, end)
        return total

    expected = [
        [
            [paths(i, blocks - 1, s, e) for e in range(tokens)]
            for s in range(tokens)
        ]
        for i in range(n)
    ]
    assert_same(flow, torch.tensor(expected).double())


def test_rollout_of_tokens_that_look_at_themselves_only():
    alone = torch.eye(4).expand(3, 2, 2, 4, 4)
    assert torch.equal(attention_rollout(alone), torch.eye(4).expand(2, 4, 4))


@given(numbers, numbers, numbers, st.integers(1, 3), st.integers(1, 8))
def test_distance_is_the_mean_over_pairs(blocks, n, heads, side, patch):
    weights = draw(blocks, n, heads, 1 + side**2)
    expected = torch.zeros(blocks, heads).double()
    for b in range(blocks):
        for h in range(heads):
            for i in range(n):
                for p in range(side**2):
                    row = weights[b, i, h, 1 + p].tolist()[1:]
                    for q, weight in enumerate(row):
                        far = math.dist(divmod(p, side), divmod(q, side))
                        expected[b, h] += patch * far * weight / sum(row)
    expected /= n * side**2
    assert_same(attention_distance(weights, patch=patch), expected)


def test_distance_of_patches_that_look_at_themselves_or_one_to_the_right():
    alone = torch.eye(10)[None, None, None]
    assert_same(attention_distance(alone, patch=4), torch.zeros(1, 1))
    right = torch.zeros(10, 10)
    for p in range(9):
        right[1 + p, 1 + (p if p % 3 == 2 else p + 1)] = 1
    right[0, 0] = 1
    distance = attention_distance(right[None, None, None], patch=6)
    assert_same(distance, torch.tensor([[4.0]]))  # two columns of three


@pytest.mark.parametrize("shape", [(2, 5, 5), (1, 1, 1, 4, 5)])
@pytest.mark.parametrize(
    "function",
    [attention_rollout, lambda weights: attention_distance(weights, patch=4)],
    ids=["rollout", "distance"],
)
def test_refuses_other_shapes(function, shape):
    with pytest.raises(ValueError, match="expected"):
        function(torch.zeros(shape))


@pytest.mark.parametrize(("tokens", "patch"), [(1, 4), (4, 4), (5, 0)])
def test_distance_refuses_what_is_no_square_image(tokens, patch):
    with pytest.raises(ValueError, match="expected a square number"):
        attention_distance(torch.zeros(1, 1, 1, tokens, tokens), patch=patch)
