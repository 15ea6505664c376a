"""The DCGANs of the lecture notes, for 14x14 and for 28x28, to compare with.

As they stand in the notes but for one change: the discriminators give logits, for
`aibook.gan_losses`; the notes have a sigmoid behind them. What is wrong with them is
kept: the discriminators round sizes down and so never read the lower and the right
edge of an image; they have dropout next to batch normalisation; the middle layer of
the larger generator holds nearly half of its weights.

Letters: N images.

Not here: a network to be used, that is `aibook.models.dcgan`.

Source: the lecture notes, after A. Radford, L. Metz and S. Chintala, "Unsupervised
Representation Learning with Deep Convolutional Generative Adversarial Networks",
ICLR 2016.

Book page: generative/dcgan.
"""

from __future__ import annotations

from torch import nn

__all__ = ["NUM_NOISE", "notes_discriminator", "notes_generator"]

NUM_NOISE = 100
"""How many numbers of noise an image is made of."""


def notes_generator(side: int) -> nn.Sequential:
    """Return the notes' generator of images of 14x14 or of 28x28 pixels.

    Parameters
    ----------
    side
        14 or 28.

    Returns
    -------
    torch.nn.Sequential
        Noise (N, 100) -> images (N, 1, side, side), from -1 to 1.

    Raises
    ------
    ValueError
        For another side.

    Examples
    --------
    >>> import torch
    >>> notes_generator(14)(torch.randn(5, 100)).shape
    torch.Size([5, 1, 14, 14])
    """
    _check_side(side)
    middle = [
        nn.ConvTranspose2d(256, 256, kernel_size=4, stride=2, padding=1),
        nn.BatchNorm2d(256),
        nn.ReLU(),
    ]
    return nn.Sequential(
        nn.Unflatten(1, (NUM_NOISE, 1, 1)),
        nn.ConvTranspose2d(NUM_NOISE, 256, kernel_size=7),
        nn.BatchNorm2d(256),
        nn.ReLU(),
        *(middle if side == 28 else []),
        nn.ConvTranspose2d(256, 1, kernel_size=4, stride=2, padding=1),
        nn.Tanh(),
    )


def notes_discriminator(side: int) -> nn.Sequential:
    """Return the notes' discriminator of images of 14x14 or of 28x28 pixels.

    Parameters
    ----------
    side
        14 or 28.

    Returns
    -------
    torch.nn.Sequential
        Images (N, 1, side, side) -> logits (N, 1).

    Raises
    ------
    ValueError
        For another side.

    Examples
    --------
    >>> import torch
    >>> notes_discriminator(28)(torch.randn(5, 1, 28, 28)).shape
    torch.Size([5, 1])
    """
    _check_side(side)
    second, padding, third = (3, 1, 3) if side == 14 else (5, 0, 4)
    return nn.Sequential(
        nn.Conv2d(1, 32, kernel_size=3, stride=2, padding=1),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.25),
        nn.Conv2d(32, 64, kernel_size=second, stride=2, padding=padding),
        nn.BatchNorm2d(64),
        nn.LeakyReLU(0.2),
        nn.Dropout(0.25),
        nn.Conv2d(64, 1, kernel_size=third, stride=2),
        nn.Flatten(),
    )


def _check_side(side: int) -> None:
    if side not in (14, 28):
        raise ValueError(f"side = {side}; expected 14 or 28")
