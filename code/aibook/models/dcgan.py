"""A small DCGAN: convolutions that make images from noise, and judge them.

The generator turns noise into 7x7 places by one transposed convolution and doubles
the side with each further one. The discriminator is its mirror image: each
convolution halves the side, the last reads all 7x7 places; before that one there may
be others that keep the side. All sizes divide, so no pixel goes unread. The objective
is that of any other GAN.

Letters: N images, Z numbers of noise an image, S the side, 7 times a power of two.

Not here: losses (`aibook.gan_losses`), training (`aibook.gan_training`), the networks
of the lecture notes (`aibook.models.dcgan_notes`).

Sources: A. Radford, L. Metz and S. Chintala, "Unsupervised Representation Learning
with Deep Convolutional Generative Adversarial Networks", ICLR 2016. It has larger
networks for larger images.

Book page: generative/dcgan.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

from aibook.models.checks import check_images, check_inputs

__all__ = ["START", "ConvDiscriminator", "ConvGenerator", "draw_weights"]

START = 7
"""The side of the generator's first feature maps, and of the last ones judged."""


class ConvGenerator(nn.Module):
    """Transposed convolutions from noise to grey images of -1 to 1.

    Parameters
    ----------
    widths
        Channels of the feature maps of side 7, 14, ...; one number for images of
        14x14, two for 28x28.
    num_noise
        Z, the numbers of noise an image is made of.

    Attributes
    ----------
    side : int
        S, that of the images.

    Raises
    ------
    ValueError
        For no width, or a number below 1.

    References
    ----------
    Radford, Metz and Chintala (2016), section 3.

    Examples
    --------
    >>> import torch
    >>> ConvGenerator(widths=(48, 24))(torch.randn(5, 64)).shape
    torch.Size([5, 1, 28, 28])
    """

    def __init__(
        self, *, widths: Sequence[int] = (48, 24), num_noise: int = 64
    ) -> None:
        super().__init__()
        _check_sizes(widths, num_noise)
        self.num_noise, self.side = num_noise, START * 2 ** len(widths)
        layers: list[nn.Module] = [
            nn.Unflatten(1, (num_noise, 1, 1)),  # one pixel
            nn.ConvTranspose2d(num_noise, widths[0], START, bias=False),
        ]
        for before, after in pairwise(widths):
            layers += [
                nn.BatchNorm2d(before),  # has a bias of its own
                nn.ReLU(),
                nn.ConvTranspose2d(before, after, 4, 2, 1, bias=False),
            ]
        layers += [nn.BatchNorm2d(widths[-1]), nn.ReLU()]
        layers += [nn.ConvTranspose2d(widths[-1], 1, 4, 2, 1), nn.Tanh()]
        self.layers = nn.Sequential(*layers)

    def forward(self, Z: Tensor) -> Tensor:
        """Return the images made of noise Z, shape (N, Z) -> (N, 1, S, S)."""
        return self.layers(check_inputs(Z, self.num_noise))  # type: ignore[no-any-return]


class ConvDiscriminator(nn.Module):
    """Convolutions with stride 2 from grey images to the log-odds of being real.

    Parameters
    ----------
    widths
        Channels of the feature maps, the side halved before each; one number for
        images of 14x14, two for 28x28.
    more
        Channels of further feature maps of side 7 after these, each made of the one
        before by a kernel of 3.
    norm
        Whether batch normalisation follows each convolution but the first and the
        last. With it an image's logit depends on its batch mates.

    Attributes
    ----------
    side : int
        S, that of the images.

    Raises
    ------
    ValueError
        For no width, or a number below 1.

    References
    ----------
    Radford, Metz and Chintala (2016), section 3; the layers of `more` are
    not theirs.

    Examples
    --------
    >>> import torch
    >>> ConvDiscriminator(widths=(16, 32))(torch.randn(5, 1, 28, 28)).shape
    torch.Size([5, 1])
    """

    def __init__(
        self,
        *,
        widths: Sequence[int] = (16, 32),
        more: Sequence[int] = (),
        norm: bool = True,
    ) -> None:
        super().__init__()
        _check_sizes(widths, *more)
        self.side = START * 2 ** len(widths)
        layers: list[nn.Module] = []
        for i, (before, after) in enumerate(pairwise((1, *widths, *more))):
            size = (4, 2) if i < len(widths) else (3, 1)  # kernel, stride
            inner = norm and i > 0
            layers.append(nn.Conv2d(before, after, *size, 1, bias=not inner))
            layers += [nn.BatchNorm2d(after)] if inner else []
            layers.append(nn.LeakyReLU(0.2))
        layers += [nn.Conv2d(after, 1, START), nn.Flatten()]
        self.layers = nn.Sequential(*layers)

    def forward(self, X: Tensor) -> Tensor:
        """Return a logit for every image, shape (N, 1, S, S) -> (N, 1)."""
        return self.layers(check_images(X, (1, self.side, self.side)))  # type: ignore[no-any-return]


def draw_weights(net: nn.Module, *, std: float = 0.02) -> None:
    """Draw the weights as the DCGAN's authors did: small ones.

    Those of convolutions from a normal distribution around 0, the factors of batch
    normalisation around 1. Biases stay as they were drawn.

    Parameters
    ----------
    net
        Is changed.
    std
        The standard deviation of both.

    Raises
    ------
    ValueError
        If std is not above 0.

    References
    ----------
    Radford, Metz and Chintala (2016), section 4.

    Examples
    --------
    >>> net = nn.Conv2d(8, 8, 5)
    >>> draw_weights(net)
    >>> 0.015 < net.weight.std().item() < 0.025
    True
    """
    if not std > 0:
        raise ValueError(f"std = {std}; it must be above 0")
    for layer in net.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, 0.0, std)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, std)


def _check_sizes(widths: Sequence[int], *others: int) -> None:
    if not widths or min((*widths, *others)) < 1:
        raise ValueError(
            f"widths {tuple(widths)}, other sizes {others}; give one width or "
            "more, and no number below 1"
        )
