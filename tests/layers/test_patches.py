import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from aibook.layers.patches import PatchEmbedding, from_patches, to_patches
from helpers import assert_same

numbers = st.integers(1, 4)


@given(numbers, numbers, numbers, numbers, numbers)
def test_patches_are_the_squares_in_order(n, c, rows, columns, size):
    images = torch.rand(n, c, rows * size, columns * size)
    patches = to_patches(images, size)
    assert patches.shape == (n, rows * columns, c * size * size)
    for i in range(rows):
        for j in range(columns):
            across = slice(j * size, (j + 1) * size)
            square = images[:, :, i * size : (i + 1) * size, across]
            assert torch.equal(patches[:, i * columns + j], square.flatten(1))
    back = from_patches(patches, (c, rows * size, columns * size))
    assert torch.equal(back, images)


@given(numbers, numbers, numbers, numbers, numbers)
def test_embedding_is_a_strided_convolution(c, rows, columns, size, width):
    torch.manual_seed(0)
    embed = PatchEmbedding(width, size=size, num_channels=c).double()
    twin = nn.Conv2d(c, width, size, stride=size).double()
    with torch.no_grad():
        twin.weight.copy_(embed.project.weight.view_as(twin.weight))
        twin.bias.copy_(embed.project.bias)
    images = torch.randn(2, c, rows * size, columns * size).double()
    ours, theirs = images.requires_grad_(), images.detach().requires_grad_()
    tokens = embed(ours)
    maps = twin(theirs)  # (N, D, rows, columns)
    assert_same(tokens, maps.flatten(2).transpose(1, 2))
    weights = torch.randn_like(tokens)
    (tokens * weights).sum().backward()
    (maps.flatten(2).transpose(1, 2) * weights).sum().backward()
    assert_same(ours, theirs)  # with gradients
    gradient = embed.project.weight.grad.view_as(twin.weight)
    assert_same(gradient, twin.weight.grad)
    assert_same(embed.project.bias.grad, twin.bias.grad)


def test_agrees_with_unfold():
    images = torch.rand(3, 2, 6, 9)
    columns = nn.functional.unfold(images, 3, stride=3)  # (N, C P P, L)
    assert torch.equal(to_patches(images, 3), columns.transpose(1, 2))


@pytest.mark.parametrize(
    ("shape", "size", "message"),
    [
        ((2, 4, 4), 2, r"expected \(N, C, H, W\)"),
        ((1, 1, 4, 6), 4, "do not tile 4 x 6"),
        ((1, 1, 6, 4), 4, "do not tile 6 x 4"),
        ((1, 1, 4, 4), 0, "side 0"),
        ((1, 1, 4, 4), -2, "side -2"),
    ],
)
def test_refuses_what_cannot_be_cut(shape, size, message):
    with pytest.raises(ValueError, match=message):
        to_patches(torch.zeros(shape), size)


@pytest.mark.parametrize(
    ("patches", "shape", "message"),
    [
        ((4, 4), (1, 4, 4), "expected"),
        ((1, 4, 5), (1, 4, 4), "expected"),
        ((1, 3, 4), (1, 4, 4), "3 patches; 4 x 4 pixels have 2 x 2"),
        ((1, 4, 4), (1, 5, 4), "do not tile 5 x 4"),
        ((1, 4, 4), (0, 4, 4), "expected"),
        ((1, 4, 0), (1, 4, 4), "side 0"),
    ],
)
def test_refuses_what_cannot_be_put_together(patches, shape, message):
    with pytest.raises(ValueError, match=message):
        from_patches(torch.zeros(patches), shape)


@pytest.mark.parametrize("name", ["width", "size", "num_channels"])
def test_refuses_sizes_below_one(name):
    options = {"width": 4, "size": 2, "num_channels": 1, name: 0}
    with pytest.raises(ValueError, match="must be 1 or more"):
        PatchEmbedding(options.pop("width"), **options)
