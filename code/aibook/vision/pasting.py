"""Pasting: masks of one size, brought back to where and how large their boxes are.

A network predicts every mask with the same number of cells. To see which pixels of
the image it means, stretch it over its box: the way back of RoIAlign.

Not here: deciding from which value on a pixel belongs to the mask.

Source: K. He, G. Gkioxari, P. Dollár and R. Girshick, "Mask R-CNN", ICCV 2017;
without rounding of the boxes, as in Detectron2.

Book page: scenes/instances.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["paste_masks"]


def paste_masks(masks: Tensor, boxes: Tensor, *, size: int) -> Tensor:
    """Stretch masks over their boxes in an otherwise empty image.

    Parameters
    ----------
    masks
        Shape (R, M, M), floating point, for example probabilities; R may be 0.
    boxes
        Shape (R, 4), xyxy in pixels, with an area; they may leave the image.
    size
        S, rows and columns of the image.

    Returns
    -------
    Tensor of shape (R, S, S): at each pixel's middle, what linear interpolation
    between the cells of the mask gives, falling to 0 across the edge of the box.

    Raises
    ------
    ValueError
        If the shapes do not fit together, a box has no area, or size is below 1.

    References
    ----------
    He, Gkioxari, Dollár and Girshick (2017), section 3.1.

    Examples
    --------
    >>> box = torch.tensor([[1.0, 0.0, 3.0, 2.0]])
    >>> paste_masks(torch.ones(1, 2, 2), box, size=4)[0].int().tolist()
    [[0, 1, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    """
    if masks.ndim != 3 or masks.shape[1] != masks.shape[2]:
        raise ValueError(
            f"masks has shape {tuple(masks.shape)}; expected (R, M, M)"
        )
    if boxes.shape != (len(masks), 4):
        raise ValueError(
            f"boxes has shape {tuple(boxes.shape)}; expected ({len(masks)}, 4)"
        )
    if not (boxes[:, 2:] > boxes[:, :2]).all():
        raise ValueError("boxes holds a box without an area, or NaN")
    if size < 1:
        raise ValueError(f"size = {size}; expected 1 or more")
    x1, y1, x2, y2 = boxes.to(masks.dtype).unbind(dim=1)
    num = masks.shape[1]
    rows, columns = _near(y1, y2, num, size), _near(x1, x2, num, size)
    return torch.einsum("rim,rmn,rjn->rij", rows, masks, columns)


def _near(start: Tensor, stop: Tensor, num: int, size: int) -> Tensor:
    """Return how much each cell counts at each pixel, shape (R, S, M)."""
    middle = torch.arange(size, dtype=start.dtype) + 0.5
    share = (middle - start[:, None]) / (stop - start)[:, None]  # (R, S)
    at = share * num - 0.5  # in cells
    cells = torch.arange(num, dtype=start.dtype)
    return (1 - (at[..., None] - cells).abs()).clamp(min=0)
