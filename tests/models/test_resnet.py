import pytest
import torch
from torch import nn

from aibook.models.resnet import Block, DeepNet
from helpers import assert_same


def test_residual_adds_the_input_and_nothing_else():
    torch.manual_seed(0)
    plain, x = Block(3, residual=False).double(), torch.randn(2, 3, 5, 5)
    x = x.double()
    residual = Block(3, residual=True).double()
    residual.load_state_dict(plain.state_dict())
    change = plain.f(x)
    assert_same(plain(x), change.clamp(min=0).detach().numpy())
    assert_same(residual(x), (x + change).clamp(min=0).detach().numpy())


def test_a_residual_block_with_zero_weights_hands_on_what_it_gets():
    block, x = Block(3, residual=True), torch.rand(2, 3, 4, 4)
    for parameter in block.parameters():
        nn.init.zeros_(parameter)
    assert torch.equal(block(x), x)


@pytest.mark.parametrize("num_blocks", [0, 1, 5])
def test_both_kinds_have_the_same_weights(num_blocks):
    weights = []
    for residual in (False, True):
        torch.manual_seed(0)
        net = DeepNet(4, num_blocks=num_blocks, residual=residual, size=9)
        weights.append(nn.utils.parameters_to_vector(net.parameters()))
        layers = [
            m for m in net.modules() if isinstance(m, (nn.Conv2d, nn.Linear))
        ]
        assert net.num_layers == len(layers)
        assert net(torch.rand(2, 9, 9)).shape == (2, 4)
    assert torch.equal(*weights)


def test_everything_may_be_one():
    """One pixel and one channel: only the kernels' middles meet the image."""
    net = DeepNet(1, num_blocks=1, residual=True, width=1, size=1).double()
    net.eval()
    x = torch.tensor([[[0.5]], [[2.0]]], dtype=torch.float64)
    nn.init.constant_(net.stem[0].weight, 3.0)
    nn.init.constant_(net.blocks[0].f[0].weight, 0.5)
    nn.init.constant_(net.blocks[0].f[3].weight, -0.25)
    weight, bias = (p.item() for p in net.head.parameters())
    norm = (1 + net.stem[1].eps) ** -0.5  # before any training
    stem = 3 * norm * x[:, 0]
    expected = weight * (stem - 0.5 * 0.25 * norm**2 * stem) + bias
    assert_same(net(x), expected.numpy())


@pytest.mark.parametrize("residual", [False, True])
def test_gradients_are_the_slopes(residual):
    torch.manual_seed(0)
    net = DeepNet(2, num_blocks=1, residual=residual, width=2, size=4)
    X = torch.rand(2, 1, 4, 4, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(net.double(), (X,))


@pytest.mark.parametrize(
    "options", [{"width": 0}, {"size": 0}, {"num_blocks": -1}]
)
def test_refuses_sizes_out_of_range(options):
    given = {"num_blocks": 1, "residual": True, **options}
    with pytest.raises(ValueError, match="expected 1 or more"):
        DeepNet(10, **given)
    with pytest.raises(ValueError, match="expected"):
        DeepNet(10, num_blocks=1, residual=True)(torch.zeros(2, 1, 9, 9))
