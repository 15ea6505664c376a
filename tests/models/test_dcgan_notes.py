import pytest
import torch
from torch import nn

from aibook.models.dcgan_notes import notes_discriminator, notes_generator

UNREAD = {14: 2, 28: 6}  # rows at the bottom, columns at the right


def count(net):
    return sum(p.numel() for p in net.parameters())


@pytest.mark.parametrize(
    ("side", "sizes"), [(14, (1_259_265, 19_521)), (28, (2_308_609, 52_737))]
)
def test_parameters_and_shapes(side, sizes):
    G, D = notes_generator(side), notes_discriminator(side)
    assert (count(G), count(D)) == sizes
    X = G(torch.randn(3, 100))
    assert X.shape == (3, 1, side, side)
    assert D(X).shape == (3, 1)


@pytest.mark.parametrize("side", [14, 28])
def test_the_edge_is_never_read(side):
    torch.manual_seed(0)
    D = notes_discriminator(side).eval()
    X = torch.randn(16, 1, side, side, requires_grad=True)
    D(X).sum().backward()
    read = X.grad.abs().sum(dim=(0, 1)) > 0
    inner = side - UNREAD[side]
    assert read[:inner, :inner].all()
    assert int(read.sum()) == inner * inner


def test_dropout_stands_beside_batch_normalisation():
    layers = list(notes_discriminator(28))
    at = [isinstance(layer, nn.BatchNorm2d) for layer in layers].index(True)
    assert isinstance(layers[at + 2], nn.Dropout)


@pytest.mark.parametrize("make", [notes_generator, notes_discriminator])
def test_another_side_is_refused(make):
    with pytest.raises(ValueError, match="expected 14 or 28"):
        make(16)
