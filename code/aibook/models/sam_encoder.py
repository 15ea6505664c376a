"""The image encoder of a miniature SAM: a Vision Transformer between convolutions.

It runs once per image; prompts are answered from what it leaves behind. Convolutions
halve the image twice and find edges. The Transformer looks at patches of 2 x 2 cells
of that map, so 8 x 8 pixels, and relates all parts of the image to each other. Then
what it has understood is brought back to the finer maps.

Letters: N images, S their side, D the width, L = (S / 4)^2 cells, A the channels of
the fine map.

Not here: SAM's windows of attention, its relative positions and its pre-training.

Sources: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A (the encoder);
T. Xiao et al., "Early convolutions help transformers see better", NeurIPS 2021 (the
convolutions in front); N. Ravi et al., "SAM 2: Segment anything in images and
videos", ICLR 2025, appendix (finer maps for the decoder).

Book page: scenes/promptable.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from aibook.layers.blocks import TransformerBlock
from aibook.layers.patches import PatchEmbedding
from aibook.layers.positions import LearnedPositions
from aibook.models.checks import check_images

__all__ = ["CELL", "Embedding", "ImageEncoder"]

CELL = 4
"""The side of what one vector of the embedding stands for, in pixels."""

PATCH = 2 * CELL
"""The side of what one token of the Transformer stands for, in pixels."""


class Embedding(NamedTuple):
    """What the encoder leaves behind of N images.

    Parameters
    ----------
    cells
        A vector for each cell, row by row, shape (N, L, D).
    fine
        A map with half of the image's side, shape (N, A, S / 2, S / 2).
    """

    cells: Tensor
    fine: Tensor


class ImageEncoder(nn.Module):
    """Grey images -> vectors of the cells, and a map with finer details.

    Parameters
    ----------
    width
        D, a multiple of 4.
    depth
        How many blocks of attention, 1 or more.
    tokens
        Width of the Transformer's tokens, which ``num_heads`` divides.
    num_heads
        Heads of each attention.
    channels
        A, a multiple of 4; the map behind it has twice as many.
    size
        S, a multiple of 8.

    Raises
    ------
    ValueError
        For a number out of range.

    References
    ----------
    Kirillov et al. (2023); Xiao et al. (2021).

    Examples
    --------
    >>> import torch
    >>> found = ImageEncoder(width=16, depth=1)(torch.zeros(2, 1, 64, 64))
    >>> [tuple(part.shape) for part in found]
    [(2, 256, 16), (2, 16, 32, 32)]
    """

    def __init__(
        self,
        *,
        width: int = 48,
        depth: int = 2,
        tokens: int = 64,
        num_heads: int = 4,
        channels: int = 16,
        size: int = 64,
    ) -> None:
        super().__init__()
        if min(depth, width, channels) < 1 or width % 4 or channels % 4:
            raise ValueError(
                f"depth {depth}, width {width}, channels {channels}; expected 1 or "
                "more, and multiples of 4"
            )
        if size < PATCH or size % PATCH:
            raise ValueError(f"size {size}; expected a multiple of {PATCH}")
        middle = 2 * channels
        self.shape = (1, size, size)
        self.fine = _convolve(1, channels, stride=2)
        self.middle = nn.Sequential(
            _convolve(channels, middle, stride=2), _convolve(middle, middle)
        )
        self.embed = PatchEmbedding(tokens, size=2, num_channels=middle)
        self.positions = LearnedPositions((size // PATCH) ** 2, width=tokens)
        self.blocks = nn.Sequential(
            *(
                TransformerBlock(tokens, num_heads=num_heads)
                for _ in range(depth)
            )
        )
        self.norm = nn.LayerNorm(tokens)
        self.enlarge = nn.ConvTranspose2d(tokens, middle, 2, stride=2)
        self.mix = _convolve(middle, width)
        self.enlarge_again = nn.ConvTranspose2d(width, channels, 2, stride=2)
        self.mix_again = _convolve(channels, channels)

    def forward(self, X: Tensor) -> Embedding:
        """Return the embedding of images X, shape (N, 1, S, S) or (N, S, S).

        Another shape or no image raises ValueError.
        """
        fine = self.fine(check_images(X, self.shape))  # (N, A, S/2, S/2)
        middle = self.middle(fine)  # (N, 2 A, S/4, S/4)
        tokens = self.positions(self.embed(middle))  # one for each patch
        tokens = self.norm(self.blocks(tokens))
        side = middle.shape[-1] // 2
        coarse = tokens.transpose(1, 2).unflatten(2, (side, side))
        grid = self.mix(middle + self.enlarge(coarse))  # (N, D, S/4, S/4)
        fine = self.mix_again(fine + self.enlarge_again(grid))
        return Embedding(grid.flatten(2).transpose(1, 2), fine)


def _convolve(
    num_inputs: int, num_outputs: int, *, stride: int = 1
) -> nn.Sequential:
    """Return a convolution of 3 x 3 with normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(num_inputs, num_outputs, 3, stride=stride, padding=1),
        nn.GroupNorm(4, num_outputs),
        nn.ReLU(),
    )
