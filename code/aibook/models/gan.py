"""The two networks of a first GAN: linear layers that make samples and judge them.

The generator turns noise into samples, the discriminator gives for each sample the
log-odds that it is real. Neither has convolutions or batch normalisation.

Letters: N samples, Z numbers of noise a sample, m samples seen together.

Not here: convolutions (`aibook.models.dcgan`), the losses (`aibook.gan_losses`), the
training (`aibook.gan_training`).

Sources: I. Goodfellow et al., "Generative Adversarial Nets", NeurIPS 2014; Z. Lin et
al., "PacGAN: The power of two samples in generative adversarial networks", NeurIPS
2018 (several samples seen together).

Book page: generative/gan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from aibook.models.checks import check_inputs

__all__ = ["Discriminator", "Generator"]


class Generator(nn.Module):
    """Linear layers from noise to samples of any shape.

    Parameters
    ----------
    shape
        Of one sample: (1, 14, 14) for grey images.
    num_noise
        Z, the numbers of noise a sample is made of.
    hidden
        Units of the hidden layers, LeakyReLU behind each.
    bounded
        Whether the last layer is followed by tanh, as pixels from -1 to 1 need;
        without, samples may be anywhere.

    Raises
    ------
    ValueError
        For a size below 1.

    References
    ----------
    Goodfellow et al. (2014).

    Examples
    --------
    >>> import torch
    >>> Generator((1, 14, 14))(torch.randn(5, 100)).shape
    torch.Size([5, 1, 14, 14])
    """

    def __init__(
        self,
        shape: Sequence[int],
        *,
        num_noise: int = 100,
        hidden: Sequence[int] = (128,),
        bounded: bool = True,
    ) -> None:
        super().__init__()
        _check_sizes(shape=shape, num_noise=[num_noise], hidden=hidden)
        self.num_noise = num_noise
        self.layers = nn.Sequential(
            *_layers((num_noise, *hidden)),
            nn.Linear((num_noise, *hidden)[-1], math.prod(shape)),
            nn.Tanh() if bounded else nn.Identity(),
            nn.Unflatten(1, tuple(shape)),
        )

    def forward(self, Z: Tensor) -> Tensor:
        """Return the samples made of noise Z, shape (N, Z) -> (N, ...)."""
        return self.layers(check_inputs(Z, self.num_noise))  # type: ignore[no-any-return]


class Discriminator(nn.Module):
    """Linear layers from samples to the log-odds that they are real.

    Parameters
    ----------
    shape
        Of one sample.
    hidden
        Units of the hidden layers, LeakyReLU behind each.
    dropout
        Share of hidden units that training sets to zero, 0 to below 1.
    pack
        m: how many samples are judged together, by one logit. All real or all
        generated, they show together what no single one shows: whether they are
        all alike.

    Raises
    ------
    ValueError
        For a size below 1 or a share out of range.

    References
    ----------
    Goodfellow et al. (2014); Lin et al. (2018), section 3.

    Examples
    --------
    >>> import torch
    >>> X = torch.randn(6, 1, 14, 14)
    >>> Discriminator((1, 14, 14))(X).shape
    torch.Size([6, 1])
    >>> Discriminator((1, 14, 14), pack=2)(X).shape
    torch.Size([3, 1])
    """

    def __init__(
        self,
        shape: Sequence[int],
        *,
        hidden: Sequence[int] = (256,),
        dropout: float = 0.0,
        pack: int = 1,
    ) -> None:
        super().__init__()
        _check_sizes(shape=shape, hidden=hidden, pack=[pack])
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout = {dropout}; give 0 to below 1")
        self.shape = tuple(shape)
        self.pack = pack
        sizes = (pack * math.prod(shape), *hidden)
        self.layers = nn.Sequential(
            *_layers(sizes, dropout), nn.Linear(sizes[-1], 1)
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return a logit for every m samples, shape (N, ...) -> (N / m, 1).

        An N that m does not divide, or another shape, raises ValueError.
        """
        if X.shape[1:] != self.shape or not len(X) or len(X) % self.pack:
            raise ValueError(
                f"X has shape {tuple(X.shape)}; expected (N, "
                f"{', '.join(map(str, self.shape))}), N a multiple of {self.pack}"
            )
        packs = X.reshape(len(X) // self.pack, -1)
        return self.layers(packs)  # type: ignore[no-any-return]


def _layers(sizes: Sequence[int], dropout: float = 0.0) -> list[nn.Module]:
    """Return hidden layers: linear, LeakyReLU and, if asked for, dropout."""
    layers: list[nn.Module] = []
    for before, after in pairwise(sizes):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2)]
        if dropout:
            layers.append(nn.Dropout(dropout))
    return layers


def _check_sizes(**sizes: Sequence[int]) -> None:
    for name, values in sizes.items():
        if min(values, default=1) < 1:
            raise ValueError(f"{name} holds {min(values)}; expected 1 or more")
