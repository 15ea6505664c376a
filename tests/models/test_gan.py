import pytest
import torch
from torch.nn import functional as F

from aibook.models.gan import Discriminator, Generator
from helpers import assert_same


def test_the_generator_computes_what_its_layers_say():
    torch.manual_seed(0)
    G = Generator((1, 3, 3), num_noise=4, hidden=(5,)).double()
    Z = torch.randn(6, 4, dtype=torch.float64)
    w = dict(G.named_parameters())
    h = F.leaky_relu(Z @ w["layers.0.weight"].T + w["layers.0.bias"], 0.2)
    X = (h @ w["layers.2.weight"].T + w["layers.2.bias"]).tanh()
    assert_same(G(Z), X.reshape(6, 1, 3, 3), rtol=1e-12)
    G = Generator((2,), num_noise=4, hidden=(), bounded=False)
    weight, bias = G.parameters()
    Z = torch.randn(3, 4)
    assert_same(G(Z), Z @ weight.T + bias, rtol=1e-5, atol=1e-6)


def test_the_discriminator_computes_what_its_layers_say():
    torch.manual_seed(0)
    D = Discriminator((1, 3, 3), hidden=(5,), dropout=0.5).double().eval()
    X = torch.randn(6, 1, 3, 3, dtype=torch.float64)
    first, last = D.layers[0], D.layers[-1]
    h = F.leaky_relu(X.reshape(6, 9) @ first.weight.T + first.bias, 0.2)
    assert_same(D(X), h @ last.weight.T + last.bias, rtol=1e-12)
    D.train()
    assert not torch.equal(D(X), D(X))


def test_the_programs_sizes():
    """100-128-196 and 196-256-1, weights and biases."""
    G = Generator((1, 14, 14))
    D = Discriminator((1, 14, 14), dropout=0.3)
    count = [sum(p.numel() for p in net.parameters()) for net in (G, D)]
    assert count == [101 * 128 + 129 * 196, 197 * 256 + 257]


def test_a_pack_is_judged_as_one():
    torch.manual_seed(0)
    D = Discriminator((2,), hidden=(8,), pack=3)
    X = torch.randn(6, 2)
    with torch.no_grad():
        first = D(X)[0]
        moved = X.clone()
        moved[2] += 1.0
        assert D(moved)[0] != first  # its last sample
        moved = X.clone()
        moved[3] += 1.0
        assert torch.equal(D(moved)[0], first)  # the next pack's first


@pytest.mark.parametrize(
    "make",
    [
        lambda: Generator((1, 0, 3)),
        lambda: Generator((2,), num_noise=0),
        lambda: Generator((2,), hidden=(0,)),
        lambda: Discriminator((2,), hidden=(4, -1)),
        lambda: Discriminator((2,), pack=0),
        lambda: Discriminator((2,), dropout=1.0),
    ],
)
def test_refuses_what_makes_no_network(make):
    with pytest.raises(ValueError, match=r"1 or more|below 1"):
        make()


@pytest.mark.parametrize("shape", [(0, 2), (3, 2), (4, 3), (4, 1, 2)])
def test_refuses_other_shapes(shape):
    with pytest.raises(ValueError, match="expected"):
        Discriminator((2,), pack=2)(torch.zeros(shape))
    with pytest.raises(ValueError, match="expected"):
        Generator((2,), num_noise=5)(torch.zeros(shape))
