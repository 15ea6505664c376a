"""Train two networks against each other: the special step of a GAN.

`discriminator_step` and `generator_step` are one move each of the game; `train_gan`
alternates them, batch by batch. Any pair will do that fits: a generator that turns
noise into samples, a discriminator that turns samples into logits.

Letters: N samples in a batch, Z numbers of noise a sample.

Not here: models, the losses themselves (`aibook.gan_losses`), conditional GANs.

Sources: I. Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014, algorithm
1; T. Salimans et al., "Improved Techniques for Training GANs", NeurIPS 2016; Y.
Yazıcı et al., "The Unusual Effectiveness of Averaging in GAN Training", ICLR 2019.

Book page: generative/gan.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

import torch
from torch import Tensor, nn

from aibook.gan_losses import (
    discriminator_loss,
    generator_loss,
    gradient_penalty,
)

__all__ = [
    "GANHistory",
    "Move",
    "discriminator_step",
    "generator_step",
    "train_gan",
]


class Move(NamedTuple):
    """What one step of the discriminator showed, before its update.

    Parameters
    ----------
    loss
        Its loss, with the penalty.
    real, fake
        Its mean answer to real and to generated samples, as probabilities.
    """

    loss: float
    real: float
    fake: float


@dataclass
class GANHistory:
    """Means over each epoch: one entry an epoch in each list.

    Examples
    --------
    >>> GANHistory(d_loss=[1.4], g_loss=[0.7]).d_loss
    [1.4]
    """

    d_loss: list[float] = field(default_factory=list)
    g_loss: list[float] = field(default_factory=list)
    real: list[float] = field(default_factory=list)
    fake: list[float] = field(default_factory=list)


def discriminator_step(
    discriminator: nn.Module,
    real: Tensor,
    fake: Tensor,
    optimizer: torch.optim.Optimizer,
    *,
    kind: str = "non-saturating",
    penalty: float = 0.0,
) -> Move:
    """Change the discriminator so that it tells real from generated samples.

    Parameters
    ----------
    discriminator
        From samples to logits.
    real, fake
        Samples, shape (N, ...). No gradient reaches the generator.
    optimizer
        Holds the discriminator's parameters.
    kind
        One of `aibook.gan_losses.LOSSES`.
    penalty
        Weight of `aibook.gan_losses.gradient_penalty`, 0 for none.

    Returns
    -------
    Move

    Raises
    ------
    FloatingPointError
        When the loss is NaN or infinite.

    Examples
    --------
    >>> D = nn.Linear(1, 1)
    >>> sgd = torch.optim.SGD(D.parameters(), lr=1.0)
    >>> real, fake = torch.ones(4, 1), -torch.ones(4, 1)
    >>> first = discriminator_step(D, real, fake, sgd)
    >>> second = discriminator_step(D, real, fake, sgd)
    >>> second.loss < first.loss
    True
    """
    answers = discriminator(real), discriminator(fake.detach())
    loss = discriminator_loss(*answers, kind=kind)
    if penalty:
        loss = loss + penalty * gradient_penalty(discriminator, real)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    shares = [part.detach().sigmoid().mean().item() for part in answers]
    return Move(_finite(loss), *shares)


def generator_step(
    discriminator: nn.Module,
    fake: Tensor,
    optimizer: torch.optim.Optimizer,
    *,
    kind: str = "non-saturating",
) -> float:
    """Change the generator so that what it has made counts as real.

    Parameters
    ----------
    discriminator
        From samples to logits; it is not changed and gathers no gradient.
    fake
        What the generator has made, shape (N, ...), with its graph.
    optimizer
        Holds the generator's parameters.
    kind
        One of `aibook.gan_losses.LOSSES`.

    Returns
    -------
    float
        The generator's loss before its update.

    Raises
    ------
    FloatingPointError
        When the loss is NaN or infinite.

    Examples
    --------
    >>> G, D = nn.Linear(1, 1), nn.Linear(1, 1)
    >>> sgd = torch.optim.SGD(G.parameters(), lr=0.1)
    >>> Z = torch.ones(4, 1)
    >>> first = generator_step(D, G(Z), sgd)
    >>> generator_step(D, G(Z), sgd) < first
    True
    """
    discriminator.requires_grad_(False)
    loss = generator_loss(discriminator(fake), kind=kind)
    optimizer.zero_grad()
    loss.backward()  # through the discriminator, into the generator
    optimizer.step()
    discriminator.requires_grad_(True)
    return _finite(loss)


def train_gan(
    generator: nn.Module,
    discriminator: nn.Module,
    batches: Iterable[tuple[Tensor, Tensor]],
    *,
    optimizers: tuple[torch.optim.Optimizer, torch.optim.Optimizer],
    num_noise: int,
    num_epochs: int,
    kind: str = "non-saturating",
    penalty: float = 0.0,
    average: nn.Module | None = None,
    decay: float = 0.995,
    log_every: int = 0,
    on_epoch: Callable[[int, GANHistory], None] | None = None,
    seed: int = 0,
) -> GANHistory:
    """Alternate the two steps over all batches, for several epochs.

    Parameters
    ----------
    generator
        From noise (N, Z) to samples.
    discriminator, kind, penalty
        As for `discriminator_step`.
    batches
        Yields pairs whose first part are real samples (N, ...); the second, their
        labels, is not looked at.
    optimizers
        The generator's, then the discriminator's.
    num_noise
        Z; the noise is drawn from a standard normal distribution.
    num_epochs
        Passes over the batches, 1 or more.
    average
        A copy of the generator that follows it slowly: after each step its weights
        become r times themselves plus 1 - r times the generator's.
    decay
        r, 0 to 1, so that about 1 / (1 - r) steps are averaged. In step t it is at
        most t / (t + 10), lest the start weigh too much.
    log_every
        Print a line every so many epochs and after the last; 0 prints nothing.
    on_epoch
        Called after each epoch as ``on_epoch(epoch, history)``, epochs from 1.
    seed
        Of the noise.

    Returns
    -------
    GANHistory

    Raises
    ------
    FloatingPointError
        When a loss is NaN or infinite.
    ValueError
        For fewer than one epoch, a decay outside its range, or no batch.

    References
    ----------
    Goodfellow et al. (2014), algorithm 1; Yazıcı et al. (2019).

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> G, D = nn.Linear(2, 1), nn.Linear(1, 1)
    >>> adam = [torch.optim.Adam(net.parameters()) for net in (G, D)]
    >>> batches = [(torch.randn(8, 1), torch.zeros(8))]
    >>> history = train_gan(
    ...     G, D, batches, optimizers=adam, num_noise=2, num_epochs=3
    ... )
    >>> len(history.d_loss)
    3
    """
    if num_epochs < 1:
        raise ValueError(f"num_epochs = {num_epochs}; it must be 1 or more")
    if not 0 <= decay <= 1:
        raise ValueError(f"decay = {decay}; it must lie in 0 to 1")
    g_optimizer, d_optimizer = optimizers
    noise = torch.Generator().manual_seed(seed)
    history, step = GANHistory(), 0
    for epoch in range(1, num_epochs + 1):
        rows = []
        for X, _ in batches:
            Z = torch.randn(len(X), num_noise, generator=noise)
            fake = generator(Z.to(X.device))
            move = discriminator_step(
                discriminator, X, fake, d_optimizer, kind=kind, penalty=penalty
            )
            g_loss = generator_step(
                discriminator, fake, g_optimizer, kind=kind
            )
            step += 1
            if average is not None:
                _follow(average, generator, min(decay, step / (step + 10)))
            rows.append((move.loss, g_loss, move.real, move.fake))
        if not rows:
            raise ValueError("there is no batch; give one at least")
        means = torch.tensor(rows, dtype=torch.float64).mean(dim=0).tolist()
        for values, value in zip(vars(history).values(), means, strict=True):
            values.append(value)
        if log_every and (epoch % log_every == 0 or epoch == num_epochs):
            print(
                f"epoch {epoch:4d}  d_loss {means[0]:.3f}  g_loss {means[1]:.3f}"
                f"  D(real) {means[2]:.2f}  D(fake) {means[3]:.2f}"
            )
        if on_epoch is not None:
            on_epoch(epoch, history)
    return history


@torch.no_grad()
def _follow(average: nn.Module, generator: nn.Module, decay: float) -> None:
    """Move the weights of the average towards the generator's."""
    pairs = zip(average.parameters(), generator.parameters(), strict=True)
    for slow, fast in pairs:
        slow.lerp_(fast, 1 - decay)
    buffers = zip(average.buffers(), generator.buffers(), strict=True)
    for kept, newest in buffers:  # of batch normalisation
        kept.copy_(newest)


def _finite(loss: Tensor) -> float:
    """Return a loss as a number, or refuse what is none."""
    value = loss.item()
    if not math.isfinite(value):
        raise FloatingPointError(
            f"the loss is {value}; try smaller learning rates"
        )
    return value
