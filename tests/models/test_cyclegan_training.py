"""The losses of a CycleGAN by hand, and short runs of its training."""

import pytest
import torch
from torch import nn

from aibook.data.stripes import load_unpaired
from aibook.models.cyclegan_training import (
    CycleGAN,
    train_cyclegan,
    translation_losses,
)


class Shift(nn.Module):
    """Adds a number."""

    def __init__(self, by: float) -> None:
        super().__init__()
        self.by = by

    def forward(self, X):
        return X + self.by


def tiny(seed: int = 0) -> CycleGAN:
    torch.manual_seed(seed)
    return CycleGAN(width=4, num_blocks=1, d_widths=(4, 8))


def images(num: int = 16):
    return [torch.tensor(X) for X in load_unpaired("train", num=num)]


def test_losses_by_hand():
    net = tiny()
    net.G, net.F = Shift(0.5), Shift(-0.2)
    net.D_A = net.D_B = Shift(0.0)  # the logit is the image itself
    A, B = torch.full((3, 1, 8, 8), 0.4), torch.full((3, 1, 8, 8), 0.6)
    losses, fake_A, fake_B = translation_losses(net, A, B)
    assert fake_A[0, 0, 0, 0].item() == pytest.approx(0.4)
    assert fake_B[0, 0, 0, 0].item() == pytest.approx(0.9)
    assert losses["game"].item() == pytest.approx(0.6**2 + 0.1**2, abs=1e-6)
    assert losses["cycle"].item() == pytest.approx(0.3 + 0.3, abs=1e-6)
    assert losses["identity"].item() == pytest.approx(0.2 + 0.5, abs=1e-6)


def test_a_loss_without_weight_is_measured_only():
    net, (A, B) = tiny(), images(4)
    full = translation_losses(net, A, B)[0]
    half = translation_losses(net, A, B, cycle=False, identity=False)[0]
    for name in ("cycle", "identity"):
        torch.testing.assert_close(half[name], full[name])
        assert full[name].requires_grad
        assert not half[name].requires_grad
    assert half["game"].requires_grad


def test_translators_that_change_nothing_have_no_cycle_loss():
    net = tiny()
    net.G, net.F = nn.Identity(), nn.Identity()
    losses, _, _ = translation_losses(net, *images(4))
    assert losses["cycle"] == losses["identity"] == 0
    assert losses["game"] > 0


def test_cycle_falls_and_the_seed_decides():
    A, B = images(48)
    nets = tiny(), tiny()
    options = {"num_epochs": 12, "batch_size": 8, "seed": 1}
    first, second = (train_cyclegan(net, A, B, **options) for net in nets)
    assert first == second
    assert len(first.game) == 12
    assert first.cycle[-1] < first.cycle[0] / 2
    X = A[:2]
    assert torch.equal(nets[0].G(X), nets[1].G(X))


def test_every_network_learns_and_can_go_on():
    net = tiny()
    before = [p.detach().clone() for p in net.parameters()]
    train_cyclegan(net, *images(8), num_epochs=1, batch_size=4)
    after = list(net.parameters())
    assert all(p.requires_grad for p in after)
    moved = [not torch.equal(p, q) for p, q in zip(before, after, strict=True)]
    assert all(moved)


def test_the_average_of_one_step_is_what_that_step_made():
    nets = tiny(), tiny()
    for net, decay in zip(nets, (0.0, 0.9), strict=True):
        train_cyclegan(
            net, *images(4), num_epochs=1, batch_size=4, decay=decay
        )
    for p, q in zip(nets[0].parameters(), nets[1].parameters(), strict=True):
        assert torch.equal(p, q)


def test_log(capsys):
    train_cyclegan(tiny(), *images(4), num_epochs=3, log_every=2)
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["epoch", "2"],
        ["epoch", "3"],
    ]


def test_bad_input():
    A, B = images(4)
    with pytest.raises(ValueError, match="num_epochs = 0"):
        train_cyclegan(tiny(), A, B, num_epochs=0)
    with pytest.raises(ValueError, match="cycle = -1"):
        train_cyclegan(tiny(), A, B, num_epochs=1, cycle=-1)
    with pytest.raises(ValueError, match="decay = 1"):
        train_cyclegan(tiny(), A, B, num_epochs=1, decay=1)
    with pytest.raises(ValueError, match="expected the same"):
        train_cyclegan(tiny(), A, B[:2], num_epochs=1)
    with pytest.raises(FloatingPointError, match="epoch 1"):
        train_cyclegan(tiny(), A * torch.nan, B, num_epochs=1)
