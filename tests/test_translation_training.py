from copy import deepcopy

import pytest
import torch
from torch import nn
from torch.nn.functional import softplus

from aibook.data.garment_pairs import load_garment_pairs
from aibook.models.patch_gan import PatchGAN
from aibook.models.pix2pix import Translator
from aibook.training import make_loader, seed_everything
from aibook.translation_training import (
    train_translator,
    translate,
    translator_step,
)
from helpers import assert_same


def pair_of_nets(conditional=True):
    torch.manual_seed(0)
    G = nn.Conv2d(1, 1, 3, padding=1).double()
    D = nn.Conv2d(1 + conditional, 1, 3).double()
    X, Y = torch.randn(2, 4, 1, 6, 6, dtype=torch.float64)
    return G, D, X, Y


@pytest.mark.parametrize("conditional", [True, False])
@pytest.mark.parametrize("weight", [0.0, 10.0])
def test_a_step_follows_the_gradient_of_its_loss(conditional, weight):
    G, D, X, Y = pair_of_nets(conditional)
    twin, before = deepcopy(G), deepcopy(D.state_dict())
    made = twin(X)
    seen = torch.cat([X, made], dim=1) if conditional else made
    real = -torch.log(torch.sigmoid(D(seen))).mean()
    apart = (Y - made).abs().mean()
    slopes = torch.autograd.grad(weight * apart + real, twin.parameters())
    sgd = torch.optim.SGD(G.parameters(), lr=0.1)
    pull = translator_step(
        X,
        Y,
        G(X),
        sgd,
        discriminator=D,
        conditional=conditional,
        weight=weight,
    )
    for p, q, slope in zip(
        G.parameters(), twin.parameters(), slopes, strict=True
    ):
        assert_same(p.detach(), (q - 0.1 * slope).detach(), rtol=1e-9)
    assert pull == pytest.approx((apart.item(), real.item()))
    for name, value in D.state_dict().items():
        assert torch.equal(value, before[name])
    assert all(p.grad is None and p.requires_grad for p in D.parameters())


def test_without_a_discriminator_only_the_distance_counts():
    G, _, X, Y = pair_of_nets()
    twin = deepcopy(G)
    (slope, _) = torch.autograd.grad(
        3 * (Y - twin(X)).abs().mean(), twin.parameters()
    )
    sgd = torch.optim.SGD(G.parameters(), lr=0.1)
    pull = translator_step(X, Y, G(X), sgd, weight=3.0)
    assert_same(G.weight.detach(), (twin.weight - 0.1 * slope).detach())
    assert pull.adversarial == 0.0


def test_the_loop_alternates_the_two_steps():
    """One batch, two epochs, against the steps written out."""
    G, D, X, Y = pair_of_nets()
    G2, D2 = deepcopy(G), deepcopy(D)
    sgd = [torch.optim.SGD(net.parameters(), lr=0.1) for net in (G, D)]
    history = train_translator(
        G,
        [(X, Y)],
        sgd[0],
        num_epochs=2,
        discriminator=D,
        d_optimizer=sgd[1],
        weight=5.0,
    )
    for epoch, lr in enumerate((0.1, 0.1)):  # 2 - 2 * 1 / 2 = 1 in step 1
        made = G2(X)
        right, wrong = D2(torch.cat([X, Y], 1)), D2(torch.cat([X, made], 1))
        loss = softplus(-right).mean() + softplus(wrong).mean()
        slopes = torch.autograd.grad(loss, D2.parameters(), retain_graph=True)
        with torch.no_grad():
            for p, slope in zip(D2.parameters(), slopes, strict=True):
                p -= lr * slope
        apart = (made - Y).abs().mean()
        real = softplus(-D2(torch.cat([X, made], 1))).mean()
        slopes = torch.autograd.grad(5 * apart + real, G2.parameters())
        with torch.no_grad():
            for p, slope in zip(G2.parameters(), slopes, strict=True):
                p -= lr * slope
        seen = [values[epoch] for values in vars(history).values()]
        shares = [part.sigmoid().mean().item() for part in (right, wrong)]
        expected = [apart.item(), real.item(), loss.item(), *shares]
        assert seen == pytest.approx(expected)
    for net, twin in ((G, G2), (D, D2)):
        assert_same(net.weight.detach(), twin.weight.detach(), rtol=1e-9)


def test_rates_rest_from_the_middle():
    G, D, X, Y = pair_of_nets()
    adam = [torch.optim.SGD(net.parameters(), lr=0.01) for net in (G, D)]
    seen = []
    G.register_forward_pre_hook(
        lambda *_: seen.append([o.param_groups[0]["lr"] for o in adam])
    )
    train_translator(
        G,
        [(X, Y)] * 2,
        adam[0],
        num_epochs=4,
        discriminator=D,
        d_optimizer=adam[1],
    )
    shares = [1, 1, 1, 1, 1, 0.75, 0.5, 0.25]
    assert seen == [[pytest.approx(0.01 * share)] * 2 for share in shares]


def test_logs(capsys):
    G, D, X, Y = pair_of_nets()
    adam = [torch.optim.SGD(net.parameters(), lr=0.01) for net in (G, D)]
    train_translator(G, [(X, Y)], adam[0], num_epochs=3, log_every=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines] == ["2", "3"]
    assert "D(real)" not in lines[0]
    train_translator(
        G,
        [(X, Y)],
        adam[0],
        num_epochs=1,
        discriminator=D,
        d_optimizer=adam[1],
        log_every=1,
    )
    assert "D(real)" in capsys.readouterr().out


def test_translating_leaves_the_modes_alone():
    torch.manual_seed(0)
    G = Translator(1, 1, widths=(4, 4)).train()
    G.down[0].eval()
    X = torch.randn(5, 1, 8, 8)
    modes = [module.training for module in G.modules()]
    still, again = translate(G, X), translate(G, X, batch_size=2)
    assert_same(still, again)
    assert not still.requires_grad
    noisy = translate(G, X, noise=True)
    assert not torch.equal(noisy, translate(G, X, noise=True))
    assert [module.training for module in G.modules()] == modes
    before = deepcopy(G.state_dict())
    translate(G, X, noise=True)
    for name, value in G.state_dict().items():
        assert torch.equal(value, before[name])


@pytest.mark.parametrize("seed", range(3))
def test_learns_to_translate(seed):
    """A short run already beats the mean image; half of it takes longer."""
    few = load_garment_pairs("train", num=600)
    held_out = load_garment_pairs("validation", num=100)
    seed_everything(seed)
    G, D = Translator(1, 1), PatchGAN(2)
    adam = [torch.optim.Adam(net.parameters(), lr=2e-3) for net in (G, D)]
    loader = make_loader(few.X, few.Y, batch_size=20, shuffle=True, seed=seed)
    train_translator(
        G, loader, adam[0], num_epochs=3, discriminator=D, d_optimizer=adam[1]
    )
    made = translate(G, torch.tensor(held_out.X)).numpy()
    error = abs(made - held_out.Y).mean()
    baseline = abs(few.Y.mean(axis=0) - held_out.Y).mean()
    assert error < 0.6 * baseline


@pytest.mark.parametrize("weight", [-1.0, 0.0])
def test_refuses_a_weight(weight):
    G, _, X, Y = pair_of_nets()
    sgd = torch.optim.SGD(G.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="weight"):
        translator_step(X, Y, G(X), sgd, weight=weight)


def test_refuses_what_cannot_be_trained():
    G, D, X, Y = pair_of_nets()
    sgd = torch.optim.SGD(G.parameters(), lr=0.1)
    for num_epochs, batches in ((0, [(X, Y)]), (2, [])):
        with pytest.raises(ValueError, match="one or more"):
            train_translator(G, batches, sgd, num_epochs=num_epochs)
    for options in ({"discriminator": D}, {"d_optimizer": sgd}):
        with pytest.raises(ValueError, match="both or none"):
            train_translator(G, [(X, Y)], sgd, num_epochs=1, **options)
    with pytest.raises(FloatingPointError, match="learning rates"):
        translator_step(X, Y * torch.inf, G(X), sgd)
