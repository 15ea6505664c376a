"""What each pixel of an image says of its own thing: where that thing ends.

From the encoder's fine map each pixel tells whether it lies on a thing, and how far
it is from there to that thing's left, top, right and bottom edge. Pixels of one thing
then name the same box, pixels of two things that touch name two. This is written back
into the fine map, in the code in which prompts are written; and a prompt is told which
pixels name the same box as the pixel that was clicked. The task needs no prompt and
no decoder, so the encoder can be trained with it first, at little cost.

Letters: N images, S their side, G = S / 2, A the channels of the fine map, B prompts,
P points of each.

Not here: classes; the loss (`aibook.models.sam_losses`). SAM has no such part: its
encoder brings what it needs from pre-training as a masked autoencoder.

Source: Z. Tian et al., "FCOS: Fully convolutional one-stage object detection", ICCV
2019 (distances from a place to four edges).

Book page: scenes/promptable.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.models.sam_encoder import Features
from aibook.models.sam_prompts import KINDS, FourierPositions, Prompts

__all__ = [
    "FINE",
    "UNIT",
    "EdgeHead",
    "Embedding",
    "agreement",
    "look_at",
    "named_corners",
]

FINE = 2
"""The side of a pixel of the fine map, in pixels of the image."""

UNIT = 8
"""Distances are told in units of so many pixels."""


class Embedding(NamedTuple):
    """What is kept of N images, and answers every prompt.

    Parameters
    ----------
    tokens
        A vector for each cell of 8 x 8 pixels, row by row, shape (N, L, D).
    middle
        A map with a quarter of the image's side, shape (N, B, S / 4, S / 4).
    fine
        A map with half of the image's side, shape (N, A, G, G).
    edges
        What the pixels of the fine map say, shape (N, 5, G, G): a logit of whether
        one lies on a thing, and the distances from its middle to the left, top,
        right and bottom edge of that thing, in units of 8 pixels.
    """

    tokens: Tensor
    middle: Tensor
    fine: Tensor
    edges: Tensor


class EdgeHead(nn.Module):
    """Features -> where things end, and a fine map that knows it.

    Parameters
    ----------
    channels
        A, of the fine map.
    places
        Writes down places, as it does for prompts.
    width
        Of what ``places`` returns.

    Examples
    --------
    >>> head = EdgeHead(8, places=FourierPositions(16, size=64), width=16)
    >>> maps = torch.zeros(2, 64, 16), torch.zeros(2, 12, 16, 16)
    >>> found = head(Features(*maps, torch.zeros(2, 8, 32, 32)))
    >>> found.fine.shape, found.edges.shape
    (torch.Size([2, 8, 32, 32]), torch.Size([2, 5, 32, 32]))
    """

    def __init__(
        self, channels: int, *, places: FourierPositions, width: int
    ) -> None:
        super().__init__()
        self.places = places
        self.edges = nn.Conv2d(channels, 5, 1)
        self.write = nn.Conv2d(2 * width + 1, channels, 1)
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, features: Features) -> Embedding:
        """Return the embedding of images, from the features of the encoder."""
        tokens, middle, fine = features
        edges = self.edges(fine)  # (N, 5, G, G)
        corners = self.places(named_corners(edges))  # (N, G, G, 2, D)
        named = corners.flatten(3).permute(0, 3, 1, 2)  # (N, 2 D, G, G)
        on = edges[:, :1].sigmoid()
        written = self.write(torch.cat([named, on], dim=1))
        fine = self.mix(F.relu(fine + written))
        return Embedding(tokens, middle, fine, edges)


def named_corners(edges: Tensor) -> Tensor:
    """Return the corners of the box that each pixel names.

    Parameters
    ----------
    edges
        Shape (N, 5, G, G), as in `Embedding`; a pixel of it is 2 pixels of the
        image wide.

    Returns
    -------
    torch.Tensor
        Shape (N, G, G, 2, 2): top left, then bottom right, each x and y in pixels
        of the image.

    Examples
    --------
    >>> edges = torch.ones(1, 5, 4, 4)
    >>> named_corners(edges)[0, 2, 0].tolist()  # middle (1, 5), all edges 8 away
    [[-7.0, -3.0], [9.0, 13.0]]
    """
    side = edges.shape[-1]
    middles = FINE * (torch.arange(side, device=edges.device) + 0.5)
    y, x = torch.meshgrid(middles, middles, indexing="ij")
    left, top, right, bottom = (UNIT * edges[:, 1:]).unbind(1)
    corners = torch.stack([x - left, y - top, x + right, y + bottom], dim=-1)
    return corners.unflatten(-1, (2, 2))


def look_at(maps: Tensor, points: Tensor) -> Tensor:
    """Read maps (B, A, G, G) at points (B, P, 2), in units of half a map's pixel.

    Between the middles of pixels the values are interpolated; returns (B, P, A).

    Examples
    --------
    >>> maps = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> look_at(maps, torch.tensor([[[1.0, 1.0], [2.0, 3.0]]]))[0, :, 0].tolist()
    [1.0, 3.5]
    """
    unit = points / maps.shape[-1] - 1  # -1 to 1 over 2 G
    found = F.grid_sample(maps, unit[:, None], align_corners=False)
    return found[:, :, 0].transpose(1, 2)


def agreement(edges: Tensor, prompts: Prompts) -> Tensor:
    """Return where the image agrees with what a prompt points at.

    A box names itself. A click names the box that the image has for the pixel under
    it. A pixel agrees as far as its own box overlaps with that (IoU), times the
    probability that it lies on a thing at all.

    Parameters
    ----------
    edges
        Of the image of each prompt, shape (B, 5, G, G), as in `Embedding`.
    prompts
        B of them.

    Returns
    -------
    torch.Tensor
        Shape (B, 2, G, G), 0 to 1: the greatest agreement with any click on what is
        meant or box, and that with any click off it; 0 where there is none.
    """
    points, kinds, _ = prompts
    under = look_at(edges, points)  # (B, P, 5)
    left_top, right_bottom = (UNIT * under[..., 1:]).split(2, dim=-1)
    clicked = torch.cat([points - left_top, points + right_bottom], dim=-1)
    given = torch.cat([points, points.roll(-1, dims=1)], dim=-1)
    first = kinds == KINDS.index("top left")
    named = torch.where(first[..., None], given, clicked)  # (B, P, 4)
    boxes = named_corners(edges).flatten(-2)  # (B, G, G, 4)
    overlap = _iou(boxes[:, None], named[:, :, None, None])  # (B, P, G, G)
    overlap = overlap * edges[:, None, 0].sigmoid()
    on = first | (kinds == KINDS.index("on"))
    off = kinds == KINDS.index("off")
    chosen = [overlap * which[..., None, None] for which in (on, off)]
    return torch.stack([part.amax(1) for part in chosen], dim=1)


def _iou(a: Tensor, b: Tensor) -> Tensor:
    """Return the IoU of boxes (..., 4), xyxy, 0 for those turned inside out."""
    size = (torch.minimum(a, b)[..., 2:] - torch.maximum(a, b)[..., :2]).clamp(0)
    both = size.prod(-1)
    areas = [(c[..., 2:] - c[..., :2]).clamp(0.1).prod(-1) for c in (a, b)]
    return both / (areas[0] + areas[1] - both)
