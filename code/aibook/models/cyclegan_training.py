"""Train two translators and two discriminators on two sets of images without pairs.

G translates from A to B, F from B to A; D_A and D_B tell real images of a domain from
translations. One step changes both translators, then both discriminators.

Letters: N images in a batch.

Different from the paper: larger batches, no slow end of the learning rate, and the
moving average of the translators' weights that many later GANs use.

Not here: the translator (`aibook.models.cyclegan`), the losses of the game
(`aibook.gan_losses`).

Source: J.-Y. Zhu, T. Park, P. Isola and A. A. Efros, "Unpaired Image-to-Image
Translation using Cycle-Consistent Adversarial Networks", ICCV 2017, sections 3 and 4.

Book page: generative/cyclegan.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn

from aibook.gan_losses import discriminator_loss, generator_loss
from aibook.image_buffer import ImageBuffer
from aibook.models.cyclegan import Translator
from aibook.models.patch_gan import PatchGAN

__all__ = [
    "CycleGAN",
    "CycleHistory",
    "train_cyclegan",
    "translation_losses",
]

Losses = dict[str, Tensor]


class CycleGAN(nn.Module):
    """The four networks.

    Parameters
    ----------
    width, num_blocks
        Of each `aibook.models.cyclegan.Translator`.
    d_widths
        Of each `aibook.models.patch_gan.PatchGAN`.

    Examples
    --------
    >>> net = CycleGAN()
    >>> net.G(torch.zeros(2, 1, 28, 28)).shape, net.D_B(torch.zeros(2, 1, 28, 28)).shape
    (torch.Size([2, 1, 28, 28]), torch.Size([2, 1, 12, 12]))
    """

    def __init__(
        self,
        *,
        width: int = 12,
        num_blocks: int = 2,
        d_widths: tuple[int, ...] = (16, 32),
    ) -> None:
        super().__init__()
        self.G = Translator(width=width, num_blocks=num_blocks)
        self.F = Translator(width=width, num_blocks=num_blocks)
        self.D_A = PatchGAN(1, widths=d_widths)
        self.D_B = PatchGAN(1, widths=d_widths)


@dataclass
class CycleHistory:
    """Means over each epoch: one entry an epoch in each list.

    Examples
    --------
    >>> CycleHistory(game=[1.0]).game
    [1.0]
    """

    game: list[float] = field(default_factory=list)
    cycle: list[float] = field(default_factory=list)
    identity: list[float] = field(default_factory=list)
    discriminators: list[float] = field(default_factory=list)


def translation_losses(
    net: CycleGAN,
    A: Tensor,
    B: Tensor,
    *,
    cycle: bool = True,
    identity: bool = True,
) -> tuple[Losses, Tensor, Tensor]:
    """Return what the translators minimise, in parts, and their translations.

    ``game`` is the least-squares loss of both translations, ``cycle`` the mean
    distance of F(G(a)) from a plus that of G(F(b)) from b, ``identity`` the mean
    distance of F(a) from a plus that of G(b) from b; distances are absolute
    differences.

    Parameters
    ----------
    net
        The four networks.
    A, B
        Images of the two domains, shape (N, 1, H, W), 0 to 1, no pairs.
    cycle, identity
        Whether this loss has a gradient; without, it is only measured.

    Returns
    -------
    losses : dict of str to torch.Tensor
        ``game``, ``cycle`` and ``identity``.
    fake_A, fake_B : torch.Tensor
        F(B) and G(A), with their graphs.

    References
    ----------
    Zhu et al. (2017), equations 1 to 3 and section 5.2 (identity).

    Examples
    --------
    >>> losses, _, _ = translation_losses(CycleGAN(), *torch.zeros(2, 3, 1, 28, 28))
    >>> list(losses)
    ['game', 'cycle', 'identity']
    """
    fake_A, fake_B = net.F(B), net.G(A)
    game = generator_loss(net.D_A(fake_A), kind="least-squares")
    game = game + generator_loss(net.D_B(fake_B), kind="least-squares")
    losses = {"game": game}
    with torch.set_grad_enabled(cycle and torch.is_grad_enabled()):
        back_A, back_B = net.F(fake_B), net.G(fake_A)
        losses["cycle"] = _distance(back_A, A) + _distance(back_B, B)
    with torch.set_grad_enabled(identity and torch.is_grad_enabled()):
        losses["identity"] = _distance(net.F(A), A) + _distance(net.G(B), B)
    return losses, fake_A, fake_B


def train_cyclegan(
    net: CycleGAN,
    A: Tensor,
    B: Tensor,
    *,
    num_epochs: int,
    cycle: float = 10.0,
    identity: float = 5.0,
    batch_size: int = 16,
    lr: float = 1e-3,
    d_lr: float = 5e-4,
    buffer_size: int = 50,
    decay: float = 0.99,
    log_every: int = 0,
    seed: int = 0,
) -> CycleHistory:
    """Train the four networks; the translators end with their mean weights.

    Parameters
    ----------
    net
        The four networks; they are changed.
    A, B
        Images of the two domains, shape (N, 1, H, W), 0 to 1, as many of each. The
        order of the two is drawn separately, so that no pairs arise.
    num_epochs
        Passes over the images, 1 or more.
    cycle, identity
        Weights of these losses beside the game's, 0 or more.
    batch_size
        Images of each domain a step.
    lr, d_lr
        Adam's step for translators and discriminators.
    buffer_size
        Earlier translations that are kept for each discriminator.
    decay
        Of the moving average of the translators' weights, 0 (none) to below 1.
    log_every
        Print a line every so many epochs and after the last; 0 prints nothing.
    seed
        Of the order and the buffers.

    Returns
    -------
    CycleHistory

    Raises
    ------
    FloatingPointError
        When a loss is NaN or infinite.
    ValueError
        For no epoch, a negative weight, or sets that differ in shape.

    References
    ----------
    Zhu et al. (2017), sections 3 and 4.
    """
    if num_epochs < 1 or min(cycle, identity) < 0 or not 0 <= decay < 1:
        raise ValueError(
            f"num_epochs = {num_epochs}, cycle = {cycle}, identity = {identity}, "
            f"decay = {decay}; expected 1 or more epochs, weights of 0 or more and a "
            "decay of 0 to below 1"
        )
    if A.shape != B.shape:
        raise ValueError(
            f"A has shape {tuple(A.shape)}, B {tuple(B.shape)}; expected the same"
        )
    translators = nn.ModuleList([net.G, net.F])
    discriminators = nn.ModuleList([net.D_A, net.D_B])
    optimizer = torch.optim.Adam(
        translators.parameters(), lr, betas=(0.5, 0.999), fused=True
    )
    d_optimizer = torch.optim.Adam(
        discriminators.parameters(), d_lr, betas=(0.5, 0.999), fused=True
    )
    buffers = [ImageBuffer(buffer_size, seed=seed + k) for k in range(2)]
    average = deepcopy(translators)
    order = torch.Generator().manual_seed(seed)
    weights = {"game": 1.0, "cycle": cycle, "identity": identity}
    history = CycleHistory()
    step = 0
    for epoch in range(1, num_epochs + 1):
        rows = []
        for a, b in _batches(len(A), batch_size, order):
            # 1. the translators
            discriminators.requires_grad_(False)
            losses, fake_A, fake_B = translation_losses(
                net, A[a], B[b], cycle=cycle > 0, identity=identity > 0
            )
            total = torch.stack(
                [weight * losses[name] for name, weight in weights.items()]
            ).sum()
            optimizer.zero_grad()
            total.backward()
            optimizer.step()
            discriminators.requires_grad_(True)
            # 2. the discriminators, on images old and new
            d_loss = torch.zeros(())
            for D, X, fake, buffer in zip(
                discriminators,
                (A[a], B[b]),
                (fake_A, fake_B),
                buffers,
                strict=True,
            ):
                shown = buffer.exchange(fake)
                d_loss = d_loss + discriminator_loss(
                    D(X), D(shown), kind="least-squares"
                )
            d_optimizer.zero_grad()
            d_loss.backward()
            d_optimizer.step()
            step += 1
            _follow(average, translators, min(decay, 1 - 1 / step))
            rows.append(
                [*(part.item() for part in losses.values()), d_loss.item()]
            )
        means = torch.tensor(rows, dtype=torch.float64).mean(dim=0).tolist()
        if not math.isfinite(sum(means)):
            raise FloatingPointError(f"epoch {epoch}: the losses are {means}")
        for values, value in zip(vars(history).values(), means, strict=True):
            values.append(value)
        if log_every and (epoch % log_every == 0 or epoch == num_epochs):
            print(
                f"epoch {epoch:3d}  game {means[0]:.3f}  cycle {means[1]:.3f}"
                f"  identity {means[2]:.3f}  discriminators {means[3]:.3f}"
            )
    translators.load_state_dict(average.state_dict())
    return history


def _distance(X: Tensor, Y: Tensor) -> Tensor:
    return (X - Y).abs().mean()


def _batches(
    num: int, size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor]]:
    """Yield places in the two sets, in two orders of their own."""
    first, second = (torch.randperm(num, generator=generator) for _ in "AB")
    yield from zip(first.split(size), second.split(size), strict=True)


@torch.no_grad()
def _follow(average: nn.Module, newest: nn.Module, decay: float) -> None:
    """Move the average of the weights towards the newest."""
    pairs = zip(average.parameters(), newest.parameters(), strict=True)
    for slow, fast in pairs:
        slow.lerp_(fast, 1 - decay)
