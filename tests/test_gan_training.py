import copy

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

from aibook.data.ring import count_modes, load_ring, ring_centres
from aibook.gan_training import (
    discriminator_step,
    generator_step,
    train_gan,
)
from aibook.models.gan import Discriminator, Generator
from aibook.training import make_loader
from helpers import assert_same


def networks(seed=0):
    torch.manual_seed(seed)
    G = Generator((2,), num_noise=3, hidden=(8,), bounded=False)
    D = Discriminator((2,), hidden=(8,))
    return G, D


def weights(net):
    return [p.detach().clone() for p in net.parameters()]


def sgd(net, lr=0.1):
    return torch.optim.SGD(net.parameters(), lr=lr)


def test_a_step_of_the_discriminator_is_one_of_gradient_descent():
    G, D = networks()
    twin = copy.deepcopy(D)
    real, fake = torch.randn(5, 2), G(torch.randn(5, 3))
    before = weights(G)
    move = discriminator_step(D, real, fake, sgd(D), penalty=0.5)
    X = real.clone().requires_grad_()
    slope = torch.autograd.grad(twin(X).sum(), X, create_graph=True)[0]
    loss = (
        softplus(-twin(real)).mean()
        + softplus(twin(fake.detach())).mean()
        + 0.5 * slope.square().sum(dim=1).mean() / 2
    )
    loss.backward()
    for p, q in zip(D.parameters(), twin.parameters(), strict=True):
        step = 0 if q.grad is None else 0.1 * q.grad
        assert_same(p.detach(), q.detach() - step, rtol=1e-5, atol=1e-7)
    assert move.loss == pytest.approx(loss.item(), rel=1e-5)
    share = twin(real).sigmoid().mean().item()
    assert move.real == pytest.approx(share, rel=1e-5)
    assert all(map(torch.equal, before, weights(G)))
    assert all(p.grad is None for p in G.parameters())


def test_a_step_of_the_generator_leaves_the_discriminator():
    G, D = networks()
    twin = copy.deepcopy(G)
    Z, before = torch.randn(5, 3), weights(D)
    loss = generator_step(D, G(Z), sgd(G))
    expected = softplus(-D(twin(Z))).mean()
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-6)
    for p, q in zip(G.parameters(), twin.parameters(), strict=True):
        assert_same(
            p.detach(), q.detach() - 0.1 * q.grad, rtol=1e-5, atol=1e-7
        )
    assert all(map(torch.equal, before, weights(D)))
    assert all(p.requires_grad for p in D.parameters())


def test_the_step_gives_the_discriminator_no_gradient():
    G, D = networks()
    generator_step(D, G(torch.randn(5, 3)), sgd(G))
    assert all(p.grad is None for p in D.parameters())


def train(seed=0, num_epochs=2, **options):
    G, D = networks(seed)
    loader = make_loader(*load_ring(64), batch_size=16, shuffle=True)
    history = train_gan(
        G,
        D,
        loader,
        optimizers=(sgd(G), sgd(D)),
        num_noise=3,
        num_epochs=num_epochs,
        **options,
    )
    return G, history


def test_seeds_decide_all_and_the_history_has_a_row_an_epoch():
    seen = []
    G, history = train(on_epoch=lambda k, h: seen.append((k, h.d_loss[-1])))
    twin, again = train()
    assert history == again
    assert all(map(torch.equal, weights(G), weights(twin)))
    assert train(kind="minimax")[1] != history
    assert seen == list(enumerate(history.d_loss, start=1))
    assert [len(v) for v in vars(history).values()] == [2] * 4


def test_the_average_follows_step_by_step():
    average, decay = networks()[0], 0.8
    slow, fast = weights(average), []
    G, D = networks()
    whole = make_loader(*load_ring(64), batch_size=64)  # one step an epoch
    train_gan(
        G,
        D,
        whole,
        optimizers=(sgd(G), sgd(D)),
        num_noise=3,
        num_epochs=60,
        average=average,
        decay=decay,
        on_epoch=lambda *_: fast.append(weights(G)),
    )
    for t, new in enumerate(fast, start=1):
        r = min(decay, t / (t + 10))
        slow = [r * a + (1 - r) * b for a, b in zip(slow, new, strict=True)]
    for a, b in zip(weights(average), slow, strict=True):
        assert_same(a, b, rtol=1e-4, atol=1e-6)


def test_an_average_of_one_step_is_the_generator():
    average = networks()[0]
    G, _ = train(average=average, decay=0.0)
    assert all(map(torch.equal, weights(average), weights(G)))


def test_the_log_has_its_columns(capsys):
    train(num_epochs=3, log_every=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["2", "3"]
    assert lines[0].split()[2::2] == ["d_loss", "g_loss", "D(real)", "D(fake)"]


def test_one_heap_is_learned():
    """A generator without hidden layer finds the place of a single heap."""
    for seed in range(3):
        torch.manual_seed(seed)
        G = Generator((2,), num_noise=2, hidden=(), bounded=False)
        D = Discriminator((2,), hidden=(32,))
        adam = [
            torch.optim.Adam(net.parameters(), lr=5e-3, betas=(0.5, 0.999))
            for net in (G, D)
        ]
        X, y = load_ring(1000, num_modes=1, std=0.3, seed=seed)
        train_gan(
            G,
            D,
            make_loader(X, y, batch_size=100, shuffle=True),
            optimizers=adam,
            num_noise=2,
            num_epochs=80,
            penalty=0.1,
        )
        with torch.no_grad():
            points = G(torch.randn(500, 2)).numpy()
        assert np.abs(points.mean(axis=0) - [2, 0]).max() < 0.3
        assert count_modes(points, ring_centres(1), std=0.3).near > 0.8


def test_refuses():
    with pytest.raises(ValueError, match="1 or more"):
        train(num_epochs=0)
    with pytest.raises(ValueError, match="0 to 1"):
        train(decay=1.5)
    with pytest.raises(ValueError, match="expected one of"):
        train(kind="hinge")
    G, D = networks()
    with pytest.raises(ValueError, match="no batch"):
        train_gan(
            G,
            D,
            [],
            optimizers=(sgd(G), sgd(D)),
            num_noise=3,
            num_epochs=1,
        )


def test_a_loss_that_is_no_number_stops_it():
    D = nn.Linear(2, 1)
    bad = torch.full((4, 2), torch.nan)
    with pytest.raises(FloatingPointError, match="smaller learning rates"):
        discriminator_step(D, bad, torch.zeros(4, 2), sgd(D))
    with pytest.raises(FloatingPointError, match="smaller learning rates"):
        generator_step(D, bad.requires_grad_(), sgd(D))
