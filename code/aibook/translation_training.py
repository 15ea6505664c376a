"""Train a generator on pairs: close to the right image, and real to a discriminator.

`translator_step` is the generator's move; the discriminator's is that of every GAN
(`aibook.gan_training.discriminator_step`). What the discriminator sees decides what it
can ask for: the pair of input and output (a conditional GAN), or the output alone.

Letters: N pairs in a batch; X what is given, Y what belongs to it.

Not here: models, the losses themselves (`aibook.gan_losses`), training without pairs.

Sources: P. Isola, J.-Y. Zhu, T. Zhou and A. A. Efros, "Image-to-image translation with
conditional adversarial networks", CVPR 2017, section 3; M. Mirza and S. Osindero,
"Conditional generative adversarial nets", 2014, arXiv:1411.1784.

Book page: generative/pix2pix.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import torch
from torch import Tensor, nn

from aibook.gan_losses import generator_loss
from aibook.gan_training import Move, discriminator_step

__all__ = [
    "Pull",
    "TranslationHistory",
    "train_translator",
    "translate",
    "translator_step",
]


class Batches(Protocol):
    """Pairs of tensors, batch by batch, whose number is known."""

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor]]: ...
    def __len__(self) -> int: ...


class Pull(NamedTuple):
    """What one step of the generator showed, before its update.

    Parameters
    ----------
    distance
        Mean absolute difference from the right images.
    adversarial
        The loss that the discriminator gave, 0 without one.
    """

    distance: float
    adversarial: float


@dataclass
class TranslationHistory:
    """Means over each epoch: one entry an epoch in each list.

    Examples
    --------
    >>> TranslationHistory(distance=[0.3, 0.2]).distance[-1]
    0.2
    """

    distance: list[float] = field(default_factory=list)
    adversarial: list[float] = field(default_factory=list)
    d_loss: list[float] = field(default_factory=list)
    real: list[float] = field(default_factory=list)
    fake: list[float] = field(default_factory=list)


def translator_step(
    X: Tensor,
    Y: Tensor,
    fake: Tensor,
    optimizer: torch.optim.Optimizer,
    *,
    discriminator: nn.Module | None = None,
    conditional: bool = True,
    weight: float = 100.0,
) -> Pull:
    """Change the generator: closer to the right image, and more real.

    Its loss is ``weight`` times the mean absolute difference, plus -mean log D.

    Parameters
    ----------
    X, Y
        What is given, and the right images, each of shape (N, ., H, W).
    fake
        What the generator makes of X, with its graph, in the shape of Y.
    optimizer
        Holds the generator's parameters.
    discriminator
        From pairs, or images alone, to logits; it is not changed and gathers no
        gradient. None for the distance alone.
    conditional
        Whether the discriminator sees X too, in front of the image.
    weight
        Of the distance, 0 or more.

    Returns
    -------
    Pull

    Raises
    ------
    FloatingPointError
        When the loss is NaN or infinite.
    ValueError
        If the weight is negative, or 0 without a discriminator.

    References
    ----------
    Isola et al. (2017), equation 4.

    Examples
    --------
    >>> G = nn.Conv2d(1, 1, 1)
    >>> sgd = torch.optim.SGD(G.parameters(), lr=0.001)
    >>> X, Y = torch.ones(2, 1, 4, 4), torch.zeros(2, 1, 4, 4)
    >>> first = translator_step(X, Y, G(X), sgd)
    >>> translator_step(X, Y, G(X), sgd).distance < first.distance
    True
    """
    if weight < 0 or (weight == 0 and discriminator is None):
        raise ValueError(
            f"weight = {weight}; it must be 0 or more, and above 0 without a "
            "discriminator"
        )
    distance = (fake - Y).abs().mean()
    loss, adversarial = weight * distance, torch.zeros(())
    if discriminator is not None:
        discriminator.requires_grad_(False)
        adversarial = generator_loss(
            discriminator(_shown(X, fake, conditional))
        )
        loss = loss + adversarial
    if not math.isfinite(loss.item()):
        raise FloatingPointError(
            f"the loss is {loss.item()}; try smaller learning rates"
        )
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if discriminator is not None:
        discriminator.requires_grad_(True)
    return Pull(distance.item(), adversarial.item())


def train_translator(
    generator: nn.Module,
    batches: Batches,
    optimizer: torch.optim.Optimizer,
    *,
    num_epochs: int,
    discriminator: nn.Module | None = None,
    d_optimizer: torch.optim.Optimizer | None = None,
    conditional: bool = True,
    weight: float = 100.0,
    log_every: int = 0,
) -> TranslationHistory:
    """Alternate the two steps over all pairs, for several epochs.

    In the second half of the steps the learning rates fall to 0 in a straight line.

    Parameters
    ----------
    generator
        From X (N, C, H, W) to images like Y.
    batches
        Yields pairs (X, Y), and knows their number.
    optimizer, d_optimizer
        The generator's, and the discriminator's if there is one.
    num_epochs
        Passes over the batches, 1 or more.
    discriminator, conditional, weight
        As for `translator_step`.
    log_every
        Print a line every so many epochs and after the last; 0 prints nothing.

    Returns
    -------
    TranslationHistory

    Raises
    ------
    FloatingPointError
        When a loss is NaN or infinite.
    ValueError
        For fewer than one epoch, no batch, a discriminator without optimiser or an
        optimiser without discriminator, or a weight out of range.

    References
    ----------
    Isola et al. (2017), section 3.3; the rates as in the authors' program.

    Examples
    --------
    >>> _ = torch.manual_seed(0)
    >>> G = nn.Conv2d(1, 1, 1)
    >>> adam = torch.optim.Adam(G.parameters(), lr=0.1)
    >>> batches = [(torch.ones(4, 1, 2, 2), torch.zeros(4, 1, 2, 2))]
    >>> history = train_translator(G, batches, adam, num_epochs=9)
    >>> history.distance[-1] < history.distance[0]
    True
    """
    num_steps = num_epochs * len(batches)
    if num_epochs < 1 or num_steps < 1:
        raise ValueError(
            f"num_epochs = {num_epochs} of {len(batches)} batches; give one or "
            "more of both"
        )
    if (discriminator is None) != (d_optimizer is None):
        raise ValueError(
            "a discriminator and d_optimizer go together; give both or none"
        )
    schedules = [
        torch.optim.lr_scheduler.LambdaLR(
            each, lambda step: min(1.0, 2 - 2 * step / num_steps)
        )
        for each in (optimizer, d_optimizer)
        if each is not None
    ]
    history = TranslationHistory()
    for epoch in range(1, num_epochs + 1):
        rows = []
        for X, Y in batches:
            fake = generator(X)
            move = Move(0.0, 0.0, 0.0)
            if discriminator is not None and d_optimizer is not None:
                move = discriminator_step(
                    discriminator,
                    _shown(X, Y, conditional),
                    _shown(X, fake, conditional),
                    d_optimizer,
                )
            pull = translator_step(
                X,
                Y,
                fake,
                optimizer,
                discriminator=discriminator,
                conditional=conditional,
                weight=weight,
            )
            for schedule in schedules:
                schedule.step()
            rows.append((*pull, *move))
        means = torch.tensor(rows, dtype=torch.float64).mean(dim=0).tolist()
        for values, value in zip(vars(history).values(), means, strict=True):
            values.append(value)
        if log_every and (epoch % log_every == 0 or epoch == num_epochs):
            print(_log_line(epoch, means, discriminator is not None))
    return history


@torch.no_grad()
def translate(
    generator: nn.Module,
    X: Tensor,
    *,
    noise: bool = False,
    batch_size: int = 500,
) -> Tensor:
    """Return what a generator makes of X, in evaluation mode.

    Parameters
    ----------
    generator
        From (N, C, H, W) to images. Its mode is the same after the call.
    X
        What is given, shape (N, C, H, W), one or more.
    noise
        Whether dropout stays on, as the noise of the generator.
    batch_size
        How many are translated at once, 1 or more.

    Examples
    --------
    >>> G = nn.Sequential(nn.Dropout(0.5), nn.Identity())
    >>> translate(G, torch.ones(1, 1, 1, 2)).tolist()
    [[[[1.0, 1.0]]]]
    """
    modes = [(module, module.training) for module in generator.modules()]
    generator.eval()
    for module in generator.modules():
        if isinstance(module, nn.Dropout):
            module.train(noise)
    made = torch.cat([generator(part) for part in X.split(batch_size)])
    for module, mode in modes:
        module.training = mode
    return made


def _shown(X: Tensor, images: Tensor, conditional: bool) -> Tensor:
    """Return what the discriminator sees: (N, C + K, H, W) or (N, K, H, W)."""
    return torch.cat([X, images], dim=1) if conditional else images


def _log_line(epoch: int, means: list[float], game: bool) -> str:
    distance, adversarial, d_loss, real, fake = means
    line = f"epoch {epoch:3d}  distance {distance:.3f}"
    if game:
        line += (
            f"  g_loss {adversarial:.3f}  d_loss {d_loss:.3f}"
            f"  D(real) {real:.2f}  D(fake) {fake:.2f}"
        )
    return line
