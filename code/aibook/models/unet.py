"""U-Net: down to a coarse view, up again, and across at every level.

The way down halves the maps and widens them, as a classifier does. The way up doubles
them with transposed convolutions, and at each level puts the maps of the way down
beside them: what was seen coarsely is drawn with what was seen sharply. So the network
has the size of its input again at the end, with one number for each class and pixel.

Letters: N images, C channels in, K maps out, H rows, W columns, L levels.

Different from the paper: convolutions are padded, so that nothing has to be cropped;
batch normalisation, which came out in the same year; and far fewer channels.

Not here: attention, a time step as diffusion needs it.

Source: O. Ronneberger, P. Fischer and T. Brox, "U-Net: Convolutional networks for
biomedical image segmentation", MICCAI 2015.

Book page: scenes/segmentation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from aibook.layers.convolutions import check_sides, double_convolution

__all__ = ["UNet"]


class UNet(nn.Module):
    """Levels of two convolutions down, and as many up, joined by copies.

    Parameters
    ----------
    in_channels
        C, the channels of the images.
    out_channels
        K, the maps that come out: one a class.
    widths
        Channels of the L levels from the top; each level has half the size of the
        one above.
    skips
        Whether the maps of the way down are put beside those of the way up.

    Raises
    ------
    ValueError
        For a number below 1 or no level.

    References
    ----------
    Ronneberger, Fischer and Brox (2015), figure 1 and section 3 (initial weights).

    Examples
    --------
    >>> import torch
    >>> model = UNet(1, 7, widths=(8, 16, 32))
    >>> model(torch.zeros(2, 1, 64, 64)).shape
    torch.Size([2, 7, 64, 64])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        widths: Sequence[int] = (16, 32, 64),
        skips: bool = True,
    ) -> None:
        super().__init__()
        if min(in_channels, out_channels, *widths, len(widths)) < 1:
            raise ValueError(
                f"in_channels {in_channels}, out_channels {out_channels}, widths "
                f"{tuple(widths)}; expected one level or more, each number 1 or more"
            )
        self.in_channels = in_channels
        self.stride = 2 ** (len(widths) - 1)  # of the deepest level
        self.skips = skips
        self.down = nn.ModuleList(
            double_convolution(*pair)
            for pair in pairwise((in_channels, *widths))
        )
        self.pool = nn.MaxPool2d(2)
        upward = list(pairwise(reversed(widths)))
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(below, here, 2, stride=2)
            for below, here in upward
        )
        self.join = nn.ModuleList(
            double_convolution((1 + skips) * here, here) for _, here in upward
        )
        self.head = nn.Conv2d(widths[0], out_channels, 1)
        for module in self.modules():
            _draw_weights(module)

    def forward(self, X: Tensor) -> Tensor:
        """Return a score for each class and pixel of images X, shape (N, K, H, W).

        X has shape (N, C, H, W), H and W multiples of ``stride``; of grey images
        the axis of the one channel may be missing. Another shape or no image
        raises ValueError.
        """
        x = check_sides(X, self.in_channels, self.stride)
        seen = [self.down[0](x)]  # (N, widths[0], H, W)
        for level in self.down[1:]:
            seen.append(level(self.pool(seen[-1])))  # half the size
        x = seen.pop()
        for up, join in zip(self.up, self.join, strict=True):
            x = up(x)  # twice the size, and the channels of this level
            across = seen.pop()
            x = join(torch.cat([across, x], dim=1) if self.skips else x)
        return self.head(x)  # type: ignore[no-any-return]


def _draw_weights(module: nn.Module) -> None:
    """Draw a convolution's weights with the paper's deviation, sqrt(2 / N).

    N is how many values one output adds up. PyTorch's own are smaller, above all
    those of transposed convolutions: what comes from below would hardly be heard.
    """
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
    elif isinstance(module, nn.ConvTranspose2d):  # its windows do not overlap
        nn.init.normal_(module.weight, std=math.sqrt(2 / module.in_channels))
