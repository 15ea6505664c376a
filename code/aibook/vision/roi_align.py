"""RoIAlign: a piece of a feature map, cut out by a box and brought to one size.

A box on a feature map has edges between the cells, and every box has another size;
the layers behind want arrays of one size. RoIAlign divides the box into bins,
reads each bin at a few points by linear interpolation between the cells, and takes
the mean. Nothing is rounded, and gradients flow to the map. Along rows and along
columns the interpolation is the same, so all of it is two matrix products.

Not here: a number of points that follows the size of the box (torchvision's
``sampling_ratio=-1``), gradients of the boxes, RoIPool, which rounds.

Source: K. He, G. Gkioxari, P. Dollár and R. Girshick, "Mask R-CNN", ICCV 2017;
the half pixel of ``aligned=True`` is Detectron2's.

Book page: scenes/instances.
"""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["axis_weights", "roi_align"]


def axis_weights(
    start: Tensor, stop: Tensor, *, size: int, bins: int, points: int = 2
) -> Tensor:
    """Return how much each cell of an axis counts in each bin.

    Parameters
    ----------
    start, stop
        Shape (R,): the edges of the boxes along this axis, in cells. Cell i
        reaches from i to i + 1, its value belongs to its middle.
    size
        S, the number of cells.
    bins
        B, how many equal parts the box is divided into.
    points
        How many places of a bin are read, evenly spread.

    Returns
    -------
    Tensor of shape (R, B, S). A row sums to 1, or to less if points lie more than
    a cell outside: such a point reads 0. Others outside read the cell at the edge.

    Raises
    ------
    ValueError
        If a number is below 1, or start and stop differ in shape.

    Examples
    --------
    >>> start, stop = torch.tensor([1.0]), torch.tensor([2.5])
    >>> axis_weights(start, stop, size=4, bins=1, points=1)
    tensor([[[0.0000, 0.7500, 0.2500, 0.0000]]])
    """
    if min(size, bins, points) < 1:
        raise ValueError(
            f"size = {size}, bins = {bins}, points = {points}; expected 1 or more"
        )
    if start.ndim != 1 or start.shape != stop.shape:
        raise ValueError(
            f"start has shape {tuple(start.shape)}, stop {tuple(stop.shape)}; "
            "expected (R,) and (R,)"
        )
    num = bins * points
    steps = (torch.arange(num, dtype=start.dtype) + 0.5) / num
    at = (
        start[:, None] + (stop - start)[:, None] * steps - 0.5
    )  # (R, B points)
    inside = (at >= -1) & (at <= size)
    at = at.clamp(0, size - 1)
    cells = torch.arange(size, dtype=start.dtype)
    near = (1 - (at[..., None] - cells).abs()).clamp(min=0)
    near = near * inside[..., None]  # (R, B points, S)
    return near.reshape(len(start), bins, points, size).mean(dim=2)


def roi_align(
    maps: Tensor,
    boxes: Tensor,
    images: Tensor,
    *,
    bins: int,
    scale: float = 1.0,
    points: int = 2,
) -> Tensor:
    """Cut boxes out of feature maps, each as an array of ``bins`` by ``bins``.

    Parameters
    ----------
    maps
        Shape (N, C, H, W); N may be 0 if R is.
    boxes
        Shape (R, 4), xyxy in pixels of the image; R may be 0. Boxes may lie
        outside, have no area, or have their edges out of order.
    images
        Shape (R,): which of the N images a box belongs to, 0 to N - 1.
    bins
        Rows and columns of the result.
    scale
        Cells of the map for a pixel of the image: 1 / stride.
    points
        Places read along each side of a bin.

    Returns
    -------
    Tensor of shape (R, C, bins, bins).

    Raises
    ------
    ValueError
        For another shape, an image that is not there, a number out of range.

    References
    ----------
    He, Gkioxari, Dollár and Girshick (2017), section 3.

    Examples
    --------
    >>> ramp = torch.arange(8.0).expand(1, 1, 8, 8)  # column x holds x
    >>> box, image = torch.tensor([[2.0, 1.0, 5.0, 7.0]]), torch.tensor([0])
    >>> roi_align(ramp, box, image, bins=3)[0, 0, 0]
    tensor([2., 3., 4.])
    """
    _check(maps, boxes, images, scale)
    boxes = boxes.detach() * scale
    x1, y1, x2, y2 = boxes.to(maps.dtype).unbind(dim=1)
    height, width = maps.shape[2:]
    rows = axis_weights(y1, y2, size=height, bins=bins, points=points)
    columns = axis_weights(x1, x2, size=width, bins=bins, points=points)
    cut = torch.einsum("rbh,rchw->rcbw", rows, maps[images])
    return torch.einsum("rcbw,rdw->rcbd", cut, columns)


def _check(maps: Tensor, boxes: Tensor, images: Tensor, scale: float) -> None:
    """Refuse what does not fit together."""
    if maps.ndim != 4 or 0 in maps.shape[1:]:
        raise ValueError(
            f"maps has shape {tuple(maps.shape)}; expected (N, C, H, W), at least one "
            "channel and cell"
        )
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(
            f"boxes has shape {tuple(boxes.shape)}; expected (R, 4), xyxy"
        )
    if not boxes.isfinite().all():
        raise ValueError(
            "boxes holds NaN or infinity; edges are finite numbers"
        )
    if images.shape != boxes.shape[:1] or images.dtype != torch.int64:
        raise ValueError(
            f"images has shape {tuple(images.shape)} and dtype {images.dtype}; "
            f"expected ({len(boxes)},) of torch.int64, one for each box"
        )
    if len(images) and not (images.min() >= 0 and images.max() < len(maps)):
        raise ValueError(
            f"images ranges from {images.min()} to {images.max()}; expected 0 to "
            f"{len(maps) - 1}"
        )
    if not 0 < scale < float("inf"):
        raise ValueError(f"scale = {scale}; expected a positive number")
