"""The translator: shapes, and the residual block by hand."""

import pytest
import torch
from torch.nn import functional as F

from aibook.models.cyclegan import ResidualBlock, Translator


def test_block_adds_what_two_convolutions_give():
    torch.manual_seed(0)
    block = ResidualBlock(3)
    X = torch.randn(2, 3, 6, 5)
    first, second = block.change[0], block.change[3]
    hidden = F.relu(F.instance_norm(F.conv2d(X, first.weight, padding=1)))
    change = F.instance_norm(F.conv2d(hidden, second.weight, padding=1))
    torch.testing.assert_close(block(X), X + change)


@pytest.mark.parametrize("shape", [(1, 1, 28, 28), (3, 1, 12, 20)])
def test_translations_have_the_shape_of_the_images(shape):
    out = Translator(width=4, num_blocks=1)(torch.rand(shape))
    assert out.shape == shape
    assert 0 < out.min() <= out.max() < 1


def test_one_image_is_translated_alone():
    torch.manual_seed(0)
    net = Translator(width=4)
    X = torch.rand(5, 1, 28, 28)
    torch.testing.assert_close(net(X)[2:3], net(X[2:3]))


def test_bad_input():
    with pytest.raises(ValueError, match="width = 0"):
        Translator(width=0)
    with pytest.raises(ValueError, match="multiples of 2"):
        Translator(width=2)(torch.rand(1, 1, 7, 8))
    with pytest.raises(ValueError, match="expected"):
        Translator(width=2)(torch.rand(1, 3, 8, 8))
