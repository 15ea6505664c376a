"""A fully convolutional network: a classifier that answers at every place.

A classifier's convolutions work on images of any size. Replace its linear layers by
convolutions of 1x1, and it gives a coarse map of scores instead of one answer; enlarge
that map, and every pixel has a class. To sharpen it, score finer maps too, and add
their scores on the way up.

Letters: N images, C channels in, K classes, H rows, W columns, L stages.

Different from the paper: a small network of its own instead of a VGG that was trained
on ImageNet; the convolutions are padded, so that nothing has to be cropped; scores are
enlarged by fixed interpolation, where the paper learns the steps between.

Source: J. Long, E. Shelhamer and T. Darrell, "Fully convolutional networks for
semantic segmentation", CVPR 2015.

Book page: scenes/segmentation.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from torch import Tensor, nn
from torch.nn import functional as F

from aibook.layers.convolutions import check_sides, double_convolution

__all__ = ["FCN"]


class FCN(nn.Module):
    """Stages of two convolutions and pooling, scores of 1x1, and enlargement.

    Parameters
    ----------
    in_channels
        C, the channels of the images.
    out_channels
        K, the number of classes.
    widths
        Channels of the L stages; each halves height and width.
    num_skips
        How many finer stages are scored too, 0 to L - 1: with 0 the coarsest scores
        are enlarged at once (FCN-32s of the paper), with 2 as in its FCN-8s.

    Raises
    ------
    ValueError
        For a number below 1, no stage, or as many skips as stages.

    References
    ----------
    Long, Shelhamer and Darrell (2015), figure 3.

    Examples
    --------
    >>> import torch
    >>> model = FCN(1, 7, widths=(8, 16, 32))
    >>> model(torch.zeros(2, 1, 64, 64)).shape
    torch.Size([2, 7, 64, 64])
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        widths: Sequence[int] = (16, 32, 64),
        num_skips: int = 0,
    ) -> None:
        super().__init__()
        if min(in_channels, out_channels, *widths, len(widths)) < 1:
            raise ValueError(
                f"in_channels {in_channels}, out_channels {out_channels}, widths "
                f"{tuple(widths)}; expected one stage or more, each number 1 or more"
            )
        if not 0 <= num_skips < len(widths):
            raise ValueError(
                f"num_skips = {num_skips}; with {len(widths)} stages it is from 0 "
                f"to {len(widths) - 1}"
            )
        self.in_channels = in_channels
        self.stride = 2 ** len(widths)  # of the coarsest scores
        self.stages = nn.ModuleList(
            nn.Sequential(double_convolution(*pair), nn.MaxPool2d(2))
            for pair in pairwise((in_channels, *widths))
        )
        scored = list(reversed(widths))[: 1 + num_skips]  # coarsest first
        self.scores = nn.ModuleList(
            nn.Conv2d(width, out_channels, 1) for width in scored
        )

    def forward(self, X: Tensor) -> Tensor:
        """Return a score for each class and pixel of images X, shape (N, K, H, W).

        X has shape (N, C, H, W), H and W multiples of ``stride``; of grey images
        the axis of the one channel may be missing. Another shape or no image
        raises ValueError.
        """
        x = check_sides(X, self.in_channels, self.stride)
        size = x.shape[2:]
        seen = []
        for stage in self.stages:
            x = stage(x)
            seen.append(x)
        total = self.scores[0](seen.pop())  # (N, K, H / stride, W / stride)
        for score in self.scores[1:]:
            finer = score(seen.pop())
            total = finer + _enlarge(total, finer.shape[2:])
        return _enlarge(total, size)


def _enlarge(scores: Tensor, size: Sequence[int]) -> Tensor:
    """Return the scores in another size, bilinearly interpolated."""
    return F.interpolate(scores, tuple(size), mode="bilinear")
