"""What a prompt says of each pixel, before the decoder thinks about it.

Five maps, the hints: how well each pixel agrees with the clicks on what is meant (or
the box), and with those off it; how near it is to them; and the mask found before.
Whether a pixel agrees with a click is asked of the image: the encoder has named a box
for both, and they agree as far as the boxes overlap.

Letters: B prompts, P points of each, S the side of the image, G = S / 2, A the
channels of the fine map, D the width, L = (S / 8)^2 cells.

Not here: SAM itself knows the last of these maps only, and only coarsely.

Source: K. Sofiiuk, I. Petrov and A. Konushin, "Reviving iterative training with mask
guidance for interactive segmentation", ICIP 2022 (clicks and the mask before as
maps). The agreement is the book's own.

Book page: scenes/promptable.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from aibook.models.sam_encoder import FINE, UNIT
from aibook.models.sam_prompts import KINDS, Prompts

__all__ = [
    "NUM_HINTS",
    "HintEncoder",
    "agreement",
    "draw_hints",
    "named_boxes",
    "nearness",
    "read_maps",
]

NUM_HINTS = 5
"""How many maps `draw_hints` returns."""

OFF, ON, CORNER = (KINDS.index(k) for k in ("off", "on", "top left"))


def named_boxes(edges: Tensor) -> Tensor:
    """Return the box that each pixel names.

    Parameters
    ----------
    edges
        Shape (B, 5, G, G), as in `aibook.models.sam_encoder.Embedding`.

    Returns
    -------
    torch.Tensor
        Shape (B, G, G, 4), xyxy, in pixels of the image.

    Examples
    --------
    >>> edges = torch.ones(1, 5, 4, 4)
    >>> named_boxes(edges)[0, 2, 0].tolist()  # middle (1, 5), all edges 8 away
    [-7.0, -3.0, 9.0, 13.0]
    """
    x, y = _middles(edges)
    left, top, right, bottom = (UNIT * edges[:, 1:]).unbind(1)
    return torch.stack([x - left, y - top, x + right, y + bottom], dim=-1)


def read_maps(maps: Tensor, points: Tensor) -> Tensor:
    """Return the values (B, P, A) of maps (B, A, G, G) at points (B, P, 2).

    Points are in pixels of the image; between the middles of the map's pixels its
    values are interpolated.

    Examples
    --------
    >>> maps = torch.tensor([[[[1.0, 2.0], [3.0, 4.0]]]])
    >>> read_maps(maps, torch.tensor([[[1.0, 1.0], [2.0, 3.0]]]))[0, :, 0].tolist()
    [1.0, 3.5]
    """
    unit = 2 * points / (FINE * maps.shape[-1]) - 1  # -1 to 1
    found = F.grid_sample(maps, unit[:, None], align_corners=False)
    return found[:, :, 0].transpose(1, 2)


def agreement(edges: Tensor, prompts: Prompts) -> Tensor:
    """Return how well each pixel agrees with each point of a prompt.

    A box names itself, at its first corner. A click names the box that the image
    has for the pixel under it. A pixel agrees as far as its own box overlaps with
    that one (IoU), times the probability that it lies on a thing at all.

    Parameters
    ----------
    edges
        Of the image of each prompt, shape (B, 5, G, G).
    prompts
        B of them.

    Returns
    -------
    torch.Tensor
        Shape (B, P, G, G), 0 to 1.
    """
    points, kinds, _ = prompts
    under = UNIT * read_maps(edges, points)[..., 1:]  # (B, P, 4)
    clicked = torch.cat(
        [points - under[..., :2], points + under[..., 2:]], dim=-1
    )
    given = torch.cat([points, points.roll(-1, dims=1)], dim=-1)
    named = torch.where((kinds == CORNER)[..., None], given, clicked)
    overlap = _iou(named_boxes(edges)[:, None], named[:, :, None, None])
    return overlap * edges[:, None, 0].sigmoid()


def nearness(edges: Tensor, points: Tensor, *, reach: float = 4.0) -> Tensor:
    """Return how near each pixel is to each point, (B, P, G, G), 0 to 1.

    It is ``exp(-d^2 / (2 reach^2))`` for a distance of d pixels of the image.
    """
    x, y = _middles(edges)
    across = x - points[..., 0, None, None]
    down = y - points[..., 1, None, None]
    return torch.exp(-(across**2 + down**2) / (2 * reach**2))


def draw_hints(edges: Tensor, prompts: Prompts) -> Tensor:
    """Return the five maps of each prompt, shape (B, 5, G, G).

    Of agreement and of nearness the greatest value over the points that say what is
    meant, then that over the clicks off it, 0 where there is none; last the mask
    before, from -1 for surely not to 1, 0 where there is none.
    """
    points, kinds, masks = prompts
    agree, near = agreement(edges, prompts), nearness(edges, points)
    clicked, off = kinds == ON, kinds == OFF
    before = torch.zeros_like(edges[:, 0]) if masks is None else masks
    maps = [
        _greatest(agree, clicked | (kinds == CORNER)),
        _greatest(agree, off),
        _greatest(near, clicked),
        _greatest(near, off),
        torch.tanh(before / 2),
    ]
    return torch.stack(maps, dim=1)


class HintEncoder(nn.Module):
    """Hints -> what is added to the image's tokens and to its fine map.

    Parameters
    ----------
    width
        Of the tokens, D.
    channels
        Of the fine map, A.

    Examples
    --------
    >>> coarse, fine = HintEncoder(16, channels=8)(torch.zeros(3, 5, 32, 32))
    >>> coarse.shape, fine.shape
    (torch.Size([3, 64, 16]), torch.Size([3, 8, 32, 32]))
    """

    def __init__(self, width: int, *, channels: int) -> None:
        super().__init__()
        self.coarse = nn.Sequential(
            nn.Conv2d(NUM_HINTS, 8, 2, stride=2),
            nn.GELU(),
            nn.Conv2d(8, width, 2, stride=2),
        )
        self.fine = nn.Linear(NUM_HINTS, channels)

    def forward(self, hints: Tensor) -> tuple[Tensor, Tensor]:
        """Return (B, L, D) and (B, A, G, G) for hints (B, 5, G, G)."""
        coarse = self.coarse(hints).flatten(2).transpose(1, 2)
        fine = torch.einsum("bkhw,ck->bchw", hints, self.fine.weight)
        return coarse, fine + self.fine.bias[:, None, None]


def _middles(edges: Tensor) -> tuple[Tensor, Tensor]:
    """Return x (G,) and y (G, 1) of the middles of the pixels of a map."""
    side = torch.arange(edges.shape[-1], device=edges.device)
    middles = FINE * (side + 0.5)
    return middles, middles[:, None]


def _iou(a: Tensor, b: Tensor) -> Tensor:
    """Return the IoU of boxes (..., 4), xyxy; turned inside out they are tiny."""
    size = torch.minimum(a, b)[..., 2:] - torch.maximum(a, b)[..., :2]
    both = size.clamp(0).prod(-1)
    areas = [(c[..., 2:] - c[..., :2]).clamp(0.1).prod(-1) for c in (a, b)]
    return both / (areas[0] + areas[1] - both)


def _greatest(maps: Tensor, which: Tensor) -> Tensor:
    """Return the maximum (B, G, G) of those maps (B, P, G, G) that are chosen."""
    return (maps * which[..., None, None]).amax(1)
