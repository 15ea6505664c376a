"""The image encoder of a miniature SAM: two convolutions, then a Vision Transformer.

It runs once per image; prompts are answered from what it leaves behind. The
convolutions halve the image twice and find edges; a patch is 2 x 2 cells of the
second map, so 8 x 8 pixels. What the Transformer has understood is brought back to
the two finer maps, for the decoder needs to know edges well.

In the end each pixel of the finest map tells whether it lies on a thing, and how far
it is from there to that thing's edges. So pixels of one thing name the same box. No
prompt is needed to learn that: it takes the place of SAM's pre-training.

Letters: N images, S their side, D the width, L = (S / 8)^2 tokens, A and B the
channels of the two maps, G = S / 2.

Not here: SAM's windows of attention, its relative positions, its pre-training as a
masked autoencoder.

Sources: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A (the encoder);
T. Xiao et al., "Early convolutions help transformers see better", NeurIPS 2021 (the
convolutions); N. Ravi et al., "SAM 2: Segment anything in images and videos", ICLR
2025, appendix (finer maps for the decoder); Z. Tian et al., "FCOS: Fully convolutional
one-stage object detection", ICCV 2019 (distances from a place to four edges).

Book page: scenes/promptable.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor, nn

from aibook.layers.blocks import TransformerBlock
from aibook.layers.patches import PatchEmbedding
from aibook.layers.positions import LearnedPositions
from aibook.models.checks import check_images

__all__ = ["CELL", "FINE", "UNIT", "Embedding", "ImageEncoder"]

CELL = 8
"""The side of what one token stands for, in pixels."""

FINE = 2
"""The side of a pixel of the finest map, in pixels of the image."""

UNIT = 8
"""Distances to edges are told in units of so many pixels."""


class Embedding(NamedTuple):
    """What the encoder leaves behind of N images.

    Parameters
    ----------
    tokens
        A vector for each cell, row by row, shape (N, L, D).
    middle
        A map with a quarter of the image's side, shape (N, B, S / 4, S / 4).
    fine
        A map with half of the image's side, shape (N, A, G, G).
    edges
        What the pixels of that map say, shape (N, 5, G, G): a logit of whether one
        lies on a thing, and the distances from its middle to the left, top, right
        and bottom edge of that thing, in units of 8 pixels.
    """

    tokens: Tensor
    middle: Tensor
    fine: Tensor
    edges: Tensor


class ImageEncoder(nn.Module):
    """Grey images -> tokens and two maps with the finer details.

    Parameters
    ----------
    width
        D, which ``num_heads`` divides.
    depth
        How many blocks of attention, 1 or more.
    num_heads
        Heads of each attention.
    channels
        A and B, the channels of the fine and of the middle map, multiples of 4.
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
    [(2, 64, 16), (2, 48, 16, 16), (2, 24, 32, 32), (2, 5, 32, 32)]
    """

    def __init__(
        self,
        *,
        width: int = 64,
        depth: int = 2,
        num_heads: int = 4,
        channels: tuple[int, int] = (24, 48),
        size: int = 64,
    ) -> None:
        super().__init__()
        if min(depth, *channels) < 1 or any(c % 4 for c in channels):
            raise ValueError(
                f"depth {depth}, channels {channels}; expected 1 or more, and "
                "multiples of 4"
            )
        if size < CELL or size % CELL:
            raise ValueError(f"size {size}; expected a multiple of {CELL}")
        fine, middle = channels
        self.shape = (1, size, size)
        self.first = _convolve(1, fine, stride=2)
        self.second = _convolve(fine, middle, stride=2)
        self.embed = PatchEmbedding(width, size=2, num_channels=middle)
        self.positions = LearnedPositions((size // CELL) ** 2, width=width)
        self.blocks = nn.Sequential(
            *(
                TransformerBlock(width, num_heads=num_heads)
                for _ in range(depth)
            )
        )
        self.norm = nn.LayerNorm(width)
        self.enlarge = nn.ConvTranspose2d(width, middle, 2, stride=2)
        self.mix = _convolve(middle, middle)
        self.enlarge_again = nn.ConvTranspose2d(middle, fine, 2, stride=2)
        self.mix_again = _convolve(fine, fine)
        self.edges = nn.Conv2d(fine, 5, 1)

    def forward(self, X: Tensor) -> Embedding:
        """Return the embedding of images X, shape (N, 1, S, S) or (N, S, S).

        Another shape or no image raises ValueError.
        """
        fine = self.first(check_images(X, self.shape))  # (N, A, S/2, S/2)
        middle = self.second(fine)  # (N, B, S/4, S/4)
        tokens = self.positions(self.embed(middle))  # (N, L, D)
        tokens = self.norm(self.blocks(tokens))
        side = middle.shape[-1] // 2  # L = side * side
        coarse = tokens.transpose(1, 2).unflatten(2, (side, side))
        middle = self.mix(middle + self.enlarge(coarse))
        fine = self.mix_again(fine + self.enlarge_again(middle))
        return Embedding(tokens, middle, fine, self.edges(fine))


def _convolve(
    num_inputs: int, num_outputs: int, *, stride: int = 1
) -> nn.Sequential:
    """Return a convolution of 3 x 3 with normalisation and ReLU."""
    return nn.Sequential(
        nn.Conv2d(num_inputs, num_outputs, 3, stride=stride, padding=1),
        nn.GroupNorm(4, num_outputs),
        nn.ReLU(),
    )
