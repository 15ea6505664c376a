"""The generator of pix2pix: a U-Net from one image to another of the same size.

The way down halves the maps by 4x4 convolutions with stride 2 until little is left of
the image but what it shows. The way up doubles them by transposed convolutions, and
puts the maps of the way down beside them: where a line was, it can be drawn again to
the pixel. Dropout on the deepest levels of the way up is the only noise; the paper
leaves it on when images are made, too.

Letters: N images, C channels in, K channels out, H rows, W columns, L levels.

Different from the paper: far fewer channels and levels, PyTorch's own initial weights,
and statistics of the training for normalisation when images are made.

Not here: the discriminator (`aibook.models.patch_gan`), the training
(`aibook.translation_training`), the U-Net of two convolutions a level
(`aibook.models.unet`).

Source: P. Isola, J.-Y. Zhu, T. Zhou and A. A. Efros, "Image-to-image translation with
conditional adversarial networks", CVPR 2017, section 3.2.1 and appendix 6.1.1.

Book page: generative/pix2pix.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from aibook.layers.convolutions import check_sides

__all__ = ["Translator"]


class Translator(nn.Module):
    """Halve the image level by level, double it again, joined by copies.

    Parameters
    ----------
    in_channels, out_channels
        C and K.
    widths
        Channels of the L levels; each has half the size of the one above, the first
        half the size of the image.
    dropout
        Share of the channels' values that is set to zero on the way up, 0 to below 1.
    num_dropout
        On how many levels from the deepest; 0 to L - 1.
    skips
        Whether the maps of the way down are put beside those of the way up.

    Raises
    ------
    ValueError
        For fewer than two levels or a number out of range.

    References
    ----------
    Isola et al. (2017), appendix 6.1.1.

    Examples
    --------
    >>> G = Translator(1, 1, widths=(8, 16, 32))
    >>> G(torch.zeros(5, 1, 32, 32)).shape
    torch.Size([5, 1, 32, 32])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        widths: Sequence[int] = (16, 32, 64, 64),
        dropout: float = 0.5,
        num_dropout: int = 1,
        skips: bool = True,
    ) -> None:
        super().__init__()
        num = len(widths)
        if min(in_channels, out_channels, *widths, num - 1) < 1:
            raise ValueError(
                f"in_channels {in_channels}, out_channels {out_channels}, widths "
                f"{tuple(widths)}; expected two levels or more, each number 1 or more"
            )
        if not (0 <= dropout < 1 and 0 <= num_dropout < num):
            raise ValueError(
                f"dropout = {dropout}, num_dropout = {num_dropout}; expected 0 to "
                f"below 1, and 0 to {num - 1}"
            )
        self.in_channels = in_channels
        self.stride = 2**num  # of the deepest level
        self.skips = skips
        self.down = nn.ModuleList(
            _halve(before, after, normed=0 < level < num - 1)
            for level, (before, after) in enumerate(
                pairwise((in_channels, *widths))
            )
        )
        self.up = nn.ModuleList()
        for level in range(num - 1, 0, -1):
            joined = (1 + (skips and level < num - 1)) * widths[level]
            share = dropout if num - 1 - level < num_dropout else 0.0
            self.up.append(_double(joined, widths[level - 1], share))
        last = nn.ConvTranspose2d(
            (1 + skips) * widths[0], out_channels, 4, 2, 1
        )
        self.head = nn.Sequential(last, nn.Tanh())

    def forward(self, X: Tensor) -> Tensor:
        """Return the translations of images X, shape (N, K, H, W), -1 to 1.

        X has shape (N, C, H, W), H and W multiples of ``stride``; of grey images the
        axis of the one channel may be missing. Another shape or no image raises
        ValueError.
        """
        x = check_sides(X, self.in_channels, self.stride)
        seen = []
        for down in self.down:
            x = down(x)  # half the size
            seen.append(x)
        seen.pop()
        for up in self.up:
            x = up(x)  # twice the size
            across = seen.pop()
            if self.skips:
                x = torch.cat([across, x], dim=1)
        return self.head(x)  # type: ignore[no-any-return]


def _halve(before: int, after: int, *, normed: bool) -> nn.Sequential:
    """(N, before, H, W) -> (N, after, H/2, W/2)."""
    layers: list[nn.Module] = [nn.Conv2d(before, after, 4, 2, 1)]
    if normed:
        layers.append(nn.BatchNorm2d(after))
    return nn.Sequential(*layers, nn.LeakyReLU(0.2))


def _double(before: int, after: int, dropout: float) -> nn.Sequential:
    """(N, before, H, W) -> (N, after, 2 H, 2 W)."""
    return nn.Sequential(
        nn.ConvTranspose2d(before, after, 4, 2, 1),
        nn.BatchNorm2d(after),
        nn.Dropout(dropout) if dropout else nn.Identity(),
        nn.ReLU(),
    )
