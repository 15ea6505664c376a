"""What a miniature SAM is trained on: targets, random clicks, and where things end.

Letters: N images, S their side, B prompts, G the side of a grid of cells.

Not here: clicks in the middle of errors (`aibook.vision.clicks`), with which the
trained model is judged.

Source: A. Kirillov et al., "Segment anything", ICCV 2023, appendix A.

Book page: scenes/promptable.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

__all__ = [
    "Targets",
    "draw_clicks",
    "draw_targets",
    "edge_targets",
    "mask_boxes",
]


def draw_clicks(masks: Tensor, *, generator: torch.Generator) -> Tensor:
    """Return a random pixel of each mask (B, S, S), as points (B, 2).

    A mask without a pixel gets any pixel of the image.

    Examples
    --------
    >>> mask = torch.tensor([[[False, False], [True, False]]])
    >>> draw_clicks(mask, generator=torch.Generator().manual_seed(0))
    tensor([[0.5000, 1.5000]])
    """
    weights = masks.flatten(1).float() + 1e-9
    chosen = torch.multinomial(weights, 1, generator=generator)[:, 0]
    side = masks.shape[2]
    return torch.stack([chosen % side, chosen // side], dim=1) + 0.5


class Targets(NamedTuple):
    """What B prompts mean.

    Parameters
    ----------
    images
        Which image each is about, shape (B,).
    masks
        What is meant, booleans of shape (B, S, S).
    clicks
        A point on it, shape (B, 2).
    """

    images: Tensor
    masks: Tensor
    clicks: Tensor


def draw_targets(
    things: Tensor,
    heaps: Tensor,
    *,
    prompts: int,
    heap_share: float,
    generator: torch.Generator,
) -> Targets:
    """Draw targets in each image, and a click on a thing of each.

    Parameters
    ----------
    things
        Numbers of the things, counted from 1, shape (N, S, S).
    heaps
        Numbers of the heaps, counted from 1, shape (N, S, S).
    prompts
        How many for an image; B is N times that.
    heap_share
        How often the heap is meant and not the thing, 0 to 1.
    generator
        Draws the things, the clicks and the meanings.
    """
    images = torch.arange(len(things)).repeat_interleave(prompts)
    counts = things.amax((1, 2))[images]
    which = (torch.rand(len(images), generator=generator) * counts).long() + 1
    masks = things[images] == which[:, None, None]
    clicks = draw_clicks(masks, generator=generator)
    x, y = clicks.long().T
    heap = heaps[images] == heaps[images, y, x][:, None, None]
    meant = torch.rand(len(images), generator=generator) < heap_share
    masks = torch.where(meant[:, None, None], heap, masks)
    return Targets(images, masks, clicks)


def edge_targets(things: Tensor, *, cell: int) -> Tensor:
    """Return for each cell whether its middle lies on a thing, and on which box.

    Parameters
    ----------
    things
        Numbers of the things, counted from 1, shape (N, S, S).
    cell
        Side of a cell in pixels, even; it divides S.

    Returns
    -------
    torch.Tensor
        Shape (N, 5, G, G) with G = S / cell: 1 on a thing, else 0; then the
        distances from the cell's middle to the left, top, right and bottom edge of
        what is visible of that thing, in units of 8 pixels, 0 on the ground.

    Raises
    ------
    ValueError
        For another shape, or a cell that is odd or does not divide S.

    Examples
    --------
    >>> things = torch.zeros(1, 4, 4).long()
    >>> things[0, 1:3, 1:4] = 1
    >>> edge_targets(things, cell=4)[0, :, 0, 0] * 8
    tensor([8., 1., 1., 2., 1.])
    """
    if things.ndim != 3 or cell < 2 or cell % 2 or things.shape[1] % cell:
        raise ValueError(
            f"things has shape {tuple(things.shape)}, cell is {cell}; expected "
            "(N, S, S), and an even number that divides S"
        )
    size = things.shape[1]
    middles = torch.arange(cell // 2, size, cell)
    here = things[:, middles][:, :, middles]  # (N, G, G)
    x, y = middles[None, None], middles[None, :, None]
    targets = torch.zeros(len(things), 5, *here.shape[1:])
    targets[:, 0] = (here > 0).float()
    for k in range(1, int(things.max()) + 1):
        x1, y1, x2, y2 = (e[:, None, None] for e in _edges(things == k))
        sides = torch.broadcast_tensors(x - x1, y - y1, x2 - x, y2 - y)
        distances = torch.stack(sides, dim=1) / 8
        targets[:, 1:] = torch.where(
            (here == k)[:, None], distances, targets[:, 1:]
        )
    return targets


def mask_boxes(masks: Tensor) -> Tensor:
    """Return the boxes (B, 4), xyxy, of masks (B, S, S), on their device.

    Examples
    --------
    >>> mask_boxes(torch.tensor([[[False, False], [False, True]]]))
    tensor([[1, 1, 2, 2]])
    """
    return torch.stack(_edges(masks), dim=1)


def _edges(masks: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return the left, top, right and bottom edge of each mask, (B,) each."""
    columns, rows = masks.any(1).int(), masks.any(2).int()
    size = masks.shape[1]
    return (
        columns.argmax(1),
        rows.argmax(1),
        size - columns.flip(1).argmax(1),
        size - rows.flip(1).argmax(1),
    )
