import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.nn import functional as F

from aibook.models.clip import CLIP, MAX_SCALE, Characters, clip_loss
from helpers import assert_same, numeric_gradient


def slow_loss(logits):
    """Return the mean over both ways of -ln of the share of the right pair."""
    n = len(logits)
    total = 0.0
    for i in range(n):
        row = sum(math.exp(logits[i][j]) for j in range(n))
        column = sum(math.exp(logits[j][i]) for j in range(n))
        right = math.exp(logits[i][i])
        total -= math.log(right / row) + math.log(right / column)
    return total / (2 * n)


@given(st.integers(1, 9), st.floats(0.1, 10), st.integers(0, 2**31))
def test_the_loss_is_a_slow_loop_and_cross_entropy_both_ways(n, size, seed):
    rng = np.random.default_rng(seed)
    logits = torch.tensor(size * rng.normal(size=(n, n)), requires_grad=True)
    twin = logits.detach().clone().requires_grad_()
    own = torch.arange(n)
    expected = 0.5 * F.cross_entropy(twin, own)
    expected = expected + 0.5 * F.cross_entropy(twin.T, own)
    loss = clip_loss(logits)
    loss.backward()
    expected.backward()
    assert_same(loss, expected.detach())
    assert_same(logits.grad, twin.grad)
    assert loss.item() == pytest.approx(slow_loss(logits.tolist()), abs=1e-9)


@pytest.mark.parametrize("value", [-1e4, 0.0, 1e4])
def test_the_loss_of_extreme_values_is_finite(value):
    loss = clip_loss(torch.full((4, 4), value, dtype=torch.float64))
    assert float(loss) == pytest.approx(math.log(4))
    pairs = value * torch.eye(3, dtype=torch.float64)
    assert math.isfinite(clip_loss(pairs))


def small_model():
    torch.manual_seed(0)
    model = CLIP(7, num_features=5).double()
    images = torch.rand(3, 28, 28, dtype=torch.float64)
    texts = torch.tensor([[2, 3, 4], [5, 6, 0], [4, 4, 1]])
    return model, images, texts


@pytest.mark.parametrize(
    "name", ["text_head.bias", "log_scale", "image_tower.7.bias"]
)
def test_gradients_are_central_differences(name):
    model, images, texts = small_model()
    clip_loss(model(images, texts)).backward()
    parameter = model.get_parameter(name)
    values = parameter.detach().numpy()

    def loss(_):
        with torch.no_grad():
            return float(clip_loss(model(images, texts)))

    assert_same(
        parameter.grad, numeric_gradient(loss, values), rtol=1e-5, atol=1e-8
    )


def test_both_towers_give_unit_vectors_whose_products_are_the_logits():
    model, images, texts = small_model()
    u, v = model.encode_images(images), model.encode_texts(texts)
    assert u.shape == v.shape == (3, 5)
    for vectors in (u, v):
        assert_same(vectors.norm(dim=1), torch.ones(3, dtype=torch.float64))
    assert_same(model(images, texts), (u @ v.T / 0.07).detach(), rtol=1e-6)


def test_the_scale_has_a_limit():
    model, images, texts = small_model()
    model.log_scale.data.fill_(50.0)
    assert float(model(images, texts).abs().max().detach()) <= MAX_SCALE


def test_padding_does_not_change_a_text_alone_or_beside_a_longer_one():
    model, _, _ = small_model()
    alone = model.encode_texts(torch.tensor([[5, 6]]))
    padded = model.encode_texts(torch.tensor([[5, 6, 0, 0, 0, 0]]))
    assert_same(padded, alone.detach())


def test_four_pairs_are_learned_from_every_start():
    images = torch.rand(4, 28, 28, generator=torch.Generator().manual_seed(1))
    characters = Characters(["bag", "boot", "코트", "가방"])
    texts = characters.encode(["bag", "boot", "코트", "가방"])
    for seed in range(3):
        torch.manual_seed(seed)
        model = CLIP(len(characters), num_features=16)
        optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
        for _ in range(40):
            optimizer.zero_grad()
            clip_loss(model(images, texts)).backward()
            optimizer.step()
        answers = model(images, texts).argmax(dim=1)
        assert answers.tolist() == [0, 1, 2, 3]


def test_characters_are_numbered_in_order_and_strange_ones_are_one():
    characters = Characters(["ba", "가"])
    assert len(characters) == 5
    assert characters.encode(["ab가", "x"]).tolist() == [[2, 3, 4], [1, 0, 0]]


@pytest.mark.parametrize("texts", [[], ["", "a"], "bag"])
def test_refuses_no_text(texts):
    with pytest.raises(ValueError, match="list of texts"):
        Characters(["bag"]).encode(texts)


def test_refuses_no_character():
    with pytest.raises(ValueError, match="at least one"):
        Characters([""])


@pytest.mark.parametrize("sizes", [(0, 64), (5, 0)])
def test_refuses_sizes_below_one(sizes):
    with pytest.raises(ValueError, match="1 or more"):
        CLIP(sizes[0], num_features=sizes[1])


@pytest.mark.parametrize("shape", [(0, 28, 28), (28, 28), (2, 1, 28, 28)])
def test_refuses_other_images(shape):
    with pytest.raises(ValueError, match=r"expected \(N, 28, 28\)"):
        CLIP(5).encode_images(torch.zeros(shape))


@pytest.mark.parametrize("shape", [(0, 3), (3,), (2, 0)])
def test_refuses_other_texts(shape):
    with pytest.raises(ValueError, match=r"expected \(N, L\)"):
        CLIP(5).encode_texts(torch.zeros(shape, dtype=torch.int64))


@pytest.mark.parametrize("shape", [(0, 0), (3,), (2, 3)])
def test_refuses_logits_that_are_not_square(shape):
    with pytest.raises(ValueError, match=r"expected \(N, N\)"):
        clip_loss(torch.zeros(shape))
