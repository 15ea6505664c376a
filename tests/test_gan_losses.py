import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from torch import nn
from torch.nn.functional import binary_cross_entropy

from aibook.gan_losses import (
    LOSSES,
    discriminator_loss,
    generator_loss,
    gradient_penalty,
)
from helpers import assert_same, numeric_gradient

logits = arrays(np.float64, (3, 2), elements=st.floats(-20, 20))


@given(logits, logits)
def test_cross_entropies_of_probabilities_agree(real, fake):
    """PyTorch's loss with the labels 1 and 0 and a sigmoid is the same."""
    real, fake = torch.tensor(real), torch.tensor(fake)
    D_real, D_fake = real.sigmoid(), fake.sigmoid()
    ones, zeros = torch.ones_like(real), torch.zeros_like(fake)
    expected = binary_cross_entropy(D_real, ones) + binary_cross_entropy(
        D_fake, zeros
    )
    for kind in ("minimax", "non-saturating"):
        loss = discriminator_loss(real, fake, kind=kind)
        assert_same(loss, expected, rtol=1e-6, atol=1e-7)
    fooled = binary_cross_entropy(D_fake, ones)
    assert_same(generator_loss(fake), fooled, rtol=1e-6, atol=1e-7)
    lost = -binary_cross_entropy(D_fake, zeros)
    game = generator_loss(fake, kind="minimax")
    assert_same(game, lost, rtol=1e-6, atol=1e-7)


@given(logits, logits)
def test_least_squares_as_mean_squared_errors(real, fake):
    loss = discriminator_loss(
        torch.tensor(real), torch.tensor(fake), kind="least-squares"
    )
    expected = ((real - 1) ** 2).mean() + (fake**2).mean()
    assert loss.item() == pytest.approx(expected)
    loss = generator_loss(torch.tensor(fake), kind="least-squares")
    assert loss.item() == pytest.approx(((fake - 1) ** 2).mean())


@given(logits)
def test_minimax_is_the_game_of_two(fake):
    """What the generator gains is what the discriminator loses."""
    z = torch.tensor(fake, requires_grad=True)
    g = torch.autograd.grad(generator_loss(z, kind="minimax"), z)[0]
    d = torch.autograd.grad(discriminator_loss(torch.zeros(1), z), z)[0]
    assert_same(g, -d, rtol=1e-12)


@pytest.mark.parametrize("logit", [-8.0, -2.0, 0.0, 3.0])
def test_slopes_of_the_two_losses_of_the_generator(logit):
    """With D = sigmoid(logit): -D and -(1 - D)."""
    D = 1 / (1 + math.exp(-logit))
    for kind, expected in (("minimax", -D), ("non-saturating", D - 1)):
        z = torch.tensor([logit], dtype=torch.float64, requires_grad=True)
        generator_loss(z, kind=kind).backward()
        assert z.grad.item() == pytest.approx(expected)


def test_extreme_logits_stay_finite():
    far = torch.tensor([-1e4, 1e4])
    for kind in LOSSES:
        assert discriminator_loss(far, far, kind=kind).isfinite()
        assert generator_loss(far, kind=kind).isfinite()
    assert generator_loss(torch.tensor([-1e4])).item() == 1e4


def test_penalty_of_a_network_by_differences():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 1)).double()
    X = torch.randn(4, 3, dtype=torch.float64)

    def logit(x):
        return net(torch.tensor(x)[None]).item()

    slopes = [numeric_gradient(logit, x.numpy().copy()) for x in X]
    expected = np.mean([(s**2).sum() for s in slopes]) / 2
    penalty = gradient_penalty(net, X)
    assert penalty.item() == pytest.approx(expected, rel=1e-6)


def test_penalty_can_be_differentiated():
    net = nn.Linear(2, 1)
    gradient_penalty(net, torch.randn(5, 2)).backward()
    assert_same(net.weight.grad, net.weight.detach(), rtol=1e-5)
    assert net.bias.grad is None or not net.bias.grad.any()


def test_refuses():
    none, one = torch.zeros(0), torch.zeros(1)
    with pytest.raises(ValueError, match="expected one of"):
        generator_loss(one, kind="hinge")
    with pytest.raises(ValueError, match="one or more"):
        generator_loss(none)
    with pytest.raises(ValueError, match="one or more"):
        discriminator_loss(one, none)
    with pytest.raises(ValueError, match="give one sample"):
        gradient_penalty(nn.Linear(2, 1), torch.zeros(0, 2))
