"""PatchGAN: a discriminator that judges every patch of an image by itself.

A short chain of convolutions has one logit for each place, and each sees a patch only:
what ``receptive_field`` says. So the network asks whether the image looks real in the
small, is the same at every place, and takes images of any size. What is right in the
large has to be learned from elsewhere, such as a distance to the right answer.

A discriminator that judges pairs is given both images, one behind the other along the
axis of the channels.

Letters: N images, C channels, H rows and W columns, P and Q rows and columns of
patches.

Different from the paper: PyTorch's own initial weights, far fewer channels, and a
choice of the normalisation.

Not here: the losses (`aibook.gan_losses`), which take all logits alike.

Source: P. Isola, J.-Y. Zhu, T. Zhou and A. A. Efros, "Image-to-image translation with
conditional adversarial networks", CVPR 2017, section 3.2.2 and appendix 6.1.2.

Book pages: generative/pix2pix, generative/cyclegan.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn

__all__ = ["NORMS", "PatchGAN"]

NORMS = ("none", "batch", "instance")
"""What may stand behind the inner convolutions."""


class PatchGAN(nn.Module):
    """4x4 convolutions from an image to a map of logits, one a patch.

    All but the last two have stride 2. With two widths a logit sees 16x16 pixels, with
    three 34x34, with four 70x70 (the paper's choice for 256x256 pixels).

    Parameters
    ----------
    in_channels
        C: 1 for grey images, 2 for pairs of them.
    widths
        Channels of the hidden convolutions, LeakyReLU behind each.
    norm
        One of `NORMS`; behind every hidden convolution but the first. Both compute
        means over the whole map: in training, and of ``instance`` also later, a
        logit then hears a little of pixels outside of its patch.

    Raises
    ------
    ValueError
        For a number below 1, no width, or another norm.

    References
    ----------
    Isola et al. (2017), appendix 6.1.2.

    Examples
    --------
    >>> import torch
    >>> from aibook.vision.receptive import receptive_field
    >>> D = PatchGAN(2, widths=(16, 32))
    >>> D(torch.zeros(5, 2, 32, 32)).shape
    torch.Size([5, 1, 14, 14])
    >>> receptive_field(D.layers).size
    16
    """

    def __init__(
        self,
        in_channels: int,
        *,
        widths: Sequence[int] = (16, 32),
        norm: str = "none",
    ) -> None:
        super().__init__()
        if min(in_channels, *widths, len(widths)) < 1:
            raise ValueError(
                f"in_channels = {in_channels}, widths = {tuple(widths)}; expected "
                "one width or more, each number 1 or more"
            )
        if norm not in NORMS:
            raise ValueError(f"norm is {norm!r}; expected one of {NORMS}")
        self.in_channels = in_channels
        layers: list[nn.Module] = []
        for level, (before, after) in enumerate(
            pairwise((in_channels, *widths)), 1
        ):
            stride = 2 if level < len(widths) else 1
            layers.append(nn.Conv2d(before, after, 4, stride, padding=1))
            if level > 1:
                layers.append(_normalisation(norm, after))
            layers.append(nn.LeakyReLU(0.2))
        layers.append(nn.Conv2d(widths[-1], 1, 4, padding=1))
        self.layers = nn.Sequential(*layers)
        self.least = _least_side(len(widths))

    def forward(self, X: Tensor) -> Tensor:
        """Return the logits of all patches, shape (N, 1, P, Q).

        X has shape (N, C, H, W). Another one, no image, or sides too small for one
        patch raise ValueError.
        """
        sides = X.shape[2:]
        if (
            X.ndim != 4
            or X.shape[1] != self.in_channels
            or not len(X)
            or min(sides) < self.least
        ):
            raise ValueError(
                f"X has shape {tuple(X.shape)}; expected (N, {self.in_channels}, "
                f"H, W), N of 1 or more, H and W of {self.least} or more"
            )
        return self.layers(X)  # type: ignore[no-any-return]


def _normalisation(norm: str, channels: int) -> nn.Module:
    if norm == "batch":
        return nn.BatchNorm2d(channels)
    if norm == "instance":
        return nn.InstanceNorm2d(channels)
    return nn.Identity()


def _least_side(num_hidden: int) -> int:
    """Return the least side that leaves one logit: backwards, layer by layer."""
    side = 1
    for stride in (1, 1, *[2] * (num_hidden - 1)):
        side = (side - 1) * stride + 4 - 2  # kernel 4, padding 1 on both sides
    return side
